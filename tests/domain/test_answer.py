"""The answer in plain words: its consequence, its frequencies, the limit that matters, and the text to send on."""

from dataclasses import replace
from typing import Any

import pytest

from inspector.domain.analysis import Analysis, Conclusion, Finding, Significance
from inspector.domain.answer import (
    answer,
    clip_reason,
    decisions_text,
    frequencies,
    is_reason_of_clip,
    message,
    ordered_findings,
    unexamined,
    unfitting,
)
from inspector.domain.case import Decision, Review, finding_key
from inspector.domain.geometry import Box
from inspector.domain.model_card import ErrorRates
from inspector.domain.settings import Settings
from inspector.engine.analysis.rule import _conclude
from inspector.ui.panels.result_card import result_warnings
from tests.engine.report.conftest import build


@pytest.fixture(scope="module")
def indicated() -> Analysis:
    return build(150, 1).analysis


def concluded(analysis: Analysis, conclusion: Conclusion, **track: object) -> Analysis:
    """The same analysis with another conclusion of clip and tracks."""
    summaries = tuple(replace(t, conclusion=conclusion, **track) for t in analysis.summaries)  # type: ignore[arg-type]
    return replace(analysis, summary=replace(analysis.summary, conclusion=conclusion), summaries=summaries)


def rates(false_positives: float, missed: float, most: float = 0.1) -> ErrorRates:
    return ErrorRates("track", "others", false_positives, (0, most), 50, missed, (0, 1), 50, 0.3)


@pytest.mark.parametrize("conclusion", list(Conclusion))
def test_each_conclusion_has_a_consequence_and_no_sentence_twice(indicated: Analysis, conclusion: Conclusion) -> None:
    found = answer(concluded(indicated, conclusion))
    assert found.headline.lower() == conclusion
    assert "publish" in found.consequence or "other means" in found.consequence
    assert len(set(found.sentences)) == len(found.sentences)


@pytest.mark.parametrize(
    ("wrong", "missed", "expected"),
    [
        (0.0188, 0.8628, ("wrongly flags about 2;", "flags about 14 and misses or leaves undecided the other 86.")),
        (0.0, 1.0, ("wrongly flags none;", "flags none and misses or leaves undecided all 100.")),
        (0.004, 0.0, ("wrongly flags fewer than one;", "flags about 100 and misses or leaves undecided the other 0.")),
    ],
)
def test_frequencies_account_for_all_hundred(wrong: float, missed: float, expected: tuple[str, ...]) -> None:
    for part in expected:
        assert part in frequencies(rates(wrong, missed))


def test_false_alarms_that_are_hardly_known_do_not_stand_alone() -> None:
    assert "wrongly flags about 2, maybe up to 26; of 100" in frequencies(rates(0.0236, 0.85, 0.2629))
    assert "maybe" not in frequencies(rates(0.0394, 0.67, 0.1338))


def test_the_limit_is_the_one_that_matters_for_the_clip(indicated: Analysis) -> None:
    open_ = Conclusion.INCONCLUSIVE
    assert "not trained on" in answer(concluded(indicated, open_)).limit
    assert (
        "The longer side of the face is 40 pixels; most faces that the detector learnt"
        in answer(concluded(indicated, open_, median_box=Box(0, 0, 30, 40))).limit
    )
    few = concluded(indicated, open_)
    few = replace(few, summary=replace(few.summary, frames_scored=3, abstentions={"face turned away": 9}))
    assert answer(few).limit == "Most faces have no score. Not scored: face turned away (9 times)."


def test_many_faces_of_a_picture_are_no_tracks(indicated: Analysis) -> None:
    (track,) = concluded(indicated, Conclusion.INDICATED).summaries[:1]
    many = replace(indicated, summaries=tuple(replace(track, track_id=at) for at in range(1, 6)))
    assert answer(many).limit.startswith("With 5 face tracks in one clip")
    picture = replace(many, clip=replace(many.clip, is_still=True))
    assert "With 5 faces in one picture" in answer(picture).limit


def test_an_indicated_still_names_studio_portraits(indicated: Analysis) -> None:
    found = concluded(indicated, Conclusion.INDICATED)
    assert "Studio portraits" in answer(replace(found, clip=replace(found.clip, is_still=True))).limit
    assert answer(found).limit.startswith("Filters, make-up")


def test_the_text_to_send_on_has_three_sentences_with_error_rate_and_hash(indicated: Analysis) -> None:
    said = message(concluded(indicated, Conclusion.INCONCLUSIVE))
    assert said.startswith("suspect clip.mp4: inconclusive; do not publish on this result. Of 100 unmanipulated faces")
    assert said.endswith(f"SHA-256 of the file: {indicated.clip.sha256}.")
    assert said.count(". ") == 2


def test_a_short_track_that_was_left_out_does_not_take_the_reason_of_the_one_that_decides() -> None:
    """The card read "Face 2: Track 1: ..." of the face that the rule had left out."""
    found = build(150, 2).analysis
    long, short = found.summaries
    unsure = Conclusion.INCONCLUSIVE
    long = replace(long, conclusion=unsure, fake_probability=0.4, frames_scored=100, reason="It lies between.")
    short = replace(short, conclusion=unsure, fake_probability=0.6, frames_scored=5, reason="It lies between.")
    conclusion, reason, _value = _conclude([long, short])
    analysis = replace(
        found, summaries=(long, short), summary=replace(found.summary, conclusion=conclusion, reason=reason)
    )
    assert clip_reason(analysis) == f"Face {long.track_id}: It lies between. One short track was left out."
    own, other = (Finding("x", Significance.INCONCLUSIVE, t.reason, t.track_id) for t in (long, short))
    assert is_reason_of_clip(own, analysis)
    assert not is_reason_of_clip(other, analysis), "the same sentence, about another face"


def test_findings_that_ask_for_attention_come_first_and_of_these_that_of_the_deciding_face() -> None:
    """Among 24 faces the one that decides the clip was the 17th card, below eleven inconclusive ones."""
    found = build(150, 3).analysis
    weights = (Significance.INCONCLUSIVE, Significance.NOTABLE, Significance.NOTABLE)
    conclusions = (Conclusion.INCONCLUSIVE, Conclusion.INDICATED, Conclusion.INDICATED)
    summaries = tuple(
        replace(track, conclusion=each, fake_probability=probability)
        for track, each, probability in zip(found.summaries, conclusions, (0.5, 0.9, 0.95), strict=True)
    )
    tracks = [track.track_id for track in summaries]
    findings = tuple(Finding("x", weight, "y", track) for weight, track in zip(weights, tracks, strict=True))
    findings += (Finding("the file", Significance.NONE, "z"), Finding("the file", Significance.NOTABLE, "z"))
    summary = replace(found.summary, conclusion=Conclusion.INDICATED)
    listed = ordered_findings(replace(found, summary=summary, summaries=summaries, findings=findings))
    assert [each.track_id for each in listed] == [tracks[2], tracks[1], None, tracks[0], None]


@pytest.mark.parametrize(
    ("chosen", "said"),
    [
        ({}, ()),
        ({"start_seconds": 0.0}, ()),
        (
            {"whole_frame": True},
            ("No faces were looked for, as the settings say: what is called a face here is the whole frame.",),
        ),
        (
            {"deep": "off"},
            ("The deep look was switched off, as the settings say: the fast look decided, meant for screening.",),
        ),
        ({"start_seconds": 1.03}, ("Only the part from 1.03 s on was examined, as the settings say.",)),
        ({"end_seconds": 4.1}, ("Only the part before 4.10 s was examined, as the settings say.",)),
        (
            {"start_seconds": 1.03, "end_seconds": 4.1, "every": 7},
            (
                "Only the part from 1.03 s to 4.10 s was examined, as the settings say.",
                "Only one frame in 7 was examined, as the settings say.",
            ),
        ),
    ],
)
def test_what_was_not_examined_is_said_with_the_result(indicated: Analysis, chosen: dict[str, Any], said: tuple[str]):
    analysis = replace(indicated, settings=Settings(**chosen))
    assert unexamined(analysis) == said
    assert all(sentence in message(analysis) for sentence in said)
    stopped = unexamined(replace(analysis, is_complete=False))
    assert stopped == ("The analysis was stopped before the end of the clip.", *said)
    unscored = replace(analysis, summary=replace(analysis.summary, conclusion=Conclusion.NO_FACE))
    assert "decided" not in " ".join(unexamined(unscored)), "no look did"
    still = replace(analysis, clip=replace(analysis.clip, is_still=True), is_complete=False)
    assert unexamined(still) == tuple(each for each in said if "Only" not in each)


@pytest.mark.parametrize(
    ("chosen", "said"),
    [
        ({"every": 3, "deep": "all"}, ()),
        ({"start_seconds": 0.0}, ()),
        ({"whole_frame": True, "end_seconds": 3.0}, ("for faces, not for whole frames.",)),
        ({"minimum_face_px": 24.0}, ("what is scored, which were changed.",)),
        (
            {"maximum_yaw": 80.0, "end_seconds": 4.0},
            ("what is scored, which were changed.", "a part that was chosen because it stands out."),
        ),
    ],
)
def test_rates_that_do_not_hold_say_so(indicated: Analysis, chosen: dict[str, Any], said: tuple[str]):
    """A stretch that stands out, examined by itself, was called with the error rates of whole clips."""
    analysis = replace(indicated, settings=Settings(**chosen))
    found = unfitting(analysis.settings)
    assert len(found) == len(said)
    assert all(each.endswith(end) for each, end in zip(found, said, strict=True))
    assert all(sentence in message(analysis) for sentence in found)
    assert [each for each in result_warnings(analysis, are_settings_current=True) if each in found] == list(found)
    assert unfitting(Settings(end_seconds=4.0), is_still=True) == ()
    nothing = replace(analysis.summary, conclusion=Conclusion.NO_FACE)
    assert "Error rates and" not in message(replace(analysis, summary=nothing))


def test_a_message_names_a_model_that_nobody_checked(indicated: Analysis):
    """A bundle may have any name, also that of the published one."""
    assert ", an unknown model whose error rates nobody checked;" in message(indicated)


def test_a_decision_that_came_with_a_case_file_is_not_the_examiner_s(indicated: Analysis):
    """Whoever opens a stranger's case file and writes an own name on the cover has agreed to nothing."""
    review = Review(1, finding_key(indicated, indicated.findings[0]), Decision.ACCEPTED, "", "A. Stranger", "")
    assert "(A. Stranger agrees)" in decisions_text(indicated, [review], examiner="R. Roe")
    assert "(the examiner agrees)" in decisions_text(indicated, [review], examiner="A. Stranger")
    assert "(another agrees)" in decisions_text(indicated, [replace(review, author="")], examiner="R. Roe")
