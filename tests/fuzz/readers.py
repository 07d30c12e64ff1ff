"""What reads strangers' files besides the decoder, each with sound files of its own to damage."""

from __future__ import annotations

import io
import shutil
import struct
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from PIL import Image, ImageCms

from inspector.engine.case.custody import read_custody
from inspector.engine.case.download_record import download_record
from inspector.engine.decode.evidence import hash_file
from inspector.engine.model.bundle import find_bundle
from inspector.engine.provenance.describe import describe_file
from inspector.engine.report.compare import compare
from inspector.engine.report.verify import Means, verify
from inspector.engine.report.writer import write_report
from inspector.engine.seal.keys import create_key, sign_manifest
from inspector.engine.seal.manifest import STAMP
from tests.engine.report.conftest import build
from tests.fakes import make_deep_bundle
from tests.signing import make_signer, manifest, opened, pem, picture, sign


@dataclass(frozen=True)
class Reader:
    """`seeds` are folders' contents by file name; one of the files in `damaged` is damaged before `read` gets them.

    It returns, or raises InspectorError; everything else is a fault.
    """

    seeds: tuple[Mapping[str, bytes], ...]
    damaged: tuple[str, ...]
    read: Callable[[Path], object]


def readers(folder: Path) -> Iterator[tuple[str, Callable[[], Reader]]]:
    """Every reader by its name; what it needs is made in `folder` when it is called."""
    yield "credentials", _credentials
    yield "still tags", _still_tags
    yield "report", lambda: _report(folder)
    yield "records", _records
    yield "bundle", lambda: _bundle(folder)


def _credentials() -> Reader:
    """Signed pictures of each format, with a history and without."""
    kinds = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP", "image/gif": "GIF", "image/tiff": "TIFF"}
    made = [sign(picture(kind), mime=mime) for mime, kind in kinds.items()]
    text = "\x1b[2J<img src=x>\u202e" * 40
    made.append(sign(made[0], opened({"action": "c2pa.edited", "description": text}), parent=made[0]))
    made.append(sign(picture(), manifest(title=text)))
    return Reader(tuple({"x": data} for data in made), ("x",), lambda folder: describe_file(folder / "x"))


def _still_tags() -> Reader:
    """Pictures with EXIF, its thumbnail, IPTC, XMP and a colour profile."""
    exif = Image.Exif()
    exif[0x010F], exif[0x0132] = "Maker", "2026:01:02 03:04:05"
    exif.get_ifd(0x8769)[0x9003] = "2026:01:02 03:04:05"
    exif.get_ifd(0x8825).update({1: "N", 2: (52.0, 30.0, 1.5), 3: "E", 4: (13.0, 24.0, 0.5)})
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    xmp = b'<x:xmpmeta><a xmp:CreatorTool="Tool" xmp:CreateDate="2026-01-02T03:04:05"/></x:xmpmeta>'
    seeds = []
    for kind in ("JPEG", "PNG", "WEBP", "TIFF"):
        stored = io.BytesIO()
        more = {} if kind == "PNG" else {"xmp": xmp}
        Image.radial_gradient("L").convert("RGB").save(stored, kind, exif=exif, icc_profile=profile, **more)
        seeds.append({"x": stored.getvalue()})
    seeds.append({"x": with_thumbnail(picture(side=256), picture(side=64))})
    return Reader(tuple(seeds), ("x",), lambda folder: describe_file(folder / "x"))


def with_thumbnail(jpeg: bytes, thumbnail: bytes) -> bytes:
    """A JPEG with EXIF data that holds `thumbnail` of up to 64 kB."""
    place = 8 + 2 + 4
    second = struct.pack("<HHHIIHHIIHHIII", 3, 0x103, 3, 1, 6, 0x201, 4, 1, place + 42, 0x202, 4, 1, len(thumbnail), 0)
    body = b"II*\0\x08\0\0\0" + struct.pack("<HI", 0, place) + second + thumbnail
    exif = b"Exif\0\0" + body
    return jpeg[:2] + b"\xff\xe1" + struct.pack(">H", len(exif) + 2) + exif + jpeg[2:]


def _report(folder: Path) -> Reader:
    """A signed report with a time stamp's answer that is none, and its evidence; checked, and compared with itself."""
    material, whole = build(10, 1), folder / "report"
    (folder / "evidence").write_bytes(b"the evidence")
    clip = replace(material.analysis.clip, sha256=hash_file(folder / "evidence"))
    write_report(replace(material, analysis=replace(material.analysis, clip=clip)), whole, has_pdf=False)
    sign_manifest(whole, create_key(folder / "key", b"correct horse"))
    (whole / STAMP).write_bytes(b"0\x82\x01\x00" + bytes(256))
    (whole / "root.pem").write_text(pem(make_signer().root))
    files = {p.relative_to(whole).as_posix(): p.read_bytes() for p in whole.rglob("*") if p.is_file()}

    def read(changed: Path) -> None:
        verify(changed, Means(folder / "evidence", "", changed / "root.pem"))
        compare(whole, changed)

    names = [name for name in files if not name.endswith((".png", ".txt"))]
    return Reader((files,), tuple(names), read)


def _records() -> Reader:
    """What examiners and downloaders write beside clips."""
    custody = b'source = "https://example.org"\nobtained_at = "2026-01-02"\n["x.mp4"]\ncustodian = "A. B."\n'
    info = (
        b'{"webpage_url": "https://example.org/1", "uploader": "u", "epoch": 1767225600, "_version": {"version": "1"}}'
    )
    files = {"x.info.json": info, "custody.toml": custody, "list.csv": b"md5,name\n" + b"a" * 32 + b",x.mp4\n"}

    def read(folder: Path) -> None:
        download_record(folder / "x.mp4")
        read_custody(folder / "custody.toml", [folder / "list.csv"])

    return Reader((files,), tuple(files), read)


def _bundle(folder: Path) -> Reader:
    """A bundle whose card names the SHA-256 of its damaged weights, as a stranger's does."""
    whole = make_deep_bundle(folder / "bundle")
    files = {path.name: path.read_bytes() for path in whole.iterdir()}

    def read(changed: Path) -> None:
        from inspector.engine.model.detector import Detector

        card = (changed / "card.json").read_bytes()
        for name in ("weights.safetensors", "deep.safetensors"):
            card = card.replace(hash_file(whole / name).encode(), hash_file(changed / name).encode())
        (changed / "card.json").write_bytes(card)
        Detector.load(find_bundle(str(changed)), "cpu")

    return Reader((files,), tuple(files), read)


def write_case(case: Path, seed: Mapping[str, bytes], changes: Mapping[str, bytes]) -> None:
    """Write a seed with its changes into an empty folder."""
    shutil.rmtree(case, ignore_errors=True)
    for name, data in {**seed, **changes}.items():
        (case / name).parent.mkdir(parents=True, exist_ok=True)
        (case / name).write_bytes(data)
