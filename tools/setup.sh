#!/bin/sh
# Makes .venv from requirements.lock. Installs uv (into .tools) and, on Debian as root, the system libraries that Qt and
# OpenCV load; where that is not allowed it names what is missing in one sentence and goes on.
# TORCH=cpu installs PyTorch's CPU build instead of the CUDA build that the package registry has for Linux; TORCH=cuda
# goes back. PYTHON_VERSION=3.11 or 3.12 chooses the interpreter. Both choices stay with .venv until the other is asked for.
set -eu
cd "$(dirname "$0")/.."

recorded() { if [ -f ".venv/.$1" ]; then cat ".venv/.$1"; fi; }

TORCH=${TORCH:-$(recorded torch)}
TORCH=${TORCH:-cuda}
PYTHON_VERSION=${PYTHON_VERSION:-$(recorded python)}
case "$TORCH" in
  cuda | cpu) ;;
  *)
    echo "TORCH=$TORCH is not known; set TORCH=cpu or TORCH=cuda." >&2
    exit 1
    ;;
esac
case "$PYTHON_VERSION" in
  "" | 3.11 | 3.12) ;;
  *)
    echo "PYTHON_VERSION=$PYTHON_VERSION is not supported; set PYTHON_VERSION=3.11 or PYTHON_VERSION=3.12." >&2
    exit 1
    ;;
esac

WANTED="$TORCH $PYTHON_VERSION $(cat requirements.lock pyproject.toml tools/setup.sh | cksum)"

# What changed of the program is compiled here: a confined process may not write bytecode, so each would compile anew what
# no other process imports, and where PYTHONDONTWRITEBYTECODE is set every start would compile the whole program.
compile() { .venv/bin/python -m compileall -q inspector training || :; }

if [ "$(recorded ready)" = "$WANTED" ]; then
  compile
  exit 0
fi

# library:package pairs; a library is looked up by the name that the loader uses.
NEEDED="libGL.so.1:libgl1 libEGL.so.1:libegl1 libglib-2.0.so.0:libglib2.0-0 libfontconfig.so.1:libfontconfig1
libfreetype.so.6:libfreetype6 libdbus-1.so.3:libdbus-1-3 libxkbcommon.so.0:libxkbcommon0
libxkbcommon-x11.so.0:libxkbcommon-x11-0 libxcb-cursor.so.0:libxcb-cursor0 libxcb-icccm.so.4:libxcb-icccm4
libxcb-image.so.0:libxcb-image0 libxcb-keysyms.so.1:libxcb-keysyms1 libxcb-randr.so.0:libxcb-randr0
libxcb-render-util.so.0:libxcb-render-util0 libxcb-shape.so.0:libxcb-shape0 libxcb-xkb.so.1:libxcb-xkb1
libxcb-sync.so.1:libxcb-sync1 libxcb-xfixes.so.0:libxcb-xfixes0 libpulse.so.0:libpulse0
libpulse-mainloop-glib.so.0:libpulse-mainloop-glib0 libnss3.so:libnss3 libasound.so.2:libasound2
libXrender.so.1:libxrender1 libXext.so.6:libxext6 libSM.so.6:libsm6"

if command -v ldconfig >/dev/null 2>&1 && [ "$(uname -s)" = Linux ]; then
  present=$(ldconfig -p)
  missing=""
  for pair in $NEEDED; do
    case "$present" in
      *"${pair%%:*} "*) ;;
      *) missing="$missing ${pair##*:}" ;;
    esac
  done
  if [ -n "$missing" ]; then
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
      echo "Installing system libraries:$missing"
      { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing; } \
        >/dev/null || echo "These system libraries could not be installed, the window may not open:$missing" >&2
    else
      echo "These system libraries are missing, ask for them or the window may not open:$missing" >&2
    fi
  fi
fi

# An installed uv is used as it is; otherwise the version of the lock is fetched, and its hash checked.
UV=$(command -v uv || true)
if [ -z "$UV" ]; then
  UV=.tools/bin/uv
  case "$("$UV" --version 2>/dev/null) " in
    "uv $(sed -n 's/^uv==\([0-9.]*\).*/\1/p' requirements.lock) "*) ;;
    *)
      rm -rf .tools
      mkdir .tools
      awk '/^[a-z0-9]/ { wanted = /^uv==/ } wanted' requirements.lock >.tools/uv.txt
      python3 -m pip install --quiet --disable-pip-version-check --require-hashes --only-binary :all: --target .tools \
        --requirement .tools/uv.txt || {
        echo "uv, which installs the environment, could not be fetched; check the network and that python3 has pip." >&2
        exit 1
      }
      ;;
  esac
fi

supported() { "$1" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 12))' 2>/dev/null; }

PYTHON=$PYTHON_VERSION
if [ -z "$PYTHON" ]; then
  for candidate in python3.11 python3.12 python3; do
    if supported "$candidate"; then
      PYTHON=$candidate
      break
    fi
  done
  [ -n "$PYTHON" ] || {
    echo "Python 3.11 or 3.12 is needed, $(python3 --version) was found; install python3.11 and try again." >&2
    exit 1
  }
fi

if [ -x .venv/bin/python ] && [ -n "$PYTHON_VERSION" ]; then
  [ "$(.venv/bin/python -c 'import sys; print("%d.%d" % sys.version_info[:2])')" = "$PYTHON_VERSION" ] || rm -rf .venv
fi
[ -x .venv/bin/python ] || "$UV" venv --quiet --python "$PYTHON" .venv || {
  echo "Python $PYTHON was neither found nor fetched; install python$PYTHON_VERSION and try again." >&2
  exit 1
}
rm -f .venv/.ready

if [ "$TORCH" = cpu ]; then
  # The CPU builds have other files than the lock names, so these two are installed by version; --torch-backend knows
  # where PyTorch keeps them. What only the CUDA build needs is left out.
  awk '
    /^[a-z0-9]/ {
      split($1, parts, "==")
      drop = parts[1] ~ /^(triton|nvidia-.*|cuda-.*)$/
      bare = parts[1] ~ /^(torch|torchvision)$/
      if (bare) print $1
    }
    !drop && !bare
  ' requirements.lock >.venv/requirements-cpu.lock
  "$UV" pip sync --quiet --compile-bytecode --python .venv/bin/python --torch-backend cpu .venv/requirements-cpu.lock || {
    echo "The CPU build of PyTorch could not be installed from PyTorch's own package index; try again with network" \
      "access to it, or run 'make setup TORCH=cuda' for the build from the package registry (several GB)." >&2
    exit 1
  }
else
  "$UV" pip sync --quiet --compile-bytecode --python .venv/bin/python requirements.lock
fi
# With the hatchling of the lock: an isolated build would fetch one, and what it needs, without their hashes.
"$UV" pip install --quiet --python .venv/bin/python --no-deps --no-build-isolation --editable .
compile
echo "$TORCH" >.venv/.torch
if [ -n "$PYTHON_VERSION" ]; then echo "$PYTHON_VERSION" >.venv/.python; fi
echo "$WANTED" >.venv/.ready
