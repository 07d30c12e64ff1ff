"""The deep network in the analysis of a real clip: its frames, its resumption to the bit, its crops, its settings."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from inspector.domain.analysis import PLAIN_SHARE, Analysis, Batch, Conclusion
from inspector.domain.settings import Settings
from inspector.engine import activity
from inspector.engine.analysis import changes
from inspector.engine.analysis.pipeline import ResumeState, analyze, partial
from inspector.engine.case.case_file import CaseFile
from inspector.engine.decode.decoder import Decoder, open_clip
from inspector.engine.faces.crop import cut
from inspector.engine.model.bundle import find_bundle
from inspector.engine.model.detector import Detector
from tests.fakes import DEEP_LIMITS, make_deep_bundle

EASY = replace(DEEP_LIMITS, high=-50.0, low=-60.0)  # whatever the network says, manipulation is indicated


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_deep_bundle(tmp_path_factory.mktemp("deep"), limits=EASY)


@pytest.fixture(scope="module")
def detector(bundle: Path) -> Detector:
    return Detector.load(find_bundle(str(bundle)), "cpu")


def resume_state(case: CaseFile, number: int, state: dict[str, object]) -> ResumeState:
    stored = case.read(number)
    return ResumeState(state, stored.started_at(), stored.faces(), stored.scores(), stored.gaps())


def run(path: Path, detector: Detector, case: CaseFile, settings: Settings, stop_after: int = 10**9) -> Analysis | None:
    """Analyse into the case, from where it stands, for so many batches."""
    clip = open_clip(path)
    known = case.matching(clip.sha256, settings, "m")
    number = known.analysis_id if known else case.begin(clip, settings, "m")
    resume = resume_state(case, number, known.state) if known and known.state else None
    batches = analyze(clip, detector, settings, resume)
    for _ in range(stop_after):
        try:
            batch: Batch = next(batches)
        except StopIteration as end:
            return end.value
        case.append(number, batch, dict(batch.state))
    batches.close()
    return None


@pytest.fixture(scope="module")
def whole(face_clip: Path, detector: Detector, tmp_path_factory: pytest.TempPathFactory):
    with CaseFile.open(tmp_path_factory.mktemp("whole") / "a.inspector") as case:
        analysis = run(face_clip, detector, case, Settings())
        assert analysis is not None
        yield analysis, case


def test_the_deep_network_decides_by_at_least_eight_frames_evenly_spread(whole):
    analysis, case = whole
    (track,) = analysis.summaries
    deep = track.deep
    assert deep is not None
    assert len(deep.pts) == 8
    gaps = np.diff(deep.pts)
    assert gaps.max() <= 2.1 * gaps.min()
    stored = {s.pts: s for s in case.read(1).scores() if s.deep_logit is not None}
    assert sorted(stored) == sorted((*deep.pts, *deep.chosen_pts))
    mean = np.mean([stored[pts].deep_logit for pts in deep.pts])
    assert deep.mean_logit == pytest.approx(mean)
    assert track.conclusion is Conclusion.INDICATED
    assert track.fake_probability == pytest.approx(1 / (1 + np.exp(-0.5 * mean - 0.25)))
    assert track.frames_scored > 2 * len(stored)
    assert [c.name for c in deep.changes] == list(changes.MILD)
    assert all(c.shift != 0 for c in deep.changes)
    assert deep.plain_share is not None
    assert 0 <= deep.plain_share < PLAIN_SHARE


def test_its_crop_is_that_of_the_fast_network_at_its_own_size(whole, face_clip: Path, detector: Detector):
    analysis, case = whole
    pts = analysis.summaries[0].deep.pts[3]
    score = case.read(1).score_at(1, pts)
    with Decoder(open_clip(face_clip)) as decoder:
        crop = cut(decoder.frame_at(pts).image, score.crop, 96)
    assert detector.deep is not None
    assert detector.deep.logits(crop[None])[0] == score.deep_logit


def test_the_look_after_the_last_frame_is_a_stage_that_moves_with_each_picture(face_clip, detector, monkeypatch):
    told, frame_at = [], Decoder.frame_at

    def noted(decoder, pts):
        told.append(next(reversed(list(activity._under_way.values())), (None, 0.0)))
        return frame_at(decoder, pts)

    monkeypatch.setattr(Decoder, "frame_at", noted)
    batches = [batch for batch in analyze(open_clip(face_clip), detector, Settings()) if not batch.frames]
    percents = [percent for stage, percent in told if stage is activity.Stage.DEEP]
    assert len(percents) == len(told) > len(batches), "it does not wait for the end of a step"
    assert percents == sorted(set(percents))
    assert percents[0] == 0
    assert 40 < percents[-1] < 100, "the changed crops follow"
    assert not activity._under_way


def test_killed_again_and_again_it_comes_to_the_same_bits(whole, face_clip, detector, tmp_path: Path):
    analysis, case = whole
    with CaseFile.open(tmp_path / "b.inspector") as other:
        found = None
        for step in (1, 2, 1, 1, 99):  # twice within the clip, then between the further frames and the changes
            found = found or run(face_clip, detector, other, Settings(), step)
        assert found is not None
        assert tuple(other.read(1).scores()) == tuple(case.read(1).scores())
        assert found.summaries == analysis.summaries
        assert found.segments == analysis.segments


def test_the_first_number_does_not_wait_for_the_deep_network(
    face_clip: Path, detector: Detector, monkeypatch: pytest.MonkeyPatch
):
    """The deep network looks in the middle of each second, and a still's only picture at once."""
    assert detector.deep is not None
    monkeypatch.setattr(detector.deep, "single_logits", lambda *_: pytest.fail("the first batch waits for it"))
    batch = next(analyze(open_clip(face_clip), detector, Settings()))
    assert batch.scores[0].logit is not None


def test_a_stopped_look_says_how_far_it_came(face_clip: Path, detector: Detector, tmp_path: Path):
    clip = open_clip(face_clip)
    with CaseFile.open(tmp_path / "c.inspector") as case:
        run(face_clip, detector, case, Settings(), 2)
        known = case.matching(clip.sha256, Settings(), "m")
        assert known is not None
        assert known.state is not None
        (track,) = partial(clip, detector, Settings(), resume_state(case, 1, known.state)).summaries
    assert track.conclusion is Conclusion.INCONCLUSIVE
    assert "has seen only 1 frames" in track.reason


def test_stopped_before_the_deep_look_nothing_of_the_fast_one_passes_for_it(
    face_clip: Path, detector: Detector, tmp_path: Path
):
    clip = open_clip(face_clip)
    with CaseFile.open(tmp_path / "e.inspector") as case:
        run(face_clip, detector, case, Settings(minimum_scored_frames=1), 1)
        known = case.matching(clip.sha256, Settings(minimum_scored_frames=1), "m")
        assert known is not None
        assert known.state is not None
        state = resume_state(case, 1, known.state)
        found = partial(clip, detector, Settings(minimum_scored_frames=1), state)
    (track,) = found.summaries
    assert track.deep is not None
    assert (track.deep.pts, track.deep.mean_logit) == ((), None)
    assert "has seen only 0 frames" in track.reason
    shown = track.mean_probability, track.median_probability, track.share_over_threshold, track.peak_probability
    assert (track.fake_probability, *shown) == (None,) * 5
    assert track.peak_pts is not None, "there is a frame to go to"
    assert found.summary.fake_probability is None
    assert found.segments == ()


def test_stopped_before_its_checks_it_draws_no_conclusion(face_clip: Path, detector: Detector, tmp_path: Path):
    clip, found = open_clip(face_clip), []
    with CaseFile.open(tmp_path / "d.inspector") as case:
        while run(face_clip, detector, case, Settings(), 1) is None:
            known = case.matching(clip.sha256, Settings(), "m")
            assert known is not None
            assert known.state is not None
            found += partial(clip, detector, Settings(), resume_state(case, 1, known.state)).summaries
    untested = [track for track in found if track.deep is not None and not track.deep.changes]
    assert any("stopped before it was tested" in track.reason for track in untested)
    assert {track.conclusion for track in untested} == {Conclusion.INCONCLUSIVE}
    assert found[-1].conclusion is Conclusion.INDICATED


def test_off_and_all(face_clip: Path, bundle: Path, detector: Detector, tmp_path: Path):
    with CaseFile.open(tmp_path / "off.inspector") as case:
        analysis = run(face_clip, detector, case, Settings(deep="off", every=4))
        assert analysis is not None
        assert [t.deep for t in analysis.summaries] == [None]
        assert not any(s.deep_logit is not None for s in case.read(1).scores())
    assert Detector.load(find_bundle(str(bundle)), "cpu", with_deep=False).deep is None
    with CaseFile.open(tmp_path / "all.inspector") as case:
        analysis = run(face_clip, detector, case, Settings(deep="all", every=4))
        assert analysis is not None
        (track,) = analysis.summaries
        assert len(track.deep.pts) == track.frames_scored
        assert track.deep.chosen_pts == ()


@pytest.fixture
def still(face_clip: Path, tmp_path: Path) -> Path:
    with Decoder(open_clip(face_clip)) as decoder:
        Image.fromarray(decoder.frame_at(0).image).save(tmp_path / "still.png")
    return tmp_path / "still.png"


def test_a_still_is_seen_once(still: Path, detector: Detector, tmp_path: Path):
    with CaseFile.open(tmp_path / "s.inspector") as case:
        analysis = run(still, detector, case, Settings())
    assert analysis is not None
    assert analysis.summary.conclusion is Conclusion.INCONCLUSIVE, "its card has no limits for stills"
    assert analysis.summaries[0].deep.pts == (0,)


@pytest.mark.parametrize("name", list(changes.MILD))
def test_a_mild_change_keeps_the_picture_nearly_as_it_is(name: str):
    ramp = np.linspace(30, 220, 96, dtype=np.uint8)
    image = np.stack([np.tile(ramp, (80, 1))] * 3, axis=-1)
    changed = changes.MILD[name](image)
    assert changed.shape == image.shape
    assert 0 < np.abs(changed.astype(int) - image).mean() < 6


def test_a_crop_near_the_edge_is_cut_after_the_change_as_without_it():
    image = np.random.default_rng(0).integers(0, 256, (120, 160, 3), dtype=np.uint8)
    for box in (changes.Box(-20, -10, 60, 60), changes.Box(110, 70, 80, 80), changes.Box(50, 40, 30, 30)):
        assert np.array_equal(changes.cut_changed(image, box, 48, changes.unchanged), cut(image, box, 48))
