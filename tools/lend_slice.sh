#!/bin/bash
# Prepares everything for one slice of training on a lent machine that gets at most 64 MiB a call (docs/training.md):
#
#   bash tools/lend_slice.sh RECIPE LEND [OTHER FILES...]
#
# Prepares crops and autoencoders where they are missing, packs them with the base and OTHER FILES into LEND/pack/call-N,
# gets the wheels that the machine lacks, and prints the calls. It starts nothing on another machine.
set -euo pipefail
recipe=$1 lend=$2
shift 2
python=${PYTHON:-python3} megabytes=${MEGABYTES:-50}
"$python" -m training prepare "$recipe"
"$python" -m training autoencoders "$recipe"
read -r autoencoders base < <("$python" -c "
import sys
from pathlib import Path
from training.recipe import load
r = load(Path(sys.argv[1]))
print(r.forge.autoencoders, r.network.lora.base if r.network.lora else '-')" "$recipe")
others=("$autoencoders"/*.safetensors "$@")
if [ "$base" != - ]; then others+=(models/bases/"$base"/*); fi
rm -rf "$lend/pack"
"$python" -m training pack "$recipe" --out "$lend/pack" --megabytes "$megabytes" --with "${others[@]}"
wheels=()
for name in av msgspec; do wheels+=("$(grep -m 1 -o "^$name==[^ ]*" requirements.lock)"); done
if ! ls "$lend"/whl/*.whl > /dev/null 2>&1; then
  for pip in "$python" $(type -aP python3); do # a virtual environment that uv made has no pip
    if "$pip" -m pip --version > /dev/null 2>&1; then break; fi
  done
  "$pip" -m pip download -q --no-deps --only-binary=:all: --python-version "${LENT_PYTHON:-3.12}" --implementation cp \
    --platform manylinux_2_28_x86_64 --platform manylinux_2_17_x86_64 -d "$lend/whl" "${wheels[@]}"
fi
tree=$({ git ls-files -z -c -o --exclude-standard | xargs -0 du -cb 2> /dev/null || true; } | # some may be deleted
  awk '$2 == "total" { sum += $1 } END { print sum }')
echo "The working tree has $((tree / 1000000)) MB, a call may have 67 with what it carries."
echo "1. carry $lend/whl: python3 -m pip install -q --no-index --no-deps --no-compile --target /tmp/site $lend/whl/*.whl"
for call in "$lend"/pack/call-*; do
  echo "2. carry $call ($(du -sm "$call" | cut -f 1) MB): mkdir -p /tmp/pack && cp -r $call /tmp/pack/"
done
echo "3. carry nothing: PYTHONPATH=/tmp/site bash tools/train_slice.sh $recipe /tmp/pack /tmp/run \$OUT 4.5 1.5 590 ..."
