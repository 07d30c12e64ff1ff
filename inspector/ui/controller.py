"""The controller: turns user actions into requests, and the answers to them into changes of the session."""

from __future__ import annotations

from dataclasses import asdict, replace
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QTimer, Signal

from inspector.domain.case import CaseInfo
from inspector.domain.errors import BundleError
from inspector.domain.model_card import ModelCard
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
from inspector.ui.navigation import Navigation
from inspector.ui.picture.filter_view import FilterView
from inspector.ui.picture.picture_worker import PictureWorker
from inspector.ui.picture.snapshot import SavePictureJob
from inspector.ui.player.players import PLAYERS
from inspector.ui.records import Records
from inspector.ui.session import Session
from inspector.ui.state import LANDMARK_STYLES, Notice, OpenedClip
from inspector.ui.widgets.engine_text import shown
from inspector.ui.widgets.glance import glance
from inspector.ui.widgets.language import tr

_NEXT_PLAYER_MS = 3000  # by then the first frames and the engine process have come


class Controller(Navigation):
    """Carries out the actions of the window. It never decodes, runs the network or waits.

    `Navigation` is the part that moves through the open clip.
    """

    clip_remembered = Signal(object)  # Path of an opened clip: for the list of recent files

    def __init__(self, session: Session, engine: EngineClient | None = None, parent: QObject | None = None) -> None:
        super().__init__(session, parent)
        self.case_store = CaseStore(self)
        self.pictures = PictureWorker(self)
        self.opener = ClipOpener(session, self.case_store, self.viewer, self)
        self.filter_view = FilterView(session, self.pictures, self)
        self.engine = engine or EngineClient(parent=self)
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
        self.viewer.failed.connect(self._on_viewer_failed)
        self.viewer.sound.state_changed.connect(self.session.set_sound)
        self.opener.opened.connect(self._on_opened)
        self.opener.folder_found.connect(self._on_folder_found)
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
        self.analyses.close()

    # --- clip --------------------------------------------------------------------------------------------------------

    def open_path(self, path: Path) -> None:
        """Open a clip, a case file or a case; the current clip stays open until the new one is."""
        self.pause()
        if glance(is_case_path, path, False):
            self.exhibits.open_case(path)
            return
        self.opener.open(path, self.exhibits.case_path_of)  # which finds a folder on a slow disk, too

    def _on_folder_found(self, path: Path, is_case: bool) -> None:
        if self._is_closed:
            return
        if is_case:
            self.exhibits.open_case(path)
        else:
            self.exhibits.add([path])

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
            message = shown(message) + " " + tr("{name} is still shown.", name=Path(clip.path).name)
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
        session.begun_with = contents.settings
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
        """Change those fields of the report cover that differ from what is shown: the case may not be read yet."""
        shown_now, case_path = asdict(self.session.case_info), self.session.case_path
        texts = {name: text for name, text in asdict(info).items() if text != shown_now[name]}
        if case_path is None or not texts:
            return
        self.case_store.write(case_path, lambda case: case.set_case_info(replace(case.case_info(), **texts)))
        if "exhibit" in texts:
            self.exhibits.use_cover(case_path, info)

    # --- overlays ----------------------------------------------------------------------------------------------------

    def cycle_landmarks(self) -> None:
        """Switch to the next landmark style; after the last comes the first."""
        at = LANDMARK_STYLES.index(self.session.overlays.landmarks)
        self.session.change_overlays(landmarks=LANDMARK_STYLES[(at + 1) % len(LANDMARK_STYLES)])
