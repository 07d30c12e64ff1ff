"""Several labels of one file: it is decoded once, and faces are looked for in each label's region alone."""

from dataclasses import replace
from pathlib import Path

import av
import cv2
import numpy as np
import pytest

from inspector.domain.geometry import Box
from inspector.engine.decode.decoder import Decoder
from inspector.engine.faces.finder import FaceFinder
from tests.clips import moving_portrait
from training.prepare import clip as preparing
from training.prepare.clip import Cause, Job, Outcome, by_file, each_outcome, prepare_one
from training.prepare.index import load_index
from training.prepare.parts import load_crop, write_index
from training.recipe import PrepareOptions
from training.sources import Sample

OPTIONS = PrepareOptions(frames=3, held_out_frames=4, largest=120, held_out=0.0, seed=1)
SIDE, FRAMES = 160, 9


@pytest.fixture(scope="module")
def panels(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clip of three panels side by side: a face, nothing, and the same face darker."""
    path = tmp_path_factory.mktemp("panels") / "wide.mp4"
    portrait = moving_portrait((SIDE, SIDE))
    with av.open(str(path), "w") as out:
        stream = out.add_stream("libx264", rate=25)
        stream.width, stream.height, stream.pix_fmt = 3 * SIDE, SIDE, "yuv420p"
        for number in range(FRAMES):
            face = portrait(number)
            image = np.concatenate([face, np.full_like(face, 90), face // 2], axis=1)
            out.mux(stream.encode(av.VideoFrame.from_ndarray(image, format="rgb24")))
        out.mux(stream.encode(None))
    return path


def jobs(path: Path, folder: Path, *regions: int, held_out: tuple[int, ...] = ()) -> list[Job]:
    (folder / "parts").mkdir(exist_ok=True)
    made = []
    for number in regions:
        region = Box(number * SIDE, 0, SIDE, SIDE)
        sample = Sample(path, "clip", number > 0, "m", f"p{number}", "one", "", "here", "CC0", region)
        part = folder / "parts" / f"{number}.safetensors"
        made.append(Job(sample, f"g{number}", number in held_out, Path.cwd(), part, OPTIONS))
    return made


def ignored(_: float) -> None:
    """Receive a job's time limit without enforcing it."""


def test_a_file_is_decoded_once_for_all_its_labels(panels, tmp_path, monkeypatch):
    opened, converted, sizes = [], [], []
    open_clip, convert, find = preparing.open_clip, Decoder.convert, FaceFinder.find
    monkeypatch.setattr(preparing, "open_clip", lambda path: opened.append(path) or open_clip(path))
    monkeypatch.setattr(Decoder, "convert", lambda self, p: converted.append(p.index) or convert(self, p))

    def seen(self, image, *more):
        sizes.append(image.shape)
        return find(self, image, *more)

    monkeypatch.setattr(FaceFinder, "find", seen)
    one, *others = jobs(panels, tmp_path, 0, 1, 2)
    (job,) = by_file([one, *others])
    assert (job.sample, job.others) == (one.sample, tuple(others))
    found = {of.part.stem: outcome for of, outcome in each_outcome(job, prepare_one(job, ignored))}
    assert len(opened) == 1
    assert converted == [1, 4, 7], "only frames that a label uses become pictures"
    assert max(sizes) == (SIDE, SIDE, 3), "no face is looked for outside a region"
    assert [found[name].crops for name in "012"] == [3, 0, 3]
    assert (found["1"].cause, found["1"].reason) == (Cause.FILE, "no face found")
    write_index([(of.part, of.group, False) for of in (one, *others)], tmp_path)
    rows = load_index(tmp_path)
    assert {row["part"] for row in rows} == {"0.safetensors", "2.safetensors"}
    for row in rows:
        image, points = load_crop(tmp_path, row)
        middle = row["crop_x"] + row["crop_px"] / 2
        assert (middle > 2 * SIDE) == (row["part"] == "2.safetensors"), "in pixels of the whole frame"
        assert 0.2 < points[:, 0].mean() / row["side"] < 0.8
        inside = image[row["side"] // 3 : 2 * row["side"] // 3]
        assert (inside.mean() < 90) == (row["part"] == "2.safetensors")


def test_labels_of_one_file_may_use_other_frames(panels, tmp_path):
    one, other = jobs(panels, tmp_path, 0, 2, held_out=(2,))
    outcome = prepare_one(replace(one, others=(other,)), ignored)
    assert (outcome.crops, outcome.others[0].crops) == (3, 4)
    write_index([(one.part, "a", False), (other.part, "b", True)], tmp_path)
    pts = {name: [row["pts"] for row in load_index(tmp_path) if row["part"] == name] for name in
           ("0.safetensors", "2.safetensors")}  # fmt: skip
    alone = tmp_path / "alone"
    alone.mkdir()
    (single,) = jobs(panels, alone, 2, held_out=(2,))
    prepare_one(single, ignored)
    write_index([(single.part, "b", True)], alone)
    assert pts["2.safetensors"] == [row["pts"] for row in load_index(alone)]
    assert pts["0.safetensors"][0] in pts["2.safetensors"]
    assert len(set(pts["0.safetensors"])) == 3


def test_what_befalls_the_file_befalls_all_its_labels(tmp_path):
    broken = tmp_path / "broken.mp4"
    broken.write_bytes(b"\0" * 500)
    one, other = jobs(broken, tmp_path, 0, 2)
    job = replace(one, others=(other,))
    both = each_outcome(job, prepare_one(job, ignored))
    assert [of.part.stem for of, _ in both] == ["0", "2"]
    assert all(outcome.cause is Cause.FILE and "broken.mp4" in outcome.reason for _, outcome in both)
    hung = Outcome(0, Cause.MACHINE, "took longer")
    assert [outcome for _, outcome in each_outcome(job, hung)] == [hung, hung]


def test_a_region_of_a_still_and_one_outside_the_picture(tmp_path):
    face = moving_portrait((SIDE, SIDE))(0)
    path = tmp_path / "still.png"
    cv2.imwrite(str(path), cv2.cvtColor(np.concatenate([face, face], axis=1), cv2.COLOR_RGB2BGR))
    one, other, far = jobs(path, tmp_path, 0, 1, 5)
    outcome = prepare_one(replace(one, others=(other, far)), ignored)
    assert [outcome.crops, *(of.crops for of in outcome.others)] == [1, 1, 0]
