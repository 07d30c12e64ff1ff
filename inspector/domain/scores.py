"""Scores of faces, the segments that follow from them, and class activation maps."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from inspector.domain.arrays import Floats32
from inspector.domain.faces import Abstention, FaceQuality
from inspector.domain.geometry import Box


def rounded(probability: float, digits: int = 2) -> str:
    """A probability as text: ">0.99" and "<0.01" in place of 1.00 and 0.00, which would claim certainty."""
    edge = 0.5 * 10**-digits
    if probability >= 1 - edge:
        return f">{1 - 10**-digits:.{digits}f}"
    return f"<{10**-digits:.{digits}f}" if probability < edge else f"{probability:.{digits}f}"


def digits_apart(value: float, limits: Iterable[float | None]) -> int:
    """Decimals at which a value that is not at a limit does not read as if it were: two, and more where needed."""
    apart = [limit for limit in limits if limit is not None and limit != value]
    return next((n for n in range(2, 6) if all(f"{value:.{n}f}" != f"{limit:.{n}f}" for limit in apart)), 6)


@dataclass(frozen=True, slots=True)
class FaceScore:
    """One face's score in one frame: calibrated `fake_probability` (0..1, fake = 1), or the reason for none.

    `logit` is the network's raw output. Exactly one of `fake_probability` and `abstained` is set, except that without a
    model bundle both are None for a face that could have been scored. `crop` is the scored crop, which a CAM explains:
    whole pixels, possibly outside the frame. `deep_logit` and `deep_probability` are of the deep network,
    which sees some of the frames only. A frame without faces has one FaceScore with `track_id` 0, no crop, and
    NO_FACE or DECODE_ERROR.
    """

    track_id: int
    pts: int
    crop: Box | None
    logit: float | None
    fake_probability: float | None
    abstained: Abstention | None
    box: Box | None = None
    quality: FaceQuality | None = None
    deep_logit: float | None = None
    deep_probability: float | None = None

    @property
    def best_probability(self) -> float | None:
        """The deep network's probability where it saw the frame, else that of the fast one."""
        return self.fake_probability if self.deep_probability is None else self.deep_probability


@dataclass(frozen=True, slots=True)
class Segment:
    """An interval [start_pts, end_pts) of a track with a smoothed probability at or above the segment threshold."""

    track_id: int
    start_pts: int
    end_pts: int
    mean_probability: float
    peak_probability: float
    peak_pts: int


@dataclass(frozen=True, slots=True, eq=False)
class CamMap:
    """The class activation map of one scored crop: `values` float32 (h, w), not normalised.

    It is drawn relative to `reference`, one value for the whole track, so that a weak map is drawn weak.
    `deletion_drop` is the decrease of the logit when the hottest tenth of the crop is blurred, `random_drop` the mean
    decrease for random tenths; None when the check was not run.
    """

    track_id: int
    pts: int
    crop: Box
    values: Floats32
    reference: float
    layer: str
    method: str
    deletion_drop: float | None = None
    random_drop: float | None = None
