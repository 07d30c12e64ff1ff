"""The clip of the device check."""

from pathlib import Path

from inspector.engine.decode.decoder import Decoder, open_clip
from tools.device_check import make_clip


def test_its_clip_has_the_frames_of_the_seconds_asked_for_at_720p(tmp_path: Path) -> None:
    clip = open_clip(make_clip(tmp_path / "check.mp4", 0.4))
    assert (clip.width, clip.height) == (1280, 720)
    with Decoder(clip) as decoder:
        assert sum(1 for _ in decoder.frames()) == 10
