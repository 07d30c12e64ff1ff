"""Errors of the engine are shown in the window's language, wherever they come from, with file names as they are."""

import errno
import re
from unittest.mock import Mock

import pytest
from PySide6.QtCore import QCoreApplication

from inspector.domain.errors import ClipError, InspectorError
from inspector.domain.settings import Settings
from inspector.engine import faults
from inspector.engine.analysis.pipeline import _Run
from inspector.engine.decode.container import MediaSource, open_container
from inspector.engine.decode.display_order import NO_REFERENCE, NO_REFERENCE_AT_SEAM
from inspector.engine.decode.evidence import check_file, detect_kind
from inspector.engine.decode.formats.sample_table import OtherCodec
from inspector.engine.decode.timing import avi_places, end_gap, losses
from inspector.engine.decode.timing.file_end import CUT_IN_PACKET, FileEnd
from inspector.engine.process.endings import ended_text, player_ended_text, stalled_text
from inspector.engine.process.scan_inputs import find_inputs
from inspector.ui.state import Notice
from inspector.ui.widgets import language
from inspector.ui.widgets.engine_text import error_sentences, shown
from tests.ui.pseudo import PseudoLanguage, untranslated


def test_each_sentence_of_an_error_is_recognised():
    """With numbers for what varies, so that no word of a sentence may stay outside of the translation."""
    with PseudoLanguage():
        left = {text: said for text in error_sentences() if untranslated(said := shown(re.sub(r"\{\w+\}", "7", text)))}
    assert left == {}


def test_why_pictures_are_missing():
    """Gaps carry their reason, which the timeline, the *Clip* tab and the place of the picture show."""
    zeros = FileEnd(zeros=7, zeros_at=77).zeros_text
    said = [
        CUT_IN_PACKET,
        NO_REFERENCE,
        NO_REFERENCE_AT_SEAM,
        zeros,
        end_gap._ESTIMATED.format(reason=zeros),
        FileEnd(unread_tail=7).unread_text,
        end_gap._cause(FileEnd(missing_bytes=7), ""),
        losses.SHORTER.format(count=7),
        *(avi_places._reason(count) for count in (1, 7000)),
    ]
    for count in (1, 7000):
        run = OtherCodec(0, count, "7")
        said += [losses.other_codec(run), losses.with_other_codecs([], [run])[0].reason]
    with PseudoLanguage():
        assert {text: shown(text) for text in said if untranslated(shown(text))} == {}


def refused(tmp_path):
    """The sentences of files that are refused, as the engine says them."""
    (tmp_path / "empty 7.mp4").touch()
    (tmp_path / "7").mkdir()
    for name in ("empty 7.mp4", "7", "8.mp4"):
        with pytest.raises(ClipError) as caught:
            check_file(tmp_path / name)
        yield str(caught.value), name
    for head in (b"PK\x03\x04", b"%PDF-", b"ID3", b"\x7fELF", b"hello, this is text\n" * 9):
        with pytest.raises(ClipError) as caught:
            detect_kind(tmp_path / "7.mp4", head)
        yield str(caught.value), "7.mp4"
    for head in (b"\0\0\0\x18ftypisom", b"\0\0\0\x18styp", b"\0" * 64):
        (tmp_path / "9.mp4").write_bytes(head + b"\0" * 200)
        with pytest.raises(ClipError) as caught:
            open_container(MediaSource(tmp_path / "9.mp4"))
        yield str(caught.value), "9.mp4"


def test_files_that_are_refused(tmp_path):
    with PseudoLanguage():
        for said, name in refused(tmp_path):
            assert name in shown(said)
            assert not untranslated(shown(said).replace(str(tmp_path), "").replace(name, "")), said


def test_a_part_of_a_clip_without_a_picture():
    run = Mock(spec=_Run, _decoded=0, _gaps=[], _clip=Mock(path="/a.mp4"))
    with PseudoLanguage():
        for start, end in ((5.0, 1.0), (5.0, None), (None, 0.0)):
            run._settings = Settings(start_seconds=start, end_seconds=end)
            with pytest.raises(ClipError) as raised:
                _Run.require_frames(run)
            assert not untranslated(shown(str(raised.value)).replace("a.mp4", "")), raised.value


def test_files_and_folders_that_cannot_be_added_to_a_case(tmp_path, monkeypatch):
    folder = tmp_path / "in"
    (folder / "7").mkdir(parents=True)
    for name, target in (("loop.mp4", "loop.mp4"), ("gone.mp4", "7.mp4"), ("out.mp4", "/proc/self/environ")):
        (folder / name).symlink_to(target)
    found = find_inputs([folder, folder / "7"]).unreadable
    monkeypatch.setattr("pathlib.Path.iterdir", Mock(side_effect=PermissionError(errno.EACCES, "Permission denied")))
    found += find_inputs([folder]).unreadable
    assert len(found) == 5
    with PseudoLanguage():
        left = {each.reason: untranslated(shown(each.reason).replace(str(each.path), "")) for each in found}
    assert not any(left.values()), left


def test_ends_of_processes_and_errors_of_the_program(tmp_path, monkeypatch):
    monkeypatch.setattr(faults, "log_path", lambda: tmp_path / "7.log")
    said = [
        stalled_text(30.0),
        ended_text(9, b"", by_signal=True, was_ready=True),
        ended_text(11, b"", by_signal=True, was_ready=False),
        ended_text(1, b"", by_signal=False, was_ready=True),
        player_ended_text("7.mp4", 6, b"", by_signal=True),
        str(faults.describe(OSError(errno.ENOSPC, "No space left on device", "/7"), "writing the report into /7")),
        str(faults.describe(OSError(errno.EACCES, "Permission denied"), "making the heat map of Face 2")),
        str(faults.describe(MemoryError(), "opening a clip")),
        str(faults.describe(KeyError("7"), "analysing 7.mp4")),
    ]
    with PseudoLanguage():
        for text in said:
            left = untranslated(shown(text).replace(str(tmp_path), ""), {"mp4", "log", "KeyError"})
            assert not [word for word in left if not word.startswith("SIG")], shown(text)


def test_a_name_that_is_a_word_stays_a_name():
    with PseudoLanguage():
        assert shown("missing is empty (0 bytes); copy it again from its source.").startswith("missing⟦")
        assert shown("A sentence that nobody marked.") == "A sentence that nobody marked."


@pytest.fixture
def in_german(qapp, monkeypatch):
    """Windows are German; the application outlives the test, so it is given back as it was."""
    monkeypatch.setenv(language.VARIABLE, "de")
    yield
    monkeypatch.setenv(language.VARIABLE, "en")
    language.install(qapp, "en")


def test_the_window_shows_a_refused_file_in_german(in_german, make_window, tmp_path, qtbot):
    window = make_window()
    (tmp_path / "leer.mp4").touch()
    window.controller.open_path(tmp_path / "leer.mp4")
    qtbot.waitUntil(lambda: bool(window.message_bar.text))
    expected = "leer.mp4 ist leer (0 Byte); kopieren Sie die Datei erneut von ihrer Quelle."
    assert window.message_bar.text == expected


def test_the_report_of_a_fault_can_still_be_copied(in_german, make_window):
    window = make_window()
    fault = faults.describe(KeyError("7"), "opening a clip")
    window.session.post(Notice(str(fault), is_problem=True))
    assert window.message_bar.text.startswith("Deepfake Inspector hat einen Fehler gemacht")
    window.message_bar._button.click()
    assert "KeyError" in QCoreApplication.instance().clipboard().text()
    assert isinstance(fault, InspectorError)
