"""Error rates on sources that no training run saw, measured through `inspector scan`, put at the head of a card.

Held-out people of the training sources flatter a detector: their sources are known. What the first page of a report
says must be what strangers' clips gave, so these rates stand first. They choose nothing: no threshold, no checkpoint.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from scipy.stats import binomtest

from inspector.domain.analysis import Conclusion
from inspector.domain.errors import TrainingError
from inspector.domain.geometry import Box
from inspector.domain.model_card import ErrorRates
from inspector.engine.assets import find_bundle
from inspector.engine.codec import to_pretty_json
from training.model_card import describe
from training.sources import Sample

# What is known of each split that only measures; `measured_on` of rates is also what tells them from others.
_FOREIGN = {
    "public": "clips and stills of sources that training never saw (GAN portraits and talking heads are known kinds), "
    "every frame",
    "test": "clips and stills of the sources' official test split, which trained nothing, every frame",
}
COUNTED = (
    "the conclusion on each label: that of the file, or, where the label speaks of a part of the frame, that of the "
    "longest track there; an original is wrong when manipulation is indicated, a fake is missed unless it is"
)


def measure_external(
    samples: Sequence[Sample], scanned: Path, bundle: Path, say: Callable[[str], None], split: str = "public"
) -> ErrorRates:
    """Compare what a scan concluded with the labels of a split, and put the rates first on the bundle's card.

    Raises TrainingError when the split is one that trains, has one class but for face crops, which are not scanned, or
    the scan is incomplete or was made with other weights.
    """
    if split not in _FOREIGN:
        raise TrainingError(f"The split {split!r} does not only measure; name one of {', '.join(_FOREIGN)}.")
    card = find_bundle(str(bundle)).card
    said = list(_conclusions(samples, scanned, card.sha256))
    reals = [conclusion for sample, conclusion in said if not sample.is_fake]
    fakes = [conclusion for sample, conclusion in said if sample.is_fake]
    if not (reals and fakes):
        raise TrainingError(
            f"The split {split!r} has no clips and stills of both classes; there is no rate to measure."
        )
    wrong = sum(c == Conclusion.INDICATED for c in reals)
    missed = sum(c != Conclusion.INDICATED for c in fakes)
    rates = ErrorRates(
        level="track",
        measured_on=_FOREIGN[split],
        false_positive_rate=round(wrong / len(reals), 4),
        false_positive_interval=_wilson(wrong, len(reals)),
        n_real=len(reals),
        false_negative_rate=round(missed / len(fakes), 4),
        false_negative_interval=_wilson(missed, len(fakes)),
        n_fake=len(fakes),
        inconclusive_rate=round(sum(c == Conclusion.INCONCLUSIVE for _, c in said) / len(said), 4),
        counted=COUNTED,
    )
    others = tuple(r for r in card.error_rates if r.measured_on != _FOREIGN[split])
    card = replace(card, error_rates=(rates, *others))
    for name, content in (("card.json", to_pretty_json(card)), ("README.md", describe(card).encode())):
        draft = bundle / f"{name}.partial"
        draft.write_bytes(content)
        draft.replace(bundle / name)
    say(f"{rates}")
    return rates


def _conclusions(samples: Sequence[Sample], scanned: Path, sha256: str) -> Iterator[tuple[Sample, str]]:
    try:
        clips = json.loads((scanned / "summary.json").read_text())["clips"]
    except (OSError, ValueError, KeyError) as error:
        raise TrainingError(
            f"{scanned} holds no finished scan ({error}); run `inspector scan` into it first."
        ) from error
    folders = {Path(clip["path"]).resolve(): clip["folder"] for clip in clips if clip["status"] == "analysed"}
    for sample in samples:
        if sample.kind == "face":
            continue
        folder = folders.get(sample.path.resolve())
        if folder is None:
            raise TrainingError(f"{scanned} lacks {sample.path.name}; scan every labelled file of the split.")
        report = json.loads((scanned / folder / "report.json").read_text())
        if report["model"]["sha256"] != sha256:
            raise TrainingError(f"{scanned} was made with other weights than the bundle's; scan again.")
        yield sample, _conclusion(report, sample.region)


def _conclusion(report: dict[str, Any], region: Box | None) -> str:
    """The clip's conclusion; where the label speaks of a part of the frame, that of the longest track in it."""
    if region is None:
        return str(report["summary"]["conclusion"])
    inside = [t for t in report["tracks"] if _lies_in(Box(**t["median_box"]), region)]
    longest = max(inside, key=lambda t: int(t["frames_scored"]), default=None)
    return str(Conclusion.NO_FACE if longest is None else longest["conclusion"])


def _lies_in(box: Box, region: Box) -> bool:
    x, y = box.centre
    return region.x <= x < region.right and region.y <= y < region.bottom


def _wilson(hits: int, n: int) -> tuple[float, float]:
    found = binomtest(hits, n).proportion_ci(method="wilson")
    return round(float(found.low), 4), round(float(found.high), 4)
