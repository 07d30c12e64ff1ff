"""The boxes of ISO base media files and QuickTime (ISO/IEC 14496-12): MP4, MOV, HEIF, AVIF."""

from __future__ import annotations

import struct

from inspector.engine.provenance.structure import iso_boxes
from inspector.engine.provenance.structure.walk import DEEPEST, Walk

# Boxes that hold boxes, with the bytes before the first of them.
_CONTAINERS = {
    **dict.fromkeys(
        (
            "moov trak mdia minf stbl edts dinf udta moof traf mvex mfra tapt sinf schi gmhd ipco iprp wave clip matt"
        ).split(),
        0,
    ),
    "ilst": 0,
    "meta": 4,
    "stsd": 8,
    "dref": 8,
}
_SAMPLE_ENTRIES = {
    **dict.fromkeys("avc1 avc3 hvc1 hev1 av01 vp08 vp09 mp4v encv apcn apch apcs ap4h dvh1 dvhe jpeg mjpa".split(), 78),
    **dict.fromkeys("mp4a ac-3 ec-3 Opus fLaC alac enca".split(), 28),
}
_LEAVES = set(
    "ftyp styp mdat free skip wide uuid mvhd tkhd mdhd hdlr vmhd smhd nmhd sthd elst stts ctts stsc stsz stz2 "
    "stco co64 stss sdtp sbgp sgpd cslg saiz saio url urn mehd trex mfhd tfhd tfdt trun tfra mfro sidx ssix "
    "emsg prft pasp colr clap avcC hvcC av1C vpcC btrt esds dOps dac3 dec3 chan pnot gmin text tmcd tcmi load "
    "clef prof enof ilst keys pitm iloc iinf infe iref idat ispe pixi irot imir auxC ipma hvc1 grpl iods tref "
    "cprt xml bxml rtng pssh senc frma schm fiel gama mdcv clli dvcC dvvC sgpd subs padb stdp stsh kind elng "
    "vexu data mean lhvC dvwC SDLN smrd smta name Xtra url alis CNTH CNDB cami SEFD sefd mpvd titl auth perf "
    "gnre dscp albm yrrc loci ccst auxi auxl thmb cdsc dimg prdi iscl rloc lsel a1op a1lx tmap altr ster brst amve "
    "cclv eyes stri hero hfov must cams cmfy st3d sv3d svhd proj prhd equi cbmp SA3D dfLa pcmC dac4 dmlp ddts mhaC "
    "vvcC evcC hvcE avcE enda stps pdin mfro mere trgr tsel strk stri tenc vttC ftab styl hint covr mdta keyd cmov "
    "dcom cmvd rmra ctab GPMF FIRM LENS CAME SETT AMBA MUID HMMT BCID GUMI SMTA NCDT mvif".split()
)
_QUICKTIME = "\xa9"  # user data of QuickTime begins with the copyright sign


def walk_boxes(walk: Walk) -> None:
    """Note all boxes of the file, and the bytes behind them that are none."""
    end = _boxes(walk, 0, walk.size, 0, "")
    if end < walk.size:
        walk.tag("computed", "trailing bytes", walk.size - end)
        walk.add("(no box)", 0, end, walk.size - end, "bytes that are no box", is_known=False)


def _boxes(walk: Walk, start: int, end: int, depth: int, path: str) -> int:
    """Note the boxes between two positions; returns where the last whole one ends."""
    while start + 8 <= end:
        head = walk.read(start, 32)
        if len(head) < 8:
            break
        (size,), raw = struct.unpack_from(">I", head), head[4:8]
        header = 8
        if size == 1 and len(head) >= 16:
            (size,), header = struct.unpack_from(">Q", head, 8), 16
        elif size == 0:
            if path:  # QuickTime ends a list of user data with four zero bytes
                break
            size = end - start
        kind = raw.decode("latin-1")
        is_named = kind.strip() in _LEAVES or kind in _CONTAINERS
        if size < header or (depth == 0 and not is_named and (start + size > end or not _is_name(kind))):
            break
        if start + size > end:
            walk.problem(f"The box {kind!r} at byte {start} says that it is {size} bytes long, more than there are.")
            size = end - start
        _box(walk, kind, start, header, size, depth, path)
        start += size
    return start


def _box(walk: Walk, kind: str, start: int, header: int, size: int, depth: int, path: str) -> None:
    is_entry = path.endswith("/stsd")
    is_item = path.endswith("/ilst")
    is_known = kind.strip() in _LEAVES or kind in _CONTAINERS or is_entry or is_item or kind.startswith(_QUICKTIME)
    content = start + header, start + size
    here = f"{path}/{kind}"
    if kind == "trak":
        walk.media_scale = iso_boxes.media_scale(walk, *content)
    walk.add(kind, depth, start, size, iso_boxes.detail(walk, kind, here, *content), is_known=is_known)
    skip = _SAMPLE_ENTRIES.get(kind) if is_entry else 0 if is_item else _CONTAINERS.get(kind)
    if skip is None:
        return
    if kind == "meta" and walk.read(content[0] + 4, 4) == b"hdlr":
        skip = 0  # QuickTime's has no version and flags
    if depth + 1 >= DEEPEST:
        walk.problem(f"Boxes are nested more than {DEEPEST} deep; those further in were not read.")
        return
    _boxes(walk, content[0] + skip, content[1], depth + 1, here)


def _is_name(kind: str) -> bool:
    return all(" " <= c <= "~" or c == _QUICKTIME for c in kind)
