"""Preparing: the frames of a clip, rejected samples and reasons, resumed runs, and the files on disk."""

from __future__ import annotations

import io
import json
import resource
import shutil
import tracemalloc
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pyarrow.parquet as pq
import pytest
from rich.console import Console
from safetensors.numpy import load_file

from inspector.domain.errors import OutputError, TrainingError
from inspector.domain.geometry import Box
from inspector.engine.decode.decoder import Decoder, hash_file, open_clip
from inspector.engine.faces.crop import cut, whole_face
from tests.clips import make_clip, moving_portrait
from training.__main__ import main
from training.forge.augment import frame_tightly, network_crop
from training.prepare import prepare as preparing
from training.prepare.clip import Cause, Job, Outcome, prepare_one
from training.prepare.index import load_index
from training.prepare.parts import PartWriter, load_crop
from training.prepare.pool import run_guarded
from training.prepare.prepare import prepare
from training.prepare.progress import PrepareProgress
from training.prepare.selection import spread
from training.recipe import PrepareOptions
from training.sources import Sample

OPTIONS = PrepareOptions(frames=5, held_out_frames=7, largest=120, held_out=0.0, seed=1)


def sample(path: Path, kind: str = "clip", **changes) -> Sample:
    plain = Sample(path, kind, False, "original", path.stem, "", "", "made here", "CC0")
    return replace(plain, **changes)


def job(one: Sample, folder: Path, options: PrepareOptions = OPTIONS, is_held_out: bool = False) -> Job:
    (folder / "parts").mkdir(parents=True, exist_ok=True)
    return Job(one, "group", is_held_out, Path.cwd(), folder / "parts" / "one.safetensors", options)


def pts_of(made: Job) -> list[int]:
    preparing.write_index([(made.part, "group", made.is_held_out)], made.part.parent.parent)
    return [row["pts"] for row in load_index(made.part.parent.parent)]


@pytest.fixture
def here(monkeypatch):
    """Do the work in this process, since starting workers takes seconds, and count it."""
    seen: list[str] = []

    def run(jobs, work, workers, limit):
        for one in jobs:
            seen.append(one.sample.path.name)
            yield one, run_guarded(work, one, ignored)

    monkeypatch.setattr(preparing, "run_local", run)
    return seen


@pytest.fixture
def mixed(face_clip, tmp_path) -> list[Sample]:
    """Two good clips, one with a truncated header, one without a face, and a file that is not a still."""
    good = [Path(shutil.copy(face_clip, tmp_path / f"good{i}.mp4")) for i in range(2)]
    broken, still = tmp_path / "broken.mp4", tmp_path / "broken.jpg"
    broken.write_bytes(face_clip.read_bytes()[:600])
    still.write_bytes(b"\xff\xd8\xff" + bytes(100))
    faceless = make_clip(tmp_path / "faceless.mp4", frames=6)
    return [sample(path) for path in (*good, broken, faceless)] + [sample(still, "still")]


def ignored(_: float) -> None:
    """Receive a job's time limit without enforcing it."""


def quiet(_: str) -> None:
    """Ignore a message."""


def test_rejects_by_name_and_keeps_the_rest(mixed, tmp_path, here):
    messages: list[str] = []
    prepare(mixed, tmp_path / "out", OPTIONS, messages.append)
    assert {Path(row["path"]).name for row in load_index(tmp_path / "out")} == {"good0.mp4", "good1.mp4"}
    rejected = (tmp_path / "out/rejected.csv").read_text().splitlines()
    assert rejected[0].startswith("path,reason")
    reasons = {Path(line.split(",")[0]).name: line for line in rejected[1:]}
    assert set(reasons) == {"broken.mp4", "broken.jpg", "faceless.mp4"}
    assert "no face found" in reasons["faceless.mp4"]
    assert reasons["broken.mp4"].count("broken.mp4") > 1  # the reason names it too
    assert messages[-1] == f"3 rejected in all, listed with their reasons in {tmp_path / 'out/rejected.csv'}"


def test_a_label_that_was_corrected_counts_at_the_next_run(face_clip, tmp_path, here):
    """The crops stay: only what the manifest says about them is new."""
    prepare([sample(face_clip)], tmp_path / "out", OPTIONS, quiet)
    corrected = sample(face_clip, is_fake=True, method="swap: X", identity="ann", source="tip line: 1")
    prepare([corrected], tmp_path / "out", OPTIONS, quiet)
    assert here == [face_clip.name]
    found = {(row["is_fake"], row["method"], row["identity"], row["source"]) for row in load_index(tmp_path / "out")}
    assert found == {(True, "swap: X", "ann", "tip line: 1")}


def test_a_second_run_does_nothing_but_what_changed(mixed, tmp_path, here, face_clip):
    prepare(mixed, tmp_path / "out", OPTIONS, quiet)
    parts = {part: part.stat().st_mtime_ns for part in (tmp_path / "out/parts").iterdir()}
    here.clear()
    prepare(mixed, tmp_path / "out", OPTIONS, quiet)
    assert here == []
    shutil.copy(face_clip, tmp_path / "broken.mp4")  # mended
    prepare(mixed, tmp_path / "out", OPTIONS, quiet)
    assert here == ["broken.mp4"]
    assert all(part.stat().st_mtime_ns == at for part, at in parts.items())
    assert "broken.mp4" not in (tmp_path / "out/rejected.csv").read_text()


def test_what_a_machine_failed_at_is_tried_again(face_clip, tmp_path, here):
    there, away = sample(Path(shutil.copy(face_clip, tmp_path / "a.mp4"))), sample(tmp_path / "b.mp4")
    prepare([there, away], tmp_path / "out", OPTIONS, quiet)
    assert "b.mp4 does not exist" in (tmp_path / "out/rejected.csv").read_text()
    shutil.copy(face_clip, tmp_path / "b.mp4")
    prepare([there, away], tmp_path / "out", OPTIONS, quiet)
    assert here == ["a.mp4", "b.mp4", "b.mp4"]
    assert len(load_index(tmp_path / "out")) == 10


def test_a_full_disk_is_one_sentence_and_the_next_run_goes_on(face_clip, tmp_path, here):
    files = [Path(shutil.copy(face_clip, tmp_path / f"{name}.mp4")) for name in "ab"]
    one, two = (sample(path) for path in files)
    prepare([one], tmp_path / "out", OPTIONS, quiet)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, hard))  # the fullness that a test can make
    try:
        with pytest.raises(OutputError, match=r"cannot be written \(File too large\); free disk .* finished work"):
            prepare([one, two], tmp_path / "out", OPTIONS, quiet)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert len(list((tmp_path / "out/parts").iterdir())) == 1  # nothing half-written either
    prepare([one, two], tmp_path / "out", OPTIONS, quiet)
    assert here == ["a.mp4", "b.mp4", "b.mp4"]
    assert len(load_index(tmp_path / "out")) == 10


def test_a_run_without_any_crop_is_reported(tmp_path, here):
    empty = make_clip(tmp_path / "faceless.mp4", frames=3)
    with pytest.raises(TrainingError, match=r"rejected\.csv lists the reasons"):
        prepare([sample(empty)], tmp_path / "out", OPTIONS, quiet)


def test_other_options_want_another_folder_and_older_ones_are_understood(face_clip, tmp_path, here):
    prepare([sample(face_clip)], tmp_path / "out", OPTIONS, quiet)
    path = tmp_path / "out/options.json"
    older = {k: v for k, v in json.loads(path.read_text()).items() if k != "whole_frame"}
    path.write_text(json.dumps(older))
    prepare([sample(face_clip)], tmp_path / "out", OPTIONS, quiet)
    with pytest.raises(TrainingError, match="other options"):
        prepare([sample(face_clip)], tmp_path / "out", replace(OPTIONS, frames=6), quiet)


def test_files_of_one_name_do_not_share_a_part(face_clip, tmp_path, here):
    paths = [tmp_path / dataset / "videos" / "000.mp4" for dataset in ("Deepfakes", "FaceSwap")]
    for path in paths:
        path.parent.mkdir(parents=True)
        shutil.copy(face_clip, path)
    prepare([sample(path) for path in paths], tmp_path / "out", OPTIONS, quiet)
    assert {row["path"] for row in load_index(tmp_path / "out")} == {str(path) for path in paths}
    with pytest.raises(TrainingError, match="listed twice"):
        prepare([sample(paths[0])] * 2, tmp_path / "out", OPTIONS, quiet)


def test_the_index_holds_landmarks_track_pts_quality_and_hash(face_clip, tmp_path, here):
    index = prepare([sample(face_clip)], tmp_path / "out", OPTIONS, quiet)
    rows = pq.read_table(index).to_pylist()
    tensors = load_file(tmp_path / "out/parts" / rows[0]["part"])
    for row in rows:
        image, points = load_crop(tmp_path / "out", row)
        assert image.shape == (row["side"], row["side"], 3)
        assert row["side"] <= OPTIONS.largest
        np.testing.assert_array_equal(points, tensors["landmarks"][row["crop"]])
        np.testing.assert_array_equal(np.float32(row["landmarks"]).reshape(478, 2), points)
        # Landmarks brought back to the picture span the face that the row speaks of.
        spans = np.ptp(points, axis=0) * row["crop_px"] / row["side"]
        assert row["face_px"] == pytest.approx(spans.max(), abs=0.01)
        assert (row["track"], row["is_corrupt"], row["inside"]) == (1, False, 1.0)
        assert row["sharpness"] > 0
        assert abs(row["yaw"]) < 45
    assert {row["sha256"] for row in rows} == {hash_file(face_clip)}
    assert [row["pts"] for row in rows] == sorted({row["pts"] for row in rows})


def test_an_index_from_before_is_read_with_none_for_what_it_lacks(face_clip, tmp_path, here):
    index = prepare([sample(face_clip)], tmp_path / "out", OPTIONS, quiet)
    older = pq.read_table(index).drop_columns(["track", "sharpness", "landmarks", "split"])
    pq.write_table(older, index)
    row = load_index(tmp_path / "out")[0]
    assert (row["track"], row["sharpness"], row["split"]) == (None, None, None)
    assert row["pts"] is not None


def test_frames_are_evenly_spaced_or_all_or_consecutive(face_clip, tmp_path):
    every = job(sample(face_clip), tmp_path / "all", replace(OPTIONS, frames=0))
    assert prepare_one(every, ignored).crops == 48
    pts = pts_of(every)
    some = job(sample(face_clip), tmp_path / "some")
    assert prepare_one(some, ignored).crops == 5
    assert pts_of(some) == [pts[i] for i in (4, 14, 24, 33, 43)]  # the middles of five equal stretches
    held = job(sample(face_clip), tmp_path / "held", is_held_out=True)
    assert prepare_one(held, ignored).crops == 7
    assert pts_of(held) == pts[:7]


def test_spread_reaches_both_ends_alike():
    for length, count in ((300, 32), (33, 32), (1000, 7)):
        indices = spread(length, count)
        assert len(set(indices)) == count
        assert abs(indices[0] - (length - 1 - indices[-1])) <= 1
        steps = np.diff(indices)
        assert steps.max() - steps.min() <= 1


def test_whole_frames_are_the_engines(face_clip, tmp_path):
    made = job(sample(face_clip), tmp_path, replace(OPTIONS, whole_frame=True, largest=400))
    assert prepare_one(made, ignored).crops == 5
    preparing.write_index([(made.part, "group", False)], tmp_path)
    row = load_index(tmp_path)[0]
    image, points = load_crop(tmp_path, row)
    assert image.shape == (320, 320, 3)  # the square around 320 x 240, its edges repeated
    assert (row["crop_x"], row["crop_y"], row["crop_px"]) == (0, -40, 320)
    np.testing.assert_array_equal(image[:40], np.repeat(image[40:41], 40, axis=0))
    assert np.isnan(points).all()
    assert pq.read_table(tmp_path / "index.parquet")["landmarks"].null_count == 5
    # What training shows of it is what the engine scores.
    with Decoder(open_clip(face_clip)) as decoder:
        frame = decoder.frame_at(row["pts"])
    shown = network_crop(image, points, 0.2, 64, (0.0, 0.0, 1.0))
    np.testing.assert_array_equal(shown, cut(frame.image, whole_face(frame).box, 64))
    assert frame_tightly(image, points, np.random.default_rng(1)) is image
    of_a_part = replace(made, sample=sample(face_clip, region=Box(0, 0, 100, 100)))
    assert prepare_one(of_a_part, ignored).cause is Cause.FILE


def test_only_the_labelled_face_is_prepared(tmp_path):
    face = moving_portrait((200, 200))(0)
    pair = tmp_path / "pair.png"
    cv2.imwrite(str(pair), cv2.cvtColor(np.concatenate([face, face], axis=1), cv2.COLOR_RGB2BGR))
    right = job(sample(pair, "still", region=Box(200, 0, 200, 200)), tmp_path)
    assert prepare_one(right, ignored).crops == 1
    preparing.write_index([(right.part, "group", False)], tmp_path)
    row = load_index(tmp_path)[0]
    assert row["crop_x"] + row["crop_px"] / 2 > 200


def test_the_command_prepares_a_recipe_and_fails_with_a_sentence(face_clip, tmp_path, here, capsys, monkeypatch):
    manifest = tmp_path / "manifest.csv"
    header = "path,kind,split,label,method,identity,pair,region,source,licence"
    rows = [f"{face_clip},clip,train,{label},m,{label},,,made here,CC0" for label in ("real", "fake")]
    manifest.write_text("\n".join([header, rows[0], rows[1].replace(face_clip.name, "away.mp4")]))
    recipe = (Path(__file__).parents[3] / "training/recipes/default.toml").read_text()
    for old, new in (("../shared/data/manifest.csv", manifest), ("data/prepared", tmp_path / "out")):
        recipe = recipe.replace(old, str(new))
    (tmp_path / "recipe.toml").write_text(recipe.replace("frames = 32 ", 'frames = "all" '))
    assert main(["prepare", str(tmp_path / "recipe.toml"), "--workers", "1"]) == 0
    assert "index.parquet" in capsys.readouterr().out
    assert len(load_index(tmp_path / "out")) == 48
    assert main(["prepare", str(tmp_path / "recipe.toml"), "--cluster", "nonsense://"]) == 1
    assert "No Dask scheduler answers" in capsys.readouterr().err


def test_incomplete_files_of_an_interrupted_run_are_removed(face_clip, tmp_path, here):
    (tmp_path / "out/parts").mkdir(parents=True)
    half = tmp_path / "out/parts/.a.safetensors.0123.partial"
    half.write_bytes(b"half")
    prepare([sample(face_clip)], tmp_path / "out", OPTIONS, quiet)
    assert not half.exists()
    assert not [path for path in (tmp_path / "out").rglob("*") if "partial" in path.name]


def test_parts_that_are_not_visible_here_are_reported(face_clip, tmp_path, monkeypatch):
    monkeypatch.setattr(preparing, "run_local", lambda jobs, work, workers, limit: ((one, Outcome(5)) for one in jobs))
    with pytest.raises(TrainingError, match=r"1 parts .* a file system that all workers share"):
        prepare([sample(face_clip)], tmp_path / "out", OPTIONS, quiet)


def test_memory_does_not_grow_with_the_crops_of_a_clip(tmp_path):
    source = tmp_path / "a.bin"
    source.touch()
    (tmp_path / "parts").mkdir()
    crop, points = np.zeros((288, 288, 3), np.uint8), np.zeros((478, 2), np.float32)
    tracemalloc.start()
    try:
        with PartWriter(tmp_path / "parts/a.safetensors") as part:
            for number in range(200):
                part.add(crop, points, {"pts": number})
            part.finish(sample(source), "")
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert (tmp_path / "parts/a.safetensors").stat().st_size > 200 * crop.nbytes  # 50 MB
    assert peak < 5_000_000


def test_progress_shows_the_remaining_time(monkeypatch):
    clock = iter([0.0, 10.0, 40.0, 40.0, 50.0])
    monkeypatch.setattr("training.prepare.progress.monotonic", lambda: next(clock))
    messages: list[str] = []
    with PrepareProgress(4, messages.append, Console(file=io.StringIO())) as progress:
        progress.advance(8)
        progress.advance(0)
    assert messages[0] == "prepared 2 of 4: 8 crops, 1 rejected, 0.2 crops/s, about 0:00:40 left"
    assert len(messages) == 2


def test_a_damaged_part_is_named(face_clip, tmp_path, here):
    prepare([sample(face_clip)], tmp_path / "out", OPTIONS, quiet)
    part = next((tmp_path / "out/parts").iterdir())
    part.write_bytes(part.read_bytes()[:40])
    with pytest.raises(TrainingError, match=r"safetensors is damaged .* remove it"):
        prepare([sample(face_clip)], tmp_path / "out", OPTIONS, quiet)
