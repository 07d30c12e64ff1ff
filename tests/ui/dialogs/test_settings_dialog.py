"""The dialog edits all settings; a change is stored and makes an analysis out of date."""

from dataclasses import fields, replace
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from inspector.domain.settings import Settings
from inspector.ui import preferences
from inspector.ui.app import stored_settings
from inspector.ui.dialogs.presets import OWN, PRESETS, WHEN
from inspector.ui.dialogs.settings_dialog import SettingsDialog
from inspector.ui.preferences import Preferences
from inspector.ui.widgets import language
from tests.clips import make_clip
from tests.ui.conftest import analyse, wait_shown

CHANGED = replace(
    Settings(), device="cpu", every=3, start_seconds=1.5, end_seconds=9.25, whole_frame=True, minimum_face_px=64.0,
    detection_confidence=0.75, smoothing_seconds=1.0, cam_method="LayerCAM",
)  # fmt: skip


@pytest.mark.parametrize("settings", [Settings(), CHANGED])
def test_rows_return_the_values_they_show(qtbot, settings):
    dialog = SettingsDialog(settings)
    qtbot.addWidget(dialog)
    assert dialog.result_settings() == settings
    dialog.set_rows(Settings())
    assert dialog.result_settings() == Settings()


@pytest.mark.parametrize("code", ["en", "de"])
def test_no_setting_lies_beside_a_screen_of_800_pixels(qapp, qtbot, code):
    language.install(qapp, code)
    dialog = SettingsDialog(replace(Settings(), every=3))
    qtbot.addWidget(dialog)
    assert dialog.screen().availableSize().width() == 800
    assert dialog.advanced.isChecked()
    dialog.show()
    qtbot.wait(50)
    assert dialog.width() <= 800
    assert dialog.area.horizontalScrollBar().maximum() == 0


def typed(dialog, name, text):
    """What a setting is after `text` was typed in place of its number."""
    box = dialog._rows[name].editor
    box.setFocus()
    box.selectAll()
    QTest.keyClick(box, Qt.Key.Key_Delete)
    QTest.keyClicks(box, text)
    box.interpretText()  # as when the focus goes on
    return dialog._rows[name].get()


def test_a_number_is_taken_as_it_was_meant(qtbot):
    dialog = SettingsDialog(replace(Settings(), start_seconds=3.0))
    qtbot.addWidget(dialog)
    dialog.show()
    assert typed(dialog, "start_seconds", "1,5") == 1.5, "it was 15"
    assert typed(dialog, "start_seconds", "2.25") == 2.25
    assert typed(dialog, "start_seconds", "2:30") == 150.0, "it was 230"
    assert typed(dialog, "end_seconds", "1:02:03,5") == 3723.5
    assert typed(dialog, "minimum_face_px", "1:30") == 130.0, "no time"
    assert typed(dialog, "start_seconds", "") is None, "an emptied box showed the former number again"
    assert typed(dialog, "minimum_face_px", "3") == 16.0, "the nearest one; the former one came back without a word"
    assert typed(dialog, "minimum_face_px", "") == 16.0
    assert dialog._rows["minimum_face_px"].editor.toolTip() == "16 to 512 px"


def test_the_wheel_scrolls_the_settings_and_changes_none(qtbot):
    dialog = SettingsDialog(CHANGED)
    qtbot.addWidget(dialog)
    dialog.show()
    qtbot.waitExposed(dialog)
    bar = dialog.area.verticalScrollBar()
    for editor in (dialog.preset, *(row.editor for row in dialog._rows.values())):
        dialog.area.ensureWidgetVisible(editor)
        bar.setValue(bar.value() - 1)
        was, turn = bar.value(), QPoint(0, 120 if bar.value() > bar.maximum() // 2 else -120)
        at = editor.mapTo(dialog, editor.rect().center())
        QTest.wheelEvent(dialog.windowHandle(), at, turn)
        assert bar.value() != was
    assert dialog.result_settings() == CHANGED
    assert dialog.result_preferences() == Preferences()


def test_there_is_a_row_for_every_setting(qtbot):
    dialog = SettingsDialog(Settings())
    qtbot.addWidget(dialog)
    assert set(dialog._rows) == {item.name for item in (*fields(Settings), *fields(Preferences))} - {"stream"}


def test_a_preset_sets_what_it_is_about_and_own_settings_have_a_name(qtbot):
    started = replace(Settings(), device="cpu", start_seconds=1.5)
    dialog = SettingsDialog(started)
    qtbot.addWidget(dialog)
    assert dialog.preset.currentText() == "Laptop"
    assert not dialog.advanced.isChecked()
    dialog.preset.setCurrentText("Thorough")
    dialog.preset.activated.emit(1)
    assert dialog.result_settings() == replace(PRESETS[1].settings, device="cpu", start_seconds=1.5)
    dialog._rows["minimum_face_px"].set(64.0)
    assert dialog.preset.currentText() == OWN
    dialog.preset.activated.emit(0)
    assert dialog.result_settings() == started
    again = SettingsDialog(CHANGED)
    qtbot.addWidget(again)
    assert again.advanced.isChecked(), "settings of one's own are in view"
    assert set(WHEN) == {item.name for item in fields(Settings)} - {"stream"}


def test_changed_settings_are_stored_and_make_an_analysis_out_of_date(analysed, make_window):
    analysed.session.set_installed_model(analysed.session.analysis.model)
    assert analysed.session.is_analysed
    analysed.book["settings"].trigger()
    dialog = analysed.findChild(SettingsDialog)
    dialog.set_rows(CHANGED)
    dialog.accept()
    assert not analysed.session.is_analysed
    assert analysed.toolbar.analyse_button.text() == "Analyse again"
    assert make_window().session.settings == CHANGED


def test_damaged_stored_settings_fall_back_to_the_defaults(make_window):
    window = make_window()
    window._store.setValue("settings", '{"every": -5}')
    assert stored_settings(window._store) == Settings()


def test_the_size_of_the_frame_cache_is_stored_and_applied_at_once(opened, make_window, qtbot):
    opened.book["settings"].trigger()
    dialog = opened.findChild(SettingsDialog)
    assert dialog.result_preferences() == Preferences()
    dialog._rows["cache_megabytes"].set(64)
    dialog.accept()
    assert opened.controller.viewer._prefetch._link.cache_bytes == 64 << 20  # which each request tells the process
    assert make_window().controller.viewer._cache_bytes == 64 << 20


def test_invalid_preferences_are_replaced_by_defaults(qapp, tmp_path):
    from PySide6.QtCore import QSettings

    store = QSettings(str(tmp_path / "s.ini"), QSettings.Format.IniFormat)
    for nonsense in ("much", "1", "-5", "999999"):
        store.setValue("preferences/cache_megabytes", nonsense)
        assert preferences.load(store) == Preferences()
    preferences.save(store, Preferences(cache_megabytes=1024))
    assert preferences.load(store).cache_megabytes == 1024


ANOTHER: dict[str, Any] = {
    "model": "other", "device": "cpu", "deep": "off", "deep_per_second": 2.0, "every": 2,
    "start_seconds": 1.0, "end_seconds": 1.5, "whole_frame": True,
    "detection_confidence": 0.6, "tile_seconds": 0.0, "minimum_face_px": 64.0, "minimum_sharpness": 20.0,
    "maximum_yaw": 30.0, "minimum_inside": 0.5, "smoothing_seconds": 1.0, "minimum_scored_frames": 4,
    "cam_method": "EigenCAM",
}  # fmt: skip


def test_each_changed_setting_makes_the_analysis_out_of_date_and_is_announced(analysed):
    card = analysed.session.analysis.model
    shown = [item for item in fields(Settings) if not item.metadata["is_of_clip"]]
    assert set(ANOTHER) == {item.name for item in shown}
    for item in shown:
        dialog = SettingsDialog(replace(Settings(), model="other"), analysed, analysed=Settings())
        dialog.set_rows(replace(Settings(), **{item.name: ANOTHER[item.name]}))
        if item.name == "model":
            dialog._rows["model"].set("other")
        assert dialog.effect().startswith(f"{item.metadata['label']}: different from the analysis")
        analysed.session.set_installed_model(card)
        analysed.sheets.use_settings(dialog.result_settings())
        analysed.session.set_installed_model(card)
        assert not analysed.session.is_analysed
        assert analysed.toolbar.analyse_button.text() == "Analyse again"
        dialog.reject()
    assert SettingsDialog(Settings(), analysed, analysed=Settings()).effect() == ""


def test_the_examiners_name_is_put_on_new_cases_only(make_window, face_clip, qtbot, tmp_path):
    first = make_window(face_clip)
    wait_shown(qtbot, first, 0)
    analyse(qtbot, first)
    qtbot.waitUntil(lambda: first.session.case_info.created_at != "")
    assert first.session.case_info.examiner == ""
    first.sheets.use_preferences(Preferences(examiner="Doe, Jane", organisation="The Paper", theme="light"))
    assert first.session.theme_name == "light"
    first.close()
    again = make_window(face_clip)
    assert again.session.theme_name == "light"
    qtbot.waitUntil(lambda: again.session.analysis is not None)
    qtbot.waitUntil(lambda: again.session.case_info.created_at != "")
    assert again.session.case_info.examiner == ""
    other = make_clip(tmp_path / "new.mp4", frames=8)
    again.controller.open_path(other)
    qtbot.waitUntil(lambda: again.session.clip is not None and again.session.clip.path == str(other))
    again.controller.annotator.add_note(again.session.case_info.examiner, "seen", None)
    qtbot.waitUntil(lambda: bool(again.session.notes))
    assert again.session.notes[0].author == "Doe, Jane"
    assert again.session.case_info.organisation == "The Paper"


def test_numbers_do_not_depend_on_the_locale(qtbot):
    dialog = SettingsDialog(Settings())
    qtbot.addWidget(dialog)
    assert dialog._rows["smoothing_seconds"].editor.text() == "0.40 s"  # type: ignore[attr-defined]
