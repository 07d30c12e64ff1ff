#!/bin/bash
# The program on a lent machine with a GPU (docs/training.md, "With a lent GPU"): self-test, then one clip scanned on the
# CPU and on the GPU, with scores and speed compared. Prints one JSON object; the reports stay in OUT.
#
#   bash tools/device_check.sh pack FOLDER            here: networks and missing wheels in parts of 50 MB, one for each call
#   bash tools/device_check.sh run OUT [OPTIONS]      there: unpacks the PARTS (a folder), if set, and runs the check
set -euo pipefail
python=${PYTHON:-python3}
case ${1:-} in
pack)
  names=(av msgspec mediapipe ttach protobuf platformdirs rich reportlab pillow-heif c2pa-python cryptography
    rfc3161-client cffi pycparser flatbuffers)
  pins=()
  for name in "${names[@]}"; do
    if pin=$(grep -m 1 -o "^$name==[^ ]*" requirements.lock); then pins+=("$pin"); fi
  done
  for pip in "$python" $(type -aP python3); do # a virtual environment that uv made has no pip
    if "$pip" -m pip --version > /dev/null 2>&1; then break; fi
  done
  flags=(--no-deps --python-version "${LENT_PYTHON:-3.12}" --implementation cp)
  for version in _2_28 _2_27 _2_17 2014; do flags+=(--platform "manylinux${version}_x86_64"); done
  "$pip" -m pip download -q --only-binary=:all: "${flags[@]}" -d "$2/whl" "${pins[@]}"
  "$pip" -m pip wheel -q --no-deps -w "$2/whl" "$(grep -m 1 -o '^grad-cam==[^ ]*' requirements.lock)" # has no wheel
  rm -f "$2"/part-*
  tar -cf - models -C "$2" whl | split -b 50000000 - "$2/part-"
  ls -l "$2"
  ;;
run)
  out=$2
  shift 2
  if [ -n "${PARTS:-}" ]; then
    cat "$PARTS"/part-* | tar -xf -
    "$python" -m pip install -q --no-index --no-deps --no-compile --target /tmp/check-site whl/*.whl
    export PYTHONPATH=/tmp/check-site
  fi
  "$python" -m tools.device_check "$out" "$@"
  ;;
*) sed -n '2,8p' "$0" && exit 2 ;;
esac
