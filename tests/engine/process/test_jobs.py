"""What the engine process does when a GPU or a bundle is lost to it: one sentence, and nothing computed is lost."""

import shutil
from concurrent.futures import Future
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest
import torch

from inspector.domain.errors import BundleError, CaseError, ClipError
from inspector.domain.settings import Settings
from inspector.engine.analysis import cam_maker
from inspector.engine.case.case_file import CaseFile
from inspector.engine.decode.decoder import open_clip, read_clip
from inspector.engine.decode.working_copy import working_copy
from inspector.engine.model import detector as detectors
from inspector.engine.model.bundle import find_bundle
from inspector.engine.model.cam import cam_values
from inspector.engine.model.detector import Detector
from inspector.engine.model.registry import LogitNetwork
from inspector.engine.process import detectors as loaded_detectors
from inspector.engine.process import protocol
from inspector.engine.process.jobs import JobRunner
from tests.clips import make_clip
from tests.fakes import DEEP_LIMITS, make_bundle, make_deep_bundle

GPU = torch.device("meta")  # takes networks and crops, and fails when numbers are wanted, as a lost GPU does


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return make_bundle(tmp_path / "bundle")


def crops(n: int = 3) -> np.ndarray:
    return np.random.default_rng(1).integers(0, 256, (n, 64, 64, 3), dtype=np.uint8)


def of_kind(answers: list[protocol.Answer], kind: type) -> list:
    return [answer for answer in answers if isinstance(answer, kind)]


class Run:
    """One engine's work on one clip and case file, and what it answered."""

    def __init__(self, clip: Path, case_path: Path, folder: Path) -> None:
        self.clip, self.case_path = clip, case_path
        self.settings = replace(Settings(), model=str(folder), device="auto")
        self.begin()

    def begin(self) -> None:
        """A new process."""
        self.answers: list[protocol.Answer] = []
        self.runner = JobRunner(self.answers.append)  # type: ignore[arg-type]

    def analyse(self, *, stop: bool = False, prepares_report: bool = False) -> None:
        """To the end, or up to the first batch."""
        request = protocol.Analyze(
            1, str(self.clip), str(self.case_path), self.settings, prepares_report=prepares_report
        )
        self.runner.analyze(request, open_clip(self.clip), lambda _number: (stop, None))

    def report(self, folder: Path) -> dict[str, Any]:
        self.runner.write_report(protocol.WriteReport(3, str(self.case_path), 1, str(folder)))
        return msgspec.json.decode((folder / "report.json").read_bytes(), type=dict[str, Any])

    def explain(self) -> None:
        with CaseFile.open(self.case_path, create=False) as case:
            number = case.newest_id() or 0
            pts = next(score.pts for score in tuple(case.read(number).scores()) if score.logit is not None)
        self.runner.explain(protocol.Explain(2, str(self.case_path), number, 1, pts, "GradCAM"))


@pytest.fixture
def run(face_clip: Path, tmp_path: Path, folder: Path) -> Run:
    return Run(face_clip, tmp_path / "case.inspector", folder)


# --- the GPU ---------------------------------------------------------------------------------------------------------


def test_a_detector_whose_gpu_fails_gives_what_the_cpu_gives(folder: Path):
    sound = Detector.load(find_bundle(str(folder)), "cpu")
    lost = Detector(sound.card, Detector.load(find_bundle(str(folder)), "cpu").network, GPU)
    assert lost.network.head.weight.is_meta if hasattr(lost.network, "head") else True
    assert np.array_equal(lost.logits(crops()), sound.logits(crops()))
    assert len(lost.warnings) == 1
    assert "continues on the CPU" in lost.warnings[0]
    assert "\n" not in lost.warnings[0]
    assert "after meta failed" in lost.device_name
    assert np.array_equal(lost.logits(crops()), sound.logits(crops()))
    assert len(lost.warnings) == 1, "said once"


def test_a_heat_map_survives_the_gpu(folder: Path):
    sound = Detector.load(find_bundle(str(folder)), "cpu")
    lost = Detector(sound.card, Detector.load(find_bundle(str(folder)), "cpu").network, GPU)
    assert np.array_equal(cam_values(lost, crops()[0], "GradCAM"), cam_values(sound, crops()[0], "GradCAM"))
    assert len(lost.warnings) == 1


@pytest.mark.parametrize("is_moved", [True, False])
def test_a_network_that_is_needed_after_its_trial_survives_the_gpu(
    folder: Path, monkeypatch: pytest.MonkeyPatch, is_moved: bool
):
    def fail_to_move(network: LogitNetwork, device: torch.device) -> LogitNetwork:
        if device == GPU:
            raise RuntimeError("out of memory")
        return network

    sound, tried = (Detector.load(find_bundle(str(folder)), "cpu") for _ in range(2))
    expected = sound.single_logits(crops())
    passes: list[int] = []
    trying: Future[LogitNetwork] = Future()
    trying.set_result(tried.network)
    tried.network.register_forward_pre_hook(lambda _module, given: passes.append(len(given[0])))
    if not is_moved:
        monkeypatch.setattr(LogitNetwork, "to", fail_to_move)
    lost = Detector(sound.card, trying, GPU)
    assert np.array_equal(lost.single_logits(crops()), expected)
    assert passes == [*([3] if is_moved else []), 1, 1, 1]
    assert np.array_equal(cam_values(lost, crops()[0], "GradCAM"), cam_values(sound, crops()[0], "GradCAM"))
    assert len(lost.warnings) == 1


def test_an_error_on_the_cpu_is_none_of_the_gpus(folder: Path):
    sound = Detector.load(find_bundle(str(folder)), "cpu")
    with pytest.raises(RuntimeError, match="size"):
        sound.on_device(lambda: sound.network(torch.zeros(1, 5, 64, 64)))
    assert not sound.warnings


def test_a_gpu_lost_in_mid_analysis_costs_one_sentence(run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    whole = Run(run.clip, tmp_path / "whole.inspector", Path(run.settings.model))
    whole.analyse()
    run.analyse(stop=True)
    with CaseFile.open(run.case_path) as case:
        before = tuple(case.read(1).scores())
    assert before
    monkeypatch.setattr(detectors, "pick_device", lambda _wanted: GPU)
    run.begin()
    run.analyse()
    (warning,) = of_kind(run.answers, protocol.JobWarning)
    assert "The GPU failed" in warning.message
    (done,) = of_kind(run.answers, protocol.AnalysisDone)
    assert done.analysis.is_complete
    assert "after meta failed" in done.analysis.device
    with CaseFile.open(run.case_path) as case, CaseFile.open(whole.case_path) as other:
        scores = tuple(case.read(1).scores())
        assert scores[: len(before)] == before
        assert scores == tuple(other.read(1).scores())


# --- the report ------------------------------------------------------------------------------------------------------


def test_a_report_that_was_prepared_while_the_engine_was_idle_needs_no_network(
    face_clip: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    bundle = make_deep_bundle(tmp_path / "bundle", limits=replace(DEEP_LIMITS, high=-50.0, low=-60.0))
    ready = Run(face_clip, tmp_path / "a.inspector", bundle)
    ready.analyse()
    assert not ready.runner.prepare(), "only where it was asked for"
    plain = ready.report(tmp_path / "plain")
    ready.begin()
    ready.analyse(prepares_report=True)
    steps = 0
    while ready.runner.prepare():
        steps += 1
    assert steps > 1
    passes: list[int] = []
    monkeypatch.setattr(Detector, "on_device", lambda *_: passes.append(1))
    prepared = ready.report(tmp_path / "prepared")
    assert not passes
    assert prepared["key_frames"] == plain["key_frames"]
    for frame in prepared["key_frames"]:
        assert len(frame["robustness"]) == 6
        assert frame["heat_map"]["deletion_drop"] is not None


def test_a_step_of_the_work_ahead_takes_a_few_maps_and_crops_for_each_core(
    face_clip: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    run = Run(face_clip, tmp_path / "case.inspector", make_deep_bundle(tmp_path / "bundle"))
    run.analyse(prepares_report=True)
    passed: list[int] = []
    forward = LogitNetwork.forward

    def noted(network: LogitNetwork, x: torch.Tensor) -> torch.Tensor:
        passed.append(len(x))
        return forward(network, x)

    monkeypatch.setattr(LogitNetwork, "forward", noted)
    monkeypatch.setattr(cam_maker, "cores", lambda: 1)
    monkeypatch.setattr(cam_maker, "_CROPS_A_CORE", 2)
    steps = []
    while run.runner.prepare():
        steps.append(sum(passed))
        passed.clear()
    assert max(steps) == 2
    assert sum(steps) > 20


def test_the_deep_network_scores_no_crop_twice_for_an_analysis_and_its_report(
    face_clip: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    bundle = make_deep_bundle(tmp_path / "bundle", limits=replace(DEEP_LIMITS, high=-50.0, low=-60.0))
    scored: list[tuple[int, bytes]] = []
    mapped: list[torch.Tensor] = []
    forward = LogitNetwork.forward

    def noted(network: LogitNetwork, x: torch.Tensor) -> torch.Tensor:
        if not torch.is_inference_mode_enabled():
            mapped.append(x)
        elif len(x) == 1:
            scored.append((id(network), x.numpy().tobytes()))
        return forward(network, x)

    run = Run(face_clip, tmp_path / "case.inspector", bundle)
    run.runner._detectors.wanted(run.settings)  # what loading scores is none of the analysis
    monkeypatch.setattr(LogitNetwork, "forward", noted)
    run.analyse()
    before = len(scored)
    frames = run.report(tmp_path / "report")["key_frames"]
    assert len(set(scored)) == len(scored)
    # Five blurred tenths and six changes of each key frame, of which the test of stability had some: each crop alone.
    assert 9 * len(frames) <= len(scored) - before <= 11 * len(frames)
    assert len(frames) <= len(mapped) <= len(frames) + 2, "further maps make the scale of the track"
    assert all(len(x) == 1 for x in mapped)


def test_what_cannot_be_prepared_is_told_when_the_report_is_written(run: Run, tmp_path: Path):
    run.clip = Path(shutil.copy(run.clip, tmp_path / "own.mp4"))
    run.analyse(prepares_report=True)
    run.clip.unlink()
    assert not run.runner.prepare()
    with pytest.raises(ClipError):
        run.report(tmp_path / "report")


# --- the bundle ------------------------------------------------------------------------------------------------------


def test_a_bundle_that_is_removed_in_mid_session_still_explains(run: Run, folder: Path):
    run.analyse()
    shutil.rmtree(folder)
    run.explain()
    assert of_kind(run.answers, protocol.Explained)


def test_the_next_session_says_that_the_bundle_is_gone(run: Run, folder: Path):
    run.analyse()
    shutil.rmtree(folder)
    run.begin()
    with pytest.raises(BundleError, match="no model bundle"):
        run.explain()
    with CaseFile.open(run.case_path) as case:
        assert case.read(1).result() is not None


def test_the_programs_own_bundle_gone_is_not_an_analysis_without_one(run: Run, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(loaded_detectors, "has_default", lambda: True)
    monkeypatch.setattr(loaded_detectors, "find_bundle", lambda _name, at=run.settings.model: find_bundle(at))
    run.settings = replace(run.settings, model="default")
    run.analyse()
    run.begin()
    monkeypatch.setattr(loaded_detectors, "has_default", lambda: False)
    with pytest.raises(BundleError, match="missing; restore it"):
        run.explain()


def test_another_bundle_under_that_name_is_said(run: Run, folder: Path):
    run.analyse()
    shutil.rmtree(folder)
    make_bundle(folder, input_size=96, architecture="mobilenetv3_small_050", target_layer="body.conv_head")
    run.begin()
    with pytest.raises(BundleError, match="replaced by another one"):
        run.explain()


def test_a_bundle_replaced_in_mid_session_is_the_one_that_scores(run: Run, folder: Path):
    run.analyse()
    shutil.rmtree(folder)
    make_bundle(folder, architecture="mobilenetv3_small_050")
    run.analyse()
    first, second = (done.analysis.model.sha256 for done in of_kind(run.answers, protocol.AnalysisDone))
    assert first != second


def test_a_damaged_bundle_is_said_before_anything_is_scored(run: Run, folder: Path):
    weights = folder / "weights.safetensors"
    weights.write_bytes(weights.read_bytes()[:-4])
    with pytest.raises(BundleError, match="altered or damaged"):
        run.analyse()


# --- the evidence ----------------------------------------------------------------------------------------------------


def test_a_clip_that_is_swapped_in_mid_analysis_is_not_decoded_and_the_swap_is_reported(
    run: Run, face_clip: Path, tmp_path: Path
):
    run.analyse()
    swapped = Run(tmp_path / "clip.mp4", tmp_path / "swapped.inspector", Path(run.settings.model))
    shutil.copy(face_clip, swapped.clip)

    def swap(_number: int) -> tuple[bool, None]:
        make_clip(tmp_path / "other.mp4", frames=4, size=(320, 240)).replace(swapped.clip)
        return False, None

    request = protocol.Analyze(1, str(swapped.clip), str(swapped.case_path), swapped.settings)
    with working_copy(swapped.clip) as copy:
        clip = read_clip(copy.path, copy.sha256)
        swapped.runner.analyze(request, clip, swap)
    with CaseFile.open(run.case_path) as case, CaseFile.open(swapped.case_path) as other:
        assert [f.sha256 for f in other.read(1).frames()] == [f.sha256 for f in case.read(1).frames()]
        analysis = other.read(1).result()
    assert analysis is not None
    assert analysis.clip.path == str(swapped.clip)
    assert analysis.is_evidence_changed
    with pytest.raises(CaseError, match="is not the file that was analysed"):
        swapped.explain()


def test_a_clip_that_is_gone_at_the_end_costs_no_analysis(run: Run, face_clip: Path, tmp_path: Path):
    gone = Run(tmp_path / "clip.mp4", tmp_path / "gone.inspector", Path(run.settings.model))
    shutil.copy(face_clip, gone.clip)

    def remove(_number: int) -> tuple[bool, None]:
        gone.clip.unlink(missing_ok=True)
        return False, None

    request = protocol.Analyze(1, str(gone.clip), str(gone.case_path), gone.settings)
    with working_copy(gone.clip) as copy:
        gone.runner.analyze(request, read_clip(copy.path, copy.sha256), remove)
    with CaseFile.open(gone.case_path) as case:
        analysis = case.read(1).result()
    assert analysis is not None
    assert (analysis.is_complete, analysis.is_evidence_changed) == (True, True)
    assert "clip.mp4 does not exist" in analysis.sha256_after


def test_heat_maps_and_report_use_the_copy_of_the_analysis_until_the_evidence_is_written_to(
    run: Run, face_clip: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    from contextlib import ExitStack

    from inspector.engine.process import jobs

    made: list[Path] = []

    def counted(evidence: Path):
        made.append(evidence)
        return working_copy(evidence)

    monkeypatch.setattr(jobs, "working_copy", counted)
    kept = Run(tmp_path / "clip.mp4", tmp_path / "kept.inspector", Path(run.settings.model))
    shutil.copy(face_clip, kept.clip)
    with ExitStack() as opening:
        copy = opening.enter_context(working_copy(kept.clip))
        asked = protocol.Analyze(1, str(kept.clip), str(kept.case_path), kept.settings)
        clip = read_clip(copy.path, copy.sha256)
        kept.runner.analyze(asked, clip, lambda _number: (False, None), copy=opening)
    kept.explain()
    out, by = str(tmp_path / "out"), "Landlock 7 (files)"
    request = protocol.WriteReport(3, str(kept.case_path), 1, out, player_confinement=by, has_pdf=False)
    kept.runner.write_report(request)
    assert '"player_confinement": "Landlock 7 (files)"' in (tmp_path / "out" / "report.json").read_text()
    assert of_kind(kept.answers, protocol.Explained)
    assert of_kind(kept.answers, protocol.ReportDone)
    assert made == []
    assert copy.path.is_file()
    kept.clip.write_bytes(kept.clip.read_bytes() + b"\0")
    with pytest.raises(CaseError, match="is larger than when it was analysed; if it was still being written"):
        kept.runner.write_report(protocol.WriteReport(4, str(kept.case_path), 1, str(tmp_path / "out2")))
    assert made == [kept.clip]
    kept.runner.close()
    assert not copy.path.parent.exists()
