"""The sample aspect ratio of single pictures, read through FFmpeg's scale filter."""

import sys
from fractions import Fraction
from pathlib import Path

import av
import pytest
from av.video.frame import VideoFrame

from inspector.engine.decode.picture_format import AspectReader
from tests.clips import make_clip


def anonymous_kilobytes() -> int:
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("RssAnon"))


@pytest.mark.parametrize("aspect", [Fraction(1), Fraction(16, 11), Fraction(1, 8), Fraction(8)])
@pytest.mark.parametrize("size", [(160, 120), (32, 16)])
def test_the_ratio_that_a_picture_declares_is_read(tmp_path: Path, aspect: Fraction, size: tuple[int, int]):
    path = make_clip(tmp_path / "a.mp4", codec="libx264", size=size, frames=1, sample_aspect=aspect)
    with av.open(str(path)) as media:
        assert AspectReader().read(next(media.decode(video=0))) == aspect


@pytest.mark.parametrize("pix_fmt", ["yuv420p", "yuv411p", "nv12", "gbrp12le", "pal8", "monow", "yuyv422"])
@pytest.mark.parametrize("size", [(3, 5), (17, 200), (640, 1)])
def test_a_picture_of_any_format_and_size_can_be_asked(pix_fmt: str, size: tuple[int, int]):
    frame = VideoFrame(*size, pix_fmt)
    frame.time_base, frame.pts = Fraction(1, 25), 0
    graph = AspectReader._make(frame)  # `read` takes a graph that fails for a picture that declares nothing
    graph.vpush(frame)
    assert graph.vpull().width == 1 << 14


@pytest.mark.skipif(sys.platform != "linux", reason="Linux says how much memory it is")
def test_reading_that_of_a_large_picture_takes_no_memory_for_its_rows():
    frame = VideoFrame(64, 8192, "yuv420p")
    frame.time_base, frame.pts = Fraction(1, 25), 0
    before, reader = anonymous_kilobytes(), AspectReader()
    assert reader.read(frame) == 1
    assert anonymous_kilobytes() - before < 32 << 10  # 200 MB for all rows
