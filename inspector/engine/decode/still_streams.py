"""The pictures in a still's file: pages, images behind the first one, auxiliary images, and videos of motion photos."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from itertools import islice
from pathlib import Path

from inspector.domain.clip import StreamInfo, StreamKind
from inspector.domain.errors import ClipError
from inspector.engine.decode.container import MediaSource, open_container
from inspector.engine.decode.evidence import RAW
from inspector.engine.decode.formats import jpeg, png, tiff
from inspector.engine.decode.formats.edit_list import read_edits
from inspector.engine.decode.formats.embedded import embedded_videos
from inspector.engine.decode.formats.file_bytes import FileBytes, file_bytes
from inspector.engine.decode.formats.heif import Item, read_heif
from inspector.engine.decode.streams import count_pictures, is_unclear, video_streams

_UNREAD = (
    "{name} is a HEIF file whose picture is coded as {codec}, which none of the program's libraries reads; save it as "
    "PNG or TIFF without changing its size or quality, and say so in the notes."
)
_MOST_STILLS = 256  # listed; scans of books have more pages
_GAIN_MAP_MARKS = (b"hdrgm:Version", b"urn:com:apple:photo:2020:aux:hdrgainmap", b"HDRGainMap")
# MP type codes of CIPA DC-007: large thumbnails, and views of one scene.
_LARGE_THUMBNAIL, _MULTI_VIEW = 0x010000, 0x020000


def still_streams(path: Path, head: bytes) -> tuple[StreamInfo, ...]:
    """All pictures in the still at `path`, whose first bytes are `head`; the first picture is number 0.

    Raises ClipError for a raw photograph, of which only a preview could be shown.
    """
    if head.startswith(tiff.MAGIC):
        stills = _tiff_pages(path)
    elif head.startswith(jpeg.SOI):
        stills = _jpegs(path)
    elif head[4:8] == b"ftyp":
        stills = _items(path)
    else:
        stills = [_still(0)]
    with suppress(OSError):
        stills += _videos(path, len(stills), embedded_videos(path))
    return tuple(stills)


def following_streams(path: Path, places: Sequence[tuple[int, int]]) -> tuple[StreamInfo, ...]:
    """The video streams of further files behind the one that `path` begins with, at these offsets and lengths."""
    if not places:
        return ()
    with open_container(MediaSource(path)) as container:
        number = len(container.streams)
    return tuple(replace(info, kind=StreamKind.FOLLOWING_VIDEO) for info in _videos(path, number, places))


def animated_png_streams(source: MediaSource) -> tuple[StreamInfo, ...]:
    """The animation in a PNG file, and the picture that it stores besides; () where there is none.

    Raises ClipError and OSError.
    """
    header = png.read_header(source.path)
    if not header.has_default:
        return ()
    with open_container(source) as container:
        animation = video_streams(container)
    width, height = header.size
    title = "shown by programs that do not animate"
    still = _still(len(animation), codec="png", width=width, height=height, title=title, is_main=False, inner=0)
    return (*animation, still)


def joined_streams(path: Path, parts: Sequence[tuple[int, int]]) -> tuple[StreamInfo, ...]:
    """The video streams of the parts, at these offsets and lengths, of a file that was joined.

    Those of the first part are as if it were alone. () where fewer than two parts hold a video.
    """
    if not parts:
        return ()
    offset, length = parts[0]
    try:
        with open_container(MediaSource(path, None, offset, length)) as container:
            number, first = len(container.streams), video_streams(container)
    except ClipError:
        return ()
    more = [replace(info, kind=StreamKind.FOLLOWING_VIDEO) for info in _videos(path, number, parts[1:])]
    own = (replace(info, offset=offset, length=length, inner=info.number) for info in first)
    return (*own, *more) if first and more else ()


def part_of_joined(streams: Sequence[StreamInfo], chosen: StreamInfo) -> str:
    """The sentence about which part of a joined file a stream is."""
    parts = sorted({info.offset for info in streams})
    number, end = parts.index(chosen.offset) + 1, chosen.offset + chosen.length
    return (
        f"The file is {len(parts)} recordings behind each other, and this is number {number} (bytes {chosen.offset:,} "
        f"to {end:,}). The others are listed as streams of their own (--stream); other programs may count or show the "
        "pictures of all of them together."
    )


def main_id(path: Path) -> int | None:
    """The identifier, in a transport stream the PID, of the file's main video; None where there is none."""
    with suppress(ClipError), open_container(MediaSource(path)) as container:
        found = video_streams(container)
        if is_unclear(found):
            found = video_streams(container, count_pictures(container))
        main = next((info.number for info in found if info.is_main), None)
        return next((stream.id for stream in container.streams.video if stream.index == main), None)
    return None


def _still(number: int, kind: StreamKind = StreamKind.STILL, codec: str = "", **more: object) -> StreamInfo:
    info = StreamInfo(number, kind, codec, 0, 0, pictures=1, is_main=number == 0, inner=number)
    return replace(info, **more)  # type: ignore[arg-type]


def _tiff_pages(path: Path) -> list[StreamInfo]:
    layout = tiff.read_layout(path)
    if layout.is_raw:
        raise ClipError(RAW.format(name=path.name))
    pages = layout.pages[:_MOST_STILLS]
    if len(pages) < 2:
        return [_still(0)]
    main = next((at for at, page in enumerate(pages) if not page.is_reduced), 0)
    return [
        _still(
            at,
            StreamKind.THUMBNAILS if page.is_reduced else StreamKind.PAGE,
            "tiff",
            width=page.width,
            height=page.height,
            is_main=at == main,
        )
        for at, page in enumerate(pages)
    ]


def _jpegs(path: Path) -> list[StreamInfo]:
    """The first JPEG, those of its MP index, and others that follow it."""
    with file_bytes(path) as data:
        first = jpeg.parse(data)
        return [_still(0)] if first is None else list(_jpegs_of(data, first))


def _jpegs_of(data: FileBytes, first: jpeg.Jpeg) -> Iterator[StreamInfo]:
    yield _still(0, codec="jpeg", width=first.width, height=first.height)
    number = 1
    for picture in jpeg.indexed_pictures(data, first) or _following(data, first):
        other = jpeg.parse(data, picture.offset)
        if other is not None:
            kind = _kind_of(picture.kind, data[picture.offset : other.end], data[: first.end])
            yield _still(
                number, kind, "jpeg", width=other.width, height=other.height, offset=picture.offset,
                length=other.end - picture.offset, inner=0,
            )  # fmt: skip
            number += 1


def _following(data: FileBytes, first: jpeg.Jpeg) -> Iterator[jpeg.Indexed]:
    """JPEGs that follow the first one directly, as some phones append them without an index."""
    end: int | None = first.end
    for _ in range(_MOST_STILLS):
        start = None if end is None else jpeg.next_picture(data, end)
        if start is None:
            return
        yield jpeg.Indexed(0, start, 0)
        picture = jpeg.parse(data, start)
        end = None if picture is None else picture.end


def _kind_of(mp_type: int, picture: bytes, first: bytes) -> StreamKind:
    is_gain_map = any(mark in picture for mark in _GAIN_MAP_MARKS) or (mp_type == 0 and _GAIN_MAP_MARKS[0] in first)
    if is_gain_map:
        return StreamKind.AUXILIARY
    if mp_type & 0xFF0000 == _LARGE_THUMBNAIL:
        return StreamKind.THUMBNAILS
    return StreamKind.PAGE if mp_type & 0xFF0000 == _MULTI_VIEW else StreamKind.STILL


def _items(path: Path) -> list[StreamInfo]:
    """The images of a HEIF or AVIF file, the primary one first."""
    heif = read_heif(path)
    primary = heif.primary_item
    if primary is None:
        return [_still(0)]
    found = [replace(_described(primary, 0, StreamKind.STILL), can_open=bool(heif.library_of(primary)))]
    others = (item for item in heif.items if item.item_id != primary.item_id and not item.is_part)
    for item in islice(others, _MOST_STILLS - 1):
        info = _described(item, len(found), _item_kind(item))
        found.append(replace(info, can_open=bool(heif.library_of(item))))
    return found


def refuse_unread(path: Path, chosen: StreamInfo) -> None:
    """Raise ClipError for a picture of a HEIF file that no library decodes, though it may be whole."""
    if chosen.can_open:
        return
    heif = read_heif(path)
    item = heif.item(chosen.inner)
    codecs = sorted(heif.coded_as(item) - {chosen.codec}) if item else []
    raise ClipError(_UNREAD.format(name=path.name, codec=" of ".join([chosen.codec, *codecs])))


def _described(item: Item, number: int, kind: StreamKind) -> StreamInfo:
    return _still(
        number, kind, item.codec, width=item.width, height=item.height, title=_purpose(item), inner=item.item_id
    )


def _item_kind(item: Item) -> StreamKind:
    if item.thumbnail_of is not None:
        return StreamKind.THUMBNAILS
    is_auxiliary = item.auxiliary_to is not None or item.is_hidden or item.codec == "tmap"
    return StreamKind.AUXILIARY if is_auxiliary else StreamKind.PAGE


def _purpose(item: Item) -> str:
    """What an auxiliary image is for, by its type."""
    name = item.auxiliary_type.lower()
    known = (("gainmap", "gain map"), ("alpha", "alpha channel"), (":auxid:1", "alpha channel"), ("depth", "depth map"),
             (":auxid:2", "depth map"))  # fmt: skip
    if item.codec == "tmap":
        return "tone map"
    return next((text for mark, text in known if mark in name), item.auxiliary_type)


def _videos(path: Path, number: int, places: Sequence[tuple[int, int]]) -> Iterator[StreamInfo]:
    """The video streams of MP4 files at these offsets and lengths in the file, numbered on."""
    for offset, length in places:
        if any(edits.is_excessive for edits in read_edits(path, offset)):
            title = "its edit list is too long to be read"
            info = _still(number, StreamKind.EMBEDDED_VIDEO, title=title, is_main=False, can_open=False)
            yield replace(info, pictures=None)
            number += 1
            continue
        with suppress(ClipError), open_container(MediaSource(path, None, offset, length)) as container:
            for info in video_streams(container):
                yield replace(
                    info, number=number, kind=StreamKind.EMBEDDED_VIDEO, is_main=False, offset=offset,
                    length=length, inner=info.number,
                )  # fmt: skip
                number += 1
