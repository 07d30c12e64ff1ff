"""The toolbar: the actions of the action table, the progress of the analysis, and the opacity of the heat map."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QActionGroup, QResizeEvent
from PySide6.QtWidgets import (
    QMenu,
    QProgressBar,
    QPushButton,
    QSizePolicy,
    QSlider,
    QStyle,
    QToolBar,
    QToolButton,
    QWidget,
)

from inspector.ui.session import Session
from inspector.ui.stages import percent_text, stage_text
from inspector.ui.state import LANDMARK_STYLES, AnalysisJob, OverlayOptions
from inspector.ui.time_text import time_left
from inspector.ui.widgets.actions import TOOLBAR, ActionBook
from inspector.ui.widgets.labels import plain_tip
from inspector.ui.widgets.language import capital, mark, plural, tr, tr_marked

_ICON = QSize(18, 18)
_WITH_TEXT = {
    "open": mark("Open"),
    "export": mark("Report"),
    "heat_map": mark("Heat map"),
    "boxes": mark("Boxes"),
    "landmarks": mark("Landmarks"),
    "filters": mark("Filters"),
    "compare": mark("Compare"),
    "close_up": mark("Close-up"),
    "fit": mark("Fit"),
    "one_to_one": "1:1",
    "bookmark": mark("Bookmark"),
    "theme": mark("Theme"),
    "help": mark("Keys"),
}
# The buttons without text in a narrow window: first none, then those whose picture is plain, then those of the view,
# then all.
_PLAIN = frozenset({"fit", "one_to_one", "theme", "help"})
_SELDOM = _PLAIN | {"close_up", "bookmark"}
_WITHOUT_TEXT: tuple[frozenset[str], ...] = (
    frozenset(),
    _PLAIN,
    _SELDOM,
    _SELDOM | {"heat_map", "boxes", "landmarks", "filters", "compare"},
    frozenset(_WITH_TEXT),
)
_LEAST_PROGRESS_WIDTH = 40


class Toolbar(QToolBar):
    """Follows the session. All entries are actions except the progress bar and the slider."""

    def __init__(self, session: Session, book: ActionBook, parent: QWidget | None = None) -> None:
        super().__init__(tr("Tools"), parent)
        self.setObjectName("toolbar")
        self.setMovable(False)
        self.setIconSize(_ICON)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        self._session, self._book = session, book
        self._text_buttons: dict[str, QToolButton] = {}
        for entry in TOOLBAR:
            self._add(entry)
        session.job_changed.connect(self._on_job_changed)
        session.overlays_changed.connect(self._on_overlays_changed)
        session.clip_changed.connect(lambda _clip: self._on_job_changed(session.job))
        session.analysis_changed.connect(lambda _analysis: self._on_job_changed(session.job))
        session.model_changed.connect(lambda _card: self._on_job_changed(session.job))
        session.settings_changed.connect(lambda _settings: self._on_job_changed(session.job))
        session.comparison_changed.connect(lambda pair: book["compare"].setChecked(pair is not None))
        self._on_job_changed(None)
        self._on_overlays_changed(session.overlays)

    def _add(self, entry: str) -> None:
        if entry == "|":
            self.addSeparator()
        elif entry == "spacer":
            space = QWidget()
            space.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
            self.addWidget(space)
        elif entry == "progress":
            self._add_progress()
        elif entry == "opacity":
            self._add_opacity()
        elif entry == "analyse":
            self._add_analyse()
        elif entry == "landmarks":
            self._add_landmarks()
        else:
            self.addAction(self._book[entry])
            button = self.widgetForAction(self._book[entry])
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # buttons of a toolbar take no focus by default
            if isinstance(button, QToolButton) and entry in _WITH_TEXT:
                self._add_text(entry, button)
            elif isinstance(button, QToolButton) and entry == "cancel":  # in the place of Analyse
                self._book[entry].setIconText(tr("Stop"))
                button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)

    def _add_text(self, entry: str, button: QToolButton) -> None:
        """Show a text beside the icon while the window is wide enough."""
        self._book[entry].setIconText(tr_marked(_WITH_TEXT[entry]))
        self._text_buttons[entry] = button

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Hide as few texts as necessary, before Qt hides whole buttons."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        for without_text in _WITHOUT_TEXT:
            for entry, button in self._text_buttons.items():
                style = Qt.ToolButtonStyle
                button.setToolButtonStyle(
                    style.ToolButtonIconOnly if entry in without_text else style.ToolButtonTextBesideIcon
                )
            if self.sizeHint().width() <= self.width():
                return

    def _add_analyse(self) -> None:
        """Add the Analyse button, the only one in the accent colour."""
        self.analyse_button = QPushButton(tr("Analyse"))
        self.analyse_button.setProperty("primary", True)
        action = self._book["analyse"]
        self.analyse_button.setToolTip(plain_tip(action.toolTip()))
        self.analyse_button.clicked.connect(action.trigger)
        self._analyse_entry = self.addWidget(self.analyse_button)
        # Not the button itself: the toolbar entry enables its button when it is shown after an analysis.
        action.changed.connect(lambda: self._analyse_entry.setEnabled(action.isEnabled()))

    def _add_progress(self) -> None:
        self.progress = QProgressBar()
        self.progress.setAccessibleName(tr("Progress of the analysis"))
        self._progress_entry = self.addWidget(self.progress)

    def _add_opacity(self) -> None:
        self.opacity = QSlider(Qt.Orientation.Horizontal)
        self.opacity.setRange(10, 100)
        self.opacity.setFixedWidth(70)
        self.opacity.setToolTip(tr("Opacity of the heat map"))
        self.opacity.setAccessibleName(tr("Opacity of the heat map"))
        self.opacity.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.opacity.valueChanged.connect(lambda value: self._session.change_overlays(opacity=value / 100))
        self.addWidget(self.opacity)

    def _add_landmarks(self) -> None:
        """Add the landmarks button: a click switches to the next style, the menu selects one."""
        button = QToolButton()
        button.setDefaultAction(self._book["landmarks"])
        self._add_text("landmarks", button)
        button.setPopupMode(QToolButton.ToolButtonPopupMode.MenuButtonPopup)
        menu = QMenu(button)
        group = QActionGroup(menu)
        self._styles = {}
        for style in LANDMARK_STYLES:
            choice = menu.addAction(capital(tr_marked(style)))
            choice.setCheckable(True)
            choice.triggered.connect(lambda _checked=False, style=style: self._session.change_overlays(landmarks=style))
            group.addAction(choice)
            self._styles[style] = choice
        button.setMenu(menu)
        self.addWidget(button)

    # --- session -----------------------------------------------------------------------------------------------------

    def _on_job_changed(self, job: AnalysisJob | None) -> None:
        self._analyse_entry.setVisible(job is None)
        self._progress_entry.setVisible(job is not None)
        self._book["cancel"].setVisible(job is not None)
        analysis = self._session.analysis
        again = tr("Analyse") if analysis is None else tr("Analyse again")
        begin = tr("Resume") if self._session.can_resume else again
        self.analyse_button.setText(tr("Analysed") if self._session.is_analysed else begin)
        self.keep_width()
        self._fit()
        if job is not None:
            self._show_progress(job)

    def keep_width(self) -> None:
        """Give the button the width of its longest text, and its place to Stop and the progress: nothing else moves."""
        self.analyse_button.ensurePolished()
        metrics = self.analyse_button.fontMetrics()
        longer = metrics.horizontalAdvance(tr("Analyse again")) - metrics.horizontalAdvance(self.analyse_button.text())
        spacing = self.style().pixelMetric(QStyle.PixelMetric.PM_ToolBarItemSpacing, None, self)
        stop = self.widgetForAction(self._book["cancel"]).sizeHint().width() + spacing
        width = max(self.analyse_button.sizeHint().width() + max(longer, 0), stop + _LEAST_PROGRESS_WIDTH)
        self.analyse_button.setFixedWidth(width)
        self.progress.setFixedWidth(width - stop)

    def _show_progress(self, job: AnalysisJob) -> None:
        self.progress.setRange(0, 0 if job.share is None else 1000)
        self.progress.setValue(int(1000 * (job.share or 0.0)))
        self.progress.setFormat("" if job.is_cancelling else f"{percent_text(job)}\u202f%")
        self.progress.setToolTip(plain_tip(progress_text(job)))
        self.progress.setAccessibleDescription(progress_text(job))

    def _on_overlays_changed(self, options: OverlayOptions) -> None:
        self._book["heat_map"].setChecked(options.heat_map)
        self._book["boxes"].setChecked(options.boxes)
        self._book["landmarks"].setChecked(options.landmarks != "off")
        self._styles[options.landmarks].setChecked(True)
        self.opacity.setValue(round(options.opacity * 100))
        self.opacity.setEnabled(options.heat_map)


def progress_text(job: AnalysisJob) -> str:
    """ "412 of 900 · 31 frames/s · 16 s left"."""
    if job.is_cancelling:
        return tr("stopping …")
    if job.stage is not None:
        return stage_text(job.stage, job.percent)
    if job.started is None:
        return tr("loading the detector …")
    parts = [
        tr("{done} of {total}", done=min(int(job.frames_worked), job.frames_total), total=job.frames_total)
        if job.frames_total
        else plural("%n frames", "%n frame", int(job.frames_worked))
    ]
    if job.rate is not None:
        parts.append(_rate_text(job.rate))
    if job.frames_total and job.frames_done >= job.frames_total:
        return f"{parts[0]} · {tr('drawing the conclusion …')}"
    if job.seconds_left is not None:
        parts.append(tr("{time} left", time=time_left(job.seconds_left)))
    return " · ".join(parts)


def _rate_text(rate: float) -> str:
    """Frames per second; of an analysis so slow that "0.0 frames/s" would read as if it stood still, their time."""
    if rate >= 10:
        return tr("{rate:.0f} frames/s", rate=rate)
    if rate >= 0.1:
        return tr("{rate:.1f} frames/s", rate=rate)
    return tr("{seconds:.0f} s/frame", seconds=1 / rate)
