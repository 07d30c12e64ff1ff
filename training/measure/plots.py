"""Plots of an evaluation: ROC, precision and recall, reliability, scores, confusion, and the worst mistakes.

Colours are Okabe and Ito's, distinguishable for colour-blind readers: originals blue, fakes vermilion.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure as Picture
from matplotlib.ticker import PercentFormatter
from sklearn.calibration import calibration_curve
from sklearn.metrics import precision_recall_curve, roc_curve

from inspector.domain.analysis import Conclusion
from inspector.domain.arrays import Flags
from training.measure.calibrate import Outcome, conclusions
from training.measure.levels import by_level
from training.measure.metrics import BINS, Block, Scores, block
from training.measure.mistakes import draw_mistakes
from training.measure.tracks import Track
from training.recipe import Recipe

ORIGINAL, FAKE, NEUTRAL = "#0072B2", "#D55E00", "#666666"
LEVEL_COLOURS = {"track": "#0072B2", "file": "#D55E00", "frame": "#009E73"}


def draw_plots(recipe: Recipe, run: Path, tracks: Sequence[Track], outcome: Outcome) -> None:
    """Draw all plots of a run's held-out tracks as PNGs in its folder `plots`."""
    folder = run / "plots"
    folder.mkdir(exist_ok=True)
    levels = by_level(tracks, outcome)
    draw_roc(folder / "roc.png", levels)
    draw_precision_recall(folder / "precision-recall.png", levels)
    draw_reliability(folder / "reliability.png", {name: levels[name] for name in ("track", "frame")})
    draw_scores(folder / "scores.png", levels["track"], outcome.threshold.low, outcome.threshold.high)
    draw_confusion(
        folder / "confusion.png", levels["track"].is_fake, conclusions(tracks, outcome.calibration, outcome.threshold)
    )
    draw_mistakes(folder / "mistakes.png", recipe, run, tracks, outcome)


def page(
    width: float,
    height: float,
    columns: int = 1,
    heights: Sequence[float] = (1,),
    share_x: bool = False,
    share_y: bool = False,
) -> tuple[Picture, list[Axes]]:
    """An empty figure of a size in inches and its axes, row by row with relative `heights`; needs no display."""
    picture = Picture(figsize=(width, height), dpi=130, layout="constrained")
    FigureCanvasAgg(picture)
    rows = len(heights)
    axes = picture.subplots(rows, columns, squeeze=False, sharex=share_x, sharey=share_y, height_ratios=heights)
    for one in axes.ravel():
        one.spines[["top", "right"]].set_visible(False)
    return picture, list(axes.ravel())


def draw_roc(path: Path, levels: Mapping[str, Scores]) -> None:
    """True over false positive rate, one curve per level, with the area and its interval."""
    picture, (axes,) = page(5.2, 5)
    axes.plot([0, 1], [0, 1], color=NEUTRAL, linewidth=0.8, linestyle=":")
    for name, scores in levels.items():
        if _has_both(scores):
            fpr, tpr, _ = roc_curve(scores.is_fake, scores.probabilities)
            axes.plot(fpr, tpr, color=LEVEL_COLOURS[name], label=f"{name}: {_figure_text(block(scores), 'ROC AUC')}")
    axes.set(xlabel="originals called (false positive rate)", ylabel="fakes called (recall)")
    axes.set(xlim=(-0.01, 1), ylim=(0, 1.01), aspect="equal", title="ROC, held-out people")
    axes.legend(loc="lower right", frameon=False, title="area (95 % interval)")
    picture.savefig(path)


def draw_precision_recall(path: Path, levels: Mapping[str, Scores]) -> None:
    """Precision over recall, one curve per level; the dotted line is the share of fakes, the precision of guessing."""
    picture, (axes,) = page(5.2, 5)
    for name, scores in levels.items():
        if _has_both(scores):
            precision, recall, _ = precision_recall_curve(scores.is_fake, scores.probabilities)
            colour = LEVEL_COLOURS[name]
            label = f"{name}: {_figure_text(block(scores), 'PR AUC')}"
            axes.plot(recall, precision, color=colour, label=label, drawstyle="steps-post")
            axes.axhline(scores.is_fake.mean(), color=colour, linewidth=0.8, linestyle=":")
    axes.set(xlabel="recall of fakes", ylabel="precision", xlim=(0, 1.01), ylim=(0, 1.01), aspect="equal")
    axes.set(title="Precision and recall, held-out people")
    axes.legend(loc="lower left", frameon=False, title="average precision (95 %)\ndotted: share of fakes")
    picture.savefig(path)


def draw_reliability(path: Path, levels: Mapping[str, Scores]) -> None:
    """Share of fakes over the mean probability in ten equal bins, and below the number in each bin."""
    picture, axes = page(4.6 * len(levels), 5.6, len(levels), (3, 1), share_x=True)
    for column, (name, scores) in enumerate(levels.items()):
        above, below = axes[column], axes[len(levels) + column]
        shares, means = calibration_curve(scores.is_fake, scores.probabilities, n_bins=BINS)
        above.plot([0, 1], [0, 1], color=NEUTRAL, linewidth=0.8, linestyle=":")
        above.plot(means, shares, color=LEVEL_COLOURS[name], marker="o", markersize=5)
        above.set(xlim=(0, 1), ylim=(-0.02, 1.02), ylabel="share of fakes" if column == 0 else "")
        above.set(title=f"{name}s: ECE {_figure_text(block(scores), 'ECE')}")
        counts, edges = np.histogram(scores.probabilities, BINS, (0, 1))
        bars = below.bar((edges[1:] + edges[:-1]) / 2, counts, 0.9 / BINS, color=NEUTRAL)
        below.bar_label(bars, [str(n) for n in counts], fontsize=7)
        below.set(xlabel="calibrated probability", ylabel=f"{name}s")
        below.margins(y=0.2)
    picture.savefig(path)


def draw_scores(path: Path, scores: Scores, low: float, high: float) -> None:
    """Histograms of both classes over the track probability, with the inconclusive band."""
    picture, axes = page(6.4, 4.6, 1, (1, 1), share_x=True)
    for one, is_fake, colour, name in ((axes[0], False, ORIGINAL, "originals"), (axes[1], True, FAKE, "fakes")):
        mine = scores.probabilities[scores.is_fake == is_fake]
        one.axvspan(low, high, color="#eeeeee")
        one.hist(mine, 40, range=(0, 1), color=colour)
        one.set(ylabel=f"{name} (n = {len(mine)})", xlim=(0, 1))
        for limit in (low, high):
            one.axvline(limit, color=NEUTRAL, linewidth=0.9)
    axes[0].set(title=f"Track probabilities; grey: inconclusive, {low:g} to {high:g}")
    axes[1].set(xlabel="calibrated probability of a track")
    picture.savefig(path)


def draw_confusion(path: Path, is_fake: Flags, conclusions: Sequence[Conclusion]) -> None:
    """Labels bool (n,) against the rule's conclusions on the tracks, in counts and shares of each label."""
    columns = (Conclusion.NOT_INDICATED, Conclusion.INCONCLUSIVE, Conclusion.INDICATED)
    pairs = Counter(zip(is_fake.tolist(), conclusions, strict=True))
    counts = np.array([[pairs[fake, conclusion] for conclusion in columns] for fake in (False, True)])
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    picture, (axes,) = page(5.8, 3.4)
    axes.imshow(shares, cmap="Blues", vmin=0, vmax=1, aspect="auto")
    for row, column in np.ndindex(2, 3):
        colour = "white" if shares[row, column] > 0.55 else "black"
        text = f"{counts[row, column]}\n{shares[row, column]:.0%}"
        axes.text(column, row, text, ha="center", va="center", color=colour, fontsize=11)
    axes.set_xticks(range(3), ["none indicated", "inconclusive", "manipulation\nindicated"])
    axes.set_yticks(range(2), ["originals", "fakes"])
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)
    axes.set(title="Conclusions on held-out tracks")
    picture.savefig(path)


def draw_robustness(path: Path, title: str, blocks: Mapping[str, Block], names: Sequence[str]) -> None:
    """A dot with its interval for every condition, one panel per figure; the dotted line is the unchanged input."""
    picture, axes = page(2.6 * len(names) + 1.8, 0.27 * len(blocks) + 1.3, len(names), share_y=True)
    for one, name in zip(axes, names, strict=True):
        for place, found in enumerate(blocks.values()):
            figure = found.figures[name]
            if figure.value is None:
                continue
            if figure.low is not None and figure.high is not None:
                one.plot([figure.low, figure.high], [place, place], color=NEUTRAL, linewidth=1.2)
            one.plot(figure.value, place, "o", color=ORIGINAL, markersize=5)
            if place == 0:
                one.axvline(figure.value, color=ORIGINAL, linewidth=0.8, linestyle=":")
        one.set(xlabel=name, xlim=(-0.03, 1.03))
        one.xaxis.set_major_formatter(PercentFormatter(1) if name in ("recall", "specificity") else "{x:g}")
        one.grid(axis="y", color="#eeeeee")
        one.set_axisbelow(True)
    axes[0].set_yticks(range(len(blocks)), list(blocks))
    axes[0].invert_yaxis()
    picture.suptitle(title, fontsize=11)
    picture.savefig(path)


def _has_both(scores: Scores) -> bool:
    return bool(scores.is_fake.any() and not scores.is_fake.all())


def _figure_text(found: Block, name: str) -> str:
    figure = found.figures[name]
    if figure.value is None:
        return "not defined"
    if figure.low is None or figure.high is None:
        return f"{figure.value:.2f}"
    return f"{figure.value:.2f} ({figure.low:.2f} to {figure.high:.2f})"
