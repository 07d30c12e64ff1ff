"""What a model card may say: a bundle may come from a stranger, and its numbers decide what a report states."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterator, Mapping
from itertools import pairwise

from inspector.domain.model_card import DeepLimits, ErrorRates, ModelCard, Platt

_MOST_NETWORKS = 16  # of an ensemble with all that is inside its members
_MAX_INPUT_SIZE = 1024
_MAX_FRAMES = 64
_MAX_SAMPLE_PIXELS = 64 * 320**2  # of all frames of one sample
_MOST_VALUES, _MOST_DEPTH, _MOST_TEXT, _MOST_NUMBER = 1000, 8, 200, 65_536
_LARGEST_SLOPE, _LARGEST_INTERCEPT = 100.0, 1000.0


def objections(card: ModelCard) -> Iterator[str]:
    """The reasons why a card cannot be used, as parts of a sentence."""
    if any(not math.isfinite(number) for number in _numbers(card)):
        yield "it holds a number that is not finite"
    try:
        check_arguments(card.architecture_args)
        check_arguments(card.deep.architecture_args if card.deep else {})
    except ValueError as error:
        yield str(error)
    if max(map(len, (card.name, card.version, card.architecture, card.target_layer))) > _MOST_TEXT:
        yield f"a name in it has more than {_MOST_TEXT} characters"
    if not card.target_layer or (card.deep is not None and not card.deep.target_layer):
        yield "target_layer is empty"  # which would name the whole network
    yield from _preprocessing(card)
    limits = card.threshold
    if not 0 <= limits.low <= limits.high <= 1 or not all(0 <= x <= 1 for x in (limits.segment, limits.segment_mean)):
        yield "the thresholds are out of order"
    if limits.segment_seconds < 0:
        yield "the shortest segment has a negative length"
    maps = [card.calibration.frame, card.calibration.track]
    if card.deep is not None:
        maps += [card.deep.clips.calibration, card.deep.stills.calibration]
        if not all(map(_is_ordered, (card.deep.clips, card.deep.stills))):
            yield "the limits of the deep network are out of order"
    if not all(map(_is_rising, maps)):
        yield "a calibration does not rise with the logit, or rises without measure"
    if not all(map(_are_rates, card.error_rates)):
        yield "an error rate or its interval is not a share"
    counts = [card.calibration.n_identities, card.calibration.n_tracks, card.calibration.n_frames]
    if min(counts + [n for source in card.trained_on for n in (source.n_real, source.n_fake)]) < 0:
        yield "a number of samples is negative"


def _preprocessing(card: ModelCard) -> Iterator[str]:
    if not 16 <= card.input_size <= _MAX_INPUT_SIZE:
        yield f"input_size is {card.input_size}"
    if not 0 <= card.crop_margin <= 3:
        yield f"crop_margin is {card.crop_margin}"
    if not all(0.001 <= s <= 1000 for s in card.std):
        yield "std holds a value that is not positive, or not usual"
    if not all(abs(m) <= 1000 for m in card.mean):
        yield "mean holds a value that is not usual"
    if not 1 <= card.frames_per_sample <= _MAX_FRAMES:
        yield f"it scores {card.frames_per_sample} frames at once, where 1 to {_MAX_FRAMES} are possible"
    elif card.frames_per_sample * card.input_size**2 > _MAX_SAMPLE_PIXELS:
        yield f"it scores {card.frames_per_sample} frames of {card.input_size} pixels at once, which is too much"


def check_arguments(args: Mapping[str, object]) -> None:
    """Raise ValueError unless a network's arguments are plain JSON within limits."""
    waiting: list[tuple[object, int]] = [(args, 0)]
    seen = networks = 0
    while waiting:
        value, depth = waiting.pop()
        seen += 1
        if seen > _MOST_VALUES or depth > _MOST_DEPTH:
            raise ValueError("the arguments are too many or nested too deeply")
        if isinstance(value, Mapping):
            networks += "architecture" in value
            waiting += [(item, depth + 1) for pair in value.items() for item in pair]
        elif isinstance(value, list | tuple):
            waiting += [(item, depth + 1) for item in value]
        elif isinstance(value, str):
            if len(value) > _MOST_TEXT:
                raise ValueError("an argument's text is too long")
        elif not isinstance(value, bool | int | float) or not abs(value) <= _MOST_NUMBER:
            raise ValueError(f"an argument is not a text, list, table, or number up to {_MOST_NUMBER}")
    if networks > _MOST_NETWORKS:
        raise ValueError(f"it is made of {networks} networks, more than {_MOST_NETWORKS}")


def _numbers(value: object) -> Iterator[float]:
    """All floats in a card, however deep, without recursion into the network's arguments (see `check_arguments`)."""
    if isinstance(value, float):
        yield value
    elif dataclasses.is_dataclass(value):
        for item in dataclasses.fields(value):
            if item.name != "architecture_args":
                yield from _numbers(getattr(value, item.name))
    elif isinstance(value, tuple):
        for inner in value:
            yield from _numbers(inner)
    elif isinstance(value, dict):
        yield from _numbers(tuple(value.values()))


def _is_rising(platt: Platt) -> bool:
    return 0 < platt.slope <= _LARGEST_SLOPE and abs(platt.intercept) <= _LARGEST_INTERCEPT


def _is_ordered(limits: DeepLimits) -> bool:
    low, high = limits.low, limits.high
    are_ratios = all(0 < least <= most for _, least, most in limits.ratios)
    is_rising = all(a < b for (a, *_), (b, *_) in pairwise(limits.ratios))
    least, most = limits.ratio_bounds or (1.0, 1.0)
    are_ratios = are_ratios and 0 < least <= 1 <= most
    return are_ratios and is_rising and (low is None or high is None or low < high)


def _are_rates(rates: ErrorRates) -> bool:
    intervals = (rates.false_positive_interval, rates.false_negative_interval)
    shares = (rates.false_positive_rate, rates.false_negative_rate, rates.inconclusive_rate)
    are_shares = all(0 <= share <= 1 for share in shares) and all(0 <= low <= high <= 1 for low, high in intervals)
    return are_shares and min(rates.n_real, rates.n_fake) >= 0
