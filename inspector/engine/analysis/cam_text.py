"""Texts on a heat map for the window and the report: its network, its scale, and the result of its deletion check."""

from __future__ import annotations

import re
from enum import StrEnum

import numpy as np

from inspector.domain.scores import CamMap

ALIKE = 0.1  # of the raw score: a convention; the report states it
_FAINTEST = 1e-3  # of the track's scale: what is fainter shows in no colour
_NO_SCALE = 1e-9  # a raw value: maps of which none reaches it are empty but for rounding


class Outcome(StrEnum):
    """The result of a deletion check as a sentence."""

    EMPTY = "The map is empty on its track's scale: it marks no area, so the deletion check does not apply."
    MORE = "The score depends on the marked area more than on others."
    SAME = "That is about the same: the marked area matters no more than any other."
    LESS = "The score depends on the marked area less than on others."
    RISES = (
        "The score rises without the marked area: the area speaks against manipulation, or blurring itself looks like "
        "manipulation to the network. The check cannot tell which."
    )
    UNCLEAR = "Blurring other areas raises the score, so the check cannot tell what the marked area adds to it."

    @property
    def brief(self) -> str:
        """A short form for where there is little room."""
        return _BRIEF[self]


_BRIEF = {
    Outcome.EMPTY: "nothing is marked here",
    Outcome.MORE: "this area matters more than others",
    Outcome.SAME: "this area matters no more than others",
    Outcome.LESS: "this area matters less than others",
    Outcome.RISES: "the score rises without this area",
    Outcome.UNCLEAR: "the check cannot tell what this area adds",
}


def network_of(layer: str) -> int | None:
    """Which of an ensemble's networks, counted from 1, the map at `layer` explains; None where there is one only.

    The probability is the mean of all of them, and the others may have looked elsewhere.
    """
    found = re.search(r"\bmembers\.(\d+)\.", layer)
    return int(found[1]) + 1 if found else None


def largest(cam: CamMap) -> float:
    """The map's largest raw value; not below 0."""
    return float(np.nan_to_num(cam.values).max(initial=0.0))


def has_scale(cam: CamMap) -> bool:
    """Whether there is anything to draw the track's maps against: its strongest frames may have empty maps."""
    return cam.reference > _NO_SCALE


def is_empty(cam: CamMap) -> bool:
    """Whether nothing of the map can be seen on its track's scale."""
    return not has_scale(cam) or largest(cam) <= _FAINTEST * cam.reference


def scale_text(cam: CamMap) -> str:
    """The raw value of full colour."""
    return f"{cam.reference:.3g} (face's scale)" if has_scale(cam) else "no scale for this face"


def outcome(cam: CamMap) -> Outcome | None:
    """The result of the deletion check of a map; None where it was not run."""
    if is_empty(cam):
        return Outcome.EMPTY
    if cam.deletion_drop is None or cam.random_drop is None:
        return None
    more = cam.deletion_drop - cam.random_drop
    if abs(more) < ALIKE:
        return Outcome.SAME
    if more > 0:
        return Outcome.MORE if cam.deletion_drop >= ALIKE else Outcome.UNCLEAR
    return Outcome.RISES if cam.deletion_drop <= -ALIKE else Outcome.LESS


NOT_EXPLAINED = "This map does not explain the score; do not use it."


def is_unexplained(cam: CamMap) -> bool:
    """Whether a map failed its deletion check, so that it is shown in grey and not to be used."""
    return outcome(cam) in (Outcome.SAME, Outcome.LESS, Outcome.RISES, Outcome.UNCLEAR)


def measured_text(cam: CamMap) -> str:
    """The direction and size of the score's change; empty where the check was not run or does not apply."""
    if is_empty(cam) or cam.deletion_drop is None or cam.random_drop is None:
        return ""
    return (
        f"Blurring the hottest tenth of the crop {_moves(cam.deletion_drop, 'the raw score (logit)')}; "
        f"a random tenth {_moves(cam.random_drop, 'it')} on average."
    )


def _moves(drop: float, what: str) -> str:
    amount = f"{abs(drop):.2f}"
    if amount == "0.00":
        return f"leaves {what} unchanged"
    return f"{'lowers' if drop > 0 else 'raises'} {what} by {amount}"


def check_text(cam: CamMap) -> str:
    """The measured changes and the result of a map's deletion check; empty where it was not run."""
    warning = NOT_EXPLAINED if is_unexplained(cam) else ""
    return " ".join(filter(None, (warning, measured_text(cam), outcome(cam))))
