"""Opens the dialogs of the window, applies and stores what was chosen, and returns the focus to the player."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QObject, QSettings
from PySide6.QtWidgets import QDialog, QWidget

from inspector.domain.case import CaseInfo
from inspector.domain.settings import Settings
from inspector.engine.codec import to_json
from inspector.ui import preferences
from inspector.ui.controller import Controller
from inspector.ui.dialogs.keys_dialog import KeysDialog, keys_as_text
from inspector.ui.player.players import PLAYERS
from inspector.ui.preferences import Preferences
from inspector.ui.session import Session
from inspector.ui.state import Notice
from inspector.ui.widgets.actions import ActionBook, Keys
from inspector.ui.widgets.language import tr


class Sheets(QObject):
    """The dialogs of settings and keys and the sheets of the help menu; all are opened without blocking.

    All but that of the keys are imported when they are opened: the window is seen before.
    """

    def __init__(
        self, session: Session, controller: Controller, store: QSettings, book: ActionBook, window: QWidget
    ) -> None:
        super().__init__(window)
        self._session, self._controller, self._store, self._book = session, controller, store, book
        self._window = window
        session.theme_changed.connect(self._on_theme_changed)
        self._apply(preferences.load(store))

    def handlers(self, player: QWidget) -> dict[str, Callable[[], object]]:
        """The handlers of the actions that open a dialog; `player` gets the focus when it closes."""
        dialogs: dict[str, Callable[[], QDialog]] = {
            "settings": self._settings,
            "keys": self._keys,
            "help": self._help,
            "limits": self._limits,
            "reading": self._reading,
            "about": self._about,
        }

        def opener(make: Callable[[], QDialog]) -> Callable[[], object]:
            return lambda: self._open(make(), player)

        return {name: opener(make) for name, make in dialogs.items()}

    def _help(self) -> QDialog:
        from inspector.ui.dialogs.help_sheet import HelpSheet

        return HelpSheet(self._book.keys, self._window)

    def _limits(self) -> QDialog:
        from inspector.ui.dialogs.help_sheet import LimitsSheet

        return LimitsSheet(self._window)

    def _reading(self) -> QDialog:
        from inspector.ui.dialogs.about_sheet import ReadingSheet

        return ReadingSheet(self._window)

    def _about(self) -> QDialog:
        from inspector.ui.dialogs.about_sheet import AboutSheet

        return AboutSheet(self._session.model, self._window, (self._controller.engine.confinement, PLAYERS.confinement))

    @staticmethod
    def _open(dialog: QDialog, player: QWidget) -> None:
        dialog.finished.connect(lambda _result: player.setFocus())
        dialog.open()

    # --- settings ----------------------------------------------------------------------------------------------------

    def _settings(self) -> QDialog:
        from inspector.ui.dialogs.settings_dialog import SettingsDialog

        done = self._session.analysis
        analysed = None if done is None else done.settings
        dialog = SettingsDialog(self._session.settings, self._window, preferences.load(self._store), analysed)
        dialog.accepted.connect(lambda: self.use_settings(dialog.result_settings()))
        dialog.accepted.connect(lambda: self.use_preferences(dialog.result_preferences()))
        return dialog

    def use_settings(self, settings: Settings) -> None:
        """Use these settings for the next analyses, and store them."""
        self._session.set_settings(settings)
        self._controller.case_store.read_card(settings.model)
        self._store.setValue("settings", to_json(settings).decode())

    def use_preferences(self, chosen: Preferences) -> None:
        """Use these preferences, and store them."""
        if chosen.language != preferences.load(self._store).language:
            self._session.post(Notice(tr("The window changes its language when the program is started again.")))
        preferences.save(self._store, chosen)
        self._apply(chosen)

    def _apply(self, chosen: Preferences) -> None:
        self._controller.viewer.limit_cache_to(chosen.cache_megabytes << 20)
        cover = CaseInfo(examiner=chosen.examiner, organisation=chosen.organisation)
        self._session.new_cover = self._controller.case_store.new_cover = cover
        if chosen.theme != self._session.theme_name:
            self._session.set_theme(chosen.theme)

    def _on_theme_changed(self, name: str) -> None:
        preferences.save(self._store, replace(preferences.load(self._store), theme=name))

    # --- keys --------------------------------------------------------------------------------------------------------

    def _keys(self) -> QDialog:
        dialog = KeysDialog(self._book.keys, self._window)
        dialog.accepted.connect(lambda: self._use_keys(dialog.chosen))
        return dialog

    def _use_keys(self, chosen: dict[str, Keys]) -> None:
        self._book.set_keys(chosen)
        self._store.setValue("keys", keys_as_text(chosen))
