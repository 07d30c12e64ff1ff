"""The card over the picture that says in words what the window is waiting for."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtWidgets import QFrame, QProgressBar, QVBoxLayout, QWidget

from inspector.engine.activity import Stage
from inspector.ui.picture.cam_state import CamState, cam_state
from inspector.ui.session import Session
from inspector.ui.stages import stage_text
from inspector.ui.widgets.labels import PlainLabel
from inspector.ui.widgets.language import capital, tr

_DELAY_MS = 250  # what is over sooner needs no card
_WIDTH = 420
_MARGIN = 20  # below the card


def waiting_text(session: Session, *, has_heat_map: bool) -> str:
    """What is awaited before anything can be seen, or ""; `has_heat_map` after the clip's first one."""
    if session.busy and session.is_opening:
        return session.busy
    job = session.job
    if job is not None and job.started is None and not job.is_cancelling:
        if job.stage is not None:
            return capital(stage_text(job.stage, job.percent))
        return tr("Loading the detector …\nThe first scores come as soon as it is ready.")
    shown = session.shown
    if session.overlays.heat_map and not has_heat_map and shown is not None:
        if cam_state(session, session, shown.pts, session.track_at(shown.pts)) is not CamState.WANTED:
            return ""
        copied = session.heat_maps.copied_percent
        return tr("Computing the first heat map …") if copied is None else capital(stage_text(Stage.COPY, copied))
    return ""


class BusyCard(QFrame):
    """Lies over a widget, which still receives the mouse."""

    def __init__(self, session: Session, over: QWidget) -> None:
        super().__init__(over)
        self.setObjectName("busy_card")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._session, self._over = session, over
        self._has_heat_map = False
        self._column = column = QVBoxLayout(self)
        column.setContentsMargins(20, 16, 20, 16)
        column.setSpacing(10)
        self.label = PlainLabel("")
        self.label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.label.setWordWrap(True)
        bar = QProgressBar()
        bar.setRange(0, 0)
        bar.setTextVisible(False)
        bar.setMaximumHeight(6)
        bar.setAccessibleName(tr("Working"))
        column.addWidget(self.label)
        column.addWidget(bar)
        self.hide()
        self._delay = QTimer(self, singleShot=True, interval=_DELAY_MS)
        self._delay.timeout.connect(self._appear)
        over.installEventFilter(self)
        session.clip_changed.connect(lambda _clip: self._on_clip_changed())
        session.cam_changed.connect(self._on_cam_changed)
        for signal in (session.busy_changed, session.job_changed, session.shown_changed, session.overlays_changed,
                       session.playback_changed, session.analysis_changed):  # fmt: skip
            signal.connect(lambda _value: self._follow())

    def _on_clip_changed(self) -> None:
        self._has_heat_map = False
        self._follow()

    def _on_cam_changed(self, cam: object) -> None:
        self._has_heat_map = self._has_heat_map or cam is not None
        self._follow()

    def _follow(self) -> None:
        """Show the text that holds now; the card appears after a delay and goes at once."""
        text = waiting_text(self._session, has_heat_map=self._has_heat_map)
        if not text:
            self._delay.stop()
            self.hide()
        elif text != self.label.text() or not self.isVisible():
            self.label.setText(text)
            self.setAccessibleName(text)
            if self.isVisible():
                self._place()
            elif not self._delay.isActive():
                self._delay.start()

    def _appear(self) -> None:
        self._place()
        self.show()
        self.raise_()

    def _place(self) -> None:
        self.setFixedWidth(max(min(_WIDTH, self._over.width() - 20), 1))
        self.setFixedHeight(max(self._column.heightForWidth(self.width()), self._column.minimumSize().height()))
        shown, below = self._session.shown, self._over.height() - self.height()
        # Below a picture that can be looked at meanwhile; in the middle where there is none.
        y = below // 2 if shown is None or shown.frame is None else max(below - _MARGIN, 0)
        self.move((self._over.width() - self.width()) // 2, y)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay in place."""
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self._place()
        return super().eventFilter(watched, event)
