"""The one table of file name suffixes of clips and stills.

It decides which files of a folder `scan` takes and which ones the file dialogs list; a file that is named explicitly is
opened whatever its name, since its content decides what it is.
"""

from __future__ import annotations

CLIP_SUFFIXES = tuple(
    ".mp4 .m4v .mov .mkv .webm .avi .ts .mts .m2ts .mpg .mpeg .vob .ogv .3gp .flv .wmv .mxf .gif .apng .mjpeg .mjpg "
    ".y4m .avifs".split()
)
STILL_SUFFIXES = tuple(".jpg .jpeg .jpe .jfif .mpo .png .webp .heic .heif .hif .avif .tif .tiff .bmp".split())
MEDIA_SUFFIXES = CLIP_SUFFIXES + STILL_SUFFIXES


def is_media_name(name: str) -> bool:
    """Whether a file of that name is listed in a folder; hidden files are not."""
    _, dot, suffix = name.rpartition(".")
    return bool(dot) and f".{suffix.lower()}" in MEDIA_SUFFIXES and not name.startswith(".")
