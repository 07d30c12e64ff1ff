"""The settings dialog, made from the tables of settings: one row per field with its label, unit, range and help."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import Field, dataclass, fields, replace
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QValidator
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QSpinBox,
    QWidget,
)

from inspector.domain.settings import Settings
from inspector.engine.model.bundle import list_bundles
from inspector.ui.dialogs.presets import ABOUT_OWN, OWN, PRESETS, WHEN, preset_of, values_of
from inspector.ui.preferences import Preferences
from inspector.ui.widgets.labels import PlainLabel, heading, plain_tip
from inspector.ui.widgets.language import LANGUAGES, mark, tr, tr_marked
from inspector.ui.widgets.scrolled_dialog import ScrolledDialog

_LARGEST = 1e6
_TIME = re.compile(r"(?:(\d+):)?(\d+):(\d{0,2}(?:[.,]\d*)?)")  # hours, minutes, seconds
_ABOUT, _NARROW_ABOUT = 380, 280  # pixels of the sentences; beside them German labels need nearly 300
_WIDE = 900  # pixels of a screen on which the wide ones fit
_UNSET = -1.0  # below all permitted values: represents None
# The headings, by the first setting below each.
_GROUPS = {
    "model": mark("Detector"),
    "every": mark("Sampling"),
    "detection_confidence": mark("Faces to score"),
    "smoothing_seconds": mark("Conclusion"),
    "cam_method": mark("Heat map"),
    "examiner": mark("Examiner"),
    "language": mark("Window"),
}


@dataclass(frozen=True, slots=True)
class _Row:
    """An editor with functions to get and set its value, and the signal of a change."""

    editor: QWidget
    get: Callable[[], Any]
    set: Callable[[Any], object]
    changed: Any  # a bound Qt signal


class SettingsDialog(ScrolledDialog):
    """Edits copies of the settings; `result_settings` and `result_preferences` return the edited values.

    With `analysed`, the settings of the analysis on the screen, it shows which changes make that out of date.
    """

    def __init__(
        self,
        settings: Settings,
        parent: QWidget | None = None,
        preferences: Preferences | None = None,
        analysed: Settings | None = None,
    ) -> None:
        super().__init__(tr("Settings"), parent)
        self._settings, self._preferences = settings, preferences or Preferences()
        self._analysed = analysed
        self._rows: dict[str, _Row] = {}
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the focused row scrolls into view itself
        self.area.setWidget(self._page())
        self._effect = PlainLabel("")
        self._effect.setObjectName("effect")
        self._effect.setWordWrap(True)
        self.column.addWidget(self._effect)
        self.column.addLayout(self._buttons())
        for row in self._rows.values():
            row.changed.connect(self._show_effect)
        self._show_effect()

    def result_settings(self) -> Settings:
        """The settings, as edited."""
        edited = {item.name: self._rows[item.name].get() for item in fields(Settings) if item.name in self._rows}
        return replace(self._settings, **edited)

    def result_preferences(self) -> Preferences:
        """The preferences, as edited."""
        return replace(self._preferences, **{item.name: self._rows[item.name].get() for item in fields(Preferences)})

    def set_rows(self, values: Settings | Preferences) -> None:
        """Show these values in the rows."""
        for item in fields(values):
            if item.name in self._rows:
                self._rows[item.name].set(getattr(values, item.name))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Have the wheel scroll the page: it would change each value that comes under the pointer."""
        if event.type() == QEvent.Type.Wheel:
            event.ignore()
            return True
        return super().eventFilter(watched, event)

    def effect(self) -> str:
        """One sentence on what the edited settings change for the analysis on the screen, or ""."""
        if self._analysed is None:
            return ""
        now = replace(self.result_settings(), stream=self._analysed.stream)
        other = [
            tr_marked(i.metadata["label"])
            for i in fields(now)
            if getattr(now, i.name) != getattr(self._analysed, i.name)
        ]
        if not other:
            return ""
        return tr(
            "{other}: different from the analysis on the screen, which becomes out of date.", other=", ".join(other)
        )

    # --- building ----------------------------------------------------------------------------------------------------

    def _page(self) -> QWidget:
        page = QWidget()
        grid = QGridLayout(page)
        grid.setContentsMargins(0, 0, 8, 0)
        grid.setHorizontalSpacing(14)
        grid.setVerticalSpacing(5)
        self._add_preset(grid)
        self._add_rows(grid, self._preferences)
        self.advanced = QPushButton()
        self.advanced.setCheckable(True)
        grid.addWidget(self.advanced, grid.rowCount(), 0, 1, 3, Qt.AlignmentFlag.AlignLeft)
        area = QWidget()
        inner = QGridLayout(area)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setHorizontalSpacing(14)
        lead = PlainLabel(tr("These settings affect the results. They are recorded in the case and in the report."))
        lead.setObjectName("muted")
        inner.addWidget(lead, 0, 0, 1, 3)
        self._add_rows(inner, self._settings)
        grid.addWidget(area, grid.rowCount(), 0, 1, 3)
        widest = max(label.sizeHint().width() for label in page.findChildren(QLabel) if label.buddy())
        for each in (grid, inner):
            each.setColumnStretch(2, 1)
            each.setColumnMinimumWidth(0, widest)  # one column in both tables
        grid.setRowStretch(grid.rowCount(), 1)
        self.advanced.toggled.connect(area.setVisible)
        self.advanced.toggled.connect(
            lambda on: self.advanced.setText(tr("Hide advanced settings") if on else tr("Show advanced settings"))
        )
        self.advanced.toggled.connect(lambda _on: QTimer.singleShot(0, self, self._fit_if_shown))
        self.advanced.setChecked(True)
        self.advanced.setChecked(preset_of(self._settings) is None)
        return page

    def _fit_if_shown(self) -> None:
        if self.isVisible():
            self.fit_page()

    def _add_preset(self, grid: QGridLayout) -> None:
        """The choice between the presets; settings of one's own have a name too."""
        self.preset, self._about_preset = QComboBox(), PlainLabel()
        self.preset.addItems([*(tr_marked(preset.name) for preset in PRESETS), tr_marked(OWN)])
        self.preset.setAccessibleName(tr("Preset"))
        self.preset.installEventFilter(self)
        self._about_preset.setWordWrap(True)
        self._about_preset.setObjectName("muted")
        grid.addWidget(heading(tr("How thorough")), 0, 0, 1, 3)
        for column, widget in enumerate((PlainLabel(tr("Preset")), self.preset, self._about_preset)):
            grid.addWidget(widget, 1, column)
        self.preset.activated.connect(self._on_preset_chosen)

    def _on_preset_chosen(self, at: int) -> None:
        if at < len(PRESETS):
            for name, value in values_of(PRESETS[at]).items():
                self._rows[name].set(value)
        else:
            self.advanced.setChecked(True)
        self._show_effect()

    def _add_rows(self, grid: QGridLayout, values: Settings | Preferences) -> None:
        for item in fields(values):
            if item.metadata.get("is_of_clip"):
                continue
            if item.name in _GROUPS:
                grid.addWidget(heading(tr_marked(_GROUPS[item.name])), grid.rowCount(), 0, 1, 3)
            self._add_row(grid, grid.rowCount(), item, getattr(values, item.name))

    def _add_row(self, grid: QGridLayout, at: int, item: Field[Any], value: object) -> None:
        label = PlainLabel(tr_marked(item.metadata["label"]))
        row = self._row(item)
        row.editor.setAccessibleName(tr_marked(item.metadata["label"]))
        row.editor.setAccessibleDescription(tr_marked(item.metadata["help"]))
        row.editor.setMinimumWidth(130)
        row.editor.installEventFilter(self)
        label.setBuddy(row.editor)
        about = PlainLabel(" ".join(map(tr, filter(None, (item.metadata["help"], WHEN.get(item.name))))))
        about.setObjectName("muted")
        about.setWordWrap(True)
        about.setMinimumWidth(_ABOUT if self.screen().availableSize().width() >= _WIDE else _NARROW_ABOUT)
        for column, widget in enumerate((label, row.editor, about)):
            grid.addWidget(widget, at, column)
        row.set(value)
        self._rows[item.name] = row

    def _row(self, item: Field[Any]) -> _Row:
        choices = tuple(item.metadata["choices"])
        if item.name == "model":
            choices = tuple(dict.fromkeys((*list_bundles(), self._settings.model)))
        if choices:
            return _choice(choices)
        if isinstance(item.default, bool):
            return _tick()
        if isinstance(item.default, int):
            return _whole(item)
        return _text() if isinstance(item.default, str) else _number(item)

    def _buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        defaults = QPushButton(tr("Defaults"))
        defaults.setToolTip(tr("Reset all settings; your name is kept"))
        defaults.clicked.connect(self._on_defaults)
        cancel = QPushButton(tr("Cancel"))
        cancel.clicked.connect(self.reject)
        accept = QPushButton(tr("Apply"))
        accept.setProperty("primary", True)
        accept.setDefault(True)
        accept.clicked.connect(self.accept)
        row.addWidget(defaults)
        row.addStretch(1)
        row.addWidget(cancel)
        row.addWidget(accept)
        return row

    def _on_defaults(self) -> None:
        now = self.result_preferences()
        self.set_rows(Settings())
        self.set_rows(Preferences(examiner=now.examiner, organisation=now.organisation))

    def _show_effect(self) -> None:
        preset = preset_of(self.result_settings())
        self.preset.setCurrentIndex(len(PRESETS) if preset is None else PRESETS.index(preset))
        self._about_preset.setText(tr_marked(ABOUT_OWN if preset is None else preset.about))
        self._effect.setText(self.effect())


class _NumberBox(QDoubleSpinBox):
    """Takes a comma for the decimal point, "2:30" for 150 s, and, where a number may be unset, nothing for none.

    As Qt has it, "1,5" would be 15, "2:30" 230, and an emptied box would show its former number again.
    """

    def __init__(self, unit: str) -> None:
        super().__init__()
        self._counts_seconds = unit == "s"

    def validate(self, text: str, position: int) -> tuple[QValidator.State, str, int]:
        """What Qt finds; the point replaces the comma on the screen."""
        if self._is_emptied(text):
            return QValidator.State.Acceptable, text, position
        if self._counts_seconds and _TIME.fullmatch(self._bare(text)):
            return QValidator.State.Acceptable, text.replace(",", "."), position
        return super().validate(text.replace(",", "."), position)

    def valueFromText(self, text: str) -> float:
        """The number of an acceptable text."""
        if self._is_emptied(text):
            return self.minimum()
        found = _TIME.fullmatch(self._bare(text))
        if found is None:
            return super().valueFromText(text)
        hours, minutes, seconds = (float(f"0{part or ''}".replace(",", ".")) for part in found.groups())
        return hours * 3600 + minutes * 60 + seconds

    def _is_emptied(self, text: str) -> bool:
        return bool(self.specialValueText()) and not self._bare(text)

    def _bare(self, text: str) -> str:
        """The text of a number without its unit."""
        return text.removesuffix(self.suffix()).strip()


# --- editors ---------------------------------------------------------------------------------------------------------


def _choice(choices: tuple[str, ...]) -> _Row:
    box = QComboBox()
    for choice in choices:
        box.addItem(LANGUAGES.get(choice) or tr_marked(choice), choice)
    return _Row(box, box.currentData, lambda value: box.setCurrentIndex(box.findData(value)), box.currentIndexChanged)


def _tick() -> _Row:
    box = QCheckBox()
    return _Row(box, box.isChecked, box.setChecked, box.toggled)


def _text() -> _Row:
    line = QLineEdit()
    return _Row(line, lambda: line.text().strip(), line.setText, line.textChanged)


def _whole(item: Field[Any]) -> _Row:
    box = QSpinBox()
    box.setRange(int(item.metadata["low"]), int(item.metadata["high"]))
    _say_limits(box, item)
    return _Row(box, box.value, box.setValue, box.valueChanged)


def _number(item: Field[Any]) -> _Row:
    box = _NumberBox(item.metadata["unit"])
    low, high = item.metadata["low"], item.metadata["high"]
    box.setDecimals(2)
    box.setSingleStep(0.05 if high is not None and high <= 1 else 1.0)
    _say_limits(box, item)
    is_optional = item.default is None
    box.setRange(_UNSET if is_optional else low, _LARGEST if high is None else high)
    if is_optional:
        box.setSpecialValueText(tr("not set"))

    def value() -> float | None:
        return None if is_optional and box.value() < low else box.value()

    return _Row(box, value, lambda new: box.setValue(_UNSET if new is None else new), box.valueChanged)


def _say_limits(box: QSpinBox | QDoubleSpinBox, item: Field[Any]) -> None:
    """Show the unit, and the limits as a tooltip; a number beyond becomes the limit."""
    low, high, unit = item.metadata["low"], item.metadata["high"], item.metadata["unit"]
    box.setSuffix(f" {tr_marked(unit)}" if unit else "")
    limits = tr("from {low:g}", low=low) if high is None else tr("{low:g} to {high:g}", low=low, high=high)
    box.setToolTip(plain_tip(limits + box.suffix()))
    box.lineEdit().setTextMargins(4, 0, 0, 0)
    box.setCorrectionMode(QAbstractSpinBox.CorrectionMode.CorrectToNearestValue)
