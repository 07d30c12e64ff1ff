"""The controller: turns user actions into requests, and the answers to them into changes of the session."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QTimer, Signal

from inspector.domain.answer import deciding_track
from inspector.domain.case import CaseInfo
from inspector.domain.errors import BundleError
from inspector.domain.model_card import ModelCard
from inspector.engine.case.case_file import CaseFile
from inspector.engine.case.case_folder import is_case_path
from inspector.ui.analysis_controller import AnalysisController
from inspector.ui.case.annotator import Annotator
from inspector.ui.case.case_store import CaseContents, CaseStore, Evidence
from inspector.ui.case.exhibit_list import ExhibitList
from inspector.ui.case.mouth import MouthReader
from inspector.ui.case.other_clips import OtherClips
from inspector.ui.clip_opener import ClipOpener
from inspector.ui.engine.client import EngineClient
from inspector.ui.engine.file_facts import FileFactsReader
from inspector.ui.engine.queue import AnalysisQueue
from inspector.ui.engine.sound import SoundReader
from inspector.ui.heat_map_requests import HeatMapRequests
from inspector.ui.picture.filter_view import FilterView
from inspector.ui.picture.picture_worker import PictureWorker
from inspector.ui.picture.snapshot import SavePictureJob
from inspector.ui.player.players import PLAYERS
from inspector.ui.player.viewer import Viewer
from inspector.ui.records import Records
from inspector.ui.session import Session
from inspector.ui.state import LANDMARK_STYLES, Notice, OpenedClip, Playback, Shown
from inspector.ui.time_text import index_at, parse_position
from inspector.ui.widgets.language import tr

SPEEDS = (0.1, 0.25, 0.5, 1.0, 2.0, 4.0, 8.0)
_NEXT_PLAYER_MS = 3000  # by then the first frames and the engine process have come
_SEEK_NOTICE_MS = 300  # a frame that takes longer is announced in the status bar


class Controller(QObject):
    """Carries out the actions of the window. It never decodes, runs the network or waits."""

    clip_remembered = Signal(object)  # Path of an opened clip: for the list of recent files

    def __init__(self, session: Session, engine: EngineClient | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.session = session
        self.viewer = Viewer(self)
        self.case_store = CaseStore(self)
        self.pictures = PictureWorker(self)
        self.opener = ClipOpener(session, self.case_store, self.viewer, self)
        self.filter_view = FilterView(session, self.pictures, self)
        self.engine = engine or EngineClient(parent=self)
        self._seek_target: int | None = None
        self._seek_timer = QTimer(self, singleShot=True, interval=_SEEK_NOTICE_MS)
        self._seek_timer.timeout.connect(lambda: session.set_pending_index(self._seek_target))
        self._is_closed = False
        self.annotator = Annotator(session, self.case_store, self)
        self.queue = AnalysisQueue(session, self.engine, self)
        self.exhibits = ExhibitList(session, self.case_store, self.queue, self.annotator.history, self)
        self.heat_map_requests = HeatMapRequests(session, self.engine, self)
        self.analyses = AnalysisController(session, self.queue, self.engine, self.viewer, self.case_store, self)
        self.file_facts = FileFactsReader(session, self.engine, self)
        self.sound_facts = SoundReader(session, self.engine, self)
        self.mouth = MouthReader(session, self)
        self.other_clips = OtherClips(session, self.exhibits, self.queue, self)
        self.records = Records(session, self.case_store, self.queue, self.exhibits, self)
        self._connect()
        self.viewer.start()

    def _connect(self) -> None:
        self.viewer.frame_ready.connect(self._on_frame_ready)
        self.viewer.playback_ended.connect(self.pause)
        self.viewer.failed.connect(self._on_viewer_failed)
        self.viewer.sound.state_changed.connect(self.session.set_sound)
        self.session.shown_changed.connect(self._on_shown_changed)
        self.session.range_changed.connect(self._on_range_changed)
        self.opener.opened.connect(self._on_opened)
        self.opener.failed.connect(self._on_not_opened)
        self.opener.not_shown.connect(self._on_not_shown)
        self.case_store.failed.connect(self._on_problem)
        self.case_store.save_failed.connect(self._on_save_failed)
        self.case_store.case_loaded.connect(self._on_case_loaded)
        self.queue.begun_or_done.connect(self.case_store.sign)
        self.case_store.card_read.connect(self._on_card_read)

    def finish_writing(self) -> None:
        """Wait until all changes are saved, or known to have failed (`has_unsaved`)."""
        if self._is_closed:
            return
        # The picture worker comes first: a saved picture is noted in the case file, by a signal that is delivered here.
        for part in (self.pictures, self.case_store, self.exhibits):
            part.finish()
            QCoreApplication.sendPostedEvents(None, QEvent.Type.MetaCall.value)

    def close(self) -> None:
        """End the threads and the processes; their pending answers are dropped."""
        if self._is_closed:
            return
        self._is_closed = True
        self.opener.close()
        self.viewer.stop()
        self.pictures.stop()
        self.exhibits.stop()
        self.analyses.sealing.stop(cancel=False)
        self.other_clips.stop()
        self.mouth.background.stop(cancel=True)
        self.case_store.stop()
        PLAYERS.close()
        self.engine.close()

    # --- clip --------------------------------------------------------------------------------------------------------

    def open_path(self, path: Path) -> None:
        """Open a clip, a case file or a case; the current clip stays open until the new one is."""
        self.pause()
        if is_case_path(path):
            self.exhibits.open_case(path)
            return
        self.opener.open(path, self.exhibits.case_path_of)

    def open_stream(self, number: int) -> None:
        """Open another stream of pictures of the open clip's file; its analyses and notes are kept apart."""
        clip, case_path = self.session.clip, self.session.case_path
        if clip is None or case_path is None or number == clip.stream:
            return
        self.pause()
        self.opener.open_stream(clip, number, case_path)

    def _on_not_opened(self, message: str) -> None:
        """Say so, and that the result beside the sentence is still that of the former clip."""
        if (clip := self.session.clip) is not None:
            message += " " + tr("{name} is still shown.", name=Path(clip.path).name)
        self._on_problem(message)

    def _on_not_shown(self, message: str) -> None:
        """The former clip is still open; its faces and its range were given up for the new one."""
        self._on_not_opened(message)
        case_path, analysis_id = self.session.case_path, self.session.analysis_id
        if case_path is not None and analysis_id is not None:
            self.viewer.read_faces_from(case_path, analysis_id)
        self._on_range_changed()

    def _on_opened(self, evidence: Evidence, opened: OpenedClip) -> None:
        if self._is_closed:
            return
        self._clear_seek()
        self.analyses.abandon()
        self.session.set_clip(replace(opened, download=evidence.download), evidence.case_path)
        if evidence.problem:  # said now: opening hides former notices
            self._on_problem(evidence.problem)
        # Its first picture may already be there, announced together with one of the former clip.
        self.viewer.refresh()
        self.clip_remembered.emit(Path(opened.clip.path))
        self.case_store.read_card(self.session.settings.model)
        self.analyses.prepare()
        QTimer.singleShot(_NEXT_PLAYER_MS, self, self._prepare_player)
        if CaseFile.exists(evidence.case_path):
            self.case_store.load_case(evidence.case_path)

    def _prepare_player(self) -> None:
        """Have a process ready for the next clip."""
        if not self._is_closed:
            PLAYERS.prepare()

    def _on_case_loaded(self, contents: CaseContents) -> None:
        session = self.session
        if contents.case_path != session.case_path or session.analysis_id not in (None, contents.analysis_id):
            return  # another clip was opened, or another analysis was started, since this was requested
        if session.analysis_id is None:
            session.show_analysis(contents.analysis_id)
        self.session.set_board(contents.board, contents.gaps)
        self.analyses.add_batches_since_started()
        self.session.imported = contents.imported
        self.session.set_analysis(contents.analysis)
        for loss in contents.losses:
            self._on_problem(loss)
        self.viewer.read_faces_from(contents.case_path, contents.analysis_id)
        self.session.select_strongest_track()

    def _on_card_read(self, card: ModelCard | BundleError) -> None:
        self.session.set_installed_model(card if isinstance(card, ModelCard) else None)

    # --- picture -----------------------------------------------------------------------------------------------------

    def _on_frame_ready(self) -> None:
        shown = self.viewer.take()
        if shown is None or self._is_closed or shown.clip is not self.session.clip:
            return
        self.filter_view.show(shown)

    def _on_shown_changed(self, shown: Shown) -> None:
        # While playing, the target frame may be skipped for the next one.
        if shown.index == self._seek_target or self.session.playback.is_playing:
            self._clear_seek()

    def _clear_seek(self) -> None:
        """Note that no frame is being sought any more."""
        self._seek_target = None
        self._seek_timer.stop()
        if self.session.pending_index is not None:
            self.session.set_pending_index(None)

    def _position(self) -> int:
        """The index that the next step starts from: the frame being sought, else the one on the screen."""
        if self._seek_target is not None:
            return self._seek_target
        return 0 if self.session.shown is None else self.session.shown.index

    def seek_index(self, index: int) -> None:
        """Show a frame by its display index, limited to the clip."""
        if self.session.opened is None:
            return
        self._seek_target = min(max(index, 0), len(self.session.opened.pts) - 1)
        self._seek_timer.start()
        self.viewer.show(self._seek_target)

    def seek_pts(self, pts: int) -> None:
        """Show the frame that covers a pts."""
        if self.session.opened is not None:
            self.seek_index(index_at(self.session.opened.pts, pts))

    def seek_seconds(self, seconds: float) -> None:
        """Show the frame that covers a time, in seconds since the first frame."""
        if self.session.clip is not None:
            self.seek_pts(self.session.clip.pts(max(seconds, 0.0)))

    def step(self, frames: int) -> None:
        """Pause, and go forward or back by a number of frames."""
        self.pause()
        self.seek_index(self._position() + frames)

    def go_to(self, text: str) -> None:
        """Go to the position that the text names. Raises ValueError with one sentence."""
        if self.session.opened is not None:
            self.pause()
            self.seek_index(parse_position(text, self.session.opened.clip, self.session.opened.pts))

    def _on_range_changed(self) -> None:
        """Loop between the in and the out point, if they are set."""
        opened, chosen = self.session.opened, self.session.in_out_range
        if opened is None or chosen is None:
            self.viewer.keep_between(None)
        else:
            self.viewer.keep_between((index_at(opened.pts, chosen[0]), index_at(opened.pts, chosen[1])))

    def toggle_play(self) -> None:
        """Play or pause; at the end, play from the start."""
        opened, playback = self.session.opened, self.session.playback
        if playback.is_playing:
            self.pause()
        elif opened is not None and len(opened.pts) > 1:
            if playback.speed > 0 and self._position() >= len(opened.pts) - 1:
                self.seek_index(0)
            self.session.set_playback(replace(playback, is_playing=True))
            self.viewer.play(playback.speed)

    def pause(self) -> None:
        """Pause on the current frame."""
        if self.session.playback.is_playing:
            self.viewer.play(0.0)
            self.session.set_playback(replace(self.session.playback, is_playing=False))

    def set_speed(self, speed: float) -> None:
        """Set the speed of playback; a negative speed plays backwards."""
        self.session.set_playback(replace(self.session.playback, speed=speed))
        if self.session.playback.is_playing:
            self.viewer.play(speed)

    def toggle_mute(self) -> None:
        """Turn the sound off or on."""
        self.viewer.sound.mute(not self.viewer.sound.is_muted)

    def shuttle(self, direction: int) -> None:
        """Play in a direction (1 or -1), faster with each call."""
        playback = self.session.playback
        speed = float(direction)
        if playback.is_playing and playback.speed * direction > 0:
            speed = direction * min((s for s in SPEEDS if s > abs(playback.speed)), default=SPEEDS[-1])
        self.session.set_playback(Playback(False, speed))
        self.toggle_play()

    @property
    def has_unsaved(self) -> bool:
        """Whether a change is in no file because saving it failed."""
        return self.case_store.has_unsaved or self.exhibits.has_unsaved

    def save_again(self) -> None:
        """Try again to save what could not be saved."""
        self.case_store.write_again()
        self.exhibits.save_again()

    def _on_save_failed(self, message: str) -> None:
        self.session.post(Notice(message, is_problem=True, action_id="save_again"))

    def _on_viewer_failed(self, message: str) -> None:
        self._clear_seek()
        self.pause()
        self._on_problem(message)

    def _on_problem(self, message: str) -> None:
        self.session.post(Notice(message, is_problem=True))

    # --- tracks and findings --------------------------------------------------------------------------------------

    def show_frame(self, track_id: int, pts: int) -> None:
        """Select a track, go to a frame of it and show its heat map there."""
        self.session.set_selected_track(track_id)
        self.pause()
        self.seek_pts(pts)
        if self.session.model is not None:
            self.session.change_overlays(heat_map=True)

    def show_worst(self) -> None:
        """Go to the worst frame of the selected track, else of the one that decides.

        It is the frame that findings, the list of faces and the report name. While the analysis runs, it is the frame
        with the highest probability so far.
        """
        session, selected = self.session, self.session.selected_track
        if session.analysis is not None:
            own = (track for track in session.analysis.summaries if track.track_id == selected)
            track = deciding_track(session.analysis) if selected is None else next(own, None)
            if track is not None:
                self.show_frame(track.track_id, track.worst_pts)
            return
        found = [(track.probability_at(pts) or 0.0, track_id, pts) for track_id, track in session.board.tracks.items()
                 if selected in (None, track_id) and (pts := track.highest()) is not None]  # fmt: skip
        if found:
            _, track_id, pts = max(found)
            self.show_frame(track_id, pts)

    def step_segment(self, direction: int) -> None:
        """Go to the peak of the next or previous suspicious segment."""
        analysis, shown = self.session.analysis, self.session.shown
        if analysis is None or shown is None:
            return
        ordered = sorted(analysis.segments, key=lambda segment: segment.peak_pts * direction)
        following = [s for s in ordered if (s.peak_pts - shown.pts) * direction > 0]
        if following:
            self.show_frame(following[0].track_id, following[0].peak_pts)
        else:
            after = tr("No further suspicious segment after this frame.")
            before = tr("No further suspicious segment before this frame.")
            further = after if direction > 0 else before
            message = further if ordered else tr("There is no suspicious segment in this clip.")
            self.session.post(Notice(message, is_about_position=True))

    def next_track(self) -> None:
        """Select the next track."""
        if ids := self.session.board.track_ids:
            later = [track_id for track_id in ids if track_id > (self.session.selected_track or 0)]
            self.session.set_selected_track((later or ids)[0])

    # --- notes --------------------------------------------------------------------------------------------

    def log(self, action: str, detail: str) -> None:
        """Write a line into the log of the case file."""
        if self.session.case_path is not None and not self._is_closed:
            self.case_store.write(self.session.case_path, lambda case: case.log(action, detail))

    def keep_snapshot(self, snapshot: SavePictureJob) -> None:
        """Log a saved picture, and add its frames to the report."""
        self.log("picture saved", f"{snapshot.path.name}: {snapshot.description}")
        for frame in snapshot.frames:
            self.annotator.add_picture(frame.index, frame.pts, frame.chain, frame.text)

    def set_case_info(self, info: CaseInfo) -> None:
        """Change the fields of the report cover."""
        if self.session.case_path is not None and info != self.session.case_info:
            self.case_store.write(self.session.case_path, lambda case: case.set_case_info(info))
            self.exhibits.use_cover(self.session.case_path, info)

    # --- overlays ----------------------------------------------------------------------------------------------------

    def cycle_landmarks(self) -> None:
        """Switch to the next landmark style; after the last comes the first."""
        at = LANDMARK_STYLES.index(self.session.overlays.landmarks)
        self.session.change_overlays(landmarks=LANDMARK_STYLES[(at + 1) % len(LANDMARK_STYLES)])
