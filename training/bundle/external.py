"""Error rates on sources that training never saw, measured with `inspector scan`, as the first rates of a card.

Rates on held-out people of the training sources are too good, since their sources are known. The first page of a report
must state rates on other sources, so these come first. They are not used to choose a threshold or a checkpoint.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from inspector.domain.analysis import Conclusion
from inspector.domain.errors import TrainingError
from inspector.domain.geometry import Box
from inspector.domain.model_card import ErrorRates, ModelCard
from inspector.engine.codec import to_pretty_json
from inspector.engine.model.bundle import find_bundle
from training.bundle.model_card import describe
from training.files import reading, write_bytes
from training.log import Log
from training.measure.bootstrap import rate_over_groups
from training.measure.calibrate import rates_text
from training.sources import Sample

# Descriptions of the splits that are only measured on; the first part also identifies their rates in a card.
_FOREIGN = {
    "public": "clips and stills of sources that training never saw, every frame",
    "test": "clips and stills of the sources' official test split, which trained nothing, every frame",
}
COUNTED = (
    "the conclusion on each label: that of the file, or, where the label speaks of a part of the frame, that of the "
    "longest track there; an original is wrong when manipulation is indicated, a fake is missed unless it is"
)


def measure_external(
    samples: Sequence[Sample],
    scanned: Path,
    bundle: Path,
    log: Log,
    split: str = "public",
    trained: Sequence[Sample] = (),
) -> ErrorRates:
    """Compare the conclusions of a scan with the labels of a split, and write the rates first into the bundle's card.

    Sources that the bundle learnt by its card are named there, and kinds of fakes that it learnt among `trained`. Face
    crops are not scanned and do not count.
    Raises TrainingError when the split is a training split or has one class only, and when the scan is incomplete, left
    frames or the deep look out, or was made with other weights.
    """
    if split not in _FOREIGN:
        raise TrainingError(f"The split {split!r} is also trained on; name one of {', '.join(_FOREIGN)}.")
    card = find_bundle(str(bundle)).card
    labelled = list(_conclusions(samples, scanned, card))
    reals = [(sample, conclusion == Conclusion.INDICATED) for sample, conclusion in labelled if not sample.is_fake]
    fakes = [(sample, conclusion != Conclusion.INDICATED) for sample, conclusion in labelled if sample.is_fake]
    if not (reals and fakes):
        raise TrainingError(
            f"The split {split!r} has no clips and stills of both classes; there is no rate to measure."
        )
    # The card says what the bundle learnt; a recipe may be of other clips, such as one that measures a bundle on them.
    learnt = {source.name for source in card.trained_on}
    known = sorted(_kinds(sample for sample, _ in labelled) & _kinds(s for s in trained if _source(s) in learnt))
    also = f"; of their fakes these kinds were trained on: {', '.join(known)}" if known else ""
    old = [sample for sample, _ in labelled if _source(sample) in learnt]
    if old:
        names = sorted({_source(sample) for sample in old})
        also += f"; except {len(old)} labels of sources that were trained on: {', '.join(names)}"
    (wrong, wrong_interval), (missed, missed_interval) = _rate(reals), _rate(fakes)
    rates = ErrorRates(
        level="track" if card.deep is None else "together",
        measured_on=_FOREIGN[split] + also,
        false_positive_rate=wrong,
        false_positive_interval=wrong_interval,
        n_real=len(reals),
        false_negative_rate=missed,
        false_negative_interval=missed_interval,
        n_fake=len(fakes),
        inconclusive_rate=round(sum(c == Conclusion.INCONCLUSIVE for _, c in labelled) / len(labelled), 4),
        counted=COUNTED,
    )
    others = tuple(r for r in card.error_rates if not r.measured_on.startswith(_FOREIGN[split].partition(",")[0]))
    # The limits of a deep network are for clips and stills apart, and their own rates stay the first ones.
    card = replace(card, error_rates=(rates, *others) if card.deep is None else (*others, rates))
    for name, content in (("card.json", to_pretty_json(card)), ("README.md", describe(card).encode())):
        write_bytes(bundle / name, content)
    log(rates_text(rates))
    return rates


def _conclusions(samples: Sequence[Sample], scanned: Path, card: ModelCard) -> Iterator[tuple[Sample, str]]:
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
        path = scanned / folder / "report.json"
        with reading(path, "scan again into another folder, with --report json or pdf"):
            report = json.loads(path.read_text(encoding="utf-8"))
        if report["model"]["sha256"] != card.sha256:
            raise TrainingError(f"{scanned} was made with other weights than the bundle's; scan again.")
        if left_out := _left_out(report["settings"], card):
            raise TrainingError(
                f"{scanned} was made with {' and '.join(left_out)}, which the rates of a card are not about; scan "
                "again without, into another folder."
            )
        yield sample, _conclusion(report, sample.region)


def _left_out(settings: dict[str, Any], card: ModelCard) -> list[str]:
    """The options of a scan by which it did not see what the program sees of a clip by itself."""
    found = {"--every": settings["every"] != 1, "--deep off": settings["deep"] == "off" and card.deep is not None}
    found |= {f"--{end}": settings[f"{end}_seconds"] is not None for end in ("start", "end")}
    return [option for option, is_used in found.items() if is_used]


def _conclusion(report: dict[str, Any], region: Box | None) -> str:
    """The clip's conclusion; for a label with a region, that of the longest track in the region."""
    if region is None:
        return str(report["summary"]["conclusion"])
    inside = [t for t in report["tracks"] if _lies_in(Box(**t["median_box"]), region)]
    longest = max(inside, key=lambda t: int(t["frames_scored"]), default=None)
    return str(Conclusion.NO_FACE if longest is None else longest["conclusion"])


def _lies_in(box: Box, region: Box) -> bool:
    x, y = box.centre
    return region.x <= x < region.right and region.y <= y < region.bottom


def _source(sample: Sample) -> str:
    """The repository or dataset that a sample comes from, as a card names it."""
    return sample.source.partition(":")[0]


def _kinds(samples: Iterable[Sample]) -> set[str]:
    """The kinds of fakes: the part of the method before the tool's name."""
    return {re.split(r"[:(]", sample.method)[0].strip() for sample in samples if sample.is_fake}


def _rate(found: Sequence[tuple[Sample, bool]]) -> tuple[float, tuple[float, float]]:
    """The share of labels, and its 95 % interval over people and pairs, which can have several labels."""
    groups = [sample.pair or sample.identity or str(sample.path) for sample, _ in found]
    return rate_over_groups([hit for _, hit in found], groups)
