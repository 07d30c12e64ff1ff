"""The facts of a model: its card in groups, as the Model tab shows it.

What the card of the shipped bundle says is translated as a whole (`card_texts` in tools/translations.py); what another
one says is shown as it is. Names and licences of sources stay.
"""

from __future__ import annotations

from inspector.domain.model_card import LEVELS, DeepCard, DeepLimits, ErrorRates, ModelCard
from inspector.ui.text import percent
from inspector.ui.widgets.language import tr, tr_marked


def model_facts(card: ModelCard) -> list[tuple[str, list[tuple[str, str]]]]:
    """A bundle's card in groups of (name, value); what decides stands first."""
    name, licence = (tr("Name"), f"{card.name} {card.version}"), (tr("Licence"), tr_marked(card.licence))
    if card.deep is None:
        groups = [(tr("Model"), [name, *_fast_rows(card), licence]), (tr("Thresholds"), _threshold_rows(card))]
    else:
        groups = [
            (tr("Model"), [name, licence]),
            (tr("Deep look, which decides"), _deep_rows(card, card.deep)),
            (tr("Fast look, for screening"), _fast_rows(card)),
            (tr("Thresholds, deep look off"), _threshold_rows(card)),
        ]
    for rates in card.error_rates:
        groups.append(
            (
                tr("Measured errors per {level}", level=tr_marked(LEVELS.get(rates.level, rates.level))),
                _rate_rows(rates),
            )
        )
    sources = [
        (
            source.name,
            tr(
                "{n_real} unmanipulated, {n_fake} manipulated; {licence}",
                n_real=source.n_real,
                n_fake=source.n_fake,
                licence=source.licence,
            ),
        )
        for source in card.trained_on
    ]
    groups.append((tr("Trained on"), sources))
    return groups


def _fast_rows(card: ModelCard) -> list[tuple[str, str]]:
    network = tr("{network}, {input_size} px crops", network=tr_marked(card.network), input_size=card.input_size)
    return [(tr("Network"), network), (tr("SHA-256"), card.sha256)]


def _threshold_rows(card: ModelCard) -> list[tuple[str, str]]:
    """The limits of the rule without a deep look."""
    limits = card.threshold
    return [
        (tr("Indicated"), tr("track probability of {high:.2f} or more", high=limits.high)),
        (tr("Inconclusive"), tr("between {low:.2f} and {high:.2f}", low=limits.low, high=limits.high)),
        (tr("Suspicious segment"), tr("smoothed frame probability of {segment:.2f} or more", segment=limits.segment)),
        (tr("Calibrated on"), tr_marked(card.calibration.measured_on)),
    ]


def _deep_rows(card: ModelCard, deep: DeepCard) -> list[tuple[str, str]]:
    """The deep network and its limits, with what they were set on."""
    return [
        (tr("Network"), tr_marked(card.deep_network)),
        (tr("SHA-256"), deep.sha256),
        (tr("Limits, clips"), _limits_text(deep.clips)),
        (tr("Set on"), tr_marked(deep.clips.measured_on)),
        (tr("Limits, stills"), _limits_text(deep.stills)),
        (tr("Set on"), tr_marked(deep.stills.measured_on)),
    ]


def _limits_text(limits: DeepLimits) -> str:
    if limits.high is None and limits.low is None:
        return tr("none could be set: always inconclusive")
    if limits.low is None:
        return tr("mean raw score: indicated from {high:.2f}, never “no manipulation indicated”", high=limits.high)
    if limits.high is None:
        return tr("mean raw score: never “manipulation indicated”, not indicated up to {low:.2f}", low=limits.low)
    return tr(
        "mean raw score: indicated from {high:.2f}, not indicated up to {low:.2f}", high=limits.high, low=limits.low
    )


def _rate_rows(rates: ErrorRates) -> list[tuple[str, str]]:
    """The rates as the result states them: what is called inconclusive among the manipulated counts as missed."""
    fp, fn = rates.false_positive_interval, rates.false_negative_interval
    return [
        (
            tr("False positives"),
            _rate_and_range(rates.false_positive_rate, fp, rates.n_real),
        ),
        (
            tr("Missed or undecided"),
            _rate_and_range(rates.false_negative_rate, fn, rates.n_fake),
        ),
        (tr("Inconclusive"), percent(rates.inconclusive_rate)),
        (tr("Measured on"), tr_marked(rates.measured_on)),
        *([(tr("Counted"), tr("each group once, so no rate is a share of n"))] if rates.is_over_groups else []),
        *(
            [(tr("Not counted"), tr("the test of mild changes of the picture: with it fewer faces are called"))]
            if rates.is_without_changes
            else []
        ),
    ]


def _rate_and_range(rate: float, interval: tuple[float, float], n: int) -> str:
    low, high = map(percent, interval)
    return tr("{rate} ({low} to {high}), n = {n}", rate=percent(rate), low=low, high=high, n=n)
