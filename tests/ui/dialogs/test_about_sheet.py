"""The sheets about the program and about reading a result."""

from dataclasses import replace

import pytest
from PySide6.QtWidgets import QWidget

from inspector import __version__
from inspector.domain.analysis import Conclusion
from inspector.domain.model_card import DeepCard, DeepLimits, Platt
from inspector.engine import installation
from inspector.engine.installation import KeyPlace
from inspector.engine.process.confine import apply, attempts, macos, windows
from inspector.ui.dialogs import about_sheet
from inspector.ui.dialogs.about_sheet import AboutSheet, ReadingSheet
from inspector.ui.widgets.labels import PlainLabel
from tests.ui.fake_engine import CARD
from tests.ui.pseudo import PseudoLanguage, untranslated


def texts(sheet):
    return [label.text() for label in sheet.findChildren(PlainLabel)]


def test_about_names_versions_model_and_licences(qtbot):
    parent = QWidget()
    qtbot.addWidget(parent)
    said = texts(AboutSheet(CARD, parent))
    assert __version__ in said
    assert CARD.sha256 in said
    assert any(text.startswith("PySide6") for text in said)
    assert "The player has not started yet." in texts(AboutSheet(None, parent))
    assert "<b>seccomp</b>" in texts(AboutSheet(None, parent, ("", "<b>seccomp</b>"))), "as text: a process says it"


@pytest.mark.parametrize("system", ["linux", "windows", "macos"])
def test_how_processes_are_confined_is_said_in_the_windows_language(system, monkeypatch, qtbot):
    for act in ("starts_program", "reaches_network", "reads", "writes"):
        monkeypatch.setattr(attempts, act, lambda *_: False)
    monkeypatch.setattr(apply, "_create_gpu_devices", lambda: None)
    monkeypatch.setattr(apply.privileges, "drop", lambda: None)
    monkeypatch.setattr(apply.landlock, "restrict", lambda _rules: None)
    monkeypatch.setattr(apply.seccomp, "restrict", lambda: system == "linux")
    said = {
        "linux": lambda: ["It gets at most 23.5 GiB of memory.", *apply._restrict_linux([], [])],
        "windows": lambda: windows.restrict("", only_reads=False, kernel=object(), security=object()),
        "macos": lambda: macos.restrict([], [], [], object()),
    }[system]()
    with PseudoLanguage():
        shown = about_sheet.confinement_text(" ".join(said))
    names = set("GiB Landlock seccomp object has attribute GetCurrentProcess sandbox init missing".split())
    assert "⟦" in shown
    assert untranslated(shown, names) == []


def test_about_names_the_weights_of_both_networks(qtbot):
    parent = QWidget()
    qtbot.addWidget(parent)
    half, limits = (0.5, 0.5, 0.5), DeepLimits(Platt(1.0, 0.0), (), 1.0, None, "clips")
    deep = DeepCard("ef" * 32, "lora", {}, 224, half, half, "body", limits, limits)
    said = texts(AboutSheet(replace(CARD, deep=deep), parent))
    assert {"ef" * 32, CARD.sha256} <= set(said), "the deep one decides"


def test_about_says_where_the_key_lies(qtbot, monkeypatch):
    def said(place):
        monkeypatch.setattr(about_sheet, "key_place", lambda: place)
        return texts(AboutSheet(None, parent))

    parent = QWidget()
    qtbot.addWidget(parent)
    assert "It is made when the first clip is opened." in said(KeyPlace(is_made=False))
    assert "It lies in a file that only you can read." in said(KeyPlace(is_made=True))
    assert "It lies in the macOS Keychain." in said(KeyPlace(is_made=True, store="macOS Keychain"))
    lost = KeyPlace(is_made=True, store="Secret Service", lost_at="2026-11-27T12:00:00+00:00")
    assert any("made anew at 2026-11-27" in text and "counts as imported" in text for text in said(lost))


def test_why_the_key_cannot_be_read_is_said_in_the_windows_language(monkeypatch, tmp_path, qapp):
    monkeypatch.setattr(installation, "key_path", lambda: tmp_path)  # a folder
    with PseudoLanguage():
        said = about_sheet.key_text()
    assert str(tmp_path) in said
    assert not untranslated(said.replace(str(tmp_path), ""))


def test_how_to_read_a_result_has_every_conclusion(qtbot):
    parent = QWidget()
    qtbot.addWidget(parent)
    said = texts(ReadingSheet(parent))
    assert all(str(conclusion).capitalize() in said for conclusion in Conclusion)
