"""The dialog edits exactly what the table of settings holds, and a change is kept and marks an analysis out of date."""

from dataclasses import fields, replace

import pytest

from inspector.domain.settings import Settings
from inspector.ui import preferences
from inspector.ui.app import stored_settings
from inspector.ui.preferences import Preferences
from inspector.ui.settings_dialog import SettingsDialog

CHANGED = replace(
    Settings(), device="cpu", every=3, start_seconds=1.5, end_seconds=9.25, whole_frame=True, minimum_face_px=64.0,
    detection_confidence=0.75, smoothing_seconds=1.0, cam_method="LayerCAM",
)  # fmt: skip


@pytest.mark.parametrize("settings", [Settings(), CHANGED])
def test_rows_give_back_what_they_were_given(qtbot, settings):
    dialog = SettingsDialog(settings)
    qtbot.addWidget(dialog)
    assert dialog.result_settings() == settings
    dialog.set_rows(Settings())
    assert dialog.result_settings() == Settings()


def test_there_is_a_row_for_every_setting(qtbot):
    dialog = SettingsDialog(Settings())
    qtbot.addWidget(dialog)
    assert set(dialog._rows) == {item.name for item in (*fields(Settings), *fields(Preferences))}


def test_changed_settings_are_kept_and_make_an_analysis_out_of_date(analysed, make_window):
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


def test_the_picture_cache_is_a_setting_that_is_kept_and_used_at_once(opened, make_window, qtbot):
    opened.book["settings"].trigger()
    dialog = opened.findChild(SettingsDialog)
    assert dialog.result_preferences() == Preferences()
    dialog._rows["cache_megabytes"].set(64)
    dialog.accept()
    assert opened.controller.viewer._reel._stock.limit == 64 << 20
    assert make_window().controller.viewer._cache_bytes == 64 << 20


def test_preferences_that_make_no_sense_are_the_defaults(qapp, tmp_path):
    from PySide6.QtCore import QSettings

    store = QSettings(str(tmp_path / "s.ini"), QSettings.Format.IniFormat)
    for nonsense in ("much", "1", "-5", "999999"):
        store.setValue("preferences/cache_megabytes", nonsense)
        assert preferences.load(store) == Preferences()
    preferences.save(store, Preferences(cache_megabytes=1024))
    assert preferences.load(store).cache_megabytes == 1024
