"""The answer of an analysis in plain words, for the window's card, page one of the report and the text for an editor.

It has four parts: what the tool concludes, what follows for a publication, how often the rule errs, and the one limit
that matters most for this clip. The exact figures with their intervals are given elsewhere, once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePath

from inspector.domain.analysis import Analysis, Conclusion, Finding, Significance, TrackSummary
from inspector.domain.case import Decision, Review, finding_key
from inspector.domain.faces import Abstention
from inspector.domain.known_models import is_known
from inspector.domain.model_card import ErrorRates
from inspector.domain.printable import printable
from inspector.domain.settings import Settings

_CONSEQUENCES = {
    Conclusion.INDICATED: "Do not publish before other evidence supports it: this is an indication, not a proof.",
    Conclusion.NOT_INDICATED: "This does not show that the clip is unmanipulated: check it by other means before "
    "you publish.",
    Conclusion.INCONCLUSIVE: "Do not publish on this result.",
    Conclusion.NO_FACE: "The tool says nothing about this clip: check it by other means.",
}
CONSEQUENCES = tuple((str(conclusion), sentence) for conclusion, sentence in _CONSEQUENCES.items())
"""Every conclusion with what follows from it."""
_UNKNOWN_KIND = "A kind of manipulation that the detector was not trained on may go unnoticed."
_ODD_LOOK = "Filters, make-up, restoration and strong compression can look like manipulation to the detector."
_ODD_STILL = (
    "Studio portraits, cut-out faces, filters, restoration and strong compression can look like manipulation to the "
    "detector."
)
_HARDLY_KNOWN = 0.2  # upper end of the interval of a rate of false alarms that must not stand alone
_FEW_TRACKS = 2  # the error rates were measured on clips with one or two faces
_FACE_SIZE = "face size"  # how the name of a card's band of face sizes begins


@dataclass(frozen=True, slots=True)
class Answer:
    """One sentence each; `frequencies` and `limit` are "" where nothing was scored."""

    headline: str
    consequence: str
    frequencies: str
    limit: str

    @property
    def sentences(self) -> tuple[str, ...]:
        """What follows the headline."""
        return tuple(part for part in (self.consequence, self.frequencies, self.limit) if part)


def answer(analysis: Analysis) -> Answer:
    """The answer of an analysis."""
    conclusion = analysis.summary.conclusion
    if analysis.model is None:
        return Answer(
            "Nothing was scored", "No detector was installed, so the tool says nothing about this clip.", "", ""
        )
    headline = str(conclusion)[:1].upper() + str(conclusion)[1:]
    if conclusion is Conclusion.NO_FACE:
        return Answer(headline, _CONSEQUENCES[conclusion], "", why_not_scored(analysis.summary.abstentions))
    return Answer(headline, _CONSEQUENCES[conclusion], frequencies(applied_rates(analysis)), _limit(analysis))


def unexamined(analysis: Analysis) -> tuple[str, ...]:
    """What of the clip was not examined, a sentence each: whoever states its result states them beside it."""
    is_still = analysis.clip.is_still
    stopped = () if analysis.is_complete or is_still else ("The analysis was stopped before the end of the clip.",)
    is_scored = analysis.model is not None and analysis.summary.conclusion is not Conclusion.NO_FACE
    return (*stopped, *left_out_by(analysis.settings, is_still=is_still, is_scored=is_scored))


def left_out_by(settings: Settings, *, is_still: bool = False, is_scored: bool = True) -> tuple[str, ...]:
    """What of any clip, or of a still, the settings leave out, a sentence each; without a score no look decided."""
    said = []
    if settings.whole_frame:
        said.append("No faces were looked for, as the settings say: what is called a face here is the whole frame.")
    if settings.deep == "off" and is_scored:
        said.append("The deep look was switched off, as the settings say: the fast look decided, meant for screening.")
    return (*said, *(() if is_still else _frames_left_out(settings)))


def _frames_left_out(settings: Settings) -> list[str]:
    start, end = settings.start_seconds or 0.0, settings.end_seconds
    said = []
    if start and end is not None:
        said.append(f"Only the part from {start:.2f} s to {end:.2f} s was examined, as the settings say.")
    elif start:
        said.append(f"Only the part from {start:.2f} s on was examined, as the settings say.")
    elif end is not None:
        said.append(f"Only the part before {end:.2f} s was examined, as the settings say.")
    if settings.every > 1:
        said.append(f"Only one frame in {settings.every} was examined, as the settings say.")
    return said


_LIMITS_OF_RATES = (
    "detection_confidence", "minimum_face_px", "minimum_sharpness", "maximum_yaw", "minimum_inside",
    "minimum_scored_frames",
)  # fmt: skip
"""Settings by their names: what of the faces is scored, and when the rule judges a track."""


def unfitting(settings: Settings, *, is_still: bool = False) -> tuple[str, ...]:
    """Why the card's error rates do not hold under these settings, a sentence each."""
    if settings.whole_frame:
        return ("Error rates and likelihood ratios hold for faces, not for whole frames.",)
    said, usual = [], Settings()
    if any(getattr(settings, name) != getattr(usual, name) for name in _LIMITS_OF_RATES):
        said.append(
            "Error rates and likelihood ratios hold for the default limits of what is scored, which were changed."
        )
    if not is_still and (settings.start_seconds or settings.end_seconds is not None):
        said.append(
            "Error rates and likelihood ratios hold for whole clips, not for a part that was chosen because it stands "
            "out."
        )
    return tuple(said)


def applied_rates(analysis: Analysis) -> ErrorRates | None:
    """The card's error rates of the rule that judged the tracks, if it states them."""
    is_deep = any(track.deep for track in analysis.summaries)
    return None if analysis.model is None else analysis.model.rates(is_still=analysis.clip.is_still, is_deep=is_deep)


def frequencies(rates: ErrorRates | None) -> str:
    """Error rates as natural frequencies; all manipulated faces are accounted for.

    Where so few sources were measured that false alarms could be frequent, the upper end of their interval is named.
    """
    if rates is None:
        return "How often the detector errs was not measured."
    caught = 1.0 - rates.false_negative_rate
    rest = 100 - round(100 * caught)
    others = f"the other {rest}" if round(100 * caught) else f"all {rest}"
    wrong, most = _of_100(rates.false_positive_rate), rates.false_positive_interval[1]
    if most > _HARDLY_KNOWN:
        wrong += f", maybe up to {round(100 * most)}"
    return (
        f"Of 100 unmanipulated faces the detector wrongly flags {wrong}; "
        f"of 100 manipulated ones it flags {_of_100(caught)} and misses or leaves undecided {others}."
    )


def _of_100(share: float) -> str:
    count = round(100 * share)
    if share <= 0:
        return "none"
    return f"about {count}" if count else "fewer than one"


def judged_tracks(tracks: Iterable[TrackSummary]) -> list[TrackSummary]:
    """The tracks that count for the clip: a short fragment only when nothing is longer or it indicates manipulation.

    A flicker must not hide a clear result.
    """
    scored = [t for t in tracks if t.frames_scored > 0]
    longest = max((t.frames_scored for t in scored), default=0)
    return [t for t in scored if t.conclusion is Conclusion.INDICATED or t.frames_scored >= 0.1 * longest]


def deciding(judged: list[TrackSummary], conclusion: Conclusion) -> TrackSummary | None:
    """The track whose reason is that of the clip's conclusion: the one with the highest probability, else the first."""
    highest = max(judged, key=lambda t: (t.fake_probability or 0.0, -t.track_id), default=None)
    matching = [t for t in judged if t.conclusion is conclusion]
    return highest if highest in matching else next(iter(matching), None)


def deciding_track(analysis: Analysis) -> TrackSummary | None:
    """The track that the clip's reason is about; None where none was scored."""
    return deciding(judged_tracks(analysis.summaries), analysis.summary.conclusion)


def highest_track(analysis: Analysis) -> TrackSummary | None:
    """The track whose probability is the clip's; it need not be the one that decides. None where none was scored."""
    return max(judged_tracks(analysis.summaries), key=lambda t: (t.fake_probability or 0.0, -t.track_id), default=None)


def _limit(analysis: Analysis) -> str:
    """The limit that matters most for this clip: what the rule cannot decide, then what is unusual about the input."""
    model, track, summary = analysis.model, deciding_track(analysis), analysis.summary
    assert model is not None
    if track is not None and track.deep is not None and model.deep is not None:
        limits = model.deep.limits(analysis.clip.is_still)
        if limits.high is None and limits.low is None:
            kind = "still" if analysis.clip.is_still else "clip"
            return f"For {kind}s the detector errs too often to conclude anything: every {kind} is inconclusive."
    unscored = {reason: count for reason, count in summary.abstentions.items() if reason != Abstention.NO_FACE}
    if sum(unscored.values()) > summary.frames_scored:
        return f"Most faces have no score. {why_not_scored(unscored)}"
    smallest = next((band.minimum for band in model.quality_bands if band.name.startswith(_FACE_SIZE)), 0.0)
    if track is not None and (size := max(track.median_box.width, track.median_box.height)) < smallest:
        learnt = "detector" if model.deep is None else "fast look"
        return (
            f"The longer side of the face is {size:.0f} pixels; most faces that the {learnt} learnt have "
            f"{smallest:.0f} or more."
        )
    if summary.conclusion is not Conclusion.INDICATED:
        return _UNKNOWN_KIND
    scored = sum(t.frames_scored > 0 for t in analysis.summaries)
    many = f"With {scored} face tracks in one clip it is likelier that one of them is flagged wrongly."
    if analysis.clip.is_still:
        many = f"With {scored} faces in one picture it is likelier that one of them is flagged wrongly."
    odd = _ODD_STILL if analysis.clip.is_still else _ODD_LOOK
    return many if scored > _FEW_TRACKS else odd


def why_not_scored(abstentions: dict[str, int]) -> str:
    """The reasons for having no score, the most frequent first, as one sentence; "" without any."""
    counted = sorted(abstentions.items(), key=lambda item: -item[1])
    parts = [f"{reason} ({count} {'time' if count == 1 else 'times'})" for reason, count in counted if count]
    return f"Not scored: {', '.join(parts)}." if parts else ""


FaceNames = Mapping[int, str]
"""The examiner's names of faces, by track."""

NO_NAMES: FaceNames = {}


def face_name(track_id: int, names: FaceNames = NO_NAMES) -> str:
    """What a track is called towards people: the examiner's name for it, else "Face 1"."""
    return names.get(track_id) or f"Face {track_id}"


def full_face_name(track_id: int, names: FaceNames = NO_NAMES) -> str:
    """A track with its number, for the report: "Face 1 (“minister”)"."""
    name = names.get(track_id)
    return f"Face {track_id} (“{name}”)" if name else f"Face {track_id}"


def finding_title(finding: Finding, analysis: Analysis, names: FaceNames = NO_NAMES) -> str:
    """A finding's conclusion; of a track "Face 1: inconclusive"."""
    track = next((t for t in analysis.summaries if t.track_id == finding.track_id), None)
    if track is not None:
        return f"{full_face_name(track.track_id, names)}: {track.conclusion}"
    return finding.conclusion[:1].upper() + finding.conclusion[1:]


def ordered_findings(analysis: Analysis) -> list[Finding]:
    """The findings that ask for most attention first, among them that of the face that decides."""
    track, ranks = deciding_track(analysis), list(Significance)
    decides = None if track is None else track.track_id
    return sorted(analysis.findings, key=lambda each: (ranks.index(each.significance), each.track_id != decides))


def clip_reason(analysis: Analysis, names: FaceNames = NO_NAMES) -> str:
    """The reason of the clip's conclusion, with the name of the face that decides; "" where nothing was scored."""
    track, reason = deciding_track(analysis), analysis.summary.reason
    if track is None:
        return "" if analysis.summary.conclusion is Conclusion.NO_FACE else reason
    return f"{full_face_name(track.track_id, names)}: {reason.removeprefix(f'Track {track.track_id}: ')}"


def is_reason_of_clip(finding: Finding, analysis: Analysis) -> bool:
    """Whether a finding's justification is the reason of the clip's conclusion, which is given elsewhere."""
    track = deciding_track(analysis)
    return track is not None and finding.track_id == track.track_id


_EXAMINER = "the examiner"
DECIDED = {Decision.ACCEPTED: "the examiner agrees", Decision.REJECTED: "the examiner disagrees"}


def decision_text(review: Review, who: str = _EXAMINER) -> str:
    """An examiner's decision in plain words, with the reason."""
    decided = DECIDED[review.decision].replace(_EXAMINER, who)
    return decided + (f": {review.reason}" if review.reason else "")


def decisions_text(
    analysis: Analysis, reviews: Sequence[Review], names: FaceNames = NO_NAMES, examiner: str = ""
) -> str:
    """All decisions on an analysis's findings in one line: "Face 1: inconclusive (the examiner agrees).".

    `examiner` is the one of the cover. Others are named: they may have come with an imported case file.
    """
    parts = []
    for finding in analysis.findings:
        own = [each for each in reviews if each.finding == finding_key(analysis, finding)]
        is_one = {review.author for review in own} <= {examiner}
        said = [
            DECIDED[r.decision] if is_one else decision_text(replace(r, reason=""), r.author or "another") for r in own
        ]
        parts += [f"{finding_title(finding, analysis, names)} ({', '.join(said)})"] if said else []
    return f"{'; '.join(parts)}." if parts else ""


def message(analysis: Analysis) -> str:
    """A few sentences of plain text for somebody who decides about a publication; the last names file and detector."""
    found, model = answer(analysis), analysis.model
    about = [found.frequencies or found.limit or "No face was found."]
    if found.frequencies:
        about += unfitting(analysis.settings, is_still=analysis.clip.is_still)
    name = printable(PurePath(analysis.clip.path).name)
    detector = "no detector" if model is None else f"detector {model.name} {model.version}"
    unknown = "" if model is None or is_known(model) else ", an unknown model whose error rates nobody checked"
    return (
        f"{name}: {_lower(found.headline)}; {_lower(found.consequence)} {' '.join((*unexamined(analysis), *about))} "
        f"Examined with Deepfake Inspector, {detector}{unknown}; SHA-256 of the file: {analysis.clip.sha256}."
    )


def _lower(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:]
