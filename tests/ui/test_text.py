"""The error rate beside a probability is that of the error its conclusion may be."""

from dataclasses import replace

import pytest

from inspector.domain.analysis import Conclusion, Finding, Significance
from inspector.domain.model_card import DeepCard, DeepLimits, ErrorRates, Platt
from inspector.domain.scores import Segment
from inspector.engine.model.bundle import DEFAULT_BUNDLE, find_bundle
from inspector.ui import text as words
from inspector.ui.panels.model_facts import model_facts
from inspector.ui.widgets.language import tr_marked
from tests.engine.analysis.test_rule import CARD
from tests.ui.pseudo import PseudoLanguage, untranslated
from tests.ui.test_time_text import CLIP
from tools.translations import card_texts

RATES = ErrorRates("track", "others", 0.04, (0.01, 0.12), 55, 0.37, (0.27, 0.49), 67, 0.35, "tracks")
CALLED = "false positives 4 % (n = 55 unmanipulated tracks, 95 % interval 1 % to 12 %)"
MISSED = "manipulations missed or left undecided 37 % (n = 67 manipulated tracks, 95 % interval 27 % to 49 %)"


@pytest.mark.parametrize(
    ("conclusion", "expected"),
    [
        (Conclusion.INDICATED, f"the rule's {CALLED}"),
        (Conclusion.NOT_INDICATED, f"the rule's {MISSED}"),
        (Conclusion.INCONCLUSIVE, f"the rule's {CALLED} and {MISSED}"),
        (None, f"the rule's {CALLED} and {MISSED}"),
    ],
)
def test_the_error_rate_is_that_of_the_error_the_conclusion_may_be(conclusion, expected):
    found = words.probability_text(0.5, RATES, conclusion).replace("\u202f", " ")
    assert found == f"probability 0.50 · {expected}"


def test_where_groups_count_once_the_n_does_not_read_as_what_the_rate_is_a_share_of():
    weighed = replace(RATES, counted="tracks; every group counts once")
    said = words.error_text(weighed, Conclusion.INDICATED).replace("\u202f", " ")
    assert said == f"the rule's {CALLED}".replace("tracks,", "tracks, each group counts once,")
    rows = [dict(group) for name, group in model_facts(replace(CARD, error_rates=(RATES, weighed))) if "errors" in name]
    assert ["Counted" in row for row in rows] == [False, True]


def test_the_model_tab_shows_what_decides_first_and_what_each_limit_was_set_on():
    half, platt = (0.5, 0.5, 0.5), Platt(1.0, 0.0)
    clips, stills = (
        DeepLimits(platt, (), 1.35, low, measured_on) for low, measured_on in ((-3.09, "clips"), (None, "stills"))
    )
    deep = DeepCard("ef" * 32, "lora", {}, 224, half, half, "body", clips, stills)
    groups = model_facts(replace(CARD, deep=deep))
    assert [name for name, _ in groups][:3] == ["Model", "Deep look, which decides", "Fast look, for screening"]
    assert groups[1][1][1:] == [
        ("SHA-256", "ef" * 32),
        ("Limits, clips", "mean raw score: indicated from 1.35, not indicated up to -3.09"),
        ("Set on", "clips"),
        ("Limits, stills", "mean raw score: indicated from 1.35, never “no manipulation indicated”"),
        ("Set on", "stills"),
    ]
    assert ("SHA-256", CARD.sha256) in groups[2][1]
    assert [name for name, _ in model_facts(CARD)][:2] == ["Model", "Thresholds"]


def test_what_the_shipped_card_says_is_translated_and_what_another_one_says_stays():
    card = find_bundle(DEFAULT_BUNDLE).card
    with PseudoLanguage():
        rows = [row for _, group in model_facts(card)[:-1] for row in group]
        said = [value for name, value in rows if "SHA-256" not in name]
        assert [each for each in said if untranslated(each, {"default"})] == []
        assert [each for each in card_texts(card) if tr_marked(each) == each] == []
        assert tr_marked("It detects everything.") == "It detects everything."


def test_missing_values_have_a_text():
    assert words.probability_text(0.5, None) == "probability 0.50 · error rate not measured"
    assert words.probability_text(None, RATES) == "no probability"


def test_a_stretch_within_a_tenth_of_a_second_has_one_time():
    tick = 1 / CLIP.time_base / 100
    ends = [CLIP.start_pts + round(count * tick) for count in (2, 100)]
    segments = tuple(Segment(1, CLIP.start_pts, end, 0.9, 0.9, CLIP.start_pts) for end in ends)
    finding = Finding("x", Significance.NOTABLE, "y", 1, segments)
    assert words.finding_when(finding, CLIP) == "0:00.0, 0:00.0–0:01.0"
