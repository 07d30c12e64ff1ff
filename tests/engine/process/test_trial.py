"""An analysis begins while the deep network of a published bundle is still being tried, and that may fail."""

import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from inspector.domain.errors import BundleError, ClipError
from inspector.engine.case.case_file import CaseFile
from inspector.engine.codec import to_json
from inspector.engine.faces.finder import FaceFinder
from inspector.engine.model import detector as detectors
from inspector.engine.model.bundle import CARD, Bundle
from inspector.engine.model.reference import TOLERANCE
from inspector.engine.model.registry import LogitNetwork
from inspector.engine.process import protocol
from tests.clips import make_clip
from tests.engine.process.test_jobs import Run, of_kind
from tests.fakes import make_bundle, make_deep_bundle
from training.bundle.reference import add_reference


@pytest.mark.parametrize("has_face", [True, False])
def test_an_analysis_whose_network_fails_when_it_is_tried_leaves_nothing_begun(
    has_face: bool, face_clip: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    copy = make_deep_bundle(tmp_path / "deep")
    card = add_reference(copy)
    assert card.reference is not None
    assert card.reference.deep_logit is not None
    wrong = replace(card.reference, deep_logit=card.reference.deep_logit + 2 * TOLERANCE)
    (copy / CARD).write_bytes(to_json(replace(card, reference=wrong)))
    monkeypatch.setattr(detectors, "is_known", lambda _card: True)
    clip = face_clip if has_face else make_clip(tmp_path / "empty.mp4", frames=4)
    run = Run(clip, tmp_path / "deep.inspector", copy)
    with pytest.raises(BundleError, match="does not score as its card states"):
        run.analyse()
    assert run.answers == []
    with CaseFile.open(run.case_path) as case:
        assert case.newest_id() is None
    (copy / CARD).write_bytes(to_json(card))
    run.analyse()
    (done,) = of_kind(run.answers, protocol.AnalysisDone)
    assert done.analysis.is_complete
    with CaseFile.open(run.case_path) as case:
        assert case.read(1).started_at() == done.analysis.started_at


def test_an_analysis_that_fails_before_its_first_batch_leaves_nothing_begun(face_clip: Path, tmp_path: Path):
    run = Run(face_clip, tmp_path / "case.inspector", make_bundle(tmp_path / "bundle"))
    run.settings = replace(run.settings, start_seconds=1000.0)
    with pytest.raises(ClipError, match="has no picture from 1000 s on"):
        run.analyse()
    assert run.answers == []
    with CaseFile.open(run.case_path) as case:
        assert case.newest_id() is None


def test_the_first_frames_are_searched_while_a_network_is_tried(
    face_clip: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    is_searched, checked, find = threading.Event(), detectors._checked, FaceFinder.find

    def check(network: LogitNetwork, bundle: Bundle, *, is_trusted: bool) -> LogitNetwork:
        assert bundle.card.deep is not None or is_searched.wait(20)
        return checked(network, bundle, is_trusted=is_trusted)

    def search(finder: FaceFinder, *given: Any) -> Any:
        is_searched.set()
        return find(finder, *given)

    monkeypatch.setattr(detectors, "is_known", lambda _card: True)
    monkeypatch.setattr(detectors, "_checked", check)
    monkeypatch.setattr(FaceFinder, "find", search)
    run = Run(face_clip, tmp_path / "deep.inspector", make_deep_bundle(tmp_path / "deep"))
    run.analyse()
    assert of_kind(run.answers, protocol.AnalysisDone)[0].analysis.is_complete
