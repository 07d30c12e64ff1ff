"""What a process does with a whole file, and how much of that is done, in words."""

from __future__ import annotations

from inspector.engine.activity import Stage
from inspector.ui.widgets.language import mark, tr_marked

_TEXTS = {
    Stage.COPY: mark("copying and hashing the clip … {percent} %"),
    Stage.HASH: mark("hashing the clip … {percent} %"),
    Stage.INDEX: mark("reading the index of the clip … {percent} %"),
}


def stage_text(stage: Stage, percent: int) -> str:
    """ "hashing the clip … 42 %"."""
    return tr_marked(_TEXTS[stage], percent=percent)
