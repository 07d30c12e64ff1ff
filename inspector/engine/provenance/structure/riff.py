"""The chunks of RIFF files: AVI and WebP."""

from __future__ import annotations

from inspector.engine.provenance.structure.walk import DEEPEST, Walk, decoded

_KNOWN = set(
    "RIFF LIST hdrl strl odml movi INFO avih strh strf strd strn vprp idx1 indx JUNK dmlh C2PA VP8 VP8L VP8X "
    "ALPH ANIM ANMF ICCP EXIF XMP vedt".split()
)
_INFO = {"ISFT": "software", "ICRD": "date", "INAM": "title", "IART": "artist", "ICMT": "comment", "IDIT": "date"}
_LEAST_LIST, _UNKNOWN = 4, 0xFFFFFFFF  # bytes: the form of a list; what recorders write before they know it
_MOVI = "movi"  # a list of coded pictures and sound, which are not listed


def walk_chunks(walk: Walk) -> None:
    """Note all chunks, and the bytes behind them."""
    end = _chunks(walk, 0, walk.size, 0)
    if end < walk.size:
        walk.tag("computed", "trailing bytes", walk.size - end)
        walk.add("(no chunk)", 0, end, walk.size - end, "bytes that are no chunk", is_known=False)


def _chunks(walk: Walk, start: int, end: int, depth: int) -> int:
    while start + 8 <= end:
        head = walk.read(start, 12)
        kind = decoded(head[:4])
        if not kind.isascii() or not kind.isprintable() or (depth == 0 and kind != "RIFF"):
            break
        size = int.from_bytes(head[4:8], "little")
        is_list = kind in ("RIFF", "LIST")
        if is_list and (size < _LEAST_LIST or size == _UNKNOWN):
            walk.problem(
                f"The size of the chunk {kind!r} at byte {start} is not filled in, as where a recording was not "
                "finished; it is read as if it reached to the end."
            )
            size = end - start - 8
        elif start + 8 + size > end:
            walk.problem(f"The chunk {kind!r} at byte {start} says that it is {size} bytes long, more than there are.")
        stop = min(start + 8 + size, end)
        form = decoded(head[8:12]) if is_list else ""
        value = _text(walk, kind, start + 8, stop)
        is_known = kind.strip() in _KNOWN or kind in _INFO
        walk.add(kind, depth, start, stop - start, form or value, is_known=is_known)
        if is_list and form != _MOVI:
            if depth + 1 < DEEPEST:
                _chunks(walk, start + 12, stop, depth + 1)
            else:
                walk.problem(f"Lists are nested more than {DEEPEST} deep; those further in were not read.")
        start = stop + (size % 2 if stop < end else 0)
    return start


def _text(walk: Walk, kind: str, start: int, end: int) -> str:
    if kind in _INFO:
        text = decoded(walk.read(start, min(end - start, 1200))).strip("\0 ")
        walk.tag("INFO", _INFO[kind], text)
        return text
    if kind == "strh":
        return decoded(walk.read(start, 8))
    if kind == "C2PA":
        walk.tag("computed", "credential bytes", end - start)
    elif kind == "XMP ":
        walk.xmp = walk.read(start, end - start)
    return ""
