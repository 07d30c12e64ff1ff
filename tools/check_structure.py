"""Compares our reading of files' structure with MediaInfo's and FFmpeg's; prints counts, and each disagreement.

Run as `python tools/check_structure.py FOLDER`. MediaInfo's library comes with the package pymediainfo, which is for
developers and no dependency of the program. Every box that it lists of an MP4 or QuickTime file
must be in ours, at the same byte, of the same size and kind. FFmpeg's tags (encoder, brands, times, handler names) must
be among ours.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import av
from pymediainfo import MediaInfo

from inspector.domain.structure import Structure
from inspector.engine.provenance.structure.read import ISO, read_structure

_LINE = re.compile(r"^([0-9A-F]+) +(Header \(\d+ bytes\)|Size(?: \(Extended\))?: +(\d+)|Name: +(.*))")
_FFMPEG_TAGS = {"major_brand", "encoder", "handler_name", "creation_time", "compatible_brands"}


def mediainfo_boxes(path: Path) -> set[tuple[int, int, str]]:
    """The boxes that MediaInfo names: offset, size and kind."""
    options = {"Details": "1", "ParseSpeed": "0"}
    trace: Any = MediaInfo.parse(str(path), output="text", mediainfo_options=options)
    found, start, size, kind = set(), 0, 0, ""
    for line in str(trace).splitlines():
        match = _LINE.match(line)
        if match is None:
            continue
        if match[2].startswith("Header"):
            start, size, kind = int(match[1], 16), 0, ""
        elif match[3]:
            size = int(match[3])
        elif match[4] and size:
            kind = match[4].strip()
        if kind and size > 1:  # a size of 1 stands for the extended one behind the kind
            found.add((start, size, kind))
            size, kind = 0, ""
    return found


def ffmpeg_values(path: Path) -> set[str]:
    """The values of tags about the container that FFmpeg reads."""
    with av.open(str(path), metadata_errors="replace") as container:
        listed = [dict(container.metadata), *(dict(stream.metadata) for stream in container.streams)]
    return {value for tags in listed for key, value in tags.items() if key in _FFMPEG_TAGS}


def _plain(text: str) -> str:
    """A value without what the two write differently: spaces, and the form of times."""
    return re.sub(r"\.\d+Z$|UTC$|[\sT]", "", text)


def compare(path: Path, found: Structure, counts: Counter[str]) -> None:
    """Count what agrees, and print what does not."""
    counts[f"files: {found.format}"] += 1
    ours = {(element.offset, element.size, element.kind.strip()) for element in found.elements}
    values = {_plain(tag.value) for tag in found.tags}
    if found.format == ISO:
        theirs = mediainfo_boxes(path)
        kinds = {kind for _, _, kind in ours}
        # MediaInfo's trace also names fields; a box is what begins and ends where one of ours could.
        missing = {box for box in theirs if box not in ours and (box[2] in kinds or len(box[2]) == 4)}
        counts["boxes of MediaInfo"] += len(theirs)
        counts["boxes that agree"] += len(theirs & ours)
        for box in sorted(missing)[:5]:
            print(f"{path.name}: MediaInfo has {box[2]!r} of {box[1]} bytes at {box[0]}")
        for box in sorted(ours - theirs)[:5]:
            counts["boxes that only we list"] += 1
            print(f"{path.name}: only we have {box[2]!r} of {box[1]} bytes at {box[0]}")
    for value in ffmpeg_values(path):
        counts["tags of FFmpeg"] += 1
        if any(_plain(value) in ours_value for ours_value in values):
            counts["tags that agree"] += 1
        else:
            print(f"{path.name}: FFmpeg has the tag {value!r}")


def main(folders: list[str]) -> None:
    """Compare all files below the folders."""
    counts: Counter[str] = Counter()
    for folder in folders:
        for path in sorted(Path(folder).rglob("*")):
            if path.is_file():
                compare(path, read_structure(path), counts)
    for name, count in sorted(counts.items()):
        print(f"{count:8}  {name}")


if __name__ == "__main__":
    main(sys.argv[1:])
