"""Requests the heat maps that are visible from the engine process, one at a time, and puts them into the session."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer

from inspector.engine.process.protocol import Answer, Explain, Explained, Failed
from inspector.ui.engine.access import access_of
from inspector.ui.engine.client import EngineClient
from inspector.ui.picture.wanted_cams import wanted_cams
from inspector.ui.session import Session
from inspector.ui.state import Notice

_DELAY_MS = 120  # none is requested while the user is stepping


class HeatMapRequests(QObject):
    """Of what is wanted, only the newest is kept. One that failed is not tried again by itself: it would fail again.

    It is tried again when the heat maps are switched on anew, or by `try_again`.
    """

    def __init__(self, session: Session, engine: EngineClient, parent: QObject) -> None:
        super().__init__(parent)
        self._session, self._engine = session, engine
        self._job = 0
        self._asked = (0, 0)  # track and pts of the last request
        self._of: tuple[object, object] = (None, None)  # the case file and the analysis in it that it is about
        self._was_visible = False
        self._timer = QTimer(self, singleShot=True, interval=_DELAY_MS)
        self._timer.timeout.connect(self._ask)
        engine.answered.connect(self._on_answered)
        engine.crashed.connect(self._on_crashed)
        for signal in (session.comparison_changed, session.track_selected, session.shown_changed,
                       session.playback_changed):  # fmt: skip
            signal.connect(lambda _value: self._timer.start())
        session.overlays_changed.connect(lambda _options: self._on_overlays_changed())
        session.analysis_changed.connect(lambda _analysis: self.try_again())  # one may have failed for want of frames

    def try_again(self) -> None:
        """Request those again that could not be computed."""
        if self._session.heat_maps.forget_failures():
            self._session.cam_changed.emit(None)
        self._timer.start()

    def _on_overlays_changed(self) -> None:
        overlays = self._session.overlays
        was_visible, self._was_visible = self._was_visible, overlays.heat_map or overlays.close_up
        if self._was_visible and not was_visible:
            self.try_again()
        self._timer.start()

    def _ask(self) -> None:
        """Request the next heat map that is visible and not known."""
        session = self._session
        if not self._was_visible or session.shown is None or session.playback.is_playing or self._job:
            return  # the answer leads here again
        if session.model is None or not session.can_explain or session.analysis_id is None:
            return
        wanted = next((each for each in wanted_cams(session) if not session.heat_maps.has_failed(*each)), None)
        if wanted is None:
            return
        self._job, self._asked = self._engine.next_job(), wanted
        self._of = session.case_path, session.analysis_id
        method = session.settings.cam_method
        explain = Explain(self._job, str(session.case_path), session.analysis_id, *wanted, method, True)
        self._engine.send(explain, access_of(session))

    def _on_answered(self, answer: Answer) -> None:
        if not self._job or answer.job != self._job or not isinstance(answer, Explained | Failed):
            return
        self._job = 0
        if self._is_current:
            if isinstance(answer, Explained):
                self._session.add_cam(answer.cam)
            if self._session.heat_maps.at(*self._asked) is None:  # it may have answered for another frame
                self._session.fail_cam(*self._asked)
        if isinstance(answer, Failed) and self._is_current:
            self._session.post(Notice(answer.message, is_problem=True, action_id="try_heat_map"))
        self._ask()  # another frame may be shown by now, or the other side of a comparison wants its own

    def _on_crashed(self, _message: str) -> None:
        """The controller of the analysis says it; nothing is requested now, because it may have been the cause."""
        if self._job and self._is_current:
            self._session.fail_cam(*self._asked)
        self._job = 0

    @property
    def _is_current(self) -> bool:
        """Whether the request is about what is shown."""
        return self._of == (self._session.case_path, self._session.analysis_id)
