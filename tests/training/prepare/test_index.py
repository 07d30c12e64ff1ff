"""Rows of an index: their values, their memory, and their use in other processes."""

from __future__ import annotations

import os
import pickle
import tracemalloc
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from inspector.domain.errors import TrainingError
from training.fit.batch.batches import Batches
from training.prepare.index import load_index
from training.prepare.parts import COLUMNS

LINE = {
    "path": "a.mp4", "part": "a", "group": "p", "kind": "clip", "is_fake": True, "method": "swap", "crop": 0,
    "is_held_out": False, "pts": 512, "seconds": 0.1, "face_px": 99.9, "yaw": None, "track": None,
}  # fmt: skip


def written(folder: Path, rows: list[dict[str, object]]) -> Path:
    table = pa.Table.from_pylist(rows, COLUMNS)
    pq.write_table(table, folder / "index.parquet", row_group_size=7)
    return folder


@pytest.fixture
def folder(tmp_path):
    rows = [LINE | {"crop": i, "part": f"part {i % 3}", "is_held_out": i > 6, "yaw": 1.5 if i % 2 else None,
                    "identity": "b" if i else None} for i in range(20)]  # fmt: skip
    return written(tmp_path, rows)


def test_rows_hold_what_the_table_holds(folder):
    rows, expected = load_index(folder), pq.read_table(folder / "index.parquet").to_pylist()
    assert len(rows) == 20
    assert [dict(row) for row in rows] == expected
    assert [{name: type(value) for name, value in row.items()} for row in rows] == [
        {name: type(value) for name, value in row.items()} for row in expected
    ]
    assert (dict(rows[-1]), [row["crop"] for row in rows[3:6]]) == (expected[-1], [3, 4, 5])
    assert (len(rows[0]), "pts" in rows[0], "landmarks" in rows[0]) == (len(COLUMNS), True, False)
    with pytest.raises(KeyError):
        rows[0]["colour"]
    with pytest.raises(IndexError):
        rows[20]


def test_a_changed_row_is_another_one(folder):
    row = load_index(folder)[2]
    changed = row | {"is_held_out": True, "weight": 2} | {"weight": 3}
    assert (changed["is_held_out"], changed["weight"], changed["crop"]) == (True, 3, 2)
    assert dict(changed) == dict(row) | {"is_held_out": True, "weight": 3}
    assert (row["is_held_out"], row.get("weight")) == (False, None)


def test_rows_are_pickled_without_their_values(folder):
    rows = load_index(folder)
    picked = [rows[3], rows[19] | {"is_held_out": False}]
    for name in COLUMNS.names:
        assert rows[0].get(name, "") != ""
    data = pickle.dumps(picked)
    assert len(data) < 1000
    again = pickle.loads(data)  # noqa: S301 made here
    assert [dict(row) for row in again] == [dict(row) for row in picked]


def test_an_index_that_is_written_again_is_not_mixed_with_what_was_read(folder):
    rows = load_index(folder)
    assert rows[0]["crop"] == 0
    written(folder, [LINE])
    os.utime(folder / "index.parquet", ns=(1, 1))
    with pytest.raises(TrainingError, match=r"index\.parquet was replaced while it was in use"):
        rows[0]["part"]
    assert load_index(folder)[0]["part"] == "a"


def test_a_missing_and_a_damaged_index_are_one_sentence(folder):
    file = folder / "index.parquet"
    file.write_bytes(file.read_bytes()[:200])
    with pytest.raises(TrainingError, match=r"index\.parquet is damaged .* run `prepare` again"):
        load_index(folder)
    file.unlink()
    with pytest.raises(TrainingError, match=r"is missing; run `python -m training prepare"):
        load_index(folder)


def test_a_row_costs_less_than_two_hundred_bytes(tmp_path):
    count = 20_000
    written(tmp_path, [LINE | {"crop": i % 32, "part": f"a part with a long name {i // 32}"} for i in range(count)])
    tracemalloc.start()
    try:
        rows = list(load_index(tmp_path))
        changed = [row | {"is_held_out": row["group"] == "p"} for row in rows]
        assert all(row["part"] and row["face_px"] > 48 and not row["crop"] > 31 for row in rows)
        held, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert changed[0]["is_held_out"]
    assert held / (2 * count) < 200  # as dicts: 2,900


def test_a_worker_that_gets_the_rows_makes_the_same_batches(tiny):
    """As a DataLoader's workers get them, which are spawned."""
    batches = Batches(tiny, load_index(Path(tiny.prepare.folder)), 2, seed=3)
    again = pickle.loads(pickle.dumps(batches))  # noqa: S301 made here
    assert (again[1].crops == batches[1].crops).all()
    assert (again[1].kinds, again[1].groups) == (batches[1].kinds, batches[1].groups)
