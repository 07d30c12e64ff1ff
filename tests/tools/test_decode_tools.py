"""The scripts that damage clips and that compare them with ffprobe: what they call a loss, and what they do not."""

from pathlib import Path

import numpy as np
import pytest

from inspector.domain.account import PictureAccount
from inspector.engine.decode.decoder import open_clip
from tests.clips import make_clip
from tools.compare_ffprobe import account_of, difference, in_further_parts
from tools.fuzz_decode import covered, decoded, judged, mutate, sources


def test_each_kind_of_damage_changes_the_bytes() -> None:
    data, rng = bytes(range(256)) * 20, np.random.default_rng(1)
    kinds = {kind for kind, changed in (mutate(data, data[::-1], rng) for _ in range(100)) if changed != data}
    assert kinds == {"flips", "noise", "zeros", "removed", "inserted", "truncated", "spliced"}


def test_a_whole_clip_is_whole_and_a_shorter_one_is_silent(tmp_path: Path) -> None:
    path = make_clip(tmp_path / "clip.mkv", frames=30)
    seconds, holes = covered(*decoded(path)[:2])
    assert seconds == pytest.approx(1.2, abs=0.01)
    assert not holes
    assert judged(path, seconds)["result"] == "whole"
    assert judged(path, seconds + 1)["result"] == "silent"
    path = make_clip(tmp_path / "clip.ts", frames=30)
    assert judged(path, seconds)["result"] == "whole"
    assert judged(path, seconds + 1)["result"] == "end not declared, and said so"
    path.write_bytes(b"no clip")
    assert judged(path, seconds)["result"] == "refused"


def test_a_truncated_mp4_is_named(tmp_path: Path) -> None:
    path = make_clip(tmp_path / "clip.mp4", frames=30, container_options={"movflags": "+faststart"})
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    assert judged(path, 1.2)["result"] == "named"


def test_copies_in_other_containers_hold_the_same_pictures(tmp_path: Path) -> None:
    clip = make_clip(tmp_path / "clip.mp4", frames=12)
    found = {path.suffix for path in sources([clip], tmp_path)}
    assert {".mp4", ".mkv", ".ts", ".flv", ".avi", ".mpg", ".ogv", ".webm", ".wmv", ".mov"} <= found


def test_differences_from_ffprobe_need_a_name(tmp_path: Path) -> None:
    clip = decoded(make_clip(tmp_path / "clip.mkv", frames=12))[0]
    account = account_of(clip)
    assert account is not None
    assert difference(account.shown, 12, account) == ""
    assert difference(account.shown, 13, account) == "UNEXPLAINED"
    assert difference(10, 12, PictureAccount(12, 10, lost=2)) == "lost 2"
    assert difference(account.shown, 17, account, 5) == "further parts of a joined file 5"
    joined = tmp_path / "joined.mxf"
    joined.write_bytes(make_clip(tmp_path / "a.mxf", frames=12, codec="mpeg2video", pix_fmt="yuv422p").read_bytes() * 2)
    assert in_further_parts(open_clip(joined)) == 12
    assert difference(10, 10, PictureAccount(12, 10)).startswith("UNEXPLAINED")
