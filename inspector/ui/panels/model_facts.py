"""The facts of a model: its card in groups, as the Model tab shows it."""

from __future__ import annotations

from inspector.domain.model_card import LEVELS, DeepCard, ErrorRates, ModelCard
from inspector.ui.text import percent
from inspector.ui.widgets.language import tr, tr_marked


def model_facts(card: ModelCard) -> list[tuple[str, list[tuple[str, str]]]]:
    """A bundle's card in groups of (name, value)."""
    limits = card.threshold
    groups = [
        (
            tr("Model"),
            [
                (tr("Name"), f"{card.name} {card.version}"),
                (
                    tr("Network"),
                    tr("{network}, {input_size} px crops", network=card.network, input_size=card.input_size),
                ),
                (tr("SHA-256"), card.sha256),
                (tr("Licence"), card.licence),
            ],
        ),
        (
            tr("Thresholds") if card.deep is None else tr("Thresholds, deep look off"),
            [
                (tr("Indicated"), tr("track probability of {high:.2f} or more", high=limits.high)),
                (tr("Inconclusive"), tr("between {low:.2f} and {high:.2f}", low=limits.low, high=limits.high)),
                (
                    tr("Suspicious segment"),
                    tr("smoothed frame probability of {segment:.2f} or more", segment=limits.segment),
                ),
                (tr("Calibrated on"), card.calibration.measured_on),
            ],
        ),
    ]
    if card.deep is not None:
        groups.append((tr("Deep look"), _deep_rows(card, card.deep)))
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


def _deep_rows(card: ModelCard, deep: DeepCard) -> list[tuple[str, str]]:
    """The deep network and its limits."""
    rows = [(tr("Network"), card.deep_network), (tr("SHA-256"), deep.sha256)]
    for name, limits in ((tr("Limits, clips"), deep.clips), (tr("Limits, stills"), deep.stills)):
        if limits.high is None and limits.low is None:
            rows.append((name, tr("none could be set: always inconclusive")))
            continue
        low, high = (tr("never") if end is None else f"{end:.2f}" for end in (limits.low, limits.high))
        rows.append(
            (
                name,
                tr("mean score: indicated from {high}, not indicated up to {low}", high=high, low=low),
            )
        )
    return [*rows, (tr("Limits set on"), deep.clips.measured_on)]


def _rate_rows(rates: ErrorRates) -> list[tuple[str, str]]:
    fp, fn = rates.false_positive_interval, rates.false_negative_interval
    return [
        (
            tr("False positives"),
            _rate_and_range(rates.false_positive_rate, fp, rates.n_real),
        ),
        (
            tr("False negatives"),
            _rate_and_range(rates.false_negative_rate, fn, rates.n_fake),
        ),
        (tr("Inconclusive"), percent(rates.inconclusive_rate)),
        (tr("Measured on"), rates.measured_on),
        *([(tr("Counted"), tr("each group once, so no rate is a share of n"))] if rates.is_over_groups else []),
    ]


def _rate_and_range(rate: float, interval: tuple[float, float], n: int) -> str:
    low, high = map(percent, interval)
    return tr("{rate} ({low} to {high}), n = {n}", rate=percent(rate), low=low, high=high, n=n)
