#!/bin/bash
# One slice of training on a machine that is there for minutes only, such as a lent GPU (docs/training.md):
#
#   bash tools/train_slice.sh RECIPE PACK RUN OUT TOTAL MINUTES [WORKERS]
#
# Unpacks once what `training pack` made, trains for MINUTES of a run of TOTAL minutes, keeps logits and features of the
# crops, scores the left-out sources, and leaves in OUT what has to travel back: pieces of 15 MB of one archive, to be joined
# with `cat`. Run again on the same machine, it continues. It never waits for input.
set -euo pipefail
recipe=$1 pack=$2 run=$3 out=$4 total=$5 minutes=$6
cores=$(nproc)
workers=${7:-$((cores > 2 ? cores - 1 : 1))}
python=${PYTHON:-python3}
export OMP_NUM_THREADS=1 PYTHONUNBUFFERED=1
mkdir -p "$run" "$out"

step() {
  echo "$(date +%T) training $*" | tee -a "$run/slice.log"
  "$python" -m training "$@" 2>&1 | tee -a "$run/slice.log"
}

archive() { # what is there so far, in case the time runs out
  local kept=()
  while IFS= read -r file; do kept+=("$file"); done < <(cd "$run" && find . -maxdepth 2 -type f \
    \( -name 'final.safetensors' -o -name '*.json' -o -name '*.log' -o -name 'features.safetensors' \) | sort)
  rm -f "$out"/run.tar.*
  tar -C "$run" -cf - "${kept[@]}" | split -b 15000000 - "$out/run.tar."
}

[ -e "$run/unpacked" ] || { step unpack "$recipe" --pack "$pack"; touch "$run/unpacked"; }
step autoencoders "$recipe"
step fit "$recipe" --folder "$run" --total "$total" --minutes "$minutes" --workers "$workers"
archive
step features "$recipe" --folder "$run" --frames 3
archive
step calibrate "$recipe" --folder "$run" || echo "not calibrated: the networks do not rank left-out sources yet"
archive
ls -l "$out"
