#!/bin/sh
# Tries dist/inspector as somebody would who has no Python: in an empty Debian root with only the system libraries that
# the README names. Runs selftest, scans the demo clip, verifies its report, and opens the window under Xvfb, also as a
# private session and in German; its pictures are out/bundle.png and out/bundle-de.png. The engine may load no part of
# the libraries that inspector/engine/bare_packages.py leaves out. No step may leave an entry in the log of faults.
# Needs root, debootstrap and room for the bundle. Usage: tools/test_bundle.sh [ROOT], a folder that is made if missing.
set -eu
cd "$(dirname "$0")/.."
ROOT=${1:-build/root}
LIBRARIES="libgl1 libegl1 libglib2.0-0 libfontconfig1 libdbus-1-3 libxkbcommon0 libxkbcommon-x11-0 libxcb-cursor0
libxcb-icccm4 libxcb-image0 libxcb-keysyms1 libxcb-randr0 libxcb-render-util0 libxcb-shape0 libxcb-xkb1 libpulse0 libnss3
libasound2"
GERMAN="private Sitzung" # in the title of a private session, which resources/translations/inspector_de.ts has

fail() { echo "$1" >&2; exit 1; }
inside() { chroot "$ROOT" /usr/bin/env -i PATH=/usr/bin:/bin HOME=/root LANG=C.UTF-8 "$@"; }

[ "$(id -u)" = 0 ] || fail "A root folder can only be entered as root; run this with sudo."
# In a mount namespace of its own, so that nothing stays mounted.
[ -n "${ALONE:-}" ] || exec env ALONE=1 unshare --mount tools/test_bundle.sh "$@"
[ -x dist/inspector/inspector ] || fail "dist/inspector is missing; run 'make bundle' first."
[ -x "$ROOT/bin/sh" ] || debootstrap --variant=minbase bookworm "$ROOT" >/dev/null ||
  fail "The empty root could not be made; install debootstrap and check the network."

cp /etc/resolv.conf /etc/hosts "$ROOT/etc/"
inside sh -c "apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
  $(echo $LIBRARIES) xvfb xauth x11-utils x11-apps imagemagick" >/dev/null ||
  fail "The system libraries could not be installed in $ROOT."
if inside sh -c 'command -v python3 || command -v python'; then
  fail "$ROOT has a Python, so this would prove nothing."
fi

rm -rf "$ROOT/opt/inspector" "$ROOT/tmp/out" "$ROOT/root/.config" "$ROOT/root/.local"
mkdir -p "$ROOT/opt" "$ROOT/tmp/out" out
cp -a dist/inspector "$ROOT/opt/"
mount -t proc proc "$ROOT/proc"
mount --rbind /dev "$ROOT/dev"

for unwanted in training tests pytest; do
  [ ! -e "dist/inspector/_internal/$unwanted" ] || fail "The bundle contains $unwanted; exclude it in build.spec."
done
[ -s dist/inspector/_internal/resources/translations/inspector_de.qm ] ||
  fail "The bundle has no German texts (inspector_de.qm)."
[ -n "$(find dist/inspector -name qtbase_de.qm)" ] || fail "The bundle has no German texts of Qt's buttons."
grep -q '"name": "libx264"' dist/inspector/sbom.cdx.json ||
  fail "sbom.cdx.json does not name the libraries in the wheels."
[ -n "$(ls dist/inspector/licenses)" ] || fail "The bundle has no licence texts."
echo "size: $(du -sh dist/inspector | cut -f1)"

seconds() { date +%s.%N; }
timed() {
  label=$1
  shift
  began=$(seconds)
  inside "$@" || fail "$label failed in the bundle."
  echo "$label: $(echo "$(seconds) $began" | awk '{printf "%.1f", $1 - $2}') s"
}
timed "inspector models" /opt/inspector/inspector models
timed "inspector selftest" /opt/inspector/inspector selftest
DEMO=/opt/inspector/_internal/resources/demo/demo.mp4

# What the engine processes map into memory while they analyse and write the report; $1 is there as long as to watch.
watch_engines() {
  while [ -e "$1" ]; do
    for process in $(pgrep -f '^/opt/inspector/inspector --engine'); do
      cat "/proc/$process/maps" 2>/dev/null || true
    done
    sleep 0.2
  done | awk '$6 ~ "/" {print $6}' | sort -u
}
watching=$ROOT/tmp/watching
trap 'rm -f "$watching"' EXIT
touch "$watching"
watch_engines "$watching" >"$ROOT/tmp/mapped" &
timed "inspector scan" /opt/inspector/inspector scan $DEMO --out /tmp/out
rm "$watching"
wait
grep -q libtorch_cpu "$ROOT/tmp/mapped" || fail "No engine process with torch was seen during the scan."
left_out='/(sklearn|matplotlib|torchvision|triton)/'
! grep -E "$left_out" "$ROOT/tmp/mapped" >&2 ||
  fail "The frozen engine loads these parts of libraries, which bare_packages.py is to leave out."
[ -n "$(find "$ROOT/tmp/out" -path '*/demo-*/report.pdf' -size +0)" ] || fail "The scan left no report.pdf."
timed "inspector structure" /opt/inspector/inspector structure $DEMO
report=$(cd "$ROOT" && echo tmp/out/demo-*)
timed "inspector verify" /opt/inspector/inspector verify "/$report" --evidence $DEMO
[ "$(inside sha256sum $DEMO | cut -d' ' -f1)" = "$(inside /opt/inspector/inspector hashes $DEMO)" ] ||
  fail "hashes is wrong."

# The window counts as open when X knows a window of its title, in German of a German one.
inside sh -c '
  demo=$0 german=$1
  Xvfb :77 -screen 0 1366x768x24 >/dev/null 2>&1 & server=$!
  export DISPLAY=:77
  sleep 2
  try() { # PICTURE TITLE COMMAND...
    picture=$1 title=$2
    shift 2
    began=$(date +%s)
    "$@" "$demo" >/tmp/out/window.log 2>&1 & window=$!
    until xwininfo -root -tree 2>/dev/null | grep "demo.mp4" | grep -q "$title"; do
      kill -0 $window 2>/dev/null && [ $(($(date +%s) - began)) -lt 180 ] ||
        { cat /tmp/out/window.log; echo "No window of $picture, with \"$title\" in its title."; kill $server; exit 1; }
      sleep 0.5
    done
    echo "window $picture: open after about $(($(date +%s) - began)) s"
    sleep 15
    xwd -root -silent | convert xwd:- "/tmp/out/$picture.png"
    kill -0 $window && kill $window
    wait $window
  }
  try bundle-private "" /opt/inspector/inspector --private
  try bundle "" /opt/inspector/inspector
  try bundle-de "$german" env INSPECTOR_LANGUAGE=de /opt/inspector/inspector --private
  kill $server' $DEMO "$GERMAN" || fail "The window did not open in the bundle."
[ ! -e "$ROOT/root/.local/state/Deepfake Inspector/log/faults.log" ] ||
  fail "The bundle had a fault: $(cat "$ROOT/root/.local/state/Deepfake Inspector/log/faults.log")"
cp "$ROOT/tmp/out/bundle.png" "$ROOT/tmp/out/bundle-de.png" out/
echo "The pictures of the window: out/bundle.png, out/bundle-de.png"
