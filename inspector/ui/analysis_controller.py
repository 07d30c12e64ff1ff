"""Requests analyses and reports from the engine process, and puts the answers into the session."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject

from inspector.engine.activity import Stage
from inspector.engine.case.database import settle
from inspector.engine.process.protocol import (
    AnalysisDone,
    Answer,
    BatchDone,
    Failed,
    JobWarning,
    ReportDone,
    Started,
    Working,
    WriteReport,
)
from inspector.engine.report.drafts import remove_drafts
from inspector.ui.case.background import Background
from inspector.ui.case.case_store import CaseStore
from inspector.ui.engine.access import access_of
from inspector.ui.engine.client import EngineClient
from inspector.ui.engine.queue import AnalysisQueue, AnalysisRequest
from inspector.ui.player.players import PLAYERS
from inspector.ui.player.viewer import Viewer
from inspector.ui.report_wishes import EVERYTHING, ReportWishes
from inspector.ui.session import Session
from inspector.ui.state import Notice, Task, TrackSignals
from inspector.ui.widgets.engine_text import shown
from inspector.ui.widgets.glance import CLOSING_SECONDS, glance
from inspector.ui.widgets.language import plural, tr


class AnalysisController(QObject):
    """The open clip's analysis, and one report at a time."""

    def __init__(
        self, session: Session, queue: AnalysisQueue, engine: EngineClient, viewer: Viewer, case_store: CaseStore,
        parent: QObject,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self.session, self.queue, self.engine = session, queue, engine
        self._viewer, self._case_store = viewer, case_store
        self._crashed_at: tuple[Path | None, int] = None, -1  # the case file and its frames done
        self._report_job, self._report_folder = 0, Path()
        self._was_there = False  # that folder, before the report
        self._wishes = EVERYTHING  # of the report that is being written
        self._since_started: list[BatchDone] | None = None  # while earlier batches are read from the case file
        self.sealing = Background("report", self)
        engine.answered.connect(self._on_answered)
        engine.crashed.connect(self._on_crashed)
        queue.changed.connect(self._on_queue_changed)
        session.clip_changed.connect(lambda _opened: self._on_queue_changed())
        session.analysis_changed.connect(lambda _analysis: self._read_signals())
        session.track_selected.connect(lambda _track: self._read_signals())
        case_store.signals_read.connect(self._on_signals_read)

    def analyse(self) -> None:
        """Start the analysis of the open clip at once, or resume an interrupted one."""
        session = self.session
        if session.clip is not None and session.case_path is not None and session.job is None:
            clip = session.clip
            self.queue.add_first(
                AnalysisRequest(Path(clip.path), session.case_path, clip.sha256, stream=clip.chosen_stream)
            )

    def cancel(self) -> None:
        """Stop the open clip's analysis; finished frames stay in the case file."""
        if self.session.case_path is not None:
            self.queue.cancel(self.session.case_path)

    def prepare(self) -> None:
        """Have the engine load its libraries and the networks while the user looks at the open clip."""
        self.engine.prepare(access_of(self.session), self.session.settings)

    def abandon(self) -> None:
        """Stop following the open clip's jobs because another clip is opened; they continue unseen."""
        self.session.set_job(None)
        self._since_started = None

    def _on_queue_changed(self) -> None:
        """Follow the analysis of the open clip, which may have been queued from the exhibit list."""
        session, running = self.session, self.queue.running
        session.set_elsewhere(
            "" if running is None or running.case_path == session.case_path else running.clip_path.name
        )
        job = None if session.case_path is None else self.queue.job_of(session.case_path)
        if job is not None and job != session.job:
            session.set_job(job)

    def _on_answered(self, answer: Answer) -> None:
        if isinstance(answer, ReportDone):
            self._on_report_done(answer)
        elif isinstance(answer, Failed):
            self._on_failed(answer)
        elif isinstance(answer, Working) and answer.job == self._report_job:
            is_copying = answer.stage is Stage.COPY  # where the copy of the analysis is not kept any more
            said = tr("Copying the clip for the report and computing its SHA-256 …")
            self.session.set_busy_percent(Task.REPORT, int(answer.percent) if is_copying else None, said)
        elif isinstance(answer, JobWarning):
            self.session.post(Notice(answer.message, is_problem=True))
        elif self.session.job is not None and answer.job == self.session.job.job:
            self._on_progress(answer)

    def _on_progress(self, answer: Answer) -> None:
        if isinstance(answer, Started):
            self._follow(answer.analysis_id)
            self.session.begun_with = self.queue.job.settings
            if answer.frames_done and self.session.case_path is not None:
                # Its earlier batches may not be on the screen: another analysis was, or a crash lost their messages.
                self._since_started = []
                self._case_store.load_case(self.session.case_path, answer.analysis_id)
            self._compare_model(answer)
        elif isinstance(answer, BatchDone):
            if self._since_started is not None:
                self._since_started.append(answer)
            self.session.add_scores(answer.scores, answer.gaps)
            self._refresh_faces(answer)
        elif isinstance(answer, AnalysisDone):
            self._on_analysis_done(answer)

    def _follow(self, analysis_id: int) -> None:
        """Show this analysis of the open clip; scores, faces and heat maps of another one are dropped."""
        if analysis_id != self.session.analysis_id:
            self.session.show_analysis(analysis_id)
        self._since_started = None
        if self.session.case_path is not None:
            self._viewer.read_faces_from(self.session.case_path, analysis_id)

    def add_batches_since_started(self) -> None:
        """Add to a board that was read from the case file what has arrived while it was read."""
        batches, self._since_started = self._since_started or [], None
        for batch in batches:
            self.session.add_scores(batch.scores, batch.gaps)

    def _read_signals(self) -> None:
        """Read the signals of the selected track from the case file, which has those of long clips too."""
        session = self.session
        if session.analysis is not None and session.case_path is not None and session.analysis_id is not None:
            self._case_store.read_signals(session.case_path, session.analysis_id, session.selected_track)

    def _on_signals_read(self, signals: TrackSignals) -> None:
        session = self.session
        wanted = session.case_path, session.analysis_id, session.selected_track
        if (signals.case_path, signals.analysis_id, signals.track_id) == wanted:
            session.set_signals(signals)

    def _compare_model(self, answer: Started) -> None:
        """Report that the model bundle was removed since the clip was opened: the engine then scores nothing."""
        if answer.model is None and self.session.installed_model is not None:
            self._case_store.read_card(self.session.settings.model)
            message = tr(
                "The model bundle was removed, so faces are found but not scored; restore it and analyse again."
            )
            self.session.post(Notice(message, is_problem=True, action_id="settings"))

    def _refresh_faces(self, batch: BatchDone) -> None:
        shown = self.session.shown
        if shown is None or self.session.playback.is_playing or shown.faces:
            return
        if any(score.pts == shown.pts for score in batch.scores):
            self._viewer.refresh()

    @property
    def _is_paused(self) -> bool:
        """Whether the open clip's analysis has yielded to a report, and goes on by itself."""
        return self.session.case_path is not None and self.queue.is_waiting(self.session.case_path)

    def _on_analysis_done(self, answer: AnalysisDone) -> None:
        self.session.set_job(None)
        if self._is_paused and not answer.analysis.is_complete:
            return
        if answer.analysis_id != self.session.analysis_id:
            self._follow(answer.analysis_id)  # the case file held a finished one with these settings
        self.session.set_analysis(answer.analysis)
        self._viewer.refresh()
        self.session.select_strongest_track()
        if answer.analysis.is_complete and self.session.case_path is not None:
            # Read the case file back: it also holds the batches whose messages were lost in a crash.
            self._case_store.load_case(self.session.case_path, answer.analysis_id)
        elif not answer.analysis.is_complete:
            stopped = tr("The analysis was stopped; it can be resumed from here. A report needs the whole of it.")
            self.session.post(Notice(stopped, action_id="analyse"))

    def _on_failed(self, answer: Failed) -> None:
        is_analysis = self.session.job is not None and answer.job == self.session.job.job
        if is_analysis:
            self.session.set_job(None)
            if answer.is_cancelled and self._is_paused:
                return
            if answer.is_cancelled:
                self.session.post(Notice(tr("The analysis was stopped before it began."), action_id="analyse"))
                return
        elif not self._report_job or answer.job != self._report_job:
            return  # of another exhibit, whose row shows the problem, or of a heat map
        action = "analyse" if is_analysis else ""
        if answer.job == self._report_job:
            self._report_job, action = 0, "export"
            self.session.end_busy(Task.REPORT)
        self.session.post(Notice(answer.message, is_problem=True, action_id=action))

    def _on_crashed(self, message: str) -> None:
        job = self.session.job
        action = "export" if self._report_job else "try_heat_map" if self.session.heat_maps.any_failed else ""
        if job is not None:
            action = "analyse"
            position = self.session.case_path, job.frames_done
            if position == self._crashed_at:
                message = shown(message) + tr(
                    " It stopped at the same frame as before; Start and End in the settings can exclude it."
                )
            self._crashed_at = position
        if self._report_job:
            removing = partial(remove_drafts, self._report_folder, was_there=self._was_there)
            self.sealing.run(removing, lambda _none: None)
        self._report_job = 0
        self.session.set_job(None)
        self.session.end_busy(Task.REPORT)
        self.session.post(Notice(message, is_problem=True, action_id=action, detail=self.engine.stderr_tail()))

    # --- reports -----------------------------------------------------------------------------------------------------

    def close(self) -> None:
        """Tidy up after the engine process, which must have ended: it may have been in the middle of writing."""
        running, reported = self.queue.running, self.session.case_path
        if running is not None:
            glance(settle, running.case_path, None, CLOSING_SECONDS)
        if self._report_job:
            removing = partial(remove_drafts, was_there=self._was_there)
            glance(removing, self._report_folder, None, CLOSING_SECONDS)
            if reported is not None:
                glance(settle, reported, None, CLOSING_SECONDS)

    @property
    def is_reporting(self) -> bool:
        """Whether a report of the open clip is being written."""
        return bool(self._report_job)

    def write_report(self, folder: Path, wishes: ReportWishes = EVERYTHING) -> None:
        """Write the evidence report of the open clip into a folder, and sign it if there is a key."""
        case_path, analysis_id = self.session.case_path, self.session.analysis_id
        clip = self.session.clip
        if clip is None or case_path is None or analysis_id is None or not self.session.can_report or self._report_job:
            return
        self._report_job, self._report_folder, self._wishes = self.engine.next_job(), folder, wishes
        self._was_there = glance(Path.exists, folder, True)  # a folder that is not known stays
        said = tr("Writing the report to {folder} …", folder=folder)
        self.session.set_busy(Task.REPORT, said)
        # The status bar shows it too, but the tooltip of the pressed button covers it.
        self.session.post(Notice(said, is_sticky=True))
        wished = wishes.public_key, wishes.left_out, PLAYERS.confinement_of(Path(clip.path))
        request = WriteReport(self._report_job, str(case_path), analysis_id, str(folder), *wished)
        self.queue.pause()  # another clip's analysis may take hours
        self.engine.send(request, access_of(self.session, folder))

    def _on_report_done(self, answer: ReportDone) -> None:
        if answer.job != self._report_job:
            return  # a report of the export of a whole case
        self._report_job = 0
        wishes, self._wishes = self._wishes, EVERYTHING
        folder = self._report_folder
        done = partial(self._on_sealed, folder, len(answer.files), wishes)
        self.sealing.run(partial(wishes.seal, folder), done, done)

    def _on_sealed(self, folder: Path, files: int, wishes: ReportWishes, problem: str) -> None:
        self.session.end_busy(Task.REPORT)
        signed = tr(", signed") if wishes.key is not None and not problem else ""
        text = plural(
            "The report is in {folder} (%n files{signed}).",
            "The report is in {folder} (%n file{signed}).",
            files,
            folder=folder,
            signed=signed,
        )
        self.session.post(Notice(f"{text} {shown(problem)}".rstrip(), bool(problem), "open_report", str(folder)))
