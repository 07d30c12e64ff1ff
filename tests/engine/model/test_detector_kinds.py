"""Bundles with windows of frames, ensembles and transformers, from the card to the report."""

import json
import threading
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from inspector.domain.errors import BundleError, CaseError
from inspector.domain.settings import Settings
from inspector.engine.analysis.cam_maker import CamMaker, unchanged
from inspector.engine.analysis.pipeline import FRAMES_PER_BATCH, ResumeState, analyze
from inspector.engine.analysis.scored_frame import ScoredFrames
from inspector.engine.case.case_file import CaseFile
from inspector.engine.decode.decoder import Decoder, open_clip
from inspector.engine.model import cam
from inspector.engine.model import detector as module
from inspector.engine.model.bundle import find_bundle
from inspector.engine.model.cam import METHODS, DeletionCheck, blurred_tenths, cam_values
from inspector.engine.model.detector import Detector
from inspector.engine.model.windows import Samples
from inspector.engine.report.gather import gather
from inspector.engine.report.writer import write_report
from tests.fakes import make_bundle

TINY = "mobilenetv3_small_050"
FRAMES = 6
LSTM = {"architecture": "cnn_lstm", "architecture_args": {"body": TINY, "hidden": 16}}
LSTM_CARD = {**LSTM, "frames_per_sample": FRAMES, "target_layer": "body.body.blocks"}
MEMBERS = [{"architecture": "mesoinception4"}, {"architecture": TINY, "args": {}}]
ENSEMBLE_CARD = {
    "architecture": "ensemble",
    "architecture_args": {"members": MEMBERS},
    "target_layer": "body.members.1.blocks",
}
VIT_CARD = {
    "architecture": "vit_tiny_patch16_224",
    "architecture_args": {"img_size": 64, "depth": 2},
    "target_layer": "body.blocks.1.norm1",
}


def load(folder: Path, card: dict) -> Detector:
    return Detector.load(find_bundle(str(make_bundle(folder, **card))), "cpu")


@pytest.fixture(scope="module")
def lstm(tmp_path_factory: pytest.TempPathFactory) -> Detector:
    return load(tmp_path_factory.mktemp("lstm"), LSTM_CARD)


def crops(n: int) -> np.ndarray:
    return np.random.default_rng(n).integers(0, 256, (n, 64, 64, 3), dtype=np.uint8)


def scores_of(batches: list) -> dict[int, float | None]:
    return {s.pts: s.logit for b in batches for s in b.scores if s.track_id == 1}


# --- windows ---------------------------------------------------------------------------------------------------------


def test_a_single_crop_is_a_window_of_identical_crops(lstm: Detector):
    given = crops(2)
    assert np.array_equal(lstm.logits(given), lstm.logits(np.repeat(given[:, None], FRAMES, axis=1)))
    assert lstm.layer_name == f"body.body.blocks (the scored one of {FRAMES} frames)"


def test_windows_in_chunks_give_the_same_logits(lstm: Detector, monkeypatch: pytest.MonkeyPatch):
    frames = crops(12)
    indices = np.stack([np.arange(at, at + FRAMES) for at in range(7)])
    at_once = lstm.window_logits(Samples(tuple(frames), indices))
    assert np.allclose(at_once, lstm.logits(frames[indices]), atol=1e-5)
    monkeypatch.setattr(module, "_CHUNK_PIXELS", 8 * 64**2)
    assert [len(rows) for rows in lstm._chunks(indices)] == [3, 3, 1]
    assert np.allclose(at_once, lstm.window_logits(Samples(tuple(frames), indices)), atol=1e-5)


@pytest.mark.parametrize("method", METHODS)
def test_the_map_of_a_window_is_that_of_its_scored_frame(lstm: Detector, method: str):
    sample = crops(FRAMES)
    values = cam_values(lstm, sample, method)
    assert values.ndim == 2
    assert values.min() >= 0
    assert values.max() > 0
    assert np.array_equal(values, cam_values(lstm, sample, method))
    still = np.repeat(sample[:1], FRAMES, axis=0)
    assert np.array_equal(cam_values(lstm, still, method), cam_values(lstm, sample[0], method))
    check = DeletionCheck.of(lstm.logits(blurred_tenths(still, values)))
    alone = DeletionCheck.of(lstm.logits(blurred_tenths(sample[0], values)))
    assert check == alone, "the crop is blurred at all its positions"


def finished(generator, keep):
    while True:
        try:
            batch = next(generator)
        except StopIteration as end:
            return end.value
        keep(batch)


@pytest.fixture(scope="module")
def analysed(face_clip: Path, lstm: Detector, tmp_path_factory: pytest.TempPathFactory):
    """An uninterrupted analysis in a case file: batches, analysis, the path of the file."""
    clip, settings, path = open_clip(face_clip), Settings(), tmp_path_factory.mktemp("case") / "a.inspector"
    batches = []
    with CaseFile.open(path) as case:
        number = case.begin(clip, settings, lstm.card.sha256)

        def keep(batch):
            batches.append(batch)
            case.append(number, batch, dict(batch.state))

        analysis = finished(analyze(clip, lstm, settings), keep)
        case.finish(number, analysis)
    return batches, analysis, path


def test_every_face_is_scored_with_its_window(analysed, face_clip: Path, lstm: Detector):
    batches, analysis, path = analysed
    assert [len(b.frames) for b in batches] == [4, 12, FRAMES_PER_BATCH, FRAMES_PER_BATCH]
    logits = scores_of(batches)
    assert len(logits) == 48
    assert analysis.summary.frames_scored == 48
    with CaseFile.open(path) as case, Decoder(analysis.clip) as decoder:
        stored = case.read(1)
        cams = CamMaker(ScoredFrames(stored, decoder), lstm)
        for at in (0, 1, 17, 46, 47):
            score = stored.score_at(1, sorted(logits)[at])
            assert score is not None
            sample = cams.samples(score, [unchanged])
            assert sample.shape == (1, FRAMES, 64, 64, 3)
            assert lstm.logits(sample)[0] == pytest.approx(score.logit, abs=1e-4), (
                "what is explained is what was scored"
            )
        cam = cams.cam(1, score.pts, "GradCAM", with_deletion_check=True)
        assert cam.layer == lstm.layer_name
        assert cam.reference >= 1e-12


def test_an_analysis_killed_anywhere_resumes_to_identical_results(
    analysed, face_clip: Path, lstm: Detector, tmp_path: Path
):
    batches, analysis, _ = analysed
    clip, settings = open_clip(face_clip), Settings()
    for kept in (1, 2):
        with CaseFile.open(tmp_path / f"{kept}.inspector") as case:
            number = case.begin(clip, settings, lstm.card.sha256)
            for batch in batches[:kept]:
                case.append(number, batch, dict(batch.state))
            left, stored = case.matching(clip.sha256, settings, lstm.card.sha256), case.read(number)
            assert left is not None
            rest = []
            # Held by the generator alone, so that the queries have ended when the file is closed.
            found = finished(
                analyze(
                    clip,
                    lstm,
                    settings,
                    ResumeState(left.state, stored.started_at(), stored.faces(), stored.scores(), ()),
                ),
                rest.append,
            )
            assert found.summaries == analysis.summaries
            assert scores_of(rest) == scores_of(batches[kept:])


def test_a_map_requested_too_early_is_rejected(analysed, lstm: Detector, tmp_path: Path):
    batches, analysis, _ = analysed
    with CaseFile.open(tmp_path / "b.inspector") as case, Decoder(analysis.clip) as decoder:
        number = case.begin(analysis.clip, Settings(), "m")
        for batch in batches[:2]:
            case.append(number, batch, dict(batch.state))
        stored = case.read(number)
        cams = CamMaker(ScoredFrames(stored, decoder), lstm)
        last = batches[1].frames[-1].pts
        with pytest.raises(CaseError, match="not stored yet"):
            cams.samples(stored.score_at(1, last), [unchanged])  # type: ignore[arg-type]
        kept = stored.score_at(1, batches[1].frames[3].pts)
        assert kept is not None
        assert cams.samples(kept, [unchanged]).shape[1] == FRAMES


def test_the_report_names_the_layer_and_frame_of_the_map(analysed, lstm: Detector, tmp_path: Path):
    _, analysis, path = analysed
    with CaseFile.open(path) as case, Decoder(analysis.clip) as decoder:
        material = gather(case, 1, analysis, lstm, decoder)
        key_frame = material.key_frames[0]
        assert key_frame.robustness[0].name == "JPEG quality 90"
        assert len(key_frame.robustness) == 6, "the score itself is not among the changes; six stand in one table"
        assert len({r.fake_probability for r in key_frame.robustness}) > 3
        write_report(replace(material, key_frames=material.key_frames[:1]), tmp_path)
    report = json.loads((tmp_path / "report.json").read_text())
    assert f"the scored one of {FRAMES} frames" in json.dumps(report)
    assert report["model"]["architecture_args"] == {"body": TINY, "hidden": 16}


@pytest.mark.parametrize("whole_frame", [False, True])
def test_sampled_frames_make_the_window(face_clip: Path, lstm: Detector, whole_frame: bool):
    clip = open_clip(face_clip)
    batches = list(analyze(clip, lstm, Settings(every=7, whole_frame=whole_frame)))
    logits = scores_of(batches)
    assert len(logits) == 7
    with Decoder(clip) as decoder:
        images = {f.pts: f.image for f in decoder.frames()}
    boxes = {s.pts: s.crop for b in batches for s in b.scores}
    cuts = [module_cut(images[pts], boxes[pts]) for pts in sorted(logits)]
    window = np.stack([cuts[max(0, min(at, 6))] for at in range(2 - 3, 2 + 3)])
    assert lstm.logits(window[None])[0] == pytest.approx(logits[sorted(logits)[2]], abs=1e-4)


def module_cut(image: np.ndarray, box) -> np.ndarray:
    from inspector.engine.faces.crop import cut

    return cut(image, box, 64)


# --- ensembles and transformers --------------------------------------------------------------------------------------


def test_the_map_of_an_ensemble_names_its_member(tmp_path: Path):
    detector = load(tmp_path, ENSEMBLE_CARD)
    assert detector.layer_name == f"body.members.1.blocks (member 2 of 2, {TINY}, alone)"
    crop = crops(1)[0]
    values = cam_values(detector, crop, "GradCAM")
    assert values.shape == (2, 2)
    other = Detector(replace(detector.card, target_layer="body.members.0.blocks.2"), detector.network, detector.device)
    assert other.layer_name == "body.members.0.blocks.2 (member 1 of 2, mesoinception4, alone)"
    assert cam_values(other, crop, "GradCAM").shape == (8, 8)
    assert np.isfinite(detector.logits(crops(3))).all()


@pytest.mark.parametrize("method", METHODS)
def test_the_map_of_an_ensemble_takes_no_pass_of_the_other_members(
    tmp_path: Path, method: str, monkeypatch: pytest.MonkeyPatch
):
    detector = load(tmp_path, ENSEMBLE_CARD)
    passed: list[torch.nn.Module] = []
    for member in detector.network.body.members:
        member.register_forward_hook(lambda member, _given, _output: passed.append(member))
    values = cam_values(detector, crops(1)[0], method)
    assert passed == [detector.network.body.members[1]]
    monkeypatch.setattr(cam, "explained_logit", lambda network, _name, x: network(x))
    assert np.array_equal(values, cam_values(detector, crops(1)[0], method))
    assert len(passed) == 3


@pytest.mark.parametrize("method", METHODS)
def test_transformer_tokens_become_a_map(tmp_path: Path, method: str):
    detector = load(tmp_path, VIT_CARD)
    crop = np.full((64, 64, 3), 90, np.uint8)
    crop[32:48, 16:32] = np.random.default_rng(0).integers(0, 256, (16, 16, 3), dtype=np.uint8)
    values = cam_values(detector, crop, method)
    assert values.shape == (4, 4)
    assert values.max() > 0


def test_tokens_keep_their_position_in_the_map():
    from inspector.engine.model.cam import _as_maps

    grid = torch.arange(2 * 5 * 3 * 3.0).reshape(2, 5, 3, 3)
    tokens = torch.cat([torch.full((2, 2, 5), -1.0), grid.flatten(2).transpose(1, 2)], 1)
    assert torch.equal(_as_maps(tokens), grid), "two of the classifier's own stand first"
    assert torch.equal(_as_maps(grid.permute(0, 2, 3, 1)), grid), "channels last, as in Swin"
    assert _as_maps(grid) is grid


def test_a_layer_without_maps_is_reported(tmp_path: Path):
    detector = load(tmp_path, VIT_CARD | {"target_layer": "body.head"})
    with pytest.raises(BundleError, match="no maps"):
        cam_values(detector, crops(1)[0], "GradCAM")


# --- bundles that cannot be used -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"frames_per_sample": 65}, "65 frames at once"),
        ({"frames_per_sample": 0}, "0 frames at once"),
        ({"frames_per_sample": 64, "input_size": 512}, "too much"),
        ({"frames_per_sample": 8}, "takes single frames"),
        ({"architecture_args": {"num_classes": 3}}, "3 values for one sample"),
        ({**VIT_CARD, "input_size": 80}, "cannot score crops of 80 pixels"),
    ],
)
def test_cards_that_do_not_fit_their_network_are_rejected(tmp_path: Path, changes: dict, message: str):
    folder = make_bundle(tmp_path, **changes)
    with pytest.raises(BundleError, match=message) as caught:
        Detector.load(find_bundle(str(folder)), "cpu")
    assert "\n" not in str(caught.value)


def test_a_map_that_is_made_while_another_thread_scores_is_the_same(tmp_path: Path):
    detector = Detector.load(find_bundle(str(make_bundle(tmp_path / "bundle"))), "cpu")
    size = detector.card.input_size
    crops = np.random.default_rng(3).integers(0, 256, (9, size, size, 3), np.uint8)
    alone, logits = cam_values(detector, crops[0], "GradCAM"), detector.logits(crops[1:])
    stop, scored = threading.Event(), []

    def score() -> None:
        while not stop.is_set():
            scored.append(detector.logits(crops[1:]))

    thread = threading.Thread(target=score)
    thread.start()
    try:
        maps = [cam_values(detector, crops[0], "GradCAM") for _ in range(40)]
    finally:
        stop.set()
        thread.join()
    assert all(np.array_equal(found, alone) for found in maps)
    assert scored
    assert all(np.array_equal(found, logits) for found in scored)
