"""`inspector scan` of files whose pictures are not where, or not all as, a first look says: what report.json tells."""

import io
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from inspector.__main__ import main
from tests.clips import Picture, code_picture, join_streams, make_clip, put_together
from tests.engine.decode.test_still_colour import quarters, wide_profile
from tests.engine.decode.test_still_streams import dng
from tests.fakes import make_bundle


def scan(folder: Path, out: Path, bundle: Path, *more: str) -> dict[str, Any]:
    """Scan a folder; the report.json of each input by its name, and its reason where there is none."""
    main(["scan", str(folder), "--out", str(out), "--model", str(bundle), *more])
    clips = json.loads((out / "summary.json").read_text())["clips"]
    return {
        Path(c["path"]).name: json.loads((out / c["folder"] / "report.json").read_text())
        if c["folder"]
        else c["reason"]
        for c in clips
    }


def coded(size: tuple[int, int]) -> Picture:
    return lambda number: code_picture(number, size)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made, work = tmp_path_factory.mktemp("in"), tmp_path_factory.mktemp("work")
    one = make_clip(work / "one.mp4", frames=1)
    front, back = (make_clip(work / f"{name}.mp4", frames=6) for name in ("front", "back"))
    put_together(made / "thumbnail-first.mp4", [one, front], default=0)
    put_together(made / "cameras.mp4", [front, back])
    sizes = [
        make_clip(work / f"{size[0]}.webm", codec="libvpx", size=size, frames=5,
                  picture=coded(size))
        for size in ((96, 64), (64, 96))
    ]  # fmt: skip
    join_streams(made / "turned.webm", sizes)
    scans = [
        make_clip(work / "p.ts", frames=10, gop=5),
        make_clip(work / "i.ts", frames=10, gop=5, interlaced=True, start_offset=0.4),
    ]
    (made / "mixed.ts").write_bytes(b"".join(part.read_bytes() for part in scans))
    photo = io.BytesIO()
    Image.fromarray(code_picture(7)).save(photo, "JPEG", quality=95)
    (made / "motion.jpg").write_bytes(photo.getvalue() + front.read_bytes())
    pictures = []
    for number in range(5):
        picture = io.BytesIO()
        Image.fromarray(code_picture(number)).save(picture, "JPEG")
        pictures.append(picture.getvalue())
    (made / "camera.mjpeg").write_bytes(b"".join(pictures))
    pages = [Image.fromarray(code_picture(number)) for number in range(3)]
    pages[0].save(made / "pages.tif", save_all=True, append_images=pages[1:])
    (made / "bright.y4m").write_bytes(
        b"YUV4MPEG2 W96 H64 F25:1 C444\nFRAME\n" + bytes([235]) * 6144 + bytes([128]) * 12288
    )
    cut = [Image.fromarray(np.dstack([code_picture(number), np.full((64, 96), 9, np.uint8)])) for number in range(2)]
    cut[0].save(made / "clear.apng", format="PNG", save_all=True, append_images=cut[1:], duration=40)
    Image.fromarray(quarters()).save(made / "p3.png", icc_profile=wide_profile())
    Image.fromarray(code_picture(7)).save(made / "still.avif")
    (made / "raw.dng").write_bytes(dng({50706: (1, 0x00000401)}))
    (made / "picture.jxl").write_bytes(b"\xff\x0a" + bytes(100))
    return made


def test_the_report_names_streams_changes_and_remarks(folder, tmp_path) -> None:
    bundle = make_bundle(tmp_path / "bundle")
    reports = scan(folder, tmp_path / "out", bundle)
    assert "raw.dng is a raw photograph" in reports.pop("raw.dng")
    assert "picture.jxl is a JPEG XL picture, a format that this program does not read" in reports.pop("picture.jxl")
    rows = {name: report["frames"]["rows"] for name, report in reports.items()}
    assert rows == {
        "thumbnail-first.mp4": 6, "cameras.mp4": 6, "turned.webm": 10, "mixed.ts": 20, "motion.jpg": 1,
        "camera.mjpeg": 5, "pages.tif": 1, "bright.y4m": 1, "clear.apng": 2,
        "p3.png": 1, "still.avif": 1,
    }  # fmt: skip
    streams = {name: [s["kind"] for s in report["clip"]["streams"]] for name, report in reports.items()}
    assert streams["thumbnail-first.mp4"] == ["video", "video"]
    assert reports["thumbnail-first.mp4"]["clip"]["stream"] == 1
    assert reports["cameras.mp4"]["clip"]["stream"] == 0
    assert streams["motion.jpg"] == ["still picture", "video behind the picture"]
    assert streams["pages.tif"] == ["page"] * 3
    assert [u["changes"] for u in reports["turned.webm"]["formats"]] == [
        [], ["size 64 × 96 (was 96 × 64)"]
    ]  # fmt: skip
    mixed = reports["mixed.ts"]["formats"]
    assert [(u["first_index"], u["pictures"], u["changes"]) for u in mixed] == [
        (0, 10, []), (10, 10, ["scanning interlaced (was progressive)"])
    ]  # fmt: skip
    assert reports["p3.png"]["clip"]["colour"]["primaries"] == "icc profile"
    assert "without time stamps" in reports["camera.mjpeg"]["clip"]["remarks"][0]


def test_another_stream_is_scanned_on_request_and_is_another_analysis(folder, tmp_path) -> None:
    bundle = make_bundle(tmp_path / "bundle")
    (tmp_path / "in").mkdir()
    for name in ("cameras.mp4", "motion.jpg", "bright.y4m"):
        (tmp_path / "in" / name).write_bytes((folder / name).read_bytes())
    reports = scan(tmp_path / "in", tmp_path / "out", bundle, "--stream", "1")
    assert reports["cameras.mp4"]["clip"]["stream"] == reports["cameras.mp4"]["settings"]["stream"] == 1
    assert reports["motion.jpg"]["frames"]["rows"] == 6
    assert reports["bright.y4m"] == "bright.y4m holds no stream 1 of pictures; choose one of 0."
