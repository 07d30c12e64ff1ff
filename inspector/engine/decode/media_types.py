"""The one table of file name suffixes of clips and stills.

It decides which files of a folder `scan` takes and which ones the file dialogs list; a file that is named explicitly is
opened whatever its name, since its content decides what it is. `scan` takes pictures and clips that the program cannot
read too, so that each is refused with its reason and not passed over.
"""

from __future__ import annotations

CLIP_SUFFIXES = tuple(
    ".mp4 .m4v .mov .qt .mkv .webm .avi .divx .ts .mts .m2ts .m2t .trp .tod .mpg .mpeg .mpe .m1v .m2v .mpv .vob .vro "
    ".m2p .mp2v .tp .ogv .ogm .3gp .3gpp .3g2 .3gp2 .flv .f4v .wmv .asf .rm .rmvb .mxf .gxf .dv .wtv .nut .ivf .obu "
    ".h263 .h264 .264 .avc .h265 .265 .hevc .h266 .266 .vvc .vc1 .mk3d .insv .lrv .lrf .360 .dav .gif .apng .mjpeg "
    ".mjpg .y4m .avifs .heics .heifs".split()
)
STILL_SUFFIXES = tuple(".jpg .jpeg .jpe .jfif .mpo .png .webp .heic .heif .hif .avif .tif .tiff .bmp .insp".split())
# Raw photographs, and formats that neither FFmpeg nor Pillow reads as we use them.
UNREADABLE_SUFFIXES = tuple(
    ".dng .cr2 .cr3 .crw .nef .nrw .arw .srf .sr2 .orf .rw2 .raf .pef .srw .x3f .3fr .iiq .jxl .jp2 .j2k .jxr .psd "
    ".braw .r3d".split()
)
MEDIA_SUFFIXES = CLIP_SUFFIXES + STILL_SUFFIXES


def is_media_name(name: str) -> bool:
    """Whether a file of that name in a folder is evidence, readable or not; hidden files are none."""
    _, dot, suffix = name.rpartition(".")
    return bool(dot) and f".{suffix.lower()}" in MEDIA_SUFFIXES + UNREADABLE_SUFFIXES and not name.startswith(".")
