"""Pictures that were decoded are freed at once, not when the collector of cycles happens to run."""

import gc
import sys
from fractions import Fraction
from pathlib import Path

import pytest
from av.video.frame import VideoFrame

from inspector.engine.decode import container
from inspector.engine.decode.coding_data import coding_data_of
from inspector.engine.decode.decoder import Decoder, open_clip
from inspector.engine.decode.picture_format import AspectReader
from tests.clips import make_clip


def pictures() -> int:
    """How many of FFmpeg's pictures are alive."""
    return sum(type(each) is VideoFrame for each in gc.get_objects())


@pytest.fixture
def no_collector():
    gc.collect()
    gc.disable()
    yield
    gc.enable()


def test_no_picture_outlives_its_frame(tmp_path: Path, no_collector: None):
    make_clip(tmp_path / "a.mp4", frames=40, bframes=2)
    with Decoder(open_clip(tmp_path / "a.mp4")) as decoder:
        before = pictures()
        alive = [pictures() - before for _ in decoder.frames()]
    assert len(alive) == 40
    assert max(alive) <= 6, "those that wait to be shown in order"
    assert max(alive[20:]) <= max(alive[:20]), "they do not add up"


def test_reading_the_coding_keeps_no_picture(no_collector: None):
    before = pictures()
    for _ in range(5):
        frame = VideoFrame(16, 16, "yuv420p")
        coding_data_of(frame, "h264")
        container.orientation(frame)
        del frame
    assert pictures() == before


@pytest.mark.parametrize(("size", "threads"), [((1920, 1080), 0), ((3840, 2160), 0), ((0, 0), 0)])
def test_pictures_of_usual_sizes_are_decoded_with_the_threads_that_ffmpeg_chooses(size: tuple[int, int], threads: int):
    assert container._threads(*size) == threads


def test_large_pictures_are_decoded_with_few_threads(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("os.cpu_count", lambda: 64)
    assert container._threads(7680, 4320) == 5
    assert container._threads(16384, 16384) == 2


def anonymous_kilobytes() -> int:
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("RssAnon"))


@pytest.mark.skipif(sys.platform != "linux", reason="Linux says how much memory it is")
def test_reading_that_of_a_large_picture_takes_no_memory_for_its_rows():
    frame = VideoFrame(64, 8192, "yuv420p")
    frame.time_base, frame.pts = Fraction(1, 25), 0
    before, reader = anonymous_kilobytes(), AspectReader()
    assert reader.read(frame) == 1
    assert anonymous_kilobytes() - before < 32 << 10  # 200 MB for all rows
