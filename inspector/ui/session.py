"""The session: the window's only mutable state. Widgets read it and listen; the controller changes it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from inspector.domain.analysis import Analysis, Finding
from inspector.domain.answer import NO_NAMES, FaceNames
from inspector.domain.case import Bookmark, CaseInfo, FaceName, Note, Review, SavedPicture, face_names, finding_key
from inspector.domain.clip import Clip, Gap
from inspector.domain.faces import Face
from inspector.domain.file_facts import FileFacts
from inspector.domain.model_card import ModelCard, Threshold
from inspector.domain.scores import CamMap, FaceScore
from inspector.domain.settings import Settings
from inspector.domain.sound.facts import SoundFacts
from inspector.domain.sound.mouth import MouthLag
from inspector.engine.analysis.deep_rule import threshold_of
from inspector.engine.case.records import Earlier
from inspector.ui.heat_maps import HeatMaps
from inspector.ui.other_clip import OtherClip, ScoredClip
from inspector.ui.series import ScoreBoard
from inspector.ui.state import (
    AnalysisJob,
    CaseAnnotations,
    Notice,
    OpenedClip,
    Pick,
    Playback,
    Shown,
    SoundState,
    TrackSignals,
)
from inspector.ui.time_text import index_at
from inspector.ui.waiting import Waiting
from inspector.ui.widgets.engine_text import face_label


class Session(Waiting):
    """Everything the window knows. Each `set_...` stores a value and emits its signal once.

    `Display` is the part that widgets change themselves, `Waiting` what the window is waiting for.
    """

    clip_changed = Signal(object)  # OpenedClip | None
    shown_changed = Signal(object)  # Shown | None
    playback_changed = Signal(object)  # Playback
    scores_added = Signal()
    analysis_changed = Signal(object)  # Analysis | None
    signals_changed = Signal()
    earlier_changed = Signal()
    elsewhere_changed = Signal()
    job_changed = Signal(object)  # AnalysisJob | None
    other_changed = Signal()
    cam_changed = Signal(object)  # CamMap | None: one could not be computed, or is tried again
    notes_changed = Signal()
    names_changed = Signal()  # of faces
    model_changed = Signal(object)  # ModelCard | None
    notice_posted = Signal(object)  # Notice
    settings_changed = Signal(object)  # Settings
    sound_changed = Signal(object)  # SoundState
    file_facts_changed = Signal(object)  # FileFacts | None
    other_facts_changed = Signal()
    sound_facts_changed = Signal(object)  # SoundFacts | None
    mouth_changed = Signal(object)  # MouthLag | None

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.opened: OpenedClip | None = None
        self.case_path: Path | None = None
        self.file_facts: FileFacts | None = None
        self.other_facts: FileFacts | None = None  # of the other clip of a comparison
        self.sound_facts: SoundFacts | None = None
        self.mouth: MouthLag | None = None
        self.shown: Shown | None = None
        self.playback = Playback()
        self.board = ScoreBoard()
        self.gaps: tuple[Gap, ...] = ()
        self.analysis_id: int | None = None  # the analysis in the case file that everything shown is from
        self.imported = ""  # where that one comes from if this installation did not make it
        self.begun_with: Settings | None = None  # the settings of that one
        self.analysis: Analysis | None = None
        self.earlier: tuple[Earlier, ...] = ()  # analyses of the open clip in other case files, newest first
        self.signals: TrackSignals | None = None  # of an analysis that ended; the selected track's follow its selection
        self.job: AnalysisJob | None = None
        self.elsewhere = ""  # the name of another clip whose analysis holds up what this one needs
        self.other: OtherClip | None = None  # the other clip of a comparison
        self.other_text = ""  # what is awaited of it, or why it cannot be shown
        self.notes: tuple[Note, ...] = ()
        self.bookmarks: tuple[Bookmark, ...] = ()
        self.saved_pictures: tuple[SavedPicture, ...] = ()
        self.reviews: tuple[Review, ...] = ()
        self.names: tuple[FaceName, ...] = ()
        self.case_info = CaseInfo()
        self.new_cover = CaseInfo()  # the cover of new cases
        self.installed_model: ModelCard | None = None
        self.settings = Settings()
        self.sound = SoundState.NONE
        self.heat_maps = HeatMaps()  # of the shown analysis

    # --- read --------------------------------------------------------------------------------------------------------

    @property
    def clip(self) -> Clip | None:
        """The open clip."""
        return None if self.opened is None else self.opened.clip

    @property
    def model(self) -> ModelCard | None:
        """The card that the shown numbers come from: the analysis's own, else the installed one."""
        return self.analysis.model if self.analysis is not None else self.installed_model

    @property
    def threshold(self) -> Threshold | None:
        """The thresholds of the rule behind the shown numbers; those of a deep network are given as probabilities.

        None before the first frame of a deep look: the fast look's, which does not decide then, would be read as its.
        """
        card, clip = self.model, self.clip
        if card is None or card.deep is None or clip is None:
            return None if card is None else card.threshold
        if self.board.is_deep:
            return threshold_of(card.deep.limits(clip.is_still))
        return None if self.is_screened else card.threshold

    @property
    def is_screened(self) -> bool:
        """Whether a deep look decides, or will: until it has come to a frame, the score is one of the fast look."""
        # Those of the window, of the next analysis, may have been changed since.
        settings = self.analysis.settings if self.analysis is not None else self.begun_with or self.settings
        has_deep = self.model is not None and self.model.deep is not None
        return self.board.is_deep or (has_deep and settings.deep != "off")

    @property
    def can_explain(self) -> bool:
        """Whether the engine can compute heat maps: an analysis is running or complete."""
        is_running = self.job is not None and self.job.started is not None
        return is_running or (self.analysis is not None and self.analysis.is_complete)

    @property
    def is_analysed(self) -> bool:
        """Whether the analysis is up to date: complete, and made with the current settings and model."""
        done = self.analysis
        if done is None or not done.is_complete or not self.would_use(done.settings):
            return False
        used, installed = done.model, self.installed_model
        return (used and used.identity) == (installed and installed.identity)

    @property
    def can_resume(self) -> bool:
        """Whether the next analysis would go on where the shown one, which was interrupted, has stopped."""
        is_begun = bool(self.board.tracks) and (self.analysis is None or not self.analysis.is_complete)
        return is_begun and not self.imported and self.begun_with is not None and self.would_use(self.begun_with)

    def would_use(self, settings: Settings) -> bool:
        """Whether the next analysis would be made with these; the stream is chosen with the clip."""
        return settings == replace(self.settings, stream=settings.stream)

    @property
    def best_earlier(self) -> Earlier | None:
        """The analysis from another case file to offer: the newest with the current settings, else the newest."""
        return next((each for each in self.earlier if self.is_current(each)), next(iter(self.earlier), None))

    def is_current(self, earlier: Earlier) -> bool:
        """Whether an earlier analysis was made as one would be made now."""
        installed = self.installed_model
        is_same_model = earlier.model == ("" if installed is None else installed.identity)
        return is_same_model and self.would_use(earlier.settings)

    @property
    def faces(self) -> tuple[tuple[int, Face], ...]:
        """The faces of the frame on the screen; none while they are those of another analysis than the scores.

        The ids of analyses begin at 1 in each case file, so the case file is compared too: an answer about the former
        clip may have reached the viewer after it opened this one.
        """
        shown, shown_analysis = self.shown, (self.case_path, self.analysis_id)
        return shown.faces if shown is not None and (shown.case_path, shown.analysis_id) == shown_analysis else ()

    @property
    def can_report(self) -> bool:
        """Whether a report can be written: a complete analysis is shown, and no other one is running."""
        return self.analysis is not None and self.analysis.is_complete and self.job is None

    @property
    def in_out_range(self) -> tuple[int, int] | None:
        """The pts of the first and the last frame between in and out; an unset one is the clip's own start or end."""
        if self.opened is None or (self.in_pts is None and self.out_pts is None):
            return None
        first = int(self.opened.pts[0]) if self.in_pts is None else self.in_pts
        last = int(self.opened.pts[-1]) if self.out_pts is None else self.out_pts
        return first, last

    def cam_at(self, track_id: int | None, pts: int) -> CamMap | None:
        """The heat map of one score, if it was computed in this session."""
        return self.heat_maps.at(track_id, pts)

    def track_at(self, pts: int) -> int | None:
        """The track whose heat map belongs on the screen: the selected one if it is scored here, else the strongest."""
        selected = self.board.tracks.get(self.selected_track or 0)
        if selected is not None and selected.probability_at(pts) is not None:
            return self.selected_track
        return self.board.strongest_at(pts)

    @property
    def face_names(self) -> FaceNames:
        """The examiner's names of the faces of the shown analysis."""
        return NO_NAMES if self.analysis is None else face_names(self.names, self.analysis)

    def face_name(self, track_id: int) -> str:
        """What a face of the shown analysis is called."""
        return face_label(track_id, self.face_names)

    def review_of(self, finding: Finding) -> Review | None:
        """The decision of the examiner on the cover on a finding of the shown analysis, if there is one."""
        author = self.case_info.examiner
        return next((review for review in self._reviews_of(finding) if review.author == author), None)

    def other_reviews(self, finding: Finding) -> tuple[Review, ...]:
        """The decisions of other examiners on a finding of the shown analysis."""
        return tuple(review for review in self._reviews_of(finding) if review.author != self.case_info.examiner)

    def _reviews_of(self, finding: Finding) -> tuple[Review, ...]:
        if self.analysis is None:
            return ()
        key = finding_key(self.analysis, finding)
        return tuple(review for review in self.reviews if review.finding == key)

    # --- changed by the controller -----------------------------------------------------------------------------------

    def set_clip(self, opened: OpenedClip | None, case_path: Path | None) -> None:
        """Switch to another clip; everything that belongs to the former one is dropped."""
        self.opened, self.case_path = opened, case_path
        self.shown = None
        self.set_file_facts(None)
        self.set_sound_facts(None)
        self.set_mouth(None)
        self.heat_maps.clear()
        self.notes, self.bookmarks, self.saved_pictures, self.reviews, self.names = (), (), (), (), ()
        self.case_info, self.earlier = self.new_cover, ()
        self.set_playback(Playback())
        self.set_range(None, None)
        self.show_analysis(None)
        self.clip_changed.emit(opened)
        self.notes_changed.emit()

    def set_file_facts(self, facts: FileFacts | None) -> None:
        """Set what the open file says about itself; None until it is read."""
        self.file_facts = facts
        self.file_facts_changed.emit(facts)

    def set_other_facts(self, facts: FileFacts | None) -> None:
        """Set what the file of the other clip says about itself; None until it is read."""
        self.other_facts = facts
        self.other_facts_changed.emit()

    def set_sound_facts(self, facts: SoundFacts | None) -> None:
        """Set what was measured on the open clip's sound; None until it is examined."""
        self.sound_facts = facts
        self.sound_facts_changed.emit(facts)

    def set_mouth(self, lag: MouthLag | None) -> None:
        """Set how the mouth of the selected track follows the sound; None until it is known."""
        self.mouth = lag
        self.mouth_changed.emit(lag)

    def show_analysis(self, analysis_id: int | None) -> None:
        """Switch to another analysis of the case file; all scores, heat maps and results of the former are dropped."""
        self.analysis_id, self.imported, self.begun_with = analysis_id, "", None
        self.board, self.gaps = ScoreBoard(), ()
        self.heat_maps.clear()
        self.set_signals(None)
        self.set_selected_track(None)
        self.set_analysis(None)
        self.scores_added.emit()

    def set_shown(self, shown: Shown) -> None:
        """Set the picture on the screen."""
        self.shown = shown
        self.shown_changed.emit(shown)

    def set_playback(self, playback: Playback) -> None:
        """Set whether the clip plays, and its speed."""
        if playback != self.playback:
            self.playback = playback
            self.playback_changed.emit(playback)

    def set_board(self, board: ScoreBoard, gaps: tuple[Gap, ...]) -> None:
        """Set all scores of a stored analysis."""
        self.board, self.gaps = board, gaps
        self.scores_added.emit()

    def add_scores(self, scores: tuple[FaceScore, ...], gaps: tuple[Gap, ...]) -> None:
        """Append the scores and gaps of a batch of a running analysis."""
        self.board.add(scores)
        self.gaps += tuple(gap for gap in gaps if gap not in self.gaps)  # a batch may be sent again
        self.scores_added.emit()

    def set_analysis(self, analysis: Analysis | None) -> None:
        """Set the result of a complete or stopped analysis."""
        self.analysis = analysis
        self.analysis_changed.emit(analysis)

    def set_earlier(self, earlier: tuple[Earlier, ...]) -> None:
        """Set the analyses of the open clip that are in other case files."""
        if earlier != self.earlier:
            self.earlier = earlier
            self.earlier_changed.emit()

    def set_signals(self, signals: TrackSignals | None) -> None:
        """Set the signals of the selected track."""
        self.signals = signals
        self.signals_changed.emit()

    def set_job(self, job: AnalysisJob | None) -> None:
        """Set the progress of the running analysis; None when none is running."""
        self.job = job
        self.job_changed.emit(job)

    def set_elsewhere(self, name: str) -> None:
        """Set the name of the clip that is analysed while another one is open, or ""."""
        if name != self.elsewhere:
            self.elsewhere = name
            self.elsewhere_changed.emit()

    def select_strongest_track(self) -> None:
        """Select the track with the highest probability, unless one is selected."""
        if self.selected_track is None and self.analysis is not None and self.analysis.summaries:
            strongest = max(self.analysis.summaries, key=lambda summary: summary.fake_probability or 0.0)
            self.set_selected_track(strongest.track_id)

    def set_other(self, other: OtherClip | None, text: str = "") -> None:
        """Set the other clip of the comparison, or one sentence on why there is none yet or none at all."""
        self.other, self.other_text = other, text
        self.other_changed.emit()

    def index_of(self, pick: Pick) -> int | None:
        """The display index of a side's frame in its clip; None while that clip is not open."""
        opened = self.opened_of(pick)
        if opened is None or self.opened is None or self.shown is None:
            return None
        if pick.index is not None:
            return pick.index
        if not pick.is_other:
            return self.shown.index
        passed = self.opened.clip.seconds(self.shown.pts)
        return index_at(opened.pts, opened.clip.pts(passed))

    def clip_of(self, pick: Pick) -> ScoredClip | None:
        """The open clip or the other one, with what was found in it."""
        return self.other if pick.is_other else self

    def opened_of(self, pick: Pick) -> OpenedClip | None:
        """The clip of a side with its index."""
        clip = self.clip_of(pick)
        return None if clip is None else clip.opened

    def set_annotations(self, annotations: CaseAnnotations) -> None:
        """Set the notes, bookmarks, pictures, reviews and cover of the open clip's case file."""
        self.notes, self.bookmarks = annotations.notes, annotations.bookmarks
        self.saved_pictures, self.reviews = annotations.pictures, annotations.reviews
        self.case_info = annotations.info
        is_renamed, self.names = self.names != annotations.names, annotations.names
        self.notes_changed.emit()
        if is_renamed:
            self.names_changed.emit()

    def set_installed_model(self, card: ModelCard | None) -> None:
        """Set the model bundle that an analysis would use; None if it is not installed."""
        self.installed_model = card
        self.model_changed.emit(card)

    def set_settings(self, settings: Settings) -> None:
        """Set the settings of the next analysis; an analysis made with other settings is out of date."""
        self.settings = settings
        self.settings_changed.emit(settings)

    def set_sound(self, state: SoundState) -> None:
        """Set the state of the clip's sound."""
        self.sound = state
        self.sound_changed.emit(state)

    def post(self, notice: Notice) -> None:
        """Show one sentence to the user."""
        self.notice_posted.emit(notice)
