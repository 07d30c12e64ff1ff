"""Frames that are decoded again: each is the one that was scored, and few of them stay in memory."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from inspector.domain.analysis import Batch, FrameRecord
from inspector.domain.errors import CaseError
from inspector.domain.settings import Settings
from inspector.engine.analysis.scored_frame import ScoredFrames
from inspector.engine.case.case_file import CaseFile
from inspector.engine.case.stored_analysis import StoredAnalysis
from inspector.engine.decode.decoder import Decoder, frame_sha256, open_clip
from tests.clips import code_picture, make_clip, read_code

_ODD = 5  # the frame of which the case file holds another hash


class CountingDecoder(Decoder):
    """Notes which frames are asked for."""

    def frame_at(self, pts: int):
        self.asked = [*getattr(self, "asked", []), pts]
        return super().frame_at(pts)


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[tuple[StoredAnalysis, CountingDecoder, list[int]]]:
    make_clip(tmp_path / "a.mp4", frames=8, picture=code_picture)
    clip = open_clip(tmp_path / "a.mp4")
    with CaseFile.open(tmp_path / "a.inspector") as case, CountingDecoder(clip) as decoder:
        pts = [int(at) for at in decoder.index.pts]
        number = case.begin(clip, Settings(), "")
        hashes = [frame_sha256(decoder.frame_at(at).image) for at in pts]
        hashes[_ODD] = "0" * 64
        records = tuple(FrameRecord(i, at, i == 0, hashes[i]) for i, at in enumerate(pts))
        case.append(number, Batch(records, (), ()), {})
        decoder.asked = []
        yield case.read(number), decoder, pts


def test_frames_are_decoded_once_and_in_the_order_of_the_file(opened):
    stored, decoder, pts = opened
    frames = ScoredFrames(stored, decoder)
    frames.load([pts[6], pts[1], pts[6], pts[3]])
    assert [read_code(frames.at(pts[at]).image) for at in (6, 3, 1, 6)] == [6, 3, 1, 6]
    assert decoder.asked == [pts[1], pts[3], pts[6]]


def test_a_frame_with_another_hash_is_refused_and_not_kept(opened):
    stored, decoder, pts = opened
    frames = ScoredFrames(stored, decoder)
    for _ in range(2):
        with pytest.raises(CaseError, match="is not the one that was scored"):
            frames.at(pts[_ODD])


def test_no_more_is_kept_than_the_limit_and_what_went_is_decoded_again(opened):
    stored, decoder, pts = opened
    size = decoder.frame_at(pts[0]).image.nbytes
    frames = ScoredFrames(stored, decoder, 2 * size)
    decoder.asked = []
    frames.load(pts[:4])
    assert decoder.asked == pts[:2], "what could not be kept is decoded when it is needed"
    for at in (3, 0, 1):
        assert read_code(frames.at(pts[at]).image) == at
    assert decoder.asked == [pts[0], pts[1], pts[3], pts[0], pts[1]]
    assert read_code(ScoredFrames(stored, decoder, 0).at(pts[2]).image) == 2
