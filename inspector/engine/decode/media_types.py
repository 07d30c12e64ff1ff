"""The file names under which clips and stills come; only for choosing files in folders, contents decide the rest."""

from __future__ import annotations

CLIP_SUFFIXES = frozenset(
    ".mp4 .m4v .mov .mkv .webm .avi .ts .mts .m2ts .mpg .mpeg .vob .ogv .3gp .flv .wmv .mxf .gif .mjpeg .mjpg".split()
)
STILL_SUFFIXES = frozenset(".jpg .jpeg .jpe .png .webp .heic .heif .avif .tif .tiff .bmp".split())


def is_media_name(name: str) -> bool:
    """Whether a file of that name is worth trying when a whole folder is scanned."""
    _, dot, suffix = name.rpartition(".")
    return bool(dot) and f".{suffix.lower()}" in CLIP_SUFFIXES | STILL_SUFFIXES and not name.startswith(".")
