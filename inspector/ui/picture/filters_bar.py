"""The filter bar above the picture: the filters that are on, and all their parameters."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QPushButton, QSlider, QWidget

from inspector.engine.filters.table import (
    ADJUSTMENTS,
    VIEWS,
    Chain,
    FilterSpec,
    FilterStep,
    Parameter,
    default_step,
    with_step,
    without,
)
from inspector.ui.session import Session
from inspector.ui.widgets.flow_layout import FlowLayout
from inspector.ui.widgets.labels import PlainLabel, plain_tip
from inspector.ui.widgets.language import tr, tr_marked


class ParameterSlider(QWidget):
    """One parameter: its name, a slider in the parameter's steps, and its value."""

    value_changed = Signal(object)  # float

    def __init__(self, owner: str, parameter: Parameter) -> None:
        super().__init__()
        self._parameter = parameter
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        self._slider = QSlider(Qt.Orientation.Horizontal)
        self._slider.setRange(0, round((parameter.high - parameter.low) / parameter.step))
        self._slider.setFixedWidth(64)
        self._slider.setAccessibleName(f"{tr_marked(owner)}: {tr_marked(parameter.label)}")
        extent = tr("{low:g} to {high:g}", low=parameter.low, high=parameter.high) + tr_marked(parameter.unit)
        self._slider.setToolTip(plain_tip(f"{tr_marked(owner)}: {tr_marked(parameter.label)}, {extent}"))
        self._slider.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._slider.valueChanged.connect(self._on_moved)
        self._value = PlainLabel()
        self._value.setMinimumWidth(self._value.fontMetrics().horizontalAdvance(_widest(parameter)))
        label = PlainLabel(tr_marked(parameter.label))
        label.setObjectName("muted")
        for widget in (label, self._slider, self._value):
            row.addWidget(widget)
        self.set_value(parameter.default)

    @property
    def value(self) -> float:
        """The parameter's value, rounded to its steps."""
        return round(self._parameter.low + self._slider.value() * self._parameter.step, 6)

    def set_value(self, value: float) -> None:
        """Show a value without emitting `value_changed`."""
        with QSignalBlocker(self._slider):
            self._slider.setValue(round((value - self._parameter.low) / self._parameter.step))
        self._show()

    def _on_moved(self) -> None:
        self._show()
        self.value_changed.emit(self.value)

    def _show(self) -> None:
        self._value.setText(f"{self.value:g}{tr_marked(self._parameter.unit)}")


class _Group(QWidget):
    """The sliders of one filter."""

    changed = Signal(object)  # FilterStep

    def __init__(self, spec: FilterSpec) -> None:
        super().__init__()
        self.spec = spec
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(10)
        self.sliders = [ParameterSlider(spec.label, parameter) for parameter in spec.parameters]
        for slider in self.sliders:
            slider.value_changed.connect(lambda _value: self.changed.emit(self.step))
            row.addWidget(slider)

    @property
    def step(self) -> FilterStep:
        """The filter with the values of its sliders."""
        return FilterStep(self.spec.id, tuple(slider.value for slider in self.sliders))

    def show_step(self, step: FilterStep) -> None:
        """Set the sliders to the values of a step."""
        for slider, value in zip(self.sliders, step.values, strict=True):
            slider.set_value(value)


class FilterBar(QWidget):
    """Shows and changes the session's filter chain; it does not filter."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("filter_bar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._session = session
        self._groups = {spec.id: _Group(spec) for spec in (*VIEWS, *ADJUSTMENTS)}
        self._checks: dict[str, QCheckBox] = {}
        row = FlowLayout(self, 16, 3)
        row.setContentsMargins(10, 4, 10, 4)
        self._add_views(row)
        self._add_adjustments(row)
        self._add_reset(row)
        for group in self._groups.values():
            group.changed.connect(self._on_step_changed)
        session.filters_changed.connect(self._show_chain)
        self._show_chain(session.filters)

    def _add_views(self, row: FlowLayout) -> None:
        self.view_box = QComboBox()
        self.view_box.setAccessibleName(tr("View of the picture"))
        self.view_box.setToolTip(tr("Show the picture, or a view that is computed from it"))
        self.view_box.addItem(tr("Picture"), "")
        for row_number, spec in enumerate(VIEWS, start=1):
            self.view_box.addItem(tr_marked(spec.label), spec.id)
            self.view_box.setItemData(row_number, plain_tip(tr_marked(spec.tip)), Qt.ItemDataRole.ToolTipRole)
        self.view_box.activated.connect(self._on_view_chosen)
        row.addWidget(self.view_box)
        for spec in VIEWS:
            row.addWidget(self._groups[spec.id])

    def _add_adjustments(self, row: FlowLayout) -> None:
        for spec in ADJUSTMENTS:
            check = QCheckBox(tr_marked(spec.label))
            check.setToolTip(plain_tip(tr_marked(spec.tip)))
            check.toggled.connect(lambda is_on, spec=spec: self._on_toggled(spec, is_on))
            self._checks[spec.id] = check
            row.addWidget(_together(check, self._groups[spec.id]))

    def _add_reset(self, row: FlowLayout) -> None:
        self.reset = QPushButton(tr("Reset"))
        self.reset.setToolTip(tr("Switch off all filters and show the decoded picture"))
        self.reset.clicked.connect(lambda: self._session.set_filters(()))
        hint = PlainLabel(tr("Scores are computed from the unfiltered frame"))
        hint.setObjectName("muted")
        row.addWidget(_together(self.reset, hint))

    # --- changes by the user -----------------------------------------------------------------------------------------

    def _on_view_chosen(self) -> None:
        chosen = str(self.view_box.currentData())
        rest = without(self._session.filters, [spec.id for spec in VIEWS])
        self._session.set_filters(with_step(rest, default_step(chosen)) if chosen else rest)

    def _on_toggled(self, spec: FilterSpec, is_on: bool) -> None:
        chain = self._session.filters
        step = self._groups[spec.id].step
        self._session.set_filters(with_step(chain, step) if is_on else without(chain, [spec.id]))

    def _on_step_changed(self, step: FilterStep) -> None:
        # Moving a slider of an adjustment that is off switches it on, so that its effect is visible.
        self._session.set_filters(with_step(self._session.filters, step))

    # --- changes of the session -------------------------------------------------------------------------------------

    def _show_chain(self, chain: Chain) -> None:
        on = {step.filter_id: step for step in chain}
        for filter_id, group in self._groups.items():
            if filter_id in on:
                group.show_step(on[filter_id])
            if group.spec.is_view:
                group.setVisible(filter_id in on)
        for filter_id, check in self._checks.items():
            with QSignalBlocker(check):
                check.setChecked(filter_id in on)
        view = next((step.filter_id for step in chain if step.spec.is_view), "")
        self.view_box.setCurrentIndex(self.view_box.findData(view))
        self.reset.setEnabled(bool(chain))


def _together(*widgets: QWidget) -> QWidget:
    """One widget that keeps several in one row."""
    holder = QWidget()
    row = QHBoxLayout(holder)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(10)
    for widget in widgets:
        row.addWidget(widget)
    return holder


def _widest(parameter: Parameter) -> str:
    return max(
        (f"{value:g}{tr_marked(parameter.unit)}" for value in (parameter.low, parameter.high - parameter.step)), key=len
    )
