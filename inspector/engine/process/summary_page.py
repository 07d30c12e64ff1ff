"""summary.html of a scan: every input with its conclusion, its numbers, the error rates, and a link to its report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from inspector import __version__
from inspector.engine.process.scanned import ScannedClip, ScanSummary
from inspector.engine.report import text
from inspector.engine.report.html_page import Cell, Link, page

FILE = "summary.html"
_HEAD = ("File", "Conclusion of the tool", "Probability", "Scored", "Error rates of the rule", "Report", "Remark")
_REPORTS = ("report.pdf", "report.json", "case.inspector")
_FOOT = (
    "The tool reports, the examiner concludes. No conclusion means that a file is authentic. A probability is worth "
    "what its error rates say: of many files without manipulation, some will be called manipulated, and manipulated "
    "ones will be missed. Page one of each report says on what the rates were measured, and how the n faces counted."
)


def summary_page(summary: ScanSummary, out: Path, written_at: str, model: str, left_out: Iterable[str] = ()) -> bytes:
    """The page, to lie in the output folder `out`, as UTF-8; `model` is the name and version of the bundle, or "".

    `left_out` are sentences on what of the clips was not examined.
    """
    found = Counter(clip.conclusion or "failed" for clip in summary.clips)
    counts = "; ".join(f"{text.whole(n)} {what}" for what, n in sorted(found.items(), key=lambda each: -each[1]))
    left = f" {text.count(len(summary.left_out), 'file')} left out, see summary.json." if summary.left_out else ""
    with_model = f"model {model}" if model else "without a model"
    written = f"Written {written_at} by Deepfake Inspector {__version__}, {with_model}"
    said = " ".join((f"{text.count(len(summary.clips), 'input')}: {counts or 'none'}.{left}", *left_out))
    about = f"{said} {written}."
    return page("Scan", about, _HEAD, (_row(clip, out) for clip in summary.clips), _FOOT, "90em")


def _row(clip: ScannedClip, out: Path) -> tuple[Cell, ...]:
    is_analysed = clip.status == "analysed"
    return (
        (clip.path, f"SHA-256 {clip.sha256}") if clip.sha256 else clip.path,
        clip.conclusion or "not analysed",
        text.probability(clip.fake_probability) if is_analysed else "",
        _scored(clip) if is_analysed else "",
        _error_rates(clip) if clip.fake_probability is not None else "",
        _report(clip, out),
        clip.reason,
    )


def _scored(clip: ScannedClip) -> str:
    """How many faces have a score, each counted in each frame, so that they may be more than the frames."""
    return f"{text.count(clip.frames_scored, 'face')} in {text.count(clip.frames_analysed, 'frame')}"


def _error_rates(clip: ScannedClip) -> str:
    """As on page one of the report: both rates with their 95 % intervals."""
    flagged = text.rate(clip.false_positive_rate, clip.n_real)
    said = (
        f"{flagged} of unmanipulated faces called manipulated ({text.interval(clip.false_positive_interval)}, "
        f"n = {text.whole(clip.n_real or 0)})"
    )
    if clip.false_negative_rate is None:
        return said
    missed = text.rate(clip.false_negative_rate, clip.n_fake)
    return (
        f"{said}; {missed} of manipulated faces missed or left undecided "
        f"({text.interval(clip.false_negative_interval)}, n = {text.whole(clip.n_fake or 0)})"
    )


def _report(clip: ScannedClip, out: Path) -> Cell:
    """The first of the files for people that is there."""
    names = [name for name in _REPORTS if clip.folder and (out / clip.folder / name).is_file()]
    return Link(clip.folder, names[0]) if names else ""
