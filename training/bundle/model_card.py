"""A bundle's card as Markdown for people, made from `card.json` only.

After Mitchell et al. 2019, "Model Cards for Model Reporting".
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest

from inspector.domain.model_card import LEVELS, DeepCard, ErrorRates, ModelCard


def describe(card: ModelCard) -> str:
    """The whole page, in the order of interest for its users."""
    parts = (_what, _use, _rates, _deep, _thresholds, _limits, _metrics, _calibration, _data, _reference, _origin)
    return "\n".join(line for part in parts for line in (*part(card), "")).rstrip() + "\n"


def _what(card: ModelCard) -> Sequence[str]:
    frames = "" if card.frames_per_sample == 1 else f", {card.frames_per_sample} neighbouring frames at a time"
    return (
        f"# {card.name}, version {card.version}",
        "",
        f"A network that scores faces for traces of manipulation: {card.network}, {card.input_size} px RGB face "
        f"crops with a margin of {card.crop_margin:g}{frames}. It gives one logit per crop; the app turns it into a "
        "probability for the frame, and the mean logit of a face track into one for the track.",
        "",
        *([] if card.deep is None else [_DEEP_WHAT.format(network=card.deep_network), ""]),
        "The program writes this page from `card.json`.",
    )


_DEEP_WHAT = (
    "That network only screens. A second, large one decides: {network}. It sees some frames of each track (the deep "
    "look; on a GPU all of them), and its mean logit over the evenly spread ones is held against the limits below."
)


def _deep(card: ModelCard) -> Sequence[str]:
    """The limits of the deep network, its calibration, and the likelihood ratio with its interval."""
    deep = card.deep
    if deep is None:
        return ()
    lines = [
        "## Deep look",
        "",
        "| input | indicated from | not indicated up to | slope | intercept |",
        "|---|---|---|---|---|",
    ]
    for kind, limits in (("clips", deep.clips), ("stills", deep.stills)):
        upper, lower = ("never" if end is None else f"{end:.2f}" for end in (limits.high, limits.low))
        lines.append(
            f"| {kind} | {upper} | {lower} | {limits.calibration.slope:.4f} | {limits.calibration.intercept:.4f} |"
        )
    lines += [
        "",
        "Limits are mean logits. Upper limit: an original of a source that was not learnt reaches it with a chance of "
        "at most 5 % (one before a plain surface does not count: there no manipulation is indicated); lower limit: "
        "the same of a fake below it (hierarchical conformal prediction, Lee et al. 2023). That is an average over "
        "sources, each of which counts once: in a single one it can be more. A kind of input with fewer than 19 "
        "groups of sources has the outer one of two limits: of at most 10 % for a source of that kind, and of at most "
        "2 % for a source of clips or stills. No limit is set with too few sources even for that, or where higher "
        "logits do not reliably mean fakes.",
        "",
        "exp(slope * logit + intercept) is a likelihood ratio for sources that were not learnt, with the 95 "
        f"% intervals below. {_bounds(deep)}",
        "",
        "| mean logit | clips | stills |",
        "|---|---|---|",
    ]
    for of_clips, of_stills in zip_longest(deep.clips.ratios, deep.stills.ratios):  # one may have no tracks of a class
        logit = (of_clips or of_stills)[0]
        if logit == round(logit):
            lines.append(f"| {logit:g} | {_ends(of_clips)} | {_ends(of_stills)} |")
    return (
        *lines,
        "",
        f"SHA-256 of the deep network's weights `{deep.sha256}`, of its base `{deep.base_sha256 or 'none'}`.",
    )


def _ends(ratio: tuple[float, float, float] | None) -> str:
    return "not known" if ratio is None else f"{ratio[1]:.2g} to {ratio[2]:.2g}"


def _bounds(deep: DeepCard) -> str:
    """Between which likelihood ratios the sources support."""
    bounds = {"clips": deep.clips.ratio_bounds, "stills": deep.stills.ratio_bounds}
    said = [f"{kind}: {ends[0]:.2g} to {ends[1]:.2g}" for kind, ends in bounds.items() if ends is not None]
    if not said:
        return ""
    return (
        "The program states ratios within the empirical bounds of Vergeer et al. (2016) only, beyond which one more "
        f"misleading source would make them worse than none ({'; '.join(said)})."
    )


def _use(card: ModelCard) -> Sequence[str]:
    return (
        "## Intended use",
        "",
        "- Pointing a trained examiner to faces and parts of a clip or still that deserve a closer look, on the "
        "examiner's own machine.",
        "- Not as proof, not as the only basis of a publication or an accusation, and not for scanning people "
        "without a human who reviews each result. The program reports; the examiner concludes.",
    )


def _rates(card: ModelCard) -> Sequence[str]:
    counted = dict.fromkeys(rates.counted for rates in card.error_rates if rates.counted)
    numbers = {text: number for number, text in enumerate(counted, start=1)}
    return (
        "## Error rates of the whole rule",
        "",
        "| measured on | level | counted | originals called manipulated | n | fakes not called | n | inconclusive |",
        "|---|---|---|---|---|---|---|---|",
        *(_rates_row(rates, numbers) for rates in card.error_rates),
        "",
        *(f"({number}) {text[0].upper()}{text[1:]}." for text, number in numbers.items()),
        *([""] if numbers else []),
        "Where each person or group counts once, no rate is a share of n. Intervals are 95 %, over people and pairs, "
        "or over groups of sources. Rates on other sources and methods can be worse than any row.",
    )


def _rates_row(rates: ErrorRates, numbers: dict[str, int]) -> str:
    low, high = rates.false_positive_interval
    missed_low, missed_high = rates.false_negative_interval
    counted = f"({numbers[rates.counted]})" if rates.counted else f"per {rates.level}"
    return (
        f"| {rates.measured_on} | {LEVELS.get(rates.level, rates.level)} | {counted} | {rates.false_positive_rate:.1%} "
        f"({low:.1%} to {high:.1%}) | {rates.n_real} | {rates.false_negative_rate:.1%} ({missed_low:.1%} to "
        f"{missed_high:.1%}) | {rates.n_fake} | {rates.inconclusive_rate:.1%} |"
    )


def _thresholds(card: ModelCard) -> Sequence[str]:
    limits = card.threshold
    return (
        "## Thresholds" if card.deep is None else "## Thresholds with the deep look switched off",
        "",
        f"- Manipulation is indicated from a track probability of {limits.high:g}; none is indicated up to "
        f"{limits.low:g}; between the two the result is inconclusive.",
        f"- A part of a track is a segment from a smoothed frame probability of {limits.segment:g} on. One of at least "
        f"{limits.segment_seconds:g} s with a mean of at least {limits.segment_mean:g} indicates manipulation by "
        "itself.",
    )


def _limits(card: ModelCard) -> Sequence[str]:
    return (
        "## Limits",
        "",
        *(f"- {text}" for text in card.limits),
        *(f"- {band.name}: {band.minimum:g} to {band.maximum:g} {band.unit}." for band in card.quality_bands),
        "",
        "## Never seen in training",
        "",
        *(f"- {text}" for text in card.never_seen),
    )


def _metrics(card: ModelCard) -> Sequence[str]:
    if not card.metrics:
        return ("## Figures", "", "Not measured.")
    intervals = card.metric_intervals or {}
    on = f"Measured on {card.metrics_measured_on}. " if card.metrics_measured_on else ""
    how = (
        "The threshold is a probability of one half here, so that networks can be compared; the rates above are those "
        "of the shipped rule."
        if card.deep is None
        else "Cllr (Bruemmer 2006) is the cost of the likelihood ratios: 0 is perfect, 1 is knowing nothing."
    )
    return (
        "## Figures",
        "",
        f"{on}{how}",
        "",
        "| figure | value | 95 % interval |",
        "|---|---|---|",
        *(f"| {name} | {value:.4f} | {_interval(intervals.get(name))} |" for name, value in card.metrics.items()),
    )


def _interval(interval: tuple[float, float] | None) -> str:
    return "" if interval is None else f"{interval[0]:.4f} to {interval[1]:.4f}"


def _calibration(card: ModelCard) -> Sequence[str]:
    calibration = card.calibration
    frame, track = calibration.frame, calibration.track
    return (
        "## Calibration" if card.deep is None else "## Calibration of the fast network",
        "",
        "Platt scaling, sigmoid(slope * logit + intercept), separately for frames and for a track's mean logit, since "
        f"frames of one track are not independent. Fitted on {calibration.measured_on}: {calibration.n_identities} "
        f"people and pairs, {calibration.n_tracks} tracks, {calibration.n_frames} frames.",
        "",
        "| of | slope | intercept |",
        "|---|---|---|",
        f"| frames | {frame.slope:.4f} | {frame.intercept:.4f} |",
        f"| tracks | {track.slope:.4f} | {track.intercept:.4f} |",
    )


def _data(card: ModelCard) -> Sequence[str]:
    return (
        "## Trained on",
        "",
        "| source | licence | originals | fakes |",
        "|---|---|---|---|",
        *(f"| {s.name} | {s.licence} | {s.n_real} | {s.n_fake} |" for s in card.trained_on),
        "",
        f"Licence of the weights: {card.licence}",
    )


def _reference(card: ModelCard) -> Sequence[str]:
    reference = card.reference
    if reference is None:
        return ()
    deep = "" if reference.deep_logit is None else f", and of {reference.deep_logit:.5f} with the deep network"
    return (
        "## Reference score",
        "",
        f"A crop of noise (SHAKE-128 of the text `{reference.seed}` as RGB bytes) gets a logit of {reference.logit:.5f}"
        f"{deep}. The program refuses the bundle where it gets another one.",
    )


def _origin(card: ModelCard) -> Sequence[str]:
    if not card.recipe:
        return ()
    commit = f" at commit `{card.commit}`" if card.commit else ""
    steps = ("prepare", "autoencoders", "fit", "calibrate", "evaluate", "export")
    tails = {"prepare": "", "autoencoders": "", "export": f" --folder RUN --out models/{card.name}"}
    deep = [] if card.deep is None else _deep_steps(card)
    return (
        "## How to reproduce it",
        "",
        f"{'Made' if card.deep is None else 'The fast network was made'} from `{card.recipe}`{commit}; SHA-256 of the "
        f"weights `{card.sha256}`. With the data that the recipe names:",
        "",
        "```",
        *(f"python -m training {step} {card.recipe}{tails.get(step, ' --folder RUN')}" for step in steps),
        *deep,
        "```",
        *([] if card.deep is None else ["", f"{_LORA_ORIGIN if 'LORA' in deep[0] else ''}{_TABLE_ORIGIN}"]),
    )


def _deep_steps(card: ModelCard) -> list[str]:
    """The commands that give a bundle its deep network."""
    assert card.deep is not None
    made_of = card.deep.architecture  # "ensemble": low-rank updates, joined with a probe
    add, end = f"python -m training deep models/{card.name}", f"--version {card.version} --out models/{card.name}"
    steps = [] if made_of == "probe" else [f"{add} {_from('LORA')} --recipe {_LORA} {end}"]
    if made_of in ("probe", "ensemble"):
        steps += [
            f"python -m training prepare {_PROBE}",
            f"python -m training fit {_PROBE} --folder PROBE",
            f"python -m training features {_PROBE} --folder PROBE --frames 8 --kinds clip still",
            f"{add}{' --join' if steps else ''} {_from('PROBE')} --recipe {_PROBE} {end}",
        ]
    return steps


def _from(run: str) -> str:
    return f"--weights {run}/final.safetensors --tracks {run}/held_out_tracks.csv"


_LORA, _PROBE = "training/recipes/clip-lora.toml", "training/recipes/clip-probe.toml"
_LORA_ORIGIN = (
    "LORA holds low-rank updates, norms and a head, learnt on one GPU by a script of the recipe's own forging and "
    "augmentation, and the table of their siblings. "
)
_TABLE_ORIGIN = (
    "`held_out_tracks.csv` beside this page holds the mean logits of the deep network's siblings, from which every "
    "limit and interval above follows."
)
