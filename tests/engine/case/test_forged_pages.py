"""Case files whose pages contradict each other: one query finds the signed rows, another one forged ones."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from inspector.domain.errors import CaseError
from inspector.engine.case.imports import admit, read_chain
from tests.engine.case.test_imports import made_case, origin, tampered


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "a.inspector"


def test_an_index_with_the_signed_rows_does_not_vouch_for_other_rows_in_its_table(path: Path):
    """The signature's query reads the index and the copy the table: forged scores would be signed as our own."""
    made_case(path)
    with closing(sqlite3.connect(path)) as raw:
        (declared,) = raw.execute("SELECT sql FROM sqlite_master WHERE name = 'scores'").fetchone()
        columns = [row[1] for row in raw.execute("PRAGMA table_info(scores)")]
    bare = declared[: declared.index("PRIMARY KEY")].rstrip(", \n")
    indexed = f"{bare}, PRIMARY KEY (analysis, pts, track), UNIQUE ({', '.join(columns)}))"
    tampered(
        path, "ALTER TABLE scores RENAME TO was", indexed, "INSERT INTO scores SELECT * FROM was", "DROP TABLE was"
    )
    index = "SELECT * FROM sqlite_master WHERE tbl_name = 'scores' AND type = 'index'"
    with closing(sqlite3.connect(path)) as raw:
        indices = raw.execute(index).fetchall()
    with closing(sqlite3.connect(path, isolation_level=None)) as raw:
        raw.execute("PRAGMA writable_schema = 1")
        raw.execute("UPDATE sqlite_master SET sql = ? WHERE name = 'scores'", (f"{bare})",))
        raw.execute("DELETE FROM sqlite_master WHERE tbl_name = 'scores' AND type = 'index'")
    tampered(path, "UPDATE scores SET probability = 0.01, logit = -4 WHERE probability IS NOT NULL")
    with closing(sqlite3.connect(path, isolation_level=None)) as raw:
        raw.execute("PRAGMA writable_schema = 1")
        raw.execute("UPDATE sqlite_master SET sql = ? WHERE name = 'scores'", (indexed,))
        raw.executemany("INSERT INTO sqlite_master VALUES (?, ?, ?, ?, ?)", indices)
    admit(path)
    assert "a.inspector, SHA-256" in origin(path)


def test_rows_out_of_order_beside_the_signed_ones_are_not_found(path: Path):
    """A query of all scores ends before the forged ones, as the signature's does; one of a single frame finds them."""
    made_case(path)
    with closing(sqlite3.connect(path)) as raw:
        columns = ", ".join(row[1] for row in raw.execute("PRAGMA table_info(scores)"))
    forged = columns.replace("analysis", "5921370").replace(" logit", " -4").replace("pts", "pts + 1000 * step")
    steps = "WITH RECURSIVE steps(step) AS (SELECT 0 UNION ALL SELECT step + 1 FROM steps LIMIT 400)"
    tampered(
        path,
        f"INSERT INTO scores SELECT {columns.replace('analysis', '2')} FROM scores LIMIT 1",  # noqa: S608
        f"{steps} INSERT INTO scores SELECT {forged} FROM scores, steps WHERE analysis = 1",  # noqa: S608
    )
    path.write_bytes(path.read_bytes().replace((5921370).to_bytes(3), (1).to_bytes(3)))
    with closing(sqlite3.connect(path)) as raw:
        assert raw.execute("SELECT count(*) FROM scores WHERE analysis = 1").fetchone()[0] < 400
        query = "SELECT logit FROM scores WHERE analysis = 1 AND pts >= 300000 AND track = 1"
        assert raw.execute(query).fetchone() == (-4,)
    problems, _ = read_chain(path)
    assert problems[0] == "its pages contradict each other"
    with pytest.raises(CaseError, match=r"two rows of scores contradict each other"):
        admit(path)
