"""Requests the heat maps that are visible from the engine process, one at a time, and puts them into the session."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, QTimer

from inspector.engine.activity import Stage
from inspector.engine.process.protocol import Answer, Cancel, Explain, Explained, Failed, Working
from inspector.ui.engine.access import access_of
from inspector.ui.engine.client import EngineClient
from inspector.ui.other_clip import ScoredClip
from inspector.ui.picture.cam_state import wanted_cams
from inspector.ui.session import Session
from inspector.ui.state import Notice

_DELAY_MS = 120  # none is requested while the user is stepping


@dataclass(frozen=True, slots=True, eq=False)
class _Asked:
    """The last request, with the analysis of the clip that it is about."""

    clip: ScoredClip
    case_path: Path
    analysis_id: int
    track_id: int
    pts: int


class HeatMapRequests(QObject):
    """Of what is wanted, only the newest is kept. One that failed is not tried again by itself: it would fail again.

    It is tried again when the heat maps are switched on anew, or by `try_again`.
    """

    def __init__(self, session: Session, engine: EngineClient, parent: QObject) -> None:
        super().__init__(parent)
        self._session, self._engine = session, engine
        self._job = 0
        self._asked: _Asked | None = None
        self._is_visible = self._is_given_up = False
        self._timer = QTimer(self, singleShot=True, interval=_DELAY_MS)
        self._timer.timeout.connect(self._ask)
        engine.answered.connect(self._on_answered)
        engine.crashed.connect(self._on_crashed)
        for signal in (session.comparison_changed, session.track_selected, session.shown_changed,
                       session.playback_changed):  # fmt: skip
            signal.connect(lambda _value: self._timer.start())
        for signal in (session.other_changed, session.elsewhere_changed):
            signal.connect(self._timer.start)
        session.job_changed.connect(lambda job: self._timer.start() if job is None else None)
        session.overlays_changed.connect(lambda _options: self._on_overlays_changed())
        session.analysis_changed.connect(lambda _analysis: self.try_again())  # one may have failed for want of frames

    def try_again(self) -> None:
        """Request those again that could not be computed."""
        clips = [clip for clip in (self._session, self._session.other) if clip is not None]
        if sum(clip.heat_maps.forget_failures() for clip in clips):
            self._session.cam_changed.emit(None)
        self._timer.start()

    def _on_overlays_changed(self) -> None:
        overlays = self._session.overlays
        was_visible, self._is_visible = self._is_visible, overlays.heat_map or overlays.close_up
        if self._is_visible and not was_visible:
            self.try_again()
        self._timer.start()

    def _ask(self) -> None:
        """Request the next heat map that is visible and not known."""
        session = self._session
        if self._job:
            self._give_up_unwanted()
            return  # the answer leads here again
        if not self._is_visible:
            return
        wanted = next(wanted_cams(session), None)
        if wanted is None:
            return
        clip, track_id, pts = wanted
        if clip.case_path is None or clip.analysis_id is None:
            return
        self._job, self._asked = self._engine.next_job(), _Asked(clip, clip.case_path, clip.analysis_id, track_id, pts)
        method = session.settings.cam_method
        explain = Explain(self._job, str(clip.case_path), clip.analysis_id, track_id, pts, method, True)
        self._engine.send(explain, access_of(session))

    def _give_up_unwanted(self) -> None:
        """Stop the request if nobody sees its heat map any more; the engine may be copying a large clip for it."""
        if not self._is_given_up and not (self._is_visible and self._is_shown()):
            self._is_given_up = True
            self._engine.send(Cancel(self._job))

    def _on_answered(self, answer: Answer) -> None:
        if not self._job or answer.job != self._job:
            return
        if isinstance(answer, Working):
            self._session.heat_maps.copied_percent = int(answer.percent) if answer.stage is Stage.COPY else None
            self._session.busy_changed.emit(self._session.busy)
        if not isinstance(answer, Explained | Failed):
            return
        asked = self._end()
        if asked is not None:
            if isinstance(answer, Explained):
                asked.clip.heat_maps.add(answer.cam)
            if isinstance(answer, Failed) and answer.is_cancelled:
                self._ask()
                return
            self._settle(asked)  # it may have answered for another frame
            if isinstance(answer, Failed):
                self._session.post(Notice(answer.message, is_problem=True, action_id="try_heat_map"))
        self._ask()  # another frame may be shown by now, or the other side of a comparison wants its own

    def _on_crashed(self, _message: str) -> None:
        """The controller of the analysis says it; nothing is requested now, because it may have been the cause."""
        asked = self._end()
        if asked is not None:
            self._settle(asked)

    def _settle(self, asked: _Asked) -> None:
        """Announce the heat map, or note that it could not be computed."""
        maps = asked.clip.heat_maps
        cam = maps.at(asked.track_id, asked.pts)
        if cam is None:
            maps.fail(asked.track_id, asked.pts)
        self._session.cam_changed.emit(cam)

    def _end(self) -> _Asked | None:
        """End the waiting; returns what was asked for, if it is about what is shown."""
        asked = self._asked if self._job and self._is_shown() else None
        self._job, self._is_given_up = 0, False
        self._session.heat_maps.copied_percent = None
        return asked

    def _is_shown(self) -> bool:
        """Whether what was asked for is about an analysis that is shown."""
        asked = self._asked
        if asked is None or asked.clip not in (self._session, self._session.other):
            return False
        return (asked.clip.case_path, asked.clip.analysis_id) == (asked.case_path, asked.analysis_id)
