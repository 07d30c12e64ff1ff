"""The page for people states what the card states and no other number, and older cards can be read."""

import json
import re
import shlex
from dataclasses import replace
from pathlib import Path

import pytest

from inspector.domain.model_card import DeepCard, DeepLimits, ErrorRates, ModelCard, Platt
from inspector.engine.codec import from_json, to_json
from inspector.engine.resources import models_folder
from tests.fakes import make_card
from training import __main__ as command_line
from training.bundle.model_card import describe


@pytest.fixture
def card(tmp_path: Path) -> ModelCard:
    weights = tmp_path / "weights"
    weights.write_bytes(b"x")
    rates = ErrorRates("track", "clips from afar", 0.123, (0.045, 0.2), 61, 0.321, (0.2, 0.45), 53, 0.17, "each file")
    return make_card(
        weights,
        error_rates=(rates, replace(rates, measured_on="old rates", counted="")),
        metrics={"ROC AUC per track": 0.9123, "EER per track": 0.1777},
        metric_intervals={"ROC AUC per track": (0.8511, 0.9622)},
        metrics_measured_on="held-out people: 40 original and 30 fake tracks",
        recipe="training/recipes/x.toml",
        commit="abc123",
    )


def test_the_page_has_the_sections_that_its_users_need(card: ModelCard):
    page = describe(card)
    for title in ("Intended use", "Error rates", "Thresholds", "Limits", "Never seen", "Figures", "Calibration",
                  "Trained on", "How to reproduce it"):  # fmt: skip
        assert f"## {title}" in page
    assert "| ROC AUC per track | 0.9123 | 0.8511 to 0.9622 |" in page
    assert "| EER per track | 0.1777 |  |" in page
    assert "held-out people: 40 original and 30 fake tracks" in page
    assert "12.3% (4.5% to 20.0%) | 61 | 32.1% (20.0% to 45.0%) | 53 | 17.0%" in page
    assert "| (1) |" in page
    assert "(1) Each file." in page
    assert "| per track |" in page, "rates of earlier cards say their level"
    assert "abc123" in page
    assert "fit training/recipes/x.toml --folder RUN" in page


def test_every_number_on_the_page_is_in_the_card(card: ModelCard):
    found = {float(n) for n in re.findall(r"(?<![\w.])\d+\.\d+(?![\w.])", describe(card).replace("%", " "))}
    messages = [float(n) for n in re.findall(r"-?\d+\.?\d*(?:[eE]-?\d+)?", to_json(card).decode())]
    known = {round(n * scale, digits) for n in messages for scale in (1, 100) for digits in (1, 4)}
    assert found <= known, found - known


def test_a_card_without_figures_or_origin_states_that(card: ModelCard):
    page = describe(replace(card, metrics=None, metric_intervals=None, recipe="", commit=""))
    assert "Not measured." in page
    assert "How to reproduce it" not in page


def test_cards_made_earlier_still_load_and_read(card: ModelCard):
    old = json.loads(to_json(card))
    for name in ("metric_intervals", "metrics_measured_on"):
        del old[name]
    for rates in old["error_rates"]:
        del rates["counted"]
    loaded = from_json(json.dumps(old).encode(), ModelCard)
    assert loaded.metric_intervals is None
    assert loaded.error_rates[0].counted == ""
    assert "0.9123" in describe(loaded)


def test_the_bundled_card_reads():
    card = from_json((models_folder() / "default" / "card.json").read_bytes(), ModelCard)
    page = describe(card)
    assert card.commit in page
    assert all(text in page for text in card.limits)
    assert "at most 10 % for a source of that kind" in page, "the limit of stills is not one of 5 %"
    assert page == (models_folder() / "default" / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("made_of", ["lora", "probe", "ensemble"])
def test_the_commands_that_made_the_deep_network_are_accepted(made_of: str):
    card = from_json((models_folder() / "default" / "card.json").read_bytes(), ModelCard)
    assert card.deep is not None
    page = describe(replace(card, deep=replace(card.deep, architecture=made_of)))
    commands = re.findall(r"^python -m training (.*)$", page, re.MULTILINE)
    chosen = [command_line._parser().parse_args(shlex.split(command)) for command in commands]
    added = [one for one in chosen if one.command == "deep"]
    assert [one.join for one in added] == ([False, True] if made_of == "ensemble" else [False])
    assert ("LORA" in page) == (made_of != "probe")
    assert ("PROBE" in page) == (made_of != "lora")


def test_the_ratios_of_clips_are_listed_where_there_were_no_stills(card: ModelCard):
    clips = DeepLimits(Platt(1.0, 0.0), ((-1.0, 0.2, 0.6), (0.0, 0.8, 1.3)), None, None, "clips")
    stills = replace(clips, ratios=())
    deep = DeepCard("", "probe", {}, 32, (0.5,) * 3, (0.5,) * 3, "body", clips, stills)
    page = describe(replace(card, deep=deep))
    assert "| -1 | 0.2 to 0.6 | not known |" in page
    assert "| 0 | 0.8 to 1.3 | not known |" in page
