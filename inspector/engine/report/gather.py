"""Picks the key frames of a finished analysis and gathers what the report shows of them and of saved pictures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path, PurePath

from inspector.domain.analysis import Analysis, Conclusion, TrackSummary
from inspector.domain.answer import deciding_track
from inspector.domain.arrays import Image
from inspector.domain.case import SavedPicture, face_names
from inspector.domain.clip import Frame
from inspector.domain.errors import BundleError, CaseError, PictureError
from inspector.domain.observations.coding import FrameHash
from inspector.domain.scores import FaceScore
from inspector.domain.sound.facts import SoundFacts
from inspector.domain.sound.mouth import MouthLag
from inspector.domain.timecode import timecode
from inspector.engine import activity
from inspector.engine.analysis.cam_maker import CamMaker, Explanations
from inspector.engine.analysis.changes import CODINGS
from inspector.engine.analysis.scored_frame import ScoredFrames, check_scored
from inspector.engine.case.case_file import CaseFile
from inspector.engine.case.stored_analysis import StoredAnalysis
from inspector.engine.clock import now
from inspector.engine.decode.decoder import Decoder, frame_sha256
from inspector.engine.faces.signals import MOUTH
from inspector.engine.filters import filters
from inspector.engine.filters.table import Chain, needs_previous, parse_chain
from inspector.engine.model.calibration import probability
from inspector.engine.model.detector import Detector
from inspector.engine.provenance.coding.history import CodingHistory, coding_history
from inspector.engine.provenance.coding.repeats import repeat_measures
from inspector.engine.provenance.describe import describe_file
from inspector.engine.report.figure_files import frame_facts
from inspector.engine.report.material import KeyFrame, ReportMaterial, Robustness, SavedFigure, SearchFrame
from inspector.engine.report.parts import ReportPart
from inspector.engine.report.search_frames import most_suitable
from inspector.engine.sound.examine import examine_sound
from inspector.engine.sound.mouth import track_lag

_TRACKS_SHOWN = 4
_FRAMES_PER_TRACK = 3  # of one that decides or that calls the clip manipulated; of the others, one
_APART_SECONDS = 1.0


def gather(
    case: CaseFile,
    analysis_id: int,
    analysis: Analysis,
    detector: Detector | None,
    decoder: Decoder,
    public_key: str = "",
    *,
    has_figures: bool = True,
    left_out: tuple[ReportPart, ...] = (),
    known: Explanations | None = None,
) -> ReportMaterial:
    """Everything the report needs of one finished analysis; `analysis` is its result in the case file.

    `case` and `decoder` (of the analysed clip) stay open while the report is written. Without `has_figures` there are
    no key frames, no saved figures and no frames for a search; `left_out` is not in the report, which says so. `known`
    is what the networks gave before to explain scores of this analysis.

    Raises BundleError if `detector` is not the one that made the analysis.
    """
    _check_model(analysis, detector)
    stored = case.read(analysis_id)
    frames = ScoredFrames(stored, decoder)
    cams = CamMaker(frames, detector, known) if detector else None
    key_scores = _key_scores(stored, analysis) if has_figures else []
    has_search = has_figures and ReportPart.SEARCH not in left_out
    search_scores = most_suitable(stored.scores(), analysis) if has_search else []
    has_file = ReportPart.FILE not in left_out
    frames.load(score.pts for score in [*key_scores, *(cams.scaling(key_scores) if cams else ()), *search_scores])
    for _ in _explained(key_scores, analysis, cams):
        activity.note()
    sound = examine_sound(decoder.clip) if has_file else None
    hashes = stored.frame_hashes()
    return ReportMaterial(
        analysis=_without_folders(analysis) if has_file else _without_tags(_without_folders(analysis)),
        case_info=case.case_info(),
        notes=case.annotations.notes(),
        bookmarks=case.annotations.bookmarks(),
        reviews=case.annotations.reviews(),
        names=face_names(case.annotations.names(), analysis),
        audit=case.audit(),
        log_problems=case.database.log_problems(),
        frames=stored.frames,
        scores=stored.scores,
        signals=stored.signals,
        key_frames=tuple(_key_frame(frames, analysis, cams, score) for score in key_scores),
        saved_figures=tuple(_saved_figures(case, stored, decoder)) if has_figures else (),
        overview_frames=tuple(_overview_frames(frames)) if has_figures and not key_scores else (),
        written_at=now(),
        stored_pts=decoder.index.stored_at,
        imported=stored.imported(),
        file_facts=describe_file(Path(decoder.clip.path)) if has_file else None,
        sound=sound,
        mouths=tuple(_mouths(stored, analysis, sound)),
        search_frames=tuple(_search_frames(frames, search_scores)),
        public_key=public_key,
        coding=_coding(stored, analysis, hashes) if has_file else None,
        left_out=left_out,
        frame_hashes=hashes,
    )


def _overview_frames(frames: ScoredFrames) -> Iterator[Frame]:
    """Frames from the start, the middle and the end of a clip."""
    pts = [record.pts for record in frames.stored.frames()]
    for at in dict.fromkeys(len(pts) * part // 6 for part in (1, 3, 5)):
        if pts:
            yield frames.at(pts[at])


def _coding(stored: StoredAnalysis, analysis: Analysis, hashes: Sequence[FrameHash]) -> CodingHistory:
    """How the clip is coded, with footage that it holds twice."""
    repeats = repeat_measures(stored.frames(), hashes, analysis.clip)
    return coding_history(stored.coding(), analysis.clip, repeats)


def explain_ahead(stored: StoredAnalysis, analysis: Analysis, cams: CamMaker) -> Iterator[None]:
    """Have `cams` compute what a report of the analysis needs of the networks; each step takes a second or two."""
    return _explained(_key_scores(stored, analysis), analysis, cams)


def _explained(scores: Sequence[FaceScore], analysis: Analysis, cams: CamMaker | None) -> Iterator[None]:
    if cams is not None:
        yield from cams.explain([s for s in scores if s.logit is not None], analysis.settings.cam_method, CODINGS)


def _check_model(analysis: Analysis, detector: Detector | None) -> None:
    if analysis.model is not None and (detector is None or detector.card.identity != analysis.model.identity):
        raise BundleError(
            f"The analysis was made with model {analysis.model.name} {analysis.model.sha256[:12]}…, which is not "
            "the one installed; install that bundle or analyse the clip again."
        )


def _mouths(stored: StoredAnalysis, analysis: Analysis, sound: SoundFacts | None) -> Iterator[MouthLag]:
    """By how much each face's mouth follows the sound."""
    if sound is None or sound.speech is None:
        return
    for track in analysis.tracks:
        opening = next((signal for signal in stored.signals(track.track_id) if signal.name == MOUTH), None)
        if opening is not None:
            yield track_lag(track.track_id, opening, analysis.clip, sound.speech)


def _without_folders(analysis: Analysis) -> Analysis:
    """The analysis as a report shows it: the folders of the examiner's computer are nobody else's business."""
    clip = replace(analysis.clip, path=PurePath(analysis.clip.path).name)
    settings = replace(analysis.settings, model=PurePath(analysis.settings.model).name)
    return replace(analysis, clip=clip, settings=settings)


def _without_tags(analysis: Analysis) -> Analysis:
    """The analysis without the container's tags, which may name places and people."""
    return replace(analysis, clip=replace(analysis.clip, metadata=()))


def _saved_figures(case: CaseFile, stored: StoredAnalysis, decoder: Decoder) -> Iterator[SavedFigure]:
    """The frames that the examiner saved, each to be decoded again from the evidence."""
    clip = decoder.clip
    for saved in case.annotations.pictures():
        frame = decoder.frame_at(saved.pts)
        try:
            chain = parse_chain(saved.filters)
            if frame.pts != saved.pts:
                raise ValueError(f"the clip has no frame at pts {saved.pts}")
        except ValueError as error:
            raise CaseError(
                f"{case.path} holds a picture that cannot be shown ({error}); remove it from the notes."
            ) from error
        render = partial(_render, decoder, saved, chain)
        if stored.frame_record(saved.pts) is not None:  # it may lie between the analysed frames
            check_scored(stored, frame, saved.pts)
        time = timecode(clip, saved.pts), clip.seconds(saved.pts)
        scores = stored.scores_at(saved.pts)
        yield SavedFigure(saved, frame.index, frame_sha256(frame.image), *time, chain, render, scores)


def _search_frames(frames: ScoredFrames, scores: Sequence[FaceScore]) -> Iterator[SearchFrame]:
    """The frames that show each face best, each to be decoded again from the evidence."""
    clip = frames.decoder.clip
    for score in scores:
        record = frames.stored.frame_record(score.pts)
        if record is not None and score.box is not None:
            time = clip.seconds(score.pts), timecode(clip, score.pts)
            facts = frame_facts(clip, record.index, score.pts, *time, record.sha256)
            render = partial(_image_at, frames, score.pts)
            yield SearchFrame(score.track_id, score.pts, time[0], score.box, facts, render)


def _image_at(frames: ScoredFrames, pts: int) -> Image:
    return frames.at(pts).image


def _render(decoder: Decoder, saved: SavedPicture, chain: Chain) -> tuple[Image, Image | None]:
    """A saved frame as decoded, and filtered if there are filters."""
    frame = decoder.frame_at(saved.pts)
    if not chain:
        return frame.image, None
    before = None
    if needs_previous(chain) and frame.index > 0:
        pts = int(decoder.index.pts[frame.index - 1])
        before = decoder.frame_at(pts)
        # For a damaged frame the decoder gives the one before it, which the examiner did not compare with.
        before = before if before.pts == pts else None
    try:
        return frame.image, filters.apply(chain, frame.image, before.image if before else None)
    except PictureError as error:
        raise CaseError(
            f"The picture saved at pts {saved.pts} cannot be made ({error}); remove it from the notes."
        ) from error


def _key_scores(stored: StoredAnalysis, analysis: Analysis) -> list[FaceScore]:
    """The scores of the key frames, track by track: the deciding one, then by probability.

    Each takes a dozen passes of the network, for its heat map and its checks.
    """
    deciding = deciding_track(analysis)
    by_weight = sorted(
        analysis.summaries,
        key=lambda s: (s is not deciding, -(s.fake_probability or 0.0), -s.frames_found, s.track_id),
    )
    found = []
    for track in by_weight[:_TRACKS_SHOWN]:
        matters = track is by_weight[0] or track.conclusion is Conclusion.INDICATED
        found += _scores_to_show(stored, analysis, track)[: _FRAMES_PER_TRACK if matters else 1]
    return found


def _scores_to_show(stored: StoredAnalysis, analysis: Analysis, summary: TrackSummary) -> list[FaceScore]:
    """The smoothed curve's peak, the highest single frame, then high ones at least a second from those chosen.

    If no frame of the track is scored, its first face.
    """
    if summary.peak_pts is None:
        first = stored.score_at(summary.track_id, summary.start_pts)
        return [first] if first else []
    peak = stored.score_at(summary.track_id, summary.peak_pts)
    chosen = [peak] if peak else []
    strongest = stored.strongest(summary.track_id, 2000, is_deep=summary.deep is not None)
    chosen += [score for score in strongest[:1] if score.pts != summary.peak_pts]
    for score in strongest:
        apart = min((abs(analysis.clip.seconds(score.pts) - analysis.clip.seconds(c.pts)) for c in chosen), default=9e9)
        if len(chosen) < _FRAMES_PER_TRACK and apart >= _APART_SECONDS:
            chosen.append(score)
    return chosen


def _key_frame(frames: ScoredFrames, analysis: Analysis, cams: CamMaker | None, score: FaceScore) -> KeyFrame:
    stored, frame = frames.stored, frames.at(score.pts)
    record = stored.frame_record(score.pts)
    assert record is not None, "ScoredFrames checks it"
    face = next((f for track, f in stored.faces_at(score.pts) if track == score.track_id), None)
    is_scored = score.logit is not None and cams is not None
    method = analysis.settings.cam_method
    return KeyFrame(
        track_id=score.track_id,
        frame=frame,
        record=record,
        score=score,
        landmarks=face.landmarks if face else None,
        cam=cams.cam(score.track_id, score.pts, method, with_deletion_check=True) if is_scored and cams else None,
        timecode=timecode(analysis.clip, score.pts),
        seconds=analysis.clip.seconds(score.pts),
        robustness=_robustness(score, cams, analysis) if is_scored and cams else (),
    )


def _robustness(score: FaceScore, cams: CamMaker, analysis: Analysis) -> tuple[Robustness, ...]:
    """The same crops scored again after changes to the whole frames that a re-upload typically causes."""
    detector, logits = cams.explained(score), cams.changed_logits(score, CODINGS)
    deep = None if analysis.model is None or detector is cams.detector else analysis.model.deep
    platt = detector.card.calibration.frame if deep is None else deep.limits(analysis.clip.is_still).calibration
    values = probability(logits, platt)
    return tuple(Robustness(name, float(value)) for name, value in zip(CODINGS, values, strict=True))
