"""The settings dialog, made from the one table of settings: a row per field, with its label, unit, range and help."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import Field, fields, replace
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDoubleSpinBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from inspector.domain.settings import Settings
from inspector.engine.assets import list_bundles
from inspector.ui.preferences import Preferences

_LARGEST = 1e6
_UNSET = -1.0  # below every permitted value: stands for None


class SettingsDialog(QDialog):
    """Edits copies of the settings; `result_settings` and `result_preferences` are what the rows say."""

    def __init__(
        self, settings: Settings, parent: QWidget | None = None, preferences: Preferences | None = None
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("Settings")
        self._settings, self._preferences = settings, preferences or Preferences()
        self._getters: dict[str, Callable[[], Any]] = {}
        self._setters: dict[str, Callable[[Any], None]] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(18, 14, 18, 14)
        grid = QGridLayout()
        grid.setHorizontalSpacing(14)
        grid.setVerticalSpacing(5)
        for lead, values in (
            ("Each of these can change a result. They are written into the case and the report.", self._settings),
            ("These belong to the window and change no result.", self._preferences),
        ):
            words = QLabel(lead)
            words.setObjectName("muted")
            grid.addWidget(words, grid.rowCount(), 0, 1, 3)
            for item in fields(values):
                self._add_row(grid, grid.rowCount(), item, getattr(values, item.name))
        column.addLayout(grid)
        column.addSpacing(8)
        column.addLayout(self._buttons())

    def result_settings(self) -> Settings:
        """What the rows say."""
        return replace(self._settings, **{item.name: self._getters[item.name]() for item in fields(Settings)})

    def result_preferences(self) -> Preferences:
        """What the rows say."""
        return replace(self._preferences, **{item.name: self._getters[item.name]() for item in fields(Preferences)})

    def set_rows(self, values: Settings | Preferences) -> None:
        """Make the rows say these settings."""
        for item in fields(values):
            self._setters[item.name](getattr(values, item.name))

    def _add_row(self, grid: QGridLayout, row: int, item: Field[Any], value: object) -> None:
        label = QLabel(item.metadata["label"])
        editor = self._editor(item)
        editor.setAccessibleName(item.metadata["label"])
        label.setBuddy(editor)
        about = QLabel(item.metadata["help"])
        about.setObjectName("muted")
        grid.addWidget(label, row, 0)
        grid.addWidget(editor, row, 1)
        grid.addWidget(about, row, 2)
        self._setters[item.name](value)

    def _editor(self, item: Field[Any]) -> QWidget:
        choices = tuple(item.metadata["choices"])
        if item.name == "model":
            choices = tuple(dict.fromkeys((*list_bundles(), self._settings.model)))
        if choices:
            return self._choice(item.name, choices)
        if isinstance(item.default, bool):
            return self._tick(item.name)
        if isinstance(item.default, int):
            return self._whole(item)
        return self._number(item)

    def _choice(self, name: str, choices: tuple[str, ...]) -> QComboBox:
        box = QComboBox()
        box.addItems(choices)
        self._getters[name], self._setters[name] = box.currentText, box.setCurrentText
        return box

    def _tick(self, name: str) -> QCheckBox:
        box = QCheckBox()
        self._getters[name], self._setters[name] = box.isChecked, box.setChecked
        return box

    def _whole(self, item: Field[Any]) -> QSpinBox:
        box = QSpinBox()
        box.setRange(int(item.metadata["low"]), int(item.metadata["high"]))
        box.setSuffix(f" {item.metadata['unit']}" if item.metadata["unit"] else "")
        self._getters[item.name], self._setters[item.name] = box.value, box.setValue
        return box

    def _number(self, item: Field[Any]) -> QDoubleSpinBox:
        box = QDoubleSpinBox()
        low, high = item.metadata["low"], item.metadata["high"]
        box.setDecimals(2)
        box.setSingleStep(0.05 if high is not None and high <= 1 else 1.0)
        box.setSuffix(f" {item.metadata['unit']}" if item.metadata["unit"] else "")
        is_optional = item.default is None
        box.setRange(_UNSET if is_optional else low, _LARGEST if high is None else high)
        if is_optional:
            box.setSpecialValueText("not set")
        self._getters[item.name] = lambda: None if is_optional and box.value() < low else box.value()
        self._setters[item.name] = lambda value: box.setValue(_UNSET if value is None else value)
        return box

    def _buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        defaults = QPushButton("Defaults")
        defaults.clicked.connect(lambda: self.set_rows(Settings()))
        defaults.clicked.connect(lambda: self.set_rows(Preferences()))
        cancel = QPushButton("Cancel")
        cancel.clicked.connect(self.reject)
        accept = QPushButton("Use these")
        accept.setProperty("primary", True)
        accept.setDefault(True)
        accept.clicked.connect(self.accept)
        row.addWidget(defaults)
        row.addStretch(1)
        row.addWidget(cancel)
        row.addWidget(accept)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        return row
