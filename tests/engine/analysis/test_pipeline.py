"""The whole analysis on a real clip with a small network: repeatable, interruptible, honest about what it left out."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from inspector.domain.analysis import Analysis, Batch, Conclusion
from inspector.domain.faces import Abstention
from inspector.domain.settings import Settings
from inspector.engine.analysis.face_search import frames_ahead
from inspector.engine.analysis.pipeline import ResumeState, analyze, partial
from inspector.engine.case.case_file import CaseFile
from inspector.engine.decode.decoder import Picture, open_clip
from inspector.engine.model.bundle import find_bundle
from inspector.engine.model.detector import Detector
from tests.engine.case.test_case_file import CLIP
from tests.fakes import make_bundle


@pytest.fixture(scope="module")
def detector(tmp_path_factory: pytest.TempPathFactory) -> Detector:
    return Detector.load(find_bundle(str(make_bundle(tmp_path_factory.mktemp("bundle")))), "cpu")


def run(path: Path, detector: Detector | None, settings: Settings, earlier: ResumeState | None = None):
    batches: list[Batch] = []
    generator = analyze(open_clip(path), detector, settings, earlier)
    while True:
        try:
            batches.append(next(generator))
        except StopIteration as end:
            return batches, end.value


@pytest.fixture(scope="module")
def unbroken(face_clip: Path, detector: Detector) -> tuple[list[Batch], Analysis]:
    return run(face_clip, detector, Settings())


def flat(batches: list[Batch]) -> list[object]:
    return [(s.track_id, s.pts, s.crop, s.logit, s.fake_probability, s.abstained) for b in batches for s in b.scores]


def test_every_frame_is_scored_or_says_why_not(unbroken: tuple[list[Batch], Analysis]):
    batches, analysis = unbroken
    frames = [f for b in batches for f in b.frames]
    assert [f.index for f in frames] == list(range(len(frames)))
    assert {s.pts for b in batches for s in b.scores} == {f.pts for f in frames}
    for score in (s for b in batches for s in b.scores):
        assert (score.fake_probability is None) != (score.abstained is None)
    assert analysis.summary.frames_decoded == analysis.summary.frames_analysed == len(frames)
    assert analysis.summary.frames_scored > 0.8 * len(frames)
    assert [t.track_id for t in analysis.tracks] == [1]
    assert analysis.sha256_after == analysis.clip.sha256
    calls = {timing.step: timing.calls for timing in analysis.timings}
    assert {calls[step] for step in ("hash frames", "measure the coding", "faces near those before", "track")} == {
        len(frames)
    }
    for track_id, what in ((1, "signals of every face, with its batch"), (0, "and the coding of every frame")):
        pts = [int(p) for b in batches for s in b.signals if s.track_id == track_id for p in s.pts]
        assert pts == [f.pts for f in frames], what


def test_the_same_clip_gives_the_same_bits(face_clip: Path, detector: Detector, unbroken):
    batches, analysis = run(face_clip, detector, Settings())
    assert flat(batches) == flat(unbroken[0])
    assert analysis.summary == unbroken[1].summary
    assert analysis.segments == unbroken[1].segments


def test_a_killed_analysis_goes_on_to_the_same_result(face_clip: Path, detector: Detector, unbroken, tmp_path: Path):
    clip, settings = open_clip(face_clip), Settings()
    with CaseFile.open(tmp_path / "a.inspector") as case:
        number = case.begin(clip, settings, "m")
        generator = analyze(clip, detector, settings)
        batch = next(generator)
        case.append(number, batch, dict(batch.state))
        generator.close()
    with CaseFile.open(tmp_path / "a.inspector") as case:
        left, stored = case.matching(clip.sha256, settings, "m"), case.read(number)
        assert left is not None
        assert not left.is_finished

        def earlier() -> ResumeState:
            return ResumeState(
                left.state, stored.started_at(), stored.faces(), stored.scores(), stored.gaps(), stored.signal_blocks()
            )

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("inspector.engine.analysis.summary.hash_file", None)  # a stop does not read the file again
            so_far = partial(clip, detector, settings, earlier())
        assert not so_far.is_complete
        assert so_far.summary.frames_analysed == len(batch.frames) < (clip.declared_frames or 0)
        assert all(finding.track_id is not None for finding in so_far.findings), "what was not decoded is not missing"
        assert not so_far.is_evidence_changed
        rest, analysis = run(face_clip, detector, settings, earlier())
    assert flat(rest) == flat(unbroken[0][1:])
    assert analysis.summary == unbroken[1].summary
    assert analysis.summaries == unbroken[1].summaries
    for track_id in (1, 0, -1):  # the face, the coding, and the hashes of frames
        resumed, whole = (
            np.concatenate([s.values for b in part for s in b.signals if s.track_id == track_id], axis=1)
            for part in (rest, unbroken[0])
        )
        assert resumed.shape[1] > 0
        assert np.array_equal(resumed, whole[:, -resumed.shape[1] :], equal_nan=True)


def test_without_a_bundle_faces_are_found_and_nothing_is_said(face_clip: Path):
    batches, analysis = run(face_clip, None, Settings(every=5))
    assert analysis.model is None
    assert analysis.tracks
    assert all(s.fake_probability is None for b in batches for s in b.scores)
    assert analysis.summary.conclusion is Conclusion.INCONCLUSIVE
    assert "No model bundle" in analysis.summary.reason


def test_sampling_and_range_keep_the_indices_of_the_whole_clip(face_clip: Path, detector: Detector):
    clip = open_clip(face_clip)
    batches, analysis = run(face_clip, detector, Settings(every=3, start_seconds=0.4, end_seconds=1.0))
    frames = [f for b in batches for f in b.frames]
    assert all(f.index % 3 == 0 for f in frames)
    assert all(0.4 <= clip.seconds(f.pts) < 1.0 for f in frames)
    assert analysis.summary.frames_decoded > analysis.summary.frames_analysed == len(frames) > 0


def test_strict_settings_abstain_with_their_reason(face_clip: Path, detector: Detector):
    batches, analysis = run(face_clip, detector, Settings(every=4, minimum_face_px=512.0))
    assert {s.abstained for b in batches for s in b.scores} == {Abstention.TOO_SMALL}
    assert analysis.summary.conclusion is Conclusion.NO_FACE
    assert analysis.summary.fake_probability is None


def test_the_whole_frame_can_be_scored_where_cropping_would_not_do(face_clip: Path, detector: Detector):
    batches, analysis = run(face_clip, detector, Settings(every=6, whole_frame=True))
    assert all(s.logit is not None and s.track_id == 1 for b in batches for s in b.scores)
    assert len(analysis.tracks) == 1


def test_a_cut_ends_the_threads(face_clip: Path, detector: Detector):
    import threading

    generator = analyze(open_clip(face_clip), detector, Settings())
    next(generator)
    generator.close()
    assert not [t.name for t in threading.enumerate() if t.name.startswith(("prefetch", "score"))]


def test_frames_with_damage_are_not_scored(face_clip: Path, detector: Detector, monkeypatch: pytest.MonkeyPatch):
    from inspector.engine.analysis import pipeline as module

    class Damaged(module.Decoder):
        def pictures(self, *args, **kwargs):
            for item in super().pictures(*args, **kwargs):
                is_damaged = isinstance(item, Picture) and item.index % 2
                yield replace(item, is_corrupt=True) if is_damaged else item  # type: ignore[type-var]

    monkeypatch.setattr(module, "Decoder", Damaged)
    batches, _ = run(face_clip, detector, Settings(end_seconds=0.5))
    frames = {f.pts: f.index for b in batches for f in b.frames}
    for score in (s for b in batches for s in b.scores):
        assert (score.abstained is Abstention.DECODE_ERROR) == bool(frames[score.pts] % 2)


def test_fewer_large_frames_are_decoded_ahead():
    sizes = ((640, 360), (1920, 1080), (3840, 2160), (7680, 4320), (30000, 10000), (0, 0))
    ahead = [frames_ahead(replace(CLIP, width=width, height=height), 2) for width, height in sizes]
    assert ahead == [8, 8, 2, 1, 1, 8]
    assert frames_ahead(replace(CLIP, width=3840, height=2160), 16) == 12, "more workers have more memory"
