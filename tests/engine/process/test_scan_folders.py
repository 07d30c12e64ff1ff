"""Report folders of a scan: one per content, settings and model; nothing is shared, overwritten or emptied."""

import hashlib
import json
import os
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar

import pytest

from inspector.domain.case import CaseInfo
from inspector.domain.errors import InspectorError
from inspector.domain.settings import Settings
from inspector.engine.case.case_file import CaseFile
from inspector.engine.process import protocol
from inspector.engine.process import scan as scanning
from inspector.engine.process.report_folders import CASE_NAME, ReportFolders
from inspector.engine.process.scan import scan
from inspector.engine.process.scanned import KEPT, ScannedClip, ScanSummary
from tests.engine.report.conftest import build

_CLIP, _FRAME = b"\x00\x00\x00\x18ftypisom", b"\x01" * 64  # looks like a clip; the engine here does not look


class Engine:
    """An engine in this process that finishes every analysis at once and writes the smallest report."""

    analysed: ClassVar[list[str]] = []
    prepared: ClassVar[list[int]] = []  # how many inputs were analysed before networks were loaded
    asked: ClassVar[list[str]] = []
    is_failing = False
    full_from = 99  # which analysis finds a full disk

    def __init__(self, _access: object = None, threads: int | None = None) -> None:
        pass

    def __enter__(self) -> "Engine":
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def allow(self, _access: object) -> None:
        pass

    def prepare(self, settings: Settings) -> None:
        self.prepared.append(len(self.analysed))

    def ask(self, request: Callable[[int], protocol.Message], is_cancelled: object = None) -> Iterator[protocol.Answer]:
        message = request(1)
        if isinstance(message, protocol.Analyze):
            self.asked.append(message.clip_path)
            if len(self.asked) > self.full_from:
                yield protocol.Failed(1, "report: no room.", is_disk_full=True)
                return
            if self.is_failing:
                yield protocol.Failed(1, f"{message.clip_path} is no clip.")
                return
            yield from self._analysed(message)
        elif isinstance(message, protocol.WriteReport):
            with CaseFile.open(Path(message.case_path)) as case:
                started_at = case.read(message.analysis_id).started_at()
            for name, value in (
                ("report.json", {"started_at": started_at}),
                ("report.pdf", {}),
                ("MANIFEST.sha256", {}),
            ):
                if name == "report.pdf" and not message.has_pdf:
                    continue
                (Path(message.folder) / name).write_text(json.dumps(value))
            yield protocol.ReportDone(1, ())

    def _analysed(self, message: protocol.Analyze) -> Iterator[protocol.Answer]:
        made = build(4, 1).analysis
        size = Path(message.clip_path).stat().st_size
        clip = replace(made.clip, path=message.clip_path, sha256=message.sha256, size_bytes=size)
        with CaseFile.open(Path(message.case_path)) as case:
            known = case.matching(message.sha256, message.settings, "m")
            number = case.begin(clip, message.settings, "m") if known is None else known.analysis_id
            analysis = case.read(number).result()
        if analysis is None:
            yield protocol.Started(1, number, 4, 0, "cpu", None)
            with CaseFile.open(Path(message.case_path)) as case:
                self.analysed.append(message.clip_path)
                analysis = replace(
                    made, clip=clip, settings=message.settings, started_at=case.read(number).started_at()
                )
                case.finish(number, analysis)
        yield protocol.AnalysisDone(1, number, analysis)


class Silent:
    """Keeps what is told."""

    def __init__(self) -> None:
        self.warnings: list[str] = []
        self.stages: list[str] = []
        self.lock = threading.Lock()

    def stage(self, path: Path, what: str, percent: int | None = None) -> None:
        with self.lock:
            self.stages.append(what)

    def started(self, path: Path, frames_total: int | None, frames_done: int) -> None: ...
    def worked(self, path: Path, frames: float) -> None: ...
    def advanced(self, path: Path, frames: int, faces: int) -> None: ...
    def finished(self, clip: ScannedClip) -> None: ...
    def stopping(self) -> None: ...

    def warned(self, path: Path, sentence: str) -> None:
        with self.lock:
            self.warnings.append(sentence)


@pytest.fixture(autouse=True)
def engine(monkeypatch: pytest.MonkeyPatch) -> type[Engine]:
    monkeypatch.setattr(scanning, "EngineProcess", Engine)
    monkeypatch.setattr(scanning, "_model", lambda _settings: ("m", "made up 1"))
    monkeypatch.setattr(Engine, "analysed", [])
    monkeypatch.setattr(Engine, "prepared", [])
    monkeypatch.setattr(Engine, "asked", [])
    monkeypatch.setattr(Engine, "is_failing", False)
    monkeypatch.setattr(Engine, "full_from", 99)
    return Engine


def clip_at(path: Path, content: bytes = b"") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(_CLIP + content + _FRAME)
    return path


def run(paths: list[Path], out: Path, settings: Settings | None = None, info: CaseInfo | None = None) -> ScanSummary:
    return scan(paths, out, settings or Settings(), info or CaseInfo(), 2, Silent())


def folders(summary: ScanSummary) -> list[str]:
    assert all(clip.status == "analysed" for clip in summary.clips), summary
    return [clip.folder for clip in summary.clips]


def content_of(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_two_clips_of_one_name_have_folders_of_their_own(tmp_path: Path):
    one, two = clip_at(tmp_path / "a" / "clip.mp4", b"one"), clip_at(tmp_path / "b" / "clip.mp4", b"two")
    first = folders(run([one], tmp_path / "out"))
    kept = content_of(tmp_path / "out" / first[0])
    second = folders(run([two], tmp_path / "out"))
    assert first != second
    assert all(name.startswith("clip-") for name in first + second)
    assert content_of(tmp_path / "out" / first[0]) == kept


def test_a_grown_folder_scanned_again_leaves_former_reports_as_they_are(tmp_path: Path):
    clip_at(tmp_path / "in" / "b.mp4", b"b")
    first = folders(run([tmp_path / "in"], tmp_path / "out"))
    kept = content_of(tmp_path / "out" / first[0])
    clip_at(tmp_path / "in" / "a" / "b.mp4", b"new, of the same name, and sorted before")
    clip_at(tmp_path / "in" / "a.mp4", b"a")
    summary = run([tmp_path / "in"], tmp_path / "out")
    names = folders(summary)
    assert len(set(names)) == 3
    assert [clip.reason for clip in summary.clips if clip.folder == first[0]] == [KEPT]
    assert content_of(tmp_path / "out" / first[0]) == kept
    assert len(Engine.analysed) == 3, "each once"


def test_the_same_content_twice_has_two_folders_and_each_finds_its_own_again(tmp_path: Path):
    paths = [clip_at(tmp_path / place / "clip.mp4") for place in ("a", "b")]
    first = folders(run(paths, tmp_path / "out"))
    assert len(set(first)) == 2
    assert folders(run(paths[::-1], tmp_path / "out")) == first[::-1]
    assert len(Engine.analysed) == 2


def test_former_folders_are_listed_once_however_many_files_there_are(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    paths = [clip_at(tmp_path / f"{number}.mp4", bytes([number])) for number in range(4)]
    first = folders(run(paths[:2], tmp_path / "out"))
    listed: list[Path] = []
    iterdir = Path.iterdir

    def noted(folder: Path) -> Iterator[Path]:
        listed.append(folder)
        return iterdir(folder)

    former = ReportFolders(tmp_path / "out", Settings(), "m")
    monkeypatch.setattr(Path, "iterdir", noted)
    hashes = [hashlib.sha256(path.read_bytes()).hexdigest() for path in paths]
    found = [former.claim(path, sha256) for path, sha256 in zip(paths, hashes, strict=True)]
    assert [folder.path.name for folder in found[:2]] == first
    assert [folder.analysis_id for folder in found] == [1, 1, None, None]
    assert listed == [tmp_path / "out"]


def test_evidence_that_was_moved_or_renamed_is_known_by_its_content(tmp_path: Path):
    path = clip_at(tmp_path / "a.mp4")
    first = folders(run([path], tmp_path / "out"))
    moved = path.rename(tmp_path / "renamed.mp4")
    assert folders(run([moved], tmp_path / "out")) == first
    with CaseFile.open(tmp_path / "out" / first[0] / "case.inspector") as case:
        assert case.read(1).clip().path == str(moved)


def test_other_settings_or_another_model_get_a_folder_beside_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    path, out = clip_at(tmp_path / "a.mp4"), tmp_path / "out"
    (first,) = folders(run([path], out))
    kept = content_of(out / first)
    (second,) = folders(run([path], out, Settings(every=2)))
    assert second == f"{first}-2"
    assert content_of(out / first) == kept
    assert folders(run([path], out, Settings(every=2))) == [second]
    assert folders(run([path], out)) == [first]


def test_a_second_analysis_in_the_case_file_does_not_take_the_report_of_the_first(tmp_path: Path):
    """The window analyses into the same case file; the report beside it is of the first analysis."""
    path, out = clip_at(tmp_path / "a.mp4"), tmp_path / "out"
    (first,) = folders(run([path], out))
    case_path = out / first / "case.inspector"
    with CaseFile.open(case_path) as case:
        request = protocol.Analyze(1, str(path), str(case_path), Settings(every=2), case.read(1).clip().sha256)
    Engine()._analysed(request)
    kept = (out / first / "report.json").read_bytes()
    with CaseFile.open(case_path) as case, case.database.transaction() as db:
        db.execute("UPDATE analyses SET started_at = '2030-01-01T00:00:00+00:00' WHERE id = 2")
    assert folders(run([path], out, Settings(every=2))) == [f"{first}-2"]
    assert (out / first / "report.json").read_bytes() == kept


@pytest.mark.parametrize("linked", ["", "case.inspector"])
def test_links_in_the_output_folder_lead_nothing_elsewhere(tmp_path: Path, linked: str):
    clip, out, elsewhere = clip_at(tmp_path / "a.mp4"), tmp_path / "out", tmp_path / "elsewhere"
    (first,) = scan([clip], out, Settings(), CaseInfo(), 1, Silent()).clips
    (out / first.folder / linked).rename(elsewhere)
    (out / first.folder / linked).symlink_to(elsewhere)
    files = [elsewhere] if elsewhere.is_file() else sorted(elsewhere.iterdir())
    before = [path.read_bytes() for path in files]
    (out / "summary.json").unlink()
    (out / "summary.json").symlink_to(clip)
    (again,) = scan([clip], out, Settings(), CaseInfo(), 1, Silent()).clips
    assert (again.status, again.folder) == ("analysed", f"{first.folder}-2")
    assert [path.read_bytes() for path in files] == before
    assert clip.read_bytes() != (out / "summary.json").read_bytes()


@pytest.mark.parametrize(
    "make", [os.mkfifo, lambda path: path.write_text("none"), lambda path: path.symlink_to("gone")]
)
def test_a_manifest_that_is_none_is_named_before_the_work(tmp_path: Path, engine: type[Engine], make: Callable):
    (tmp_path / "out").mkdir()
    make(tmp_path / "out" / "MANIFEST.sha256")
    with pytest.raises(InspectorError, match="cannot be used as output folder"):
        scan([clip_at(tmp_path / "a.mp4")], tmp_path / "out", Settings(), CaseInfo(), 1, Silent())
    assert engine.analysed == []


@pytest.mark.parametrize("content", ["[" * 100_000, '{"started_at": ' + "[" * 100_000, "{}", '{"started_at": 1}'])
def test_a_report_that_is_none_beside_a_known_case_file_is_no_obstacle(tmp_path: Path, content: str):
    clip = clip_at(tmp_path / "a.mp4")
    (first,) = scan([clip], tmp_path / "out", Settings(), CaseInfo(), 1, Silent()).clips
    (tmp_path / "out" / first.folder / "report.json").write_text(content)
    (again,) = scan([clip], tmp_path / "out", Settings(), CaseInfo(), 1, Silent()).clips
    assert again.status == "analysed"
    assert again.folder


def test_a_folder_of_somebody_else_is_left_alone(tmp_path: Path):
    path, out = clip_at(tmp_path / "a.mp4"), tmp_path / "out"
    (first,) = folders(run([path], tmp_path / "elsewhere"))
    (out / first).mkdir(parents=True)
    (out / first / "thesis.txt").write_text("mine")
    (out / f"{first}-2").mkdir()
    (out / f"{first}-2" / "case.inspector").write_text("no case file")
    assert folders(run([path], out)) == [f"{first}-3"]
    assert content_of(out / first) == {"thesis.txt": b"mine"}


def test_the_examiners_cover_stays_and_every_change_is_logged(tmp_path: Path):
    path, out = clip_at(tmp_path / "a.mp4"), tmp_path / "out"
    (folder,) = folders(run([path], out, info=CaseInfo(name="Case 1")))
    with CaseFile.open(out / folder / "case.inspector") as case:
        created_at = case.case_info().created_at
        case.set_case_info(replace(case.case_info(), organisation="Desk", exhibit="A-17"))
    progress = Silent()
    report = (out / folder / "MANIFEST.sha256").stat().st_mtime_ns
    scan([path], out, Settings(), CaseInfo(name="Case 2", examiner="R. Roe"), 1, progress)
    with CaseFile.open(out / folder / "case.inspector") as case:
        assert case.case_info() == CaseInfo("Case 1", "R. Roe", "Desk", "A-17", created_at)
        assert created_at
        changes = [entry.detail for entry in case.audit() if entry.action == "cover changed"]
    assert changes == [
        "case name: “Case 1” (was “”)", "organisation: “Desk” (was “”)", "exhibit: “A-17” (was “”)",
        "examiner: “R. Roe” (was “”)",
    ]  # fmt: skip
    assert progress.warnings == [
        "The cover keeps its case name “Case 1”; change it in the window if it should be “Case 2”."
    ]
    assert (out / folder / "MANIFEST.sha256").stat().st_mtime_ns > report, "the report has the new cover"


def test_nothing_is_left_of_an_input_that_failed_and_other_files_stay(tmp_path: Path, engine: type[Engine]):
    engine.is_failing = True
    path, out = clip_at(tmp_path / "a.mp4"), tmp_path / "out"
    (clip,) = run([path], out).clips
    assert (clip.status, clip.folder) == ("failed", "")
    assert sorted(p.name for p in out.iterdir()) == ["MANIFEST.sha256", "summary.html", "summary.json"]


def test_a_name_that_is_too_long_is_one_sentence(tmp_path: Path):
    (clip,) = run([tmp_path / ("x" * 300 + ".mp4")], tmp_path / "out").clips
    assert clip.status == "failed"
    assert "File name too long" in clip.reason
    assert "\n" not in clip.reason


def test_what_cannot_be_read_is_in_the_summary_and_fails_the_scan(tmp_path: Path):
    clip_at(tmp_path / "in" / "a.mp4")
    (tmp_path / "in" / "gone.mp4").symlink_to(tmp_path / "missing")
    os.mkfifo(tmp_path / "in" / "pipe.mp4")
    run([tmp_path / "in"], tmp_path / "in" / "out")
    summary = json.loads((tmp_path / "in" / "out" / "summary.json").read_text())
    assert {Path(c["path"]).name: c["status"] for c in summary["clips"]} == {"a.mp4": "analysed", "gone.mp4": "failed"}
    assert {Path(entry["path"]).name for entry in summary["left_out"]} == {"pipe.mp4", "out"}
    assert all(entry["reason"].endswith(".") for entry in summary["left_out"])


def test_a_folder_in_the_place_of_the_signature_is_one_sentence(tmp_path: Path):
    (tmp_path / "out" / "MANIFEST.sha256.sig").mkdir(parents=True)
    with pytest.raises(InspectorError, match=r"MANIFEST\.sha256 cannot be written"):
        run([clip_at(tmp_path / "a.mp4")], tmp_path / "out")


def test_less_than_a_report_is_written_on_request_and_more_later(tmp_path: Path, engine: type[Engine]):
    path, out = clip_at(tmp_path / "a.mp4"), tmp_path / "out"
    left: list[set[str]] = []
    for kind in ("none", "json", "json", "pdf"):
        progress = Silent()
        summary = scan([path], out, Settings(), CaseInfo(), 1, progress, report=kind)
        left.append({found.name for found in (out / folders(summary)[0]).iterdir() if found.name.startswith("report")})
    assert left == [set(), {"report.json"}, {"report.json"}, {"report.json", "report.pdf"}]
    assert len(engine.analysed) == 1
    assert progress.stages[-1] == "writing the report"


def prepares(engine: type[Engine], path: Path, out: Path, settings: Settings | None = None, **asked: Any) -> bool:
    """Whether a scan has networks loaded, which it does before it reads the file."""
    engine.prepared.clear()
    before = len(engine.analysed)
    folders(scan([path], out, settings or Settings(), CaseInfo(), 1, Silent(), **asked))
    assert engine.prepared in ([], [before])
    return engine.prepared == [before]


def test_networks_are_loaded_while_a_file_is_hashed_but_for_one_whose_report_is_there(
    tmp_path: Path, engine: type[Engine]
):
    path, out = clip_at(tmp_path / "a.mp4"), tmp_path / "out"
    assert prepares(engine, path, out, report="json")
    assert not prepares(engine, path, out, report="json")
    assert prepares(engine, path, out), "its PDF is missing"
    assert not prepares(engine, path, out)
    assert prepares(engine, clip_at(tmp_path / "b.mp4", b"b"), out), "it is new"
    assert prepares(engine, clip_at(path, b"longer"), out), "it is another one of that name"
    assert prepares(engine, path, out, Settings(every=2)), "the settings are others"
    assert len(engine.analysed) == 4


def test_an_engine_that_finds_no_input_left_loads_nothing(tmp_path: Path, engine: type[Engine]):
    (tmp_path / "in").mkdir()
    scan([tmp_path / "in"], tmp_path / "out", Settings(), CaseInfo(), 1, Silent())
    assert engine.prepared == []


def test_a_case_file_of_another_file_of_the_same_name_is_not_touched(tmp_path: Path):
    """Another installation may be scanning it into the same folder: an import would replace it meanwhile."""
    made, folder = build(4, 1).analysis, tmp_path / "out" / f"a-{'0' * 12}"
    folder.mkdir(parents=True)
    with CaseFile.open(folder / CASE_NAME) as case:
        case.finish(case.begin(made.clip, Settings(), "m"), made)  # without a signature of this one
    stored = (folder / CASE_NAME).read_bytes()
    folders(run([clip_at(tmp_path / "a.mp4")], tmp_path / "out"))
    assert (folder / CASE_NAME).read_bytes() == stored
    assert [path.name for path in folder.iterdir()] == [CASE_NAME]
