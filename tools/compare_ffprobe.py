"""Compares the pictures of clips with those that ffprobe counts, and says what became of each stored one.

    python tools/compare_ffprobe.py FOLDER|CLIP... [--ffprobe PATH]

Prints a table, and returns 1 when a difference has no name.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from inspector.domain.account import PictureAccount
from inspector.domain.clip import Clip, Gap, StreamKind
from inspector.domain.errors import ClipError
from inspector.engine.decode.decoder import Decoder, open_clip


def ffprobe_count(ffprobe: str, clip: Clip) -> int:
    """How many frames of the analysed stream ffprobe decodes; 0 where it cannot."""
    count = ("-count_frames", "-show_entries", "stream=nb_read_frames", "-of", "csv=p=0")
    command = [ffprobe, "-v", "quiet", "-select_streams", str(clip.stream), *count, clip.path]
    lines = subprocess.run(command, capture_output=True, text=True, check=False).stdout.split()
    digits = lines[0].strip(",") if lines else ""
    return int(digits) if digits.isdigit() else 0


def account_of(clip: Clip) -> PictureAccount | None:
    """The account of the whole clip; None for a still."""
    frames, gaps = [], []
    with Decoder(clip) as decoder:
        for event in decoder.frames():
            if isinstance(event, Gap):
                gaps.append(event)
            else:
                frames.append((event.pts, event.is_corrupt))
        return decoder.account(len(frames), sum(is_corrupt for _, is_corrupt in frames), gaps)


def clips_in(paths: list[Path]) -> Iterator[Path]:
    """The files themselves, and those in folders."""
    for path in paths:
        yield from (sorted(found for found in path.rglob("*") if found.is_file()) if path.is_dir() else [path])


def in_further_parts(clip: Clip) -> int:
    """How many pictures the other parts of a joined file show, each of which is a stream of its own."""
    parts = [info.number for info in clip.other_streams if info.kind is StreamKind.FOLLOWING_VIDEO]
    accounts = (account_of(open_clip(clip.path, stream=number)) for number in parts)
    return sum(account.shown for account in accounts if account is not None)


def difference(shown: int, counted: int, account: PictureAccount, further: int = 0) -> str:
    """Why the two counts differ: "" where they do not, "UNEXPLAINED" where nothing of the account says why.

    `further` pictures are in other parts of a joined file.
    """
    if account.unexplained:
        return "UNEXPLAINED: the account does not add up"
    if shown == counted:
        return ""
    if further and counted == shown + further:
        return f"further parts of a joined file {further}"
    named = {"lost": account.lost, "cut": account.cut, "hidden": account.hidden, "repeats": account.repeats}
    fitting = [f"{name} {count}" for name, count in named.items() if count and abs(counted - shown) <= count]
    return ", ".join(fitting) or "UNEXPLAINED"


def main() -> int:
    """Print a row a clip, and how many are equal."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("paths", nargs="+", type=Path)
    parser.add_argument("--ffprobe", default="ffprobe")
    options = parser.parse_args()
    equal = total = unexplained = 0
    for path in clips_in(options.paths):
        try:
            clip = open_clip(path)
            account = account_of(clip)
        except ClipError as error:
            print(f"{path.name}\trefused: {error}")
            continue
        if account is None:
            continue
        counted = ffprobe_count(options.ffprobe, clip)
        why = difference(account.shown, counted, account, in_further_parts(clip) if account.shown < counted else 0)
        total, equal = total + 1, equal + (not why)
        unexplained += why.startswith("UNEXPLAINED")
        print(f"{path.name}\tffprobe {counted}\t{account.text()}\t{why or 'equal'}", flush=True)
    print(f"{total} clips, {equal} equal, {total - equal - unexplained} explained by name, {unexplained} unexplained")
    return int(unexplained > 0)


if __name__ == "__main__":
    sys.exit(main())
