"""The clip of the device check, and what it says when nothing can be scanned."""

from pathlib import Path
from typing import Any

from inspector.engine.decode.decoder import Decoder, open_clip
from tools import device_check
from tools.device_check import check, make_clip


def test_its_clip_has_the_frames_of_the_seconds_asked_for_at_720p(tmp_path: Path) -> None:
    clip = open_clip(make_clip(tmp_path / "check.mp4", 0.4))
    assert (clip.width, clip.height) == (1280, 720)
    with Decoder(clip) as decoder:
        assert sum(1 for _ in decoder.frames()) == 10


def test_scans_that_all_fail_are_told_with_the_reasons(tmp_path: Path, monkeypatch) -> None:
    def failed(_clip: Path, device: str, _out: Path) -> dict[str, Any]:
        return {"failed": f"no {device} here"}

    monkeypatch.setattr(device_check, "scan", failed)
    monkeypatch.setattr(device_check, "run_selftest", list)
    found = check(tmp_path / "out", 0.04, ["cpu", "cuda"])
    assert found["scans"] == {"cpu": {"failed": "no cpu here"}, "cuda": {"failed": "no cuda here"}}
