"""What a process does with a whole file, and how much of that is done, in words."""

from __future__ import annotations

from inspector.engine.activity import Stage
from inspector.ui.state import AnalysisJob
from inspector.ui.widgets.language import mark, tr_marked

_TEXTS = {
    Stage.COPY: mark("copying and hashing the clip … {percent} %"),
    Stage.HASH: mark("hashing the clip … {percent} %"),
    Stage.INDEX: mark("reading the index of the clip … {percent} %"),
    Stage.DEEP: mark("deep look … {percent} %"),
}
_SLOW_SECONDS = 2.0  # a percentage that stands for longer is shown with a decimal


def stage_text(stage: Stage, percent: float) -> str:
    """ "hashing the clip … 42 %"."""
    return tr_marked(_TEXTS[stage], percent=_rounded_down(percent, with_decimal=stage is Stage.DEEP))


def percent_text(job: AnalysisJob) -> str:
    """How much of what is under way is done: "42", "42.3" where it is slow, or "" if nothing says how much it is."""
    if job.share is None:
        return ""
    with_decimal = job.stage is Stage.DEEP
    if job.stage is None and job.rate is not None and job.frames_total is not None:
        with_decimal = job.frames_total / job.rate > 100 * _SLOW_SECONDS
    return _rounded_down(100 * job.share, with_decimal=with_decimal)


def _rounded_down(percent: float, *, with_decimal: bool) -> str:
    """Never the 100 of work that is still under way."""
    return f"{min(int(10 * percent + 1e-6), 999) / 10:.1f}" if with_decimal else str(min(int(percent + 1e-6), 99))
