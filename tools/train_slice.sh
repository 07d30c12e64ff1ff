#!/bin/bash
# One slice of training on a machine that is there for minutes only, such as a lent GPU (docs/training.md):
#
#   bash tools/train_slice.sh RECIPE PACK RUN OUT FOLDS FULL SECONDS [STEM_RECIPE STEM]
#
# Unpacks once what `training pack` made. Trains what all networks start from for STEM minutes, the networks of the
# source folds for FOLDS minutes and the one that ships for FULL minutes, keeps logits and features of the crops, and
# leaves in OUT what has to travel back: pieces of 15 MB of one archive, to be joined with `cat`. It stops training when
# RESERVE of its SECONDS are left (110 if not set). Run again on the same machine, it continues. It never waits for input.
set -euo pipefail
recipe=$1 pack=$2 run=$3 out=$4 folds=$5 full=$6 limit=$7 stem_recipe=${8:-} stem=${9:-0}
reserve=${RESERVE:-110} cores=$(nproc)
workers=${WORKERS:-$((cores > 2 ? cores - 1 : 1))}
python=${PYTHON:-python3}
export OMP_NUM_THREADS=1 PYTHONUNBUFFERED=1
mkdir -p "$run" "$out"

step() {
  echo "$(date +%T) ${SECONDS}s training $*" | tee -a "$run/slice.log"
  "$python" -m training "$@" 2>&1 | tee -a "$run/slice.log"
}

archive() { # what is there so far, in case the time runs out; the largest last, since only so much comes back
  local kept=()
  while IFS= read -r file; do kept+=("$file"); done < <(cd "$run" && find . -maxdepth 3 -type f \
    \( -name 'final.safetensors' -o -name '*.json' -o -name '*.log' -o -name '*.csv' -o -name 'features.safetensors' \) \
    -printf '%s %p\n' | sort -n | cut -d ' ' -f 2-)
  rm -f "$out"/run.tar.*
  tar -C "$run" -cf - "${kept[@]}" | split -b 15000000 - "$out/run.tar."
}

train() { # RECIPE FOLDER MINUTES LATER OPTIONS...: no longer than this slice, of which LATER minutes are for others
  local which=$1 folder=$2 total=$3 later=$4 left
  shift 4
  left=$(awk -v s="$((limit - reserve - SECONDS))" -v m="$later" 'BEGIN { print (s / 60 > m + 0.1 ? s / 60 - m : 0) }')
  if [ "$left" = 0 ] || [ "$total" = 0 ] || [ -e "$folder/done-$2" ]; then return; fi
  step fit "$which" --folder "$folder" --total "$total" --minutes "$left" --workers "$workers" "$@"
  # Not by the last line: Python may end with a warning.
  if awk '/ training fit / { again = 0 } /run the same command again/ { again = 1 } END { exit again }' "$run/slice.log"
  then touch "$folder/done-$2"; fi
  archive
}

[ -e "$run/unpacked" ] || { step unpack "$recipe" --pack "$pack"; touch "$run/unpacked"; }
step autoencoders "$recipe"
start=()
if [ -n "$stem_recipe" ]; then
  train "$stem_recipe" "$run/stem" "$stem" "$full" --only full
  start=(--start "$run/start/{fold}.safetensors")
fi
mapfile -t names < <("$python" -c "
import sys
from pathlib import Path
from training.fit.crossfit import names
from training.recipe import load
print(*names(load(Path(sys.argv[1])).source_folds), sep='\n')" "$recipe")
if [ -n "$stem_recipe" ] && [ ! -d "$run/start" ]; then
  mkdir -p "$run/start.new"
  for name in "${names[@]}"; do cp "$run/stem/final.safetensors" "$run/start.new/$name.safetensors"; done
  if [ -e weights/full.safetensors ]; then cp weights/full.safetensors "$run/start.new/"; fi # from an earlier run
  mv "$run/start.new" "$run/start"
fi
train "$recipe" "$run" "$folds" "$full" --only "${names[@]:1}" "${start[@]}"
train "$recipe" "$run" "$full" 0 --only full "${start[@]}"
if [ -e "$run/final.safetensors" ]; then
  step features "$recipe" --folder "$run" --frames "${FRAMES:-4}"
  archive
fi
ls -l "$out"
