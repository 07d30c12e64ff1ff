"""Damaged clips: decodable frames are returned, the rest is a gap with a reason, and nothing crashes or hangs."""

import errno
import os
import re
import subprocess
import sys
from collections import Counter
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from inspector.domain.clip import Clip, Frame, Gap
from inspector.engine.decode import container, packets
from inspector.engine.decode.decoder import Decoder, frame_sha256, open_clip
from tests.clips import make_clip, moving_portrait, portrait, read_code

SIZE = (160, 96)
LIVELY: dict[str, Any] = {"frames": 40, "size": SIZE, "gop": 10, "picture": moving_portrait(SIZE)}
FAST_START: dict[str, Any] = {"container_options": {"movflags": "+faststart"}}


def decode(clip: Clip) -> tuple[list[Frame], list[Gap]]:
    with Decoder(clip) as decoder:
        events = list(decoder.frames())
    starts = [event.pts if isinstance(event, Frame) else event.start_pts for event in events]
    assert starts == sorted(starts)
    return [e for e in events if isinstance(e, Frame)], [e for e in events if isinstance(e, Gap)]


def packets_of(path: Path) -> list[tuple[int, int, int]]:
    """(pts, byte position, size) of each video packet in decoding order."""
    with av.open(str(path)) as container:
        return [(p.pts, p.pos, p.size) for p in container.demux(video=0) if p.size]  # type: ignore[misc]


def overwrite(path: Path, start: int, length: int, seed: int | None = None) -> None:
    data = bytearray(path.read_bytes())
    data[start : start + length] = bytes(length) if seed is None else np.random.default_rng(seed).bytes(length)
    path.write_bytes(data)


def test_a_damaged_intra_frame_is_a_gap_and_decoding_continues(tmp_path) -> None:
    path = make_clip(tmp_path / "clip.avi", codec="mjpeg", pix_fmt="yuvj420p", frames=20)
    stored = packets_of(path)
    for at in (7, 8, 9, 14):
        overwrite(path, stored[at][1] + 16, stored[at][2] - 32)
    frames, gaps = decode(open_clip(path))
    assert [read_code(frame.image) for frame in frames] == [n for n in range(20) if n not in {7, 8, 9, 14}]
    assert [(gap.start_pts, gap.end_pts) for gap in gaps] == [(7, 10), (14, 15)], "neighbours are one gap"
    assert all(gap.reason for gap in gaps)
    assert [frame.index for frame in frames] == [n for n in range(20) if n not in {7, 8, 9, 14}]


def test_frame_at_inside_a_gap_is_the_last_decodable_frame(tmp_path) -> None:
    path = make_clip(tmp_path / "clip.avi", codec="mjpeg", pix_fmt="yuvj420p", frames=12)
    stored = packets_of(path)
    for at in (0, 1, 6, 7):
        overwrite(path, stored[at][1] + 16, stored[at][2] - 32)
    clip = open_clip(path)
    with Decoder(clip) as decoder:
        assert [decoder.frame_at(pts).pts for pts in (5, 6, 7, 8)] == [5, 5, 5, 8]
        assert decoder.frame_at(0).pts == 2, "there is no frame before it: the first one"
        assert [(e.start_pts, e.end_pts) for e in decoder.frames(7, 9) if isinstance(e, Gap)] == [(7, 8)]


def test_concealed_frames_and_those_that_refer_to_them_are_corrupt(tmp_path) -> None:
    path = make_clip(tmp_path / "clip.mkv", bframes=2, **LIVELY)
    stored = packets_of(path)
    hit = next(packet for packet in stored[12:] if packet[2] > 400)
    overwrite(path, hit[1] + hit[2] // 2, hit[2] // 2, seed=1)
    frames, gaps = decode(open_clip(path))
    marked = [frame.index for frame in frames if frame.is_corrupt]
    assert marked or gaps
    assert set(marked) <= set(range(10, 20)), "only in the damaged group, behind its key frame"
    assert max(marked) == 19, "up to the next key frame"
    assert len(frames) + sum(len([p for p, *_ in stored if g.start_pts <= p < g.end_pts]) for g in gaps) == 40


@pytest.mark.parametrize("name", ["clip.mp4", "clip.mkv", "clip.ts"])
@pytest.mark.parametrize("seed", range(3))
def test_damaged_gops_decode_identically_however_they_are_reached(tmp_path, name, seed) -> None:
    path = make_clip(tmp_path / name, bframes=2, **LIVELY)
    stored = packets_of(path)
    rng = np.random.default_rng(seed)
    for at in rng.choice(np.arange(3, 38), 3, replace=False):
        _, pos, size = stored[at]
        overwrite(path, pos + size // 2, max(size // 3, 1), seed=seed)
    clip = open_clip(path)
    frames, _ = decode(clip)
    known = {frame.pts: (frame_sha256(frame.image), frame.is_corrupt, frame.index) for frame in frames}
    assert any(frame.is_corrupt for frame in frames) or len(frames) < 40
    again, _ = decode(clip)
    assert {frame.pts: (frame_sha256(frame.image), frame.is_corrupt, frame.index) for frame in again} == known
    with Decoder(clip) as decoder:
        for pts in rng.permutation(list(known))[:12]:
            frame = decoder.frame_at(int(pts))
            assert (frame_sha256(frame.image), frame.is_corrupt, frame.index) == known[int(pts)]


@pytest.mark.parametrize("name", ["clip.mp4", "clip.mkv", "clip.avi"])
def test_a_truncated_clip_ends_with_a_gap(tmp_path, name) -> None:
    extra: dict[str, Any] = FAST_START if name == "clip.mp4" else {}
    path = make_clip(tmp_path / name, frames=50, gop=10, **extra)
    clip = open_clip(path)
    whole_end = clip.start_pts + round(2 / clip.time_base)  # 50 frames at 25 a second
    path.write_bytes(path.read_bytes()[: path.stat().st_size * 6 // 10])
    frames, gaps = decode(open_clip(path))
    assert 10 < len(frames) < 45
    assert [read_code(frame.image) for frame in frames if not frame.is_corrupt] == [
        frame.index for frame in frames if not frame.is_corrupt
    ]
    assert "breaks off" in gaps[-1].reason
    assert gaps[-1].end_pts == pytest.approx(whole_end, abs=2 / 25 / clip.time_base)
    assert gaps[-1].start_pts > frames[-1].pts


def test_a_stream_that_begins_inside_a_gop(tmp_path) -> None:
    path = make_clip(tmp_path / "cut.ts", frames=40, gop=10, bframes=2)
    stored = packets_of(path)
    path.write_bytes(path.read_bytes()[stored[4][1] :])
    frames, _ = decode(open_clip(path))
    whole = [read_code(frame.image) for frame in frames if not frame.is_corrupt]
    assert whole == list(range(10, 40))


def test_declared_and_decoded_frame_counts_are_separate(tmp_path) -> None:
    path = make_clip(tmp_path / "clip.mp4", frames=50, gop=10, **FAST_START)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    clip = open_clip(path)
    frames, gaps = decode(clip)
    assert clip.declared_frames == 50
    assert len(frames) < 50
    assert re.search(r"after \d+ of 50 declared pictures", gaps[-1].reason)


def test_a_truncated_jpeg_is_decoded_and_marked_as_corrupt(tmp_path) -> None:
    Image.fromarray(portrait()).save(tmp_path / "face.jpg", quality=90)
    data = (tmp_path / "face.jpg").read_bytes()
    (tmp_path / "face.jpg").write_bytes(data[: len(data) // 2])
    (frame,), gaps = decode(open_clip(tmp_path / "face.jpg"))
    assert frame.is_corrupt
    assert not gaps
    assert np.abs(frame.image[:100].astype(int) - portrait()[:100]).mean() < 5


# The pixels of the others are stored as they are: nothing shows that they were written over.
@pytest.mark.parametrize(("kind", "damage"), [("png", "cut"), ("png", "overwritten"), ("tif", "cut"), ("bmp", "cut")])
def test_a_damaged_still_of_another_kind_is_too(tmp_path, kind, damage) -> None:
    path = tmp_path / f"face.{kind}"
    Image.fromarray(portrait()).save(path)
    data, half = path.read_bytes(), path.stat().st_size // 2
    path.write_bytes(data[:half] + (b"text" * 128 + data[half + 512 :] if damage == "overwritten" else b""))
    (frame,), gaps = decode(open_clip(path))
    assert frame.is_corrupt
    assert not gaps
    read = slice(-100, None) if kind == "bmp" else slice(100)  # which begins with its lowest row
    assert np.array_equal(frame.image[read], portrait()[read])


def test_a_png_with_a_long_compressed_text_is_whole(tmp_path) -> None:
    """As of a generator's settings, or a colour profile: Pillow refuses more than 1 MB of one."""
    told = PngInfo()
    told.add_text("workflow", "node " * 400_000, zip=True)
    Image.fromarray(portrait()).save(tmp_path / "face.png", pnginfo=told)
    (frame,), _ = decode(open_clip(tmp_path / "face.png"))
    assert not frame.is_corrupt


@pytest.mark.parametrize(("missing", "is_corrupt"), [(1, False), (2, False), (300, True)])
def test_a_jpeg_without_its_end_marker_is_whole(tmp_path, missing, is_corrupt) -> None:
    path = tmp_path / "face.jpg"
    Image.fromarray(portrait()).save(path, quality=90)
    whole = decode(open_clip(path))[0][0].image
    path.write_bytes(path.read_bytes()[:-missing])
    (frame,), _ = decode(open_clip(path))
    assert frame.is_corrupt == is_corrupt
    assert np.array_equal(frame.image, whole) == (not is_corrupt)


@pytest.mark.parametrize("instead", [b"", b"text" * 128], ids=["cut out", "overwritten"])
@pytest.mark.parametrize("options", [{}, {"progressive": True}], ids=["sequential", "progressive"])
def test_a_jpeg_with_damage_in_the_middle_is_marked_as_corrupt(tmp_path, instead, options) -> None:
    path = tmp_path / "face.jpg"
    Image.fromarray(portrait()).save(path, quality=90, **options)
    data = path.read_bytes()
    at = len(data) // 2
    assert not decode(open_clip(path))[0][0].is_corrupt
    path.write_bytes(data[:at] + instead + data[at + 512 :])
    (frame,), gaps = decode(open_clip(path))
    assert frame.is_corrupt
    assert not gaps


@pytest.mark.parametrize("mode", ["RGB", "L", "CMYK"])
@pytest.mark.parametrize("options", [{"subsampling": "4:2:2"}, {"restart_marker_blocks": 3}, {"progressive": True}])
def test_a_whole_jpeg_of_any_kind_is_not_marked(tmp_path, mode, options) -> None:
    path = tmp_path / "face.jpg"
    Image.fromarray(portrait()[:50, :43]).convert(mode).save(path, **options)
    path.write_bytes(path.read_bytes() + b"behind it")
    (frame,), _ = decode(open_clip(path))
    assert not frame.is_corrupt


# What the corpus is made from: suffix and arguments; small, so that thousands of bytes are many of its parts.
SOURCES: dict[str, dict[str, Any]] = {
    "a.mp4": {"bframes": 2, **LIVELY, **FAST_START},
    "b.mkv": {"bframes": 2, **LIVELY},
    "c.ts": {"bframes": 2, **LIVELY},
    "d.avi": LIVELY,
    "e.mpg": {"codec": "mpeg2video", "bframes": 2, **LIVELY},
    "f.mp4": {"codec": "libx265", "bframes": 2, **LIVELY},
    "g.webm": {"codec": "libvpx-vp9", **LIVELY},
    "h.avi": {"codec": "mjpeg", "pix_fmt": "yuvj420p", **LIVELY},
    "i.gif": {"codec": "gif", "pix_fmt": "rgb8", **LIVELY},
    "j.avi": {"codec": "mpeg4", **LIVELY},
    "k.ts": {"codec": "mpeg2video", "interlaced": True, **LIVELY},
    "l.mov": {"codec": "prores_ks", "pix_fmt": "yuv422p10le", **LIVELY},
}
STILLS = ("m.jpg", "n.png", "o.webp", "p.tiff", "q.bmp", "r.heic")
MUTANTS = 5  # of each


def mutate(data: bytes, rng: np.random.Generator) -> bytes:
    """One of: bits flipped, truncated, a part removed, overwritten with noise, or inserted elsewhere."""
    out = bytearray(data)
    start, other = (int(at) for at in rng.integers(len(out), size=2))
    length = int(rng.integers(1, 3000))
    match int(rng.integers(5)):
        case 0:
            for at in rng.integers(len(out), size=int(rng.integers(1, 30))):
                out[at] ^= 1 << int(rng.integers(8))
        case 1:
            del out[max(start, 1) :]
        case 2:
            del out[start : start + length]
        case 3:
            length = min(length, len(out) - start)
            out[start : start + length] = rng.bytes(length)
        case _:
            out[start:start] = out[other : other + length]
    return bytes(out)


def make_sources(folder: Path) -> dict[str, bytes]:
    import pillow_heif

    pillow_heif.register_heif_opener()
    for name, arguments in SOURCES.items():
        make_clip(folder / name, **arguments)
    for name in STILLS:
        Image.fromarray(portrait()).resize((96, 64)).save(folder / name)
    return {name: (folder / name).read_bytes() for name in (*SOURCES, *STILLS)}


@pytest.mark.timeout(240)
def test_mutated_files_give_frames_gaps_or_a_clip_error(tmp_path) -> None:
    paths = []
    for at, (name, data) in enumerate(make_sources(tmp_path).items()):
        for seed in range(MUTANTS):
            path = tmp_path / f"mutant{seed}-{name}"
            path.write_bytes(mutate(data, np.random.default_rng([at, seed])))
            paths.append(str(path))
    command = [sys.executable, "-m", "tests.engine.decode.decode_batch", *paths]
    root = Path(__file__).resolve().parents[3]
    done = subprocess.run(command, capture_output=True, text=True, cwd=root, timeout=220, check=False)
    ends = dict(line.split("\t") for line in done.stdout.splitlines())
    assert done.returncode == 0, f"after {list(ends)[-1:]}:\n{done.stderr[-3000:]}"
    assert list(ends) == paths
    assert done.stderr == "", "decoders keep quiet"
    assert not [end for end in ends.values() if end.startswith("badly worded")]
    kinds = Counter(end.split()[0].rstrip(":") for end in ends.values())
    assert min(kinds["frames"], kinds["refused"]) > 10, "the corpus reaches both ends"
    assert any(re.match(r"frames \d+ gaps [1-9]", end) for end in ends.values())


class _FailingContainer:
    """A container whose file can no longer be read after some packets."""

    def __init__(self, container: object, after: int) -> None:
        self._container, self._left = container, after

    def __getattr__(self, name: str):
        return getattr(self._container, name)

    def demux(self, stream):
        for packet in self._container.demux(stream):  # type: ignore[attr-defined]
            if not self._left:
                raise OSError(errno.EIO, os.strerror(errno.EIO))
            self._left -= 1
            yield packet


def test_a_read_error_ends_the_clip_with_a_gap_that_names_the_cause(tmp_path, monkeypatch) -> None:
    """MPEG-TS declares no number of frames, so nothing else shows that the file was not read to its end."""
    path = make_clip(tmp_path / "clip.ts", frames=30, gop=5)
    clip = open_clip(path)
    opened = container.open_media

    @contextmanager
    def failing(path, *, threaded=True):
        with opened(path, threaded=threaded) as media:
            yield container.Media(_FailingContainer(media.container, 20), media.stream)  # type: ignore[arg-type]

    with Decoder(clip) as decoder:
        assert not any(isinstance(event, Gap) for event in decoder.frames()), "a file read to its end has no gap"
    monkeypatch.setattr(packets, "open_media", failing)
    with Decoder(clip) as decoder:
        *frames, gap = decoder.frames()
    assert [frame.index for frame in frames] == list(range(20))
    assert gap.start_pts > frames[-1].pts
    assert gap.reason == "reading the file stopped here: FFmpeg reports: Input/output error"
