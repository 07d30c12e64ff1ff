"""Sentences of the engine are recognised by their patterns, whatever stands in them, and the examiner's words kept."""

import re
import time
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from inspector.domain.analysis import Analysis, ChangedScore, Conclusion
from inspector.domain.answer import answer, clip_reason, finding_title, frequencies, left_out_by, unfitting
from inspector.domain.case import Decision, Review
from inspector.domain.clip import Colour, PictureFormat, StreamInfo, StreamKind
from inspector.domain.credentials import CredentialStatus, ValidationCode
from inspector.domain.geometry import Box
from inspector.domain.likelihood import beyond_text, clip_ratio_text, ratio_text
from inspector.domain.model_card import DeepCard
from inspector.domain.scores import Segment
from inspector.domain.settings import Settings
from inspector.domain.sound.mouth import MouthLag
from inspector.engine.analysis.deep_rule import conclude_deep, summarise_look
from inspector.engine.analysis.rule import conclude_track
from inspector.engine.decode import still_colour, video_properties, wide_stills
from inspector.engine.decode.decoder import _name_remark
from inspector.engine.decode.evidence import Kind
from inspector.engine.decode.formats.tiff import Page
from inspector.engine.decode.formats.tiff_samples import describe, to_levels
from inspector.engine.decode.frame_index import FrameIndex
from inspector.engine.decode.still_streams import part_of_joined
from inspector.engine.decode.timing import remarks
from inspector.engine.decode.timing.losses import Evidence
from inspector.engine.process import jobs
from inspector.engine.provenance.coding.rules import Measure, facts_of, read_rules
from inspector.engine.provenance.status import sentence
from inspector.engine.resources import resource
from inspector.engine.sound.mouth import mouth_lag
from inspector.ui.widgets.engine_text import (
    _PLACEHOLDER,
    PATTERNS,
    _parts,
    decision_shown,
    face_label,
    rule_sentences,
    shown,
)
from inspector.ui.widgets.remark_text import REMARKS
from tests.domain.test_answer import concluded, rates
from tests.engine.analysis.test_deep_rule import LIMITS, NO_LIMITS, look
from tests.engine.analysis.test_rule import CARD, series
from tests.engine.report.conftest import build
from tests.engine.sound.test_mouth import speech_of, syllables
from tests.ui.pseudo import PseudoLanguage, untranslated

FILLED = {"value", "where", "count", "pts", "mp4", "png", "mpeg4", "h264"}  # what stands in place of placeholders


def track_reasons():
    """What the rule says of tracks of every kind."""
    settings = Settings()
    for is_still in (False, True):
        for level in (-4.0, 0.0, 4.0):
            yield conclude_track(
                series(np.full(40, level)), CARD.calibration, CARD.threshold, settings, is_still=is_still
            )
    for count in (1, 3):
        yield conclude_track(series(np.full(count, 4.0)), CARD.calibration, CARD.threshold, settings)
    yield conclude_track(series(np.empty(0)), CARD.calibration, CARD.threshold, settings)
    part = np.full(400, -4.0)
    part[100:200] = 6.0
    yield conclude_track(series(part), CARD.calibration, CARD.threshold, settings)
    changes = (ChangedScore("50", -9.0),)
    for limits in (LIMITS, NO_LIMITS, replace(LIMITS, low=None), replace(LIMITS, high=None)):
        for mean in (-3.0, 0.0, 3.0):
            for is_still in (False, True):
                for count in (1, 8):
                    found = look([mean] * count, limits, changes=changes)
                    yield conclude_deep(found, count, is_still=is_still)
    yield conclude_deep(look([3.0] * 8, plain_share=0.5), 100)
    yield conclude_deep(replace(look([3.0] * 8), checks=None), 100)
    yield conclude_deep(look([9.0] * 3), 100)
    yield conclude_deep(look([-3.0] * 8 + [9.0, 9.0, 9.0], chosen=(8, 9, 10)), 100)


def reasons_beside_short_tracks():
    for found in track_reasons():
        yield f"Track 1: {found.reason} 12 short tracks were left out."
        yield f"Track 1: {found.reason} One short track was left out."


def likelihoods():
    for mean in np.linspace(-9, 9, 40):
        yield ratio_text(summarise_look(look([float(mean)] * 8)))
    yield ratio_text(replace(summarise_look(look([3.0] * 8)), likelihood_bounds=(0.01, 90.0)))
    yield ratio_text(replace(summarise_look(look([3.0] * 8)), likelihood_ratio=None))
    for held in (0.01, 90.0):
        bound = replace(summarise_look(look([3.0] * 8)), likelihood_ratio=held, likelihood_bounds=(0.01, 90.0))
        yield ratio_text(replace(bound, likelihood_interval=(held, held)))
        yield beyond_text(bound)


def unconfirmed(found: Analysis):
    """Inconclusive although the score reaches a limit: by the tests, and by a stretch."""
    assert found.model is not None
    net = DeepCard("ef" * 32, "lora", {}, 224, (0.5,) * 3, (0.5,) * 3, "body", LIMITS, LIMITS)
    model = replace(found.model, deep=net)
    track = found.summaries[0].track_id
    for mean in (3.0, -3.0):
        each = concluded(found, Conclusion.INCONCLUSIVE, deep=summarise_look(look([mean] * 8)))
        yield replace(each, model=model, segments=())
        yield replace(each, model=model, segments=(Segment(track, 0, 512, 0.9, 0.9, 0),))


def answers():
    found = build(150, 1).analysis
    kinds = [concluded(found, conclusion) for conclusion in Conclusion]
    kinds += [replace(found, model=None), concluded(found, Conclusion.INCONCLUSIVE, median_box=Box(0, 0, 30, 40))]
    kinds.append(concluded(replace(found, clip=replace(found.clip, is_still=True)), Conclusion.INDICATED))
    before = summarise_look(look([3.0] * 8, plain_share=0.5))
    kinds.append(concluded(found, Conclusion.INCONCLUSIVE, deep=before))
    kinds += unconfirmed(found)
    kinds.append(
        replace(found, summary=replace(found.summary, frames_scored=3, abstentions={"face turned away": 9, "x": 1}))
    )
    for each in kinds:
        said = answer(each)
        yield from (said.headline, *said.sentences, clip_ratio_text(each))
        yield from (finding_title(finding, each) for finding in each.findings)
    for changed in ({"whole_frame": True}, {"minimum_face_px": 20.0, "end_seconds": 3.0}):
        yield from unfitting(Settings(**changed))
    yield from left_out_by(Settings(whole_frame=True, deep="off"))
    yield clip_reason(replace(found, summary=replace(found.summary, reason="Track 1: No face could be scored.")))
    for wrong, missed in ((0.02, 0.86), (0.0, 1.0), (0.004, 0.0)):
        yield frequencies(rates(wrong, missed))
    yield frequencies(rates(0.02, 0.85, 0.26))
    yield frequencies(None)


def about_the_file():
    """What the rules say, Content Credentials of every kind, and how a mouth follows the sound."""
    yield from rule_sentences()
    for status in CredentialStatus:
        for lists in ("", "x"):
            yield sentence(status, None, (ValidationCode("failure", "7", "", ""),), lists)
    for lag in (0.0, 40.0, -40.0):
        yield MouthLag(1, lag, 0.5, 0.2).sentence
    measure = Measure(9.0, tuple((at, at + 90 * (at % 2)) for at in range(9)))
    rules = tuple(read_rules(resource("coding_rules") / "general.toml"))
    clip = build(10, 1).analysis.clip
    yield from (fact.sentence for fact in facts_of({rule.measure: measure for rule in rules}, clip, rules))
    speech, draw = speech_of(syllables()), np.random.default_rng(1)
    for rate, count in ((25, 1), (25, 20), (25, 250), (8, 80)):
        for movement in (0.0, 1.0):
            yield mouth_lag(1, np.arange(count) / rate, movement * draw.random(count), speech).sentence


def remarks_on_reading():
    """What the Clip tab says of how a file was read, with few and with many places."""
    base, pts = Fraction(1, 90000), np.arange(9)
    index = FrameIndex(pts, np.zeros(9, bool), pts, pts)
    for count in (1, 2, 9):
        stamps = np.arange(-count, 0)
        yield remarks.missing_stamps(count, 9, Fraction(1, 25))
        yield from remarks.before_zero(stamps, base)
        yield remarks.wrong_stamps(np.arange(count), None, base)
        yield remarks.wrong_stamps(np.arange(count), index, base)
        yield from remarks.entered([1.0] * count)
        yield from remarks.coding_breaks([1.0] * count)
        yield from remarks.other_bytes(((3, "its data is damaged"),) * count)
        for is_variable in (False, True):
            steps = remarks.LongSteps(stamps, (0.5,) * count, (2.0,) * count, is_variable, 0.04)
            yield from remarks.long_steps(steps)
            yield from remarks.long_steps(steps, unreferenced=1)
        yield from remarks.damaged_parts([Evidence(1, "a packet is cut short")] * count, (), pts, pts, base)
    yield remarks.foreign_bytes(7)
    yield from remarks.late_start(3.0, None, "mov")
    yield from remarks.late_start(3.0, 0.0, "mpegts")
    yield from (remarks.IN_DECODING_ORDER, remarks.KEYLESS_START, remarks.other_count(9, 7))
    yield from (video_properties._INNER_PAUSE, video_properties._OTHER_SPEED, video_properties.NO_TIMES)
    yield from (
        video_properties.ALPHA_NOT_APPLIED,
        video_properties.DOLBY_VISION,
        video_properties.ASKEW,
        wide_stills._REDUCED,
    )
    yield still_colour._PROFILE_IGNORED.format(reason="7")
    parts = [StreamInfo(0, StreamKind.VIDEO, "", 1, 1, offset=offset, length=9) for offset in (0, 9)]
    yield part_of_joined(parts, parts[0])
    clip = build(10, 1).analysis.clip
    yield from _name_remark(replace(clip, path="a.mp4", is_still=True), Kind.STILL)
    yield from _name_remark(replace(clip, path="a.png"), Kind.VIDEO)
    for samples in (np.zeros(3, np.uint32), np.zeros(3, np.float32)):
        for profile in ("", " Its colour profile (ICC) is not applied."):
            page = Page(1, 1, False, False, 32, 3, 1 if samples.dtype.kind == "u" else 3)
            yield f"The picture stores {describe(page)}, {to_levels(samples)[1]}.{profile}"
    formats = [
        PictureFormat(9 * n, 9, 9, 9, Fraction(n), 90 * n, n == 2, n == 2, str(n), Colour(*(str(n),) * 4))
        for n in (1, 2)
    ]
    yield from formats[0].differences(formats[1])
    yield from formats[1].differences(replace(formats[0], width=9, height=9))
    for count in (1, 7):
        others = [StreamInfo(n, StreamKind.PAGE, "png", 9, 9, n, 1.0) for n in range(1, count + 1)]
        yield jobs._alternatives(replace(clip, path="7.mp4", streams=(*others, replace(others[0], is_main=True))))
    yield "The GPU failed (7); the analysis continues on the CPU, which takes longer."
    yield "The file declares a pixel aspect ratio of 1:9, which is implausible and not applied."


@pytest.mark.parametrize(
    "sentences",
    [
        lambda: (t.reason for t in track_reasons()),
        reasons_beside_short_tracks,
        likelihoods,
        answers,
        about_the_file,
        remarks_on_reading,
    ],
)
def test_no_word_of_a_result_stays_english(sentences):
    said = {each for each in sentences() if each}
    assert said
    with PseudoLanguage():
        left = {each: shown(each) for each in said if untranslated(shown(each), FILLED)}
    assert left == {}


def test_without_a_translation_every_sentence_stays_as_it_is():
    for said in (*(found.reason for found in track_reasons()), *likelihoods(), *answers(), *about_the_file()):
        assert shown(said) == said


def test_words_of_the_examiner_are_not_translated():
    review = Review(0, "key", Decision.REJECTED, "none", "Ada", "2026-01-01T00:00:00+00:00")
    with PseudoLanguage():
        assert decision_shown(review).endswith(": none")
        assert decision_shown(review, "Ada").startswith("Ada⟦")
        assert face_label(7, {7: "minister"}) == "minister"
        assert face_label(7).startswith("⟦Face")


def test_a_value_that_a_sentence_names_twice_is_recognised_and_has_to_be_the_same():
    pattern = re.compile("".join(_parts("in groups of {value}, and again of {value} ({where})")))
    assert pattern.fullmatch("in groups of 12, and again of 12 (x)")["value"] == "12"
    assert not pattern.fullmatch("in groups of 12, and again of 13 (x)")


def hostile_sentences():
    """For each pattern, what fits its beginning in as many ways as 3000 characters have room for, and not its end."""
    for text in (*PATTERNS, *REMARKS, *rule_sentences()):
        parts = _PLACEHOLDER.split(text)
        fixed = parts[2::2]
        times = 2900 // (sum(map(len, fixed)) + 2 * len(fixed) + 1) if fixed else 0
        if times > 1:
            yield parts[0] + "".join(f"x{part}" * times for part in fixed) + "\0"


def test_a_sentence_of_a_strangers_case_file_takes_no_time():
    known = (*hostile_sentences(), "Face 1: " * 370, "Face 1 (“" + "x”" * 1400, "x (95 % interval " * 10_000)
    began = time.thread_time()
    with PseudoLanguage():
        for each in known:
            shown(each)
    assert time.thread_time() - began < 10, "a single one took longer than one would wait for"
