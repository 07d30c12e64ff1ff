"""The evidence file: whether it can be opened, what its signature says it is, and its SHA-256."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Callable, Iterator
from enum import Enum
from pathlib import Path
from typing import BinaryIO

from inspector.domain.errors import ClipError
from inspector.engine import activity, regular_file
from inspector.engine.decode.formats import isobmff, jpeg, png, tiff
from inspector.engine.decode.formats.file_bytes import file_bytes
from inspector.engine.percent import Percent, Tell

_BLOCK = 1 << 20
HEAD_BYTES = 4096

_CHOOSE_ANOTHER = "choose a video or picture file instead"

# Signatures of files that people rename or choose by mistake; FFmpeg would only say "invalid data".
OTHER_SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (b"PK\x03\x04", "a zip archive or office document"),
    (b"PK\x05\x06", "an empty zip archive"),
    (b"%PDF-", "a PDF document"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive"),
    (b"Rar!\x1a\x07", "a RAR archive"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"\xfd7zXZ\x00", "an xz archive"),
    (b"BZh", "a bzip2 archive"),
    (b"\x28\xb5\x2f\xfd", "a Zstandard archive"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an office document"),
    (b"SQLite format 3\x00", "a database, perhaps a case file"),
    (b"\x7fELF", "a program"),
    (b"MZ", "a program"),
    (b"#EXTM3U", "a playlist that points to other files"),
    (b"ID3", "a sound file without video"),
    (b"fLaC", "a sound file without video"),
)

# Pictures in formats that nothing here reads: the file may be whole.
OTHER_PICTURES: tuple[tuple[bytes, str], ...] = (
    (b"\xff\x0a", "a JPEG XL picture"),
    (b"\x00\x00\x00\x0cJXL \r\n\x87\n", "a JPEG XL picture"),
    (b"\x00\x00\x00\x0cjP  \r\n\x87\n", "a JPEG 2000 picture"),
    (b"\xff\x4f\xff\x51", "a JPEG 2000 picture"),
    (b"\xff\xd8\xff\xf7", "a JPEG-LS picture"),
    (b"II\xbc\x01", "a JPEG XR picture"),
    (b"8BPS", "a Photoshop document"),
    (b"\x76\x2f\x31\x01", "an OpenEXR picture"),
    (b"SDPX", "a DPX picture"),
    (b"XPDS", "a DPX picture"),
    (b"#?RADIANCE", "a Radiance HDR picture"),
    (b"#?RGBE", "a Radiance HDR picture"),
    (b"qoif", "a QOI picture"),
    (b"BPG\xfb", "a BPG picture"),
    (b"\x01\xda\x01\x01\x00", "an SGI picture"),
    (b"\x01\xda\x00\x01\x00", "an SGI picture"),
    (b"\x0a\x05\x01\x08", "a PCX picture"),
    (b"DDS ", "a DDS picture"),
    (png.MAGIC + b"\0\0\0\x04CgBI", "a picture from an iPhone app (PNG changed by Xcode, CgBI)"),
    *((b"P%c%c" % (kind, end), "a Netpbm picture (PBM, PGM, PPM)") for kind in b"1234567Ff" for end in b"\n\r "),
)
OTHER_FORMAT = (
    "{name} is {what}, a format that this program does not read; save it as PNG or TIFF without changing its size or "
    "quality, and say so in the notes."
)

# Raw photographs of Olympus, Panasonic and Fujifilm; those of others are TIFF files (see `still_streams`) or CR3.
_RAW_SIGNATURES = (b"IIRO", b"IIRS", b"MMOR", b"IIU\x00", b"FUJIFILMCCD-RAW")
RAW = (
    "{name} is a raw photograph, which this program does not develop: its embedded preview is not the picture; "
    "export it as TIFF or JPEG from a raw converter and say so in the notes."
)
HIDDEN_PICTURE = (
    "{name} is not a readable video or picture, but holds a JPEG picture from byte {start:,} on; cut that out into a "
    "file of its own and say so in the notes."
)
_Y4M = b"YUV4MPEG2 "

_FULL_BOX = 4  # bytes of version and flags
_TEXT_BYTES = frozenset(range(0x20, 0x7F)) | {0x09, 0x0A, 0x0C, 0x0D, 0x1B}


class Kind(Enum):
    """What a file holds, by its signature."""

    STILL = "still"
    VIDEO = "video"


def check_file(path: Path) -> os.stat_result:
    """Return the file's status. Raises ClipError unless it is a readable, non-empty, regular file.

    The file is not opened before it is known to be regular, because opening a FIFO or a device can block for ever.
    """
    name = path.name or str(path)
    try:
        status = path.stat()
    except FileNotFoundError:
        if path.is_symlink():
            raise ClipError(f"{name} is a link to a file that is missing; restore the file.") from None
        raise ClipError(f"{name} does not exist; check the path {path}.") from None
    except PermissionError:
        raise ClipError(f"{name} cannot be accessed; ask for permission to read {path.parent}.") from None
    except (OSError, ValueError) as error:
        cause = getattr(error, "strerror", None) or error
        raise ClipError(f"{name} cannot be opened ({cause}); check the path.") from None
    if stat.S_ISDIR(status.st_mode):
        raise ClipError(f"{name} is a folder, not a clip; choose a file in it.")
    if not stat.S_ISREG(status.st_mode):
        raise ClipError(f"{name} is a pipe, socket or device, not a file; save the clip to a file first.")
    if status.st_size == 0:
        raise ClipError(f"{name} is empty (0 bytes); copy it again from its source.")
    if not os.access(path, os.R_OK):
        raise ClipError(f"{name} cannot be read; ask for permission to read it or copy it.")
    return status


def open_regular(path: Path) -> BinaryIO:
    """Open a regular file to read it, without blocking if something else has taken its place since `check_file`.

    Raises OSError, and ClipError if it is no regular file any more.
    """
    try:
        return regular_file.open_regular(path)
    except regular_file.NotRegularError:
        sentence = f"{path.name} is a pipe, socket or device, not a file; save the clip to a file first."
        raise ClipError(sentence) from None


def read_header(path: Path) -> bytes:
    """Read the first 4096 bytes, which hold the signature. Raises ClipError when they cannot be read."""
    try:
        with open_regular(path) as file:
            return file.read(HEAD_BYTES)
    except OSError as error:
        raise ClipError(f"{path.name} cannot be read ({error.strerror}); check the disk or the permissions.") from None


def detect_kind(path: Path, head: bytes) -> Kind:
    """Classify a file by `head`, its first bytes. Raises ClipError for the signature of something else than a clip."""
    if head.startswith(_Y4M):
        return Kind.VIDEO  # bright pictures may look like text
    if forced_demuxer(path, head):
        return Kind.VIDEO
    if head.startswith(_RAW_SIGNATURES) or head[4:12] == b"ftypcrx ":
        raise ClipError(RAW.format(name=path.name))
    for magic, what in OTHER_PICTURES:
        if head.startswith(magic):
            raise ClipError(OTHER_FORMAT.format(name=path.name, what=what))
    for magic, what in OTHER_SIGNATURES:
        if head.startswith(magic):
            raise ClipError(f"{path.name} is {what}, not a clip; {_CHOOSE_ANOTHER}.")
    if head[257:262] == b"ustar":
        raise ClipError(f"{path.name} is a tar archive, not a clip; {_CHOOSE_ANOTHER}.")
    if head.startswith(b"RIFF") and head[8:12] == b"WAVE":
        raise ClipError(f"{path.name} is a sound file without video, not a clip; {_CHOOSE_ANOTHER}.")
    if _is_text(head):
        raise ClipError(f"{path.name} holds text, not a clip; {_CHOOSE_ANOTHER}.")
    return Kind.STILL if _is_still(path, head) else Kind.VIDEO


def _is_text(head: bytes) -> bool:
    """Whether the first bytes are UTF-8 or mostly plain text of an older encoding; binary data has control bytes."""
    if head.startswith(jpeg.SOI) or any(byte < 0x80 and byte not in _TEXT_BYTES for byte in head):
        return False
    try:
        head[:-4].decode()  # a character may be cut off at the end
    except UnicodeDecodeError:
        return sum(byte < 0x80 for byte in head) > len(head) // 2
    return True


def forced_demuxer(path: Path, head: bytes) -> str | None:
    """FFmpeg's demuxer for files about which its own guess may be wrong.

    Those are JPEG pictures in a row, alone or in HTTP parts, and animated PNG.
    """
    if head.startswith(png.MAGIC):
        return "apng" if png.read_header(path).is_animated else None
    is_multipart = head.startswith((b"--", b"\r\n--", b"HTTP/1.")) and b"image/jpeg" in head.lower()
    return "mjpeg" if is_multipart or (head.startswith(jpeg.SOI) and _is_motion_jpeg(path)) else None


def hidden_pictures(path: Path) -> tuple[int, bool] | None:
    """See `jpeg.hidden_pictures`; for files in which no format is recognised, as those of some recorders."""
    try:
        with file_bytes(path) as data:
            return jpeg.hidden_pictures(data)
    except OSError:
        return None


def _is_motion_jpeg(path: Path) -> bool:
    try:
        with file_bytes(path) as data:
            return jpeg.is_sequence(data)
    except OSError:
        return False


def _is_still(path: Path, head: bytes) -> bool:
    if head[4:8] == b"ftyp":
        return _is_heif_still(path)
    return (
        head.startswith((jpeg.SOI, png.MAGIC, *tiff.MAGIC))
        or (head.startswith(b"RIFF") and head[8:12] == b"WEBP")
        or (head.startswith(b"BM") and head[6:10] == b"\x00\x00\x00\x00")
    )


def _is_heif_still(path: Path) -> bool:
    """Whether a file holds images and no track with more than one picture, whatever brands it names."""
    meta = isobmff.read_table(path, b"meta")
    handler = next(isobmff.find(meta, "hdlr", _FULL_BOX), None)
    if handler is None or meta[handler.start + 8 : handler.start + 12] != b"pict":
        return False
    return isobmff.most_samples(isobmff.read_table(path, b"moov")) < 2


def hash_file(path: Path | str, should_continue: Callable[[], bool] = lambda: True, tell: Tell | None = None) -> str:
    """SHA-256 of the file's bytes as lower-case hex; `tell` gets the percentage meanwhile.

    Raises ClipError, also once `should_continue` returns False.
    """
    path = Path(path)
    check_file(path)
    digest = hashlib.sha256()
    try:
        for block in blocks_to_hash(path, tell):
            digest.update(block)
            if not should_continue():
                raise ClipError(
                    f"{path.name} was not read to its end: another file is being opened, or the program is closing; "
                    "open it again."
                )
    except OSError as error:
        raise ClipError(f"{path.name} cannot be read ({error.strerror}); check the disk or the permissions.") from None
    return digest.hexdigest()


def blocks_to_hash(path: Path, tell: Tell | None) -> Iterator[bytes]:
    """The bytes of a file, a MiB at a time; `tell` gets the percentage meanwhile.

    Raises OSError, and ClipError if it is no regular file.
    """
    with open_regular(path) as file:
        size = os.fstat(file.fileno()).st_size
        percent = Percent(size, tell)
        with activity.stage(activity.Stage.HASH, size) as reached:
            while block := file.read(_BLOCK):
                yield block
                percent.add(len(block))
                reached(percent.done)
