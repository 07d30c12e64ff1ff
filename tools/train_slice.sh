#!/bin/sh
# One slice of training on a machine that is there for minutes only, such as a lent GPU (docs/training.md).
#
#   sh tools/train_slice.sh RECIPE PACK RUN OUT TOTAL MINUTES [WORKERS]
#
# Unpacks once what `training pack` made, trains for MINUTES of a run of TOTAL minutes, keeps logits and features of every
# crop, calibrates, and leaves in OUT what has to travel back: pieces of 15 MB of one archive, to be joined with `cat`.
# Run again on the same machine, it continues. It never waits for input, and every step says when it began.
set -eu
recipe=$1 pack=$2 run=$3 out=$4 total=$5 minutes=$6
cores=$(nproc)
workers=${7:-$((cores > 2 ? cores - 1 : 1))}
python=${PYTHON:-python3}
export OMP_NUM_THREADS=1 PYTHONUNBUFFERED=1 TORCH_CUDNN_V8_API_LRU_CACHE_LIMIT=32
mkdir -p "$run" "$out"

step() { echo "$(date +%T) $*"; "$python" -m training "$@" 2>&1 | tee -a "$run/slice.log"; }

[ -e "$run/unpacked" ] || { step unpack "$recipe" --pack "$pack" && touch "$run/unpacked"; }
step autoencoders "$recipe"
step fit "$recipe" --folder "$run" --total "$total" --minutes "$minutes" --workers "$workers"
# What was learnt is packed before anything else, in case the time runs out.
archive() {
  (cd "$run" && tar cf - $(ls -d final.safetensors fold-*/final.safetensors recipe.json commit.json fold-*/recipe.json \
    fold-*/commit.json slice.log features.safetensors tracks.json calibration.json 2>/dev/null)) > "$out/run.tar"
  rm -f "$out"/run.tar.*
  (cd "$out" && split -b 15000000 run.tar run.tar. && rm run.tar)
}
archive
step features "$recipe" --folder "$run" --frames 3
archive
step calibrate "$recipe" --folder "$run" || echo "not calibrated; the tracks can be scored elsewhere"
archive
