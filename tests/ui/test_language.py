"""The window in another language: nothing stays English by mistake, the setting works, time runs from left to right."""

import ast
import re

import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QApplication, QDialog

from inspector.ui import preferences
from inspector.ui.preferences import Preferences
from inspector.ui.timeline.marks import Mark
from inspector.ui.timeline.text import marks_of
from inspector.ui.widgets import language
from inspector.ui.widgets.language import capital, english, language_of, plural, tr
from inspector.ui.window.menus import with_mnemonics
from tests.test_docs import ROOT
from tests.ui.conftest import analyse, wait_shown
from tests.ui.pseudo import PseudoLanguage, texts_of, untranslated

# What is the same in every language: names of programs, keys, codecs and methods.
NAMES = frozenset(
    "Deepfake Inspector English Deutsch Ctrl Alt Shift Space Left Right Return Home End PgUp PgDown pts SHA "
    "cpu cuda GradCAM LayerCAM EigenCAM mov yuv smpte isom isomiso avc Lavf und VideoHandler Apache".split()
)
# Paths and hashes; what a file, a model or the case says itself, in its own words; what Qt's own translation has.
OTHERS = re.compile(
    r"\S*/face0/\S+|[0-9a-f\u200b]{32,}|face\.mp4|made up for a test\.?|fake 1|default( \d\S*)?|^nothing$|"
    r"none(?=⟦, )|(?<=⟧)none$|^•  (A fake for tests; its scores mean nothing\.|everything)$|"
    r"primaries, transfer, matrix, range|^(major_brand|minor_version|compatible_brands|encoder|language|handler_name)$|"
    r"^Scroll (Left|Right)$|^Cancel$|^Press shortcut$",
    re.IGNORECASE,
)
DIALOGS = ("settings", "export", "help", "reading", "limits", "keys", "name_face")


def english_in(text):
    return untranslated(OTHERS.sub(" ", text), NAMES)


def left_english(window, found):
    """Add to `found` what a window shows outside of a translation, with where it does."""
    for where, text in texts_of(window):
        if english_in(text):
            found.setdefault(text, where)


def show_tabs(window, qtbot, found):
    """Look at each tab but the file's, which quotes the engine's findings as the report does."""
    for at in range(window.side.count()):
        if window.side.tabText(at) != tr("File"):
            window.side.setCurrentIndex(at)
            window.grab()
            left_english(window.side.widget(at), found)


def show_dialogs(window, qtbot, found):
    for name in DIALOGS:
        window.book[name].trigger()
        dialog = next(each for each in QApplication.topLevelWidgets() if isinstance(each, QDialog) and each.isVisible())
        left_english(dialog, found)
        dialog.reject()
        qtbot.wait(1)


def test_no_text_of_the_window_goes_past_the_translation(make_window, face_clip, qtbot, monkeypatch):
    painted, draw = set(), QPainter.drawText

    def recorded(painter, *arguments):
        painted.update(text for text in arguments if isinstance(text, str))
        return draw(painter, *arguments)

    found = {}
    with PseudoLanguage():
        window = make_window()
        left_english(window, found)
        window.controller.open_path(face_clip)
        wait_shown(qtbot, window, 0)
        analyse(qtbot, window)
        window.session.set_installed_model(window.session.analysis.model)  # "Analysed": nothing else would come of it
        left_english(window.toolbar, found)
        for name in ("heat_map", "filters", "compare", "bookmark"):
            window.book[name].trigger()
        session = window.session
        qtbot.waitUntil(lambda: session.cam_at(session.selected_track, session.shown.pts) is not None)
        qtbot.waitUntil(lambda: bool(session.bookmarks))
        monkeypatch.setattr(QPainter, "drawText", recorded)
        window.grab()
        show_tabs(window, qtbot, found)
        monkeypatch.undo()
        show_dialogs(window, qtbot, found)
    assert found == {}
    assert len(painted) > 10, painted  # lanes are painted from a cache if nothing of them has changed
    # An elided text has lost its bracket.
    assert [text for text in painted if english_in(text) and not text.endswith("…")] == []


def test_the_window_in_german(make_window, face_clip, qtbot, monkeypatch):
    monkeypatch.setenv(language.VARIABLE, "de")
    window = make_window(face_clip)
    wait_shown(qtbot, window, 0)
    analyse(qtbot, window)
    said = [text for _, text in texts_of(window)]
    assert "Hinweis auf Manipulation" in said
    assert "Gesicht 7: Hinweis auf Manipulation" in said
    assert any("etwa 4 fälschlich" in text for text in said)
    assert window.transport.readout("frame") == "Bild  0 von 48"
    assert window.toolbar.analyse_button.text() == "Neu analysieren"
    window.session.set_installed_model(window.session.analysis.model)
    assert window.toolbar.analyse_button.text() == "Analysiert"
    titles = [action.text() for action in window.menuBar().actions()]
    assert titles == ["&Datei", "&Bearbeiten", "&Fall", "&Wiedergabe", "&Analyse", "A&nsicht", "&Hilfe"]
    # What is written down stays English.
    window.book["bookmark"].trigger()
    qtbot.waitUntil(lambda: bool(window.session.bookmarks))
    assert window.session.bookmarks[0].label == "frame 0 at 0:00.0"
    assert window.session.analysis.summary.conclusion == "manipulation indicated"
    assert marks_of(window.session)[Mark.BOOKMARK][2] == ["Lesezeichen: Bild 0 bei 0:00.0"]
    window.notes._list.setCurrentRow(0)
    window.notes._edit.click()
    assert window.notes._text.toPlainText() == "Bild 0 bei 0:00.0"
    window.notes.renamed.connect(lambda *_: pytest.fail("nothing was changed"))
    window.notes._save.click()
    assert window.notes._edited is None


def test_a_new_language_is_stored_and_takes_effect_with_the_next_window(make_window, qapp, monkeypatch):
    monkeypatch.delenv(language.VARIABLE)
    window = make_window()
    window.sheets.use_preferences(Preferences(language="de"))
    assert window.message_bar.text == "The window changes its language when the program is started again."
    assert preferences.load(QSettings()).language == "de"
    assert make_window().menuBar().actions()[0].text() == "&Datei"
    assert tr("Cancel") == "Abbrechen"
    assert QApplication.translate("QPlatformTheme", "Cancel") == "Abbrechen"
    window.sheets.use_preferences(Preferences(language="en"))
    assert make_window().menuBar().actions()[0].text() == "&File"


def test_from_right_to_left_panels_mirror_and_time_does_not(make_window, face_clip, qtbot, monkeypatch):
    monkeypatch.setitem(language.LANGUAGES, "ar", "العربية")
    monkeypatch.setenv(language.VARIABLE, "ar")
    window = make_window(face_clip)
    wait_shown(qtbot, window, 0)
    analyse(qtbot, window)
    right, left = Qt.LayoutDirection.RightToLeft, Qt.LayoutDirection.LeftToRight
    assert window.layoutDirection() == window.side.layoutDirection() == right
    assert x_of(window.side, window) < x_of(window.frame_view, window)
    for part in (window.transport, window.timeline, window.frame_view, window.close_up):
        assert part.layoutDirection() == left
    lane = next(iter(window.timeline.stack.tracks.values()))
    assert lane.label.sceneBoundingRect().right() <= lane.view.sceneBoundingRect().left()
    window.timeline.zoom_all()
    assert lane.view.mapFromView(lane.view.viewRect().topRight()).x() > 0


# What shows its argument, or passes it on to be shown.
SHOWING = set(
    "Notice PlainLabel QPushButton QCheckBox heading wrapped small_button set_busy setText setToolTip setStatusTip "
    "setWindowTitle setPlaceholderText setAccessibleName setAccessibleDescription addAction addMenu addTab "
    "setSpecialValueText setPrefix setSuffix setLabelText setOkButtonText setHeaderLabels set_text".split()
)


def literal(argument):
    """The text of an argument, without what is filled in."""
    parts = argument.values if isinstance(argument, ast.JoinedStr) else [argument]
    return "".join(part.value for part in parts if isinstance(part, ast.Constant) and isinstance(part.value, str))


def test_no_literal_is_shown_without_translation():
    left = []
    for path in sorted((ROOT / "inspector/ui").rglob("*.py")):
        calls = (n for n in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(n, ast.Call) and n.args)
        for call in calls:
            text = literal(call.args[0]) if ast.unparse(call.func).rpartition(".")[2] in SHOWING else ""
            left += [f"{path.name}:{call.lineno}: {text}"] if untranslated(text, NAMES) else []
    assert left == []


def x_of(widget, window):
    return widget.mapTo(window, widget.rect().topLeft()).x()


@pytest.mark.parametrize(
    ("chosen", "system", "expected"),
    [
        ("system", ["de-AT", "en-GB"], "de"),
        ("system", ["fr_FR", "de_DE"], "de"),
        ("system", ["C"], "en"),
        ("system", [], "en"),
        ("de", ["en"], "de"),
        ("en", ["de"], "en"),
        ("xx", ["de"], "en"),
    ],
)
def test_the_language_is_the_chosen_one_or_the_first_of_the_systems(chosen, system, expected):
    assert language_of(chosen, system) == expected


def test_plural_forms(qapp, monkeypatch):
    counts = [plural("%n frames", "%n frame", n) for n in (0, 1, 2)]
    assert counts == ["0 frames", "1 frame", "2 frames"]
    monkeypatch.setenv(language.VARIABLE, "de")
    language.install(qapp, "system")
    counts = [plural("%n frames", "%n frame", n) for n in (0, 1, 2)]
    assert counts == ["0 Einzelbilder", "1 Einzelbild", "2 Einzelbilder"]
    assert plural("%n pictures", "%n picture", 999_999_999_999) == "999999999999 Bilder", "as a file may declare"


def test_each_menu_has_a_key_of_its_own():
    assert with_mnemonics(["Analyse", "Ansicht", "An"]) == ["&Analyse", "A&nsicht", "An"]


def test_texts_for_evidence_are_never_translated():
    with PseudoLanguage():
        assert english("frame {index}", index=3) == "frame 3"
        assert tr("frame {index}", index=3).startswith("⟦")
    assert tr("frame {index}", index=3) == "frame 3"
    assert capital("kein Hinweis auf Manipulation") == "Kein Hinweis auf Manipulation"


@pytest.fixture(autouse=True)
def in_english_again(qapp, monkeypatch):
    """The application outlives a test: give it back as it was."""
    yield
    monkeypatch.setenv(language.VARIABLE, "en")
    language.install(qapp, "en")
