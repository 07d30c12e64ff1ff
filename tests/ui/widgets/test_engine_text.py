"""Sentences of the engine are recognised by their patterns, whatever stands in them, and the examiner's words kept."""

import re
import time
from dataclasses import replace

import numpy as np
import pytest

from inspector.domain.analysis import ChangedScore, Conclusion
from inspector.domain.answer import answer, clip_reason, finding_title, frequencies
from inspector.domain.case import Decision, Review
from inspector.domain.credentials import CredentialStatus, ValidationCode
from inspector.domain.geometry import Box
from inspector.domain.likelihood import beyond_text, clip_ratio_text, ratio_text
from inspector.domain.settings import Settings
from inspector.domain.sound.mouth import MouthLag
from inspector.engine.analysis.deep_rule import conclude_deep, summarise_look
from inspector.engine.analysis.rule import conclude_track
from inspector.engine.provenance.status import sentence
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
from tests.domain.test_answer import concluded, rates
from tests.engine.analysis.test_deep_rule import LIMITS, NO_LIMITS, look
from tests.engine.analysis.test_rule import CARD, series
from tests.engine.report.conftest import build
from tests.engine.sound.test_mouth import speech_of, syllables
from tests.ui.pseudo import PseudoLanguage, untranslated


def track_reasons():
    """What the rule says of tracks of every kind."""
    settings = Settings()
    for is_still in (False, True):
        for level in (-4.0, 0.0, 4.0):
            yield conclude_track(
                series(np.full(40, level)), CARD.calibration, CARD.threshold, settings, is_still=is_still
            )
    yield conclude_track(series(np.full(3, 4.0)), CARD.calibration, CARD.threshold, settings)
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


def likelihoods():
    for mean in np.linspace(-9, 9, 40):
        yield ratio_text(summarise_look(look([float(mean)] * 8)))
    yield ratio_text(replace(summarise_look(look([3.0] * 8)), likelihood_bounds=(0.01, 90.0)))
    yield ratio_text(replace(summarise_look(look([3.0] * 8)), likelihood_ratio=None))
    for held in (0.01, 90.0):
        bound = replace(summarise_look(look([3.0] * 8)), likelihood_ratio=held, likelihood_bounds=(0.01, 90.0))
        yield ratio_text(replace(bound, likelihood_interval=(held, held)))
        yield beyond_text(bound)


def answers():
    found = build(150, 1).analysis
    kinds = [concluded(found, conclusion) for conclusion in Conclusion]
    kinds += [replace(found, model=None), concluded(found, Conclusion.INCONCLUSIVE, median_box=Box(0, 0, 30, 40))]
    kinds.append(concluded(replace(found, clip=replace(found.clip, is_still=True)), Conclusion.INDICATED))
    before = summarise_look(look([3.0] * 8, plain_share=0.5))
    kinds.append(concluded(found, Conclusion.INCONCLUSIVE, deep=before))
    kinds.append(
        replace(found, summary=replace(found.summary, frames_scored=3, abstentions={"face turned away": 9, "x": 1}))
    )
    for each in kinds:
        said = answer(each)
        yield from (said.headline, *said.sentences, clip_ratio_text(each))
        yield from (finding_title(finding, each) for finding in each.findings)
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
    speech, draw = speech_of(syllables()), np.random.default_rng(1)
    for rate, count in ((25, 1), (25, 20), (25, 250), (8, 80)):
        for movement in (0.0, 1.0):
            yield mouth_lag(1, np.arange(count) / rate, movement * draw.random(count), speech).sentence


@pytest.mark.parametrize(
    "sentences", [lambda: (t.reason for t in track_reasons()), likelihoods, answers, about_the_file]
)
def test_no_word_of_a_result_stays_english(sentences):
    said = {each for each in sentences() if each}
    assert said
    with PseudoLanguage():
        left = {each: shown(each) for each in said if untranslated(shown(each), {"value", "where", "count"})}
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
    for text in (*PATTERNS, *rule_sentences()):
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
