"""The case file: what is written comes back, whatever happens to the process or the file."""

import json
import sqlite3
import zlib
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from inspector.domain.analysis import Batch, FrameRecord, SignalBlock
from inspector.domain.case import Bookmark, CaseInfo, Decision, FaceName, Note, Review, SavedPicture
from inspector.domain.clip import Clip, Colour, Gap
from inspector.domain.errors import CaseError
from inspector.domain.faces import Abstention, Face, FaceQuality
from inspector.domain.geometry import Box, LandmarkSet
from inspector.domain.scores import FaceScore
from inspector.domain.settings import Settings
from inspector.engine.case.case_entry import Outcome, outcome_of
from inspector.engine.case.case_file import CaseFile
from inspector.engine.case.database import CaseDatabase
from inspector.engine.case.imports import admit
from inspector.engine.case.schema import pack_landmarks, unpack_landmarks
from inspector.engine.faces.signals import SERIES, eye_aspect_ratio

CLIP = Clip(
    "a.mp4", "1" * 64, 1, "mov", "h264", "yuv420p", 64, 64, 64, 64, 0, Fraction(1), Colour(), Fraction(1, 1000), 0,
    None, None, Fraction(25), False, False, False,
)  # fmt: skip


_AS_VERSION_5 = "DROP TABLE signals; DROP TABLE names;" + "".join(
    f"ALTER TABLE {table} DROP COLUMN {column};"
    for table, columns in {"analyses": ("series", "imported", "mac"), "audit": ("subject", "digest", "chain")}.items()
    for column in columns
)
_WITHOUT_DEEP_SCORES = (
    _AS_VERSION_5 + "ALTER TABLE scores DROP COLUMN deep_logit; ALTER TABLE scores DROP COLUMN deep_probability;"
)
AT = "2026-11-21T05:00:00+00:00"


def landmarks(seed: int = 0) -> LandmarkSet:
    points = np.random.default_rng(seed).uniform(0, 900, (478, 3)).astype(np.float32)
    return LandmarkSet(np.round(points * 16) / np.float32(16))


def batch(first: int = 0) -> Batch:
    frames = tuple(FrameRecord(first + n, (first + n) * 40, n == 0, f"{n:064x}") for n in range(3))
    quality = FaceQuality(99.0, 12.5, 1.0, 2.0, 3.0, 1.0)
    box = Box(1.5, 2.5, 30.25, 40.125)
    scores = (
        FaceScore(1, frames[0].pts, Box(0, 0, 50, 50), 1.25, 0.75, None, box, quality),
        FaceScore(1, frames[1].pts, Box(0, 0, 50, 50), None, None, Abstention.PROFILE, box, quality),
        FaceScore(0, frames[2].pts, None, None, None, Abstention.NO_FACE),
    )
    faces = tuple((1, Face(f.pts, box, landmarks(n), 0.5)) for n, f in enumerate(frames[:2]))
    return Batch(frames, faces, scores, (Gap(7, 9, "damaged"),))


def test_landmarks_come_back_to_the_bit_when_they_lie_on_sixteenths():
    given = landmarks()
    assert np.array_equal(unpack_landmarks(pack_landmarks(given)).points, given.points)
    assert len(pack_landmarks(given)) < 3000


@pytest.mark.parametrize("side", [300, 4_090, 6_000, 16_000])
def test_landmarks_of_large_pictures_are_exact(side: int):
    """A still of 64 megapixels is up to about 16,000 pixels wide, and one face may fill it."""
    points = np.random.default_rng(side).uniform(0, side, (478, 3)).astype(np.float32)
    given = np.round(points * 16) / np.float32(16)
    found = unpack_landmarks(pack_landmarks(LandmarkSet(given)))
    assert found is not None
    assert np.array_equal(found.points, given)


def cut_off(points: np.ndarray) -> bytes:
    """Landmarks as versions before 4 stored them: at most 2,048 px from their centre."""
    centre = np.round(points.mean(axis=0))
    steps = np.clip(np.round((points - centre) * 16), -32768, 32767).astype("<i2")
    return zlib.compress(centre.astype("<f4").tobytes() + steps.tobytes(), 1)


def test_the_log_and_the_analysis_name_one_time_of_its_beginning(tmp_path: Path):
    with CaseFile.open(tmp_path / "a.inspector") as case:
        number = case.begin(CLIP, Settings(), "m", AT)
        assert case.audit()[-1].at == case.read(number).started_at() == AT, "a report states both"


def test_landmarks_that_an_older_version_cut_off_are_left_out_and_counted(tmp_path: Path):
    path = tmp_path / "old.inspector"
    points = np.random.default_rng(0).uniform(0, 6_000, (478, 3)).astype(np.float32)
    box = Box(0, 0, 6_000, 6_000)
    with CaseFile.open(path) as case:
        number = case.begin(CLIP, Settings(), "m")
        faces = tuple((track, Face(0, box, landmarks(track), 0.5)) for track in (1, 2))
        case.append(number, Batch((FrameRecord(0, 0, True, "0" * 64),), faces, ()), {})
    with sqlite3.connect(path) as raw:
        raw.execute("UPDATE faces SET landmarks = ? WHERE track = 1", (cut_off(points),))
        raw.executescript(_WITHOUT_DEEP_SCORES + "PRAGMA user_version = 3;")
    raw.close()
    admit(path)
    for _ in range(2):  # the loss is counted once, and named whenever the file is opened
        with CaseFile.open(path) as case:
            (loss,) = case.losses()
            assert "those of 1 face are left out" in loss
            found = dict(case.read(number).faces_at(0))
            assert found[1].landmarks is None
            assert found[1].box == box
            assert np.array_equal(found[2].landmarks.points, landmarks(2).points)


@pytest.mark.parametrize("blob", [b"", b"x" * 50, pack_landmarks(landmarks())[:-40]])
def test_damaged_landmarks_are_refused(blob: bytes):
    with pytest.raises(ValueError, match="landmarks"):
        unpack_landmarks(blob)


def test_a_batch_comes_back_as_it_was(tmp_path: Path):
    given = batch()
    with CaseFile.open(tmp_path / "a.inspector") as case:
        number = case.begin(CLIP, Settings(), "m")
        case.append(number, given, {"last_pts": 80})
    with CaseFile.open(tmp_path / "a.inspector", create=False) as case:
        stored = case.read(number)
        assert tuple(stored.frames()) == given.frames
        assert tuple(stored.scores()) == given.scores
        assert stored.gaps() == given.gaps
        ((track, face),) = stored.faces_at(40)
        assert (track, face.box) == (1, given.faces[1][1].box)
        assert np.array_equal(face.landmarks.points, given.faces[1][1].landmarks.points)
        assert stored.clip() == CLIP
        assert stored.strongest(1, 5) == [given.scores[0]]


def test_only_the_same_evidence_settings_and_model_go_on(tmp_path: Path):
    with CaseFile.open(tmp_path / "a.inspector") as case:
        number = case.begin(CLIP, Settings(), "m")
        begun = case.matching(CLIP.sha256, Settings(), "m")
        assert begun is not None
        assert (begun.analysis_id, begun.state) == (number, {}), "nothing was written yet"
        case.append(number, batch(), {"last_pts": 80})
        found = case.matching(CLIP.sha256, Settings(), "m")
        assert found is not None
        assert found.state == {"last_pts": 80}
        assert case.matching(CLIP.sha256, Settings(every=2), "m") is None
        assert case.matching(CLIP.sha256, Settings(), "other") is None


def test_each_of_several_analyses_is_read_by_its_own_number(tmp_path: Path):
    with CaseFile.open(tmp_path / "a.inspector") as case:
        first, second = case.begin(CLIP, Settings(), "m"), case.begin(CLIP, Settings(every=2), "m")
        case.append(first, batch(), {"last_pts": 80})
        case.append(second, batch(10), {"last_pts": 480})
        assert [f.index for f in case.read(first).frames()] == [0, 1, 2]
        assert [f.index for f in case.read(second).frames()] == [10, 11, 12]
        assert [len(case.read(n).faces_at(0)) for n in (first, second)] == [1, 0]
        for number, settings in ((first, Settings()), (second, Settings(every=2))):
            found = case.matching(CLIP.sha256, settings, "m")
            assert found is not None
            assert found.analysis_id == number, "an interrupted analysis continues though a later one was begun"
        with pytest.raises(CaseError, match="no analysis 3"):
            case.read(3).clip()


def test_a_batch_is_written_whole_or_not_at_all(tmp_path: Path):
    with CaseFile.open(tmp_path / "a.inspector") as case:
        number = case.begin(CLIP, Settings(), "m")
        case.append(number, batch(), {"last_pts": 80})
        with pytest.raises(CaseError, match="cannot be written"):
            case.append(number, batch(), {"last_pts": 99})  # the same frames again
        assert len(list(case.read(number).frames())) == 3
        found = case.matching(CLIP.sha256, Settings(), "m")
        assert found is not None
        assert found.state == {"last_pts": 80}


def test_a_finding_has_one_decision_and_a_damaged_one_is_named(tmp_path: Path):
    with CaseFile.open(tmp_path / "a.inspector") as case:
        first = case.annotations.put(Review(0, "track 1", Decision.REJECTED, "a beauty filter", "R. Roe", AT))
        assert case.annotations.reviews() == (first,)
        second = case.annotations.put(replace(first, review_id=0, decision=Decision.ACCEPTED))
        assert second.review_id == first.review_id
        other = case.annotations.put(replace(first, review_id=0, author="J. Doe"))
        assert case.annotations.reviews() == (second, other), "each examiner has an own one"
        case.annotations.remove(other)
        assert [review.decision for review in case.annotations.reviews()] == [Decision.ACCEPTED]
        assert "rejected: track 1 (a beauty filter)" in [entry.detail for entry in case.audit()]
        case.annotations.remove(second)
        assert case.annotations.reviews() == ()
        case.annotations.put(first)
    with sqlite3.connect(tmp_path / "a.inspector") as raw:
        raw.execute("UPDATE reviews SET decision = 'perhaps'")
    raw.close()
    with CaseFile.open(tmp_path / "a.inspector") as case, pytest.raises(CaseError, match="damaged entry"):
        case.annotations.reviews()


def test_scores_of_the_deep_network_come_with_the_batch_or_later(tmp_path: Path):
    given = batch()
    seen = replace(given.scores[0], deep_logit=-2.5, deep_probability=0.125)
    with CaseFile.open(tmp_path / "a.inspector") as case:
        number = case.begin(CLIP, Settings(), "m")
        case.append(number, replace(given, scores=(seen, *given.scores[1:])), {})
        later = replace(batch(3).scores[0], deep_logit=3.0, deep_probability=0.75)
        case.append(number, batch(3), {})
        case.append(number, Batch((), (), (), deep_scores=(later,)), {})
        assert tuple(case.read(number).scores()) == (seen, *given.scores[1:], later, *batch(3).scores[1:])


def test_a_case_of_the_first_format_is_brought_to_this_one(tmp_path: Path):
    path = tmp_path / "old.inspector"
    with CaseFile.open(path) as case:
        case.annotations.put(Note(0, "R. Roe", AT, "kept", 40))
    with sqlite3.connect(path) as raw:
        raw.executescript(
            "DROP TABLE reviews; DROP TABLE pictures; ALTER TABLE notes DROP COLUMN end_pts;"
            + _WITHOUT_DEEP_SCORES
            + "PRAGMA user_version = 1;"
        )
    raw.close()
    admit(path)
    with CaseFile.open(path) as case:
        assert [note.text for note in case.annotations.notes()] == ["kept"]
        assert case.annotations.reviews() == ()
        assert case.annotations.pictures() == ()


def test_a_saved_picture_is_kept_renamed_and_removed_and_the_log_names_its_filters(tmp_path: Path):
    with CaseFile.open(tmp_path / "a.inspector") as case:
        later = SavedPicture(0, 80, "frame 2", "", "overlays: none; zoom 100 %", "R. Roe", AT)
        earlier = replace(later, pts=40, label="ear", filters="error_level 90 30")
        later, earlier = case.annotations.put(later), case.annotations.put(earlier)
        assert case.annotations.pictures() == (earlier, later)
        renamed = case.annotations.put(replace(earlier, label="left ear"))
        case.annotations.remove(later)
        assert case.annotations.pictures() == (renamed,)
        said = [(entry.action, entry.detail) for entry in case.audit()]
    assert [action for action, _ in said] == ["picture added", "picture added", "picture changed", "picture removed"]
    assert said[1][1] == "pts 40: ear, filters: error_level 90 30; overlays: none; zoom 100 %"


def test_notes_and_bookmarks_are_kept_and_the_log_cannot_be_changed(tmp_path: Path):
    with CaseFile.open(tmp_path / "a.inspector") as case:
        case.set_case_info(CaseInfo(name="Case 7", examiner="R. Roe"))
        note = case.annotations.put(Note(0, "R. Roe", AT, "The ear flickers.", 40, 80))
        mark = case.annotations.put(Bookmark(0, 80, "ear", AT))
        assert (case.annotations.notes(), case.annotations.bookmarks()) == ((note,), (mark,))
        changed = case.annotations.put(replace(mark, label="left ear"))
        assert case.annotations.bookmarks() == (changed,)
        case.annotations.remove(note)
        case.annotations.remove(changed)
        assert (case.annotations.notes(), case.annotations.bookmarks()) == ((), ())
        assert case.annotations.put(note) == note, "undoing a removal gives the same note again"
        said = [entry.action for entry in case.audit()]
        assert said == ["cover changed", "cover changed", "note added", "bookmark added", "bookmark changed",
                        "note removed", "bookmark removed",
                        "note restored"]  # fmt: skip
        assert case.case_info().name == "Case 7"
    with sqlite3.connect(tmp_path / "a.inspector") as raw, pytest.raises(sqlite3.IntegrityError, match="never changed"):
        raw.execute("DELETE FROM audit")
    raw.close()


@pytest.mark.parametrize("content", [b"\0" * 4096, b"no database at all", b"SQLite format 3\0" + b"\xff" * 4000])
def test_a_file_that_is_no_case_is_named_and_left_alone(tmp_path: Path, content: bytes):
    path = tmp_path / "x.inspector"
    path.write_bytes(content)
    with pytest.raises(CaseError, match=r"x\.inspector"):
        CaseFile.open(path)
    assert path.read_bytes() == content


def test_another_program_s_database_is_refused(tmp_path: Path):
    raw = sqlite3.connect(tmp_path / "other.db")
    raw.execute("CREATE TABLE t (x)")
    raw.close()
    with pytest.raises(CaseError, match="not a case file"):
        CaseFile.open(tmp_path / "other.db")


def test_damaged_entries_are_refused(tmp_path: Path):
    path = tmp_path / "a.inspector"
    with CaseFile.open(path) as case:
        case.append(case.begin(CLIP, Settings(), "m"), batch(), {})
    raw = sqlite3.connect(path)
    raw.execute("UPDATE analyses SET clip = '{\"path\": 3}'")
    raw.execute("UPDATE faces SET landmarks = x'00'")
    raw.commit()
    raw.close()
    with CaseFile.open(path) as case:
        with pytest.raises(CaseError, match="damaged"):
            case.read(1).clip()
        with pytest.raises(CaseError, match="landmarks"):
            list(case.read(1).faces())


def test_a_missing_case_is_not_made_when_it_should_exist(tmp_path: Path):
    with pytest.raises(CaseError, match="does not exist"):
        CaseFile.open(tmp_path / "none.inspector", create=False)
    assert not (tmp_path / "none.inspector").exists()
    with pytest.raises(CaseError, match="folder"):
        CaseFile.open(tmp_path)


def test_a_case_that_cannot_be_begun_blames_the_folder(tmp_path: Path):
    with pytest.raises(CaseError, match=r"a\.inspector cannot be written \(No such .*\); .* check the permissions"):
        CaseFile.open(tmp_path / "not there" / "a.inspector")


def test_a_file_that_is_just_being_begun_is_none_yet(tmp_path: Path):
    path = tmp_path / "case.inspector"
    path.touch()
    assert not CaseFile.exists(path)
    assert outcome_of(path, "0" * 64) == Outcome()


def test_of_two_that_begin_one_file_both_can_write(tmp_path: Path, monkeypatch):
    monkeypatch.setattr(CaseDatabase, "exists", staticmethod(lambda path: False))
    with CaseFile.open(tmp_path / "case.inspector") as first:
        first.set_case_info(CaseInfo(name="from the first"))
        with CaseFile.open(tmp_path / "case.inspector") as second:
            second.log("begun", "from the second")
        assert first.case_info().name == "from the first"
        assert [entry.detail for entry in first.audit()][1:] == ["from the second"]


def test_signals_are_read_by_track_and_range(tmp_path: Path):
    rng = np.random.default_rng(0)
    blocks = [SignalBlock(1, np.arange(n, n + 4) * 40, rng.normal(size=(7, 4)).astype(np.float32)) for n in (0, 4, 8)]
    other = SignalBlock(2, np.arange(3) * 40, np.zeros((7, 3), np.float32))
    with CaseFile.open(tmp_path / "a.inspector") as case:
        number = case.begin(CLIP, Settings(), "m")
        for at, block in enumerate(blocks):
            case.append(number, Batch((), (), (), signals=(block, other) if at == 0 else (block,)), {})
        stored = case.read(number)
        assert stored.signal_names() == tuple(name for name, _ in SERIES)
        whole, part = stored.signals(1), stored.signals(1, 120, 241)
        assert [(s.name, s.unit) for s in whole] == list(SERIES)
        assert whole[2].pts.tolist() == [n * 40 for n in range(12)]
        assert np.array_equal(whole[2].values, np.concatenate([b.values[2] for b in blocks]).astype(np.float64))
        assert part[0].pts.tolist() == [120, 160, 200, 240], "from two blocks"
        assert len(stored.signals(2)[0].pts) == 3
        assert stored.signals(3) == ()
        with case.database.transaction() as db:
            db.execute("UPDATE signals SET measured = x'00'")
        with pytest.raises(CaseError, match="signals have an unexpected size"):
            stored.signals(1)


def test_signals_of_older_files_are_moved_out_of_the_result(tmp_path: Path):
    path = tmp_path / "old.inspector"
    old = [
        {"track_id": 1, "name": "yaw", "unit": "degrees", "pts": list(range(5000)), "values": [1.5] * 4999 + [None]},
        {"track_id": 1, "name": "roll", "unit": "degrees", "pts": list(range(5000)), "values": [2.5] * 5000},
    ]
    with CaseFile.open(path) as case:
        case.begin(CLIP, Settings(), "m")
        interrupted = case.begin(CLIP, Settings(every=2), "m")
        case.append(interrupted, batch(), {"last_pts": 80})
    with sqlite3.connect(path) as raw:
        raw.execute("UPDATE analyses SET result = ? WHERE id = 1", (json.dumps({"signals": old, "kept": 1}),))
        raw.executescript(_AS_VERSION_5 + "PRAGMA user_version = 5;")
    raw.close()
    admit(path)
    with CaseFile.open(path) as case:
        yaw, roll = case.read(1).signals(1)
        assert (yaw.name, roll.name) == ("yaw", "roll")
        assert yaw.pts.tolist() == list(range(5000))
        assert np.array_equal(yaw.values, [1.5] * 4999 + [np.nan], equal_nan=True)
        assert set(roll.values) == {2.5}
        assert case.read(1).signals(1, 4990, 5100)[0].pts.tolist() == list(range(4990, 5000))
        ((result,),) = case.database.rows("SELECT result FROM analyses WHERE id = 1")
        assert json.loads(result) == {"kept": 1}
        signals = {s.name: s for s in case.read(interrupted).signals(1)}
        assert signals["yaw"].values.tolist() == [1.0, 1.0], "measured again for what goes on from here"
        assert signals["eye aspect ratio"].values[0] == pytest.approx(eye_aspect_ratio(landmarks(0).points), abs=1e-6)


def test_faces_have_names_since_version_9_and_an_older_chained_file_is_taken_in(tmp_path: Path):
    path = tmp_path / "old.inspector"
    with CaseFile.open(path) as case:
        case.annotations.put(Note(0, "R. Roe", AT, "seen", 40))
    with sqlite3.connect(path) as raw:
        raw.executescript("DROP TABLE names; PRAGMA user_version = 8;")
    raw.close()
    admit(path)
    with CaseFile.open(path) as case:
        named = case.annotations.put(FaceName(0, AT, 1, "minister", "R. Roe", AT))
        case.annotations.put(replace(named, name="the minister"))
        assert [each.name for each in case.annotations.names()] == ["the minister"]
        assert case.database.log_problems() == ()
        case.annotations.remove(named)
        assert case.annotations.names() == ()
        assert [(entry.action, entry.detail) for entry in case.audit()][-3:] == [
            ("name added", "Face 1: minister"), ("name changed", "Face 1: the minister"),
            ("name removed", "Face 1: minister"),
        ]  # fmt: skip
