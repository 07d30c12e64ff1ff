"""Sampling a large dataset: a limited number of files of each class and kind, evenly over people, in bounded memory."""

import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest

from inspector.domain.errors import TrainingError
from tests.training.conftest import painted
from tests.training.measure.test_calibrate import kept_run, quiet
from training import recipe
from training.fit.batch.batches import Batches
from training.fit.batch.pool import KindPool
from training.fit.score import plain_crops
from training.forge import autoencoders
from training.forge.autoencoders import fit_recipe, some_crops
from training.measure import tracks
from training.measure.held_out import held_out_tracks
from training.measure.tracks import AS_RECORDED
from training.prepare.index import Row, load_index
from training.prepare.parts import write_index, write_part
from training.prepare.selection import by_part, some_files
from training.recipe import Recipe
from training.sources import Sample

ROOT = Path(__file__).resolve().parents[4]


def row(part: int, group: str, seconds: float = 0.0, is_fake: bool = False, kind: str = "clip") -> Any:
    return {"part": f"{part:03}", "group": group, "seconds": seconds, "is_fake": is_fake, "kind": kind}


def only(tiny: Recipe, kind: str) -> Recipe:
    """The recipe on a prepared folder of files of one kind."""
    folder = Path(tiny.prepare.folder).with_name(f"only-{kind}")
    (folder / "parts").mkdir(parents=True)
    parts = []
    for number in range(12):
        source = folder / f"{number}.bin"
        source.write_bytes(bytes([number]))
        sample = Sample(source, kind, number % 2 == 1, "painted", f"p{number}", "", "", "made here", "CC0")
        seen = {"pts": 0, "seconds": 0.0, "side": 96, "face_px": 67.0, "confidence": 1.0}
        path = folder / "parts" / f"{number:02}.safetensors"
        write_part(path, sample, [(*painted(number), seen | {"pts": i}) for i in range(3 if kind == "clip" else 1)])
        parts.append((path, f"p{number}", number < 4))
    write_index(parts, folder)
    return msgspec.structs.replace(tiny, prepare=msgspec.structs.replace(tiny.prepare, folder=str(folder)))


def test_so_many_files_of_each_class_and_kind_evenly_over_people():
    # One person of forty clips, eight of two each; as many stills of one person, and fakes.
    rows = [row(i, "much", s) for i in range(40) for s in (0.0, 1.0)]
    rows += [row(100 + i, f"p{i // 2}", s) for i in range(16) for s in (0.0, 1.0)]
    rows += [row(200 + i, "much", kind="still") for i in range(5)] + [
        row(300 + i, f"p{i}", is_fake=True) for i in range(3)
    ]
    taken = some_files(rows, 12)
    files = [part[0] for part in by_part(taken)]
    assert Counter((f["is_fake"], f["kind"]) for f in files) == {
        (False, "clip"): 12,
        (False, "still"): 5,
        (True, "clip"): 3,
    }
    people = Counter(f["group"] for f in files if f["kind"] == "clip" and not f["is_fake"])
    assert len(people) == 9
    assert max(people.values()) == 2, "nobody comes a third time while others come once"
    assert all(len(part) == 2 for part in by_part(taken) if part[0]["part"] < "200"), "files stay whole"
    assert some_files(rows, 12) == taken
    assert some_files(rows, 0) == some_files(rows, 1000) == [r for part in by_part(rows) for r in part]


def test_the_recipe_bounds_the_files_that_calibrate_and_evaluate_score(tiny: Recipe, tmp_path: Path):
    run, messages = kept_run(tiny, tmp_path / "run"), list[str]()
    every = held_out_tracks(tiny, run, messages.append)
    plain = {t.part for t in every if t.condition == AS_RECORDED}
    assert messages[0] == f"scored {len(plain)} of {len(plain)} held-out files as recorded"
    bounded = msgspec.structs.replace(tiny, calibrate=msgspec.structs.replace(tiny.calibrate, files=1))
    fewer = held_out_tracks(bounded, run, messages.append)
    files = [(t.is_fake, t.kind) for t in fewer if t.condition == AS_RECORDED]
    assert len(files) == len(set(files)) < len(plain)
    assert {t.part for t in fewer} < {t.part for t in every}
    count = len(messages)
    held_out_tracks(bounded, run, messages.append)
    assert len(messages) == count, "kept ones are taken"
    large = msgspec.structs.replace(tiny, calibrate=msgspec.structs.replace(tiny.calibrate, files=1000))
    whole = held_out_tracks(large, run, messages.append)
    held_out_tracks(tiny, run, messages.append)
    assert len(messages) == count + 2, "a bound that leaves nothing out is none"
    assert len(whole) == len(every)


def test_scoring_holds_the_crops_of_one_file_at_a_time(tiny: Recipe, tmp_path: Path, monkeypatch):
    at_once: list[set[str]] = []

    def seen(recipe: Recipe, rows: Sequence[Row]) -> np.ndarray:
        at_once.append({row["part"] for row in rows})
        return plain_crops(recipe, rows)

    monkeypatch.setattr(tracks, "plain_crops", seen)
    scored = held_out_tracks(tiny, kept_run(tiny, tmp_path / "run"), quiet)
    assert at_once == [{t.part} for t in scored if t.condition == AS_RECORDED]


def test_the_default_recipe_scores_all_of_the_small_set():
    default = recipe.load(ROOT / "training/recipes/default.toml")
    assert default.fit.check_files >= 209, "as many film faces are held out"
    assert default.calibrate.files >= 209


def test_generated_faces_are_used_where_available(tiny: Recipe):
    shares = tiny.batch.generated_shares
    assert shares["face"] > 0
    before = {kind: share for kind, share in shares.items() if kind != "face"}
    pool = KindPool(Path(tiny.prepare.folder), load_index(Path(tiny.prepare.folder)))
    for seed in range(20):
        one, other = (pool.draw(np.random.default_rng(seed), True, s)[0][1]["part"] for s in (shares, before))
        assert one == other
    faces = only(tiny, "face")
    batch = Batches(faces, [r for r in load_index(Path(faces.prepare.folder)) if not r["is_held_out"]], 2, 1)[0]
    assert "painted" in {kind for kind, label in zip(batch.kinds, batch.labels, strict=True) if label == 1}


def test_a_share_of_a_missing_kind_is_reported_with_its_table_and_the_available_kinds(tiny: Recipe):
    folder = Path(only(tiny, "face").prepare.folder)
    pool, random = KindPool(folder, load_index(folder)), np.random.default_rng(0)
    with pytest.raises(
        TrainingError, match=re.escape("holds fakes of the kind face, and the recipe's generated_shares")
    ):
        pool.draw(random, True, {"clip": 1.0, "still": 0.5})
    with pytest.raises(
        TrainingError, match=re.escape("holds originals of the kind face, and the recipe's pair_shares")
    ):
        pool.draw(random, False, {"clip": 1.0})
    with pytest.raises(TrainingError, match="holds no fakes of 48 px or more"):
        KindPool(folder, [r for r in load_index(folder) if not r["is_fake"]]).draw(random, True, {"face": 1.0})


def test_autoencoders_learn_equally_from_files_and_from_a_limited_number_of_crops():
    rows = [row(i, "p", s) for i in range(4) for s in range(100 if i == 0 else 3)]
    assert Counter(r["part"] for r in some_crops(rows, 8)) == {"000": 2, "001": 2, "002": 2, "003": 2}
    assert len({r["part"] for r in some_crops(rows, 3)}) == len(some_crops(rows, 3)) == 3
    assert Counter(r["part"] for r in some_crops(rows, 400))["000"] == 100
    assert some_crops(rows, 8) == some_crops(rows, 8)
    assert some_crops([], 8) == []


@pytest.mark.parametrize("kind", ["clip", "face", "still"])
def test_autoencoders_learn_from_originals_of_any_kind_without_held_out_people(kind: str, tiny: Recipe, monkeypatch):
    one = only(tiny, kind)
    seen: list[np.ndarray] = []
    monkeypatch.setattr(autoencoders, "fit_all", lambda images, *_: seen.extend(images))
    fit_recipe(one, quiet)
    wanted = [painted(n)[0] for n in (4, 6, 8, 10)]
    assert len(seen) == 4 * (3 if kind == "clip" else 1)
    assert {image.tobytes() for image in seen} == {image.tobytes() for image in wanted}
    rows = [dict(r) for r in load_index(Path(one.prepare.folder)) if r["is_held_out"]]
    monkeypatch.setattr(autoencoders, "load_index", lambda _: rows)
    with pytest.raises(TrainingError, match="no originals to train the autoencoders on"):
        fit_recipe(one, quiet)
