"""What the detector says of a face, and the stretches that follow from it."""

from __future__ import annotations

from dataclasses import dataclass

from inspector.domain.arrays import Floats32
from inspector.domain.faces import Abstention, FaceQuality
from inspector.domain.geometry import Box


@dataclass(frozen=True, slots=True)
class FaceScore:
    """One face's score in one frame: calibrated `fake_probability` (0..1, fake = 1), or the reason for none.

    `logit` is the network's raw output. Exactly one of `fake_probability` and `abstained` is set, except that without a
    model bundle both are None for a face that could have been scored. `crop` is the stored
    crop (whole pixels, may reach outside the picture) that was scored and that a CAM explains. A frame without any face
    has one FaceScore with `track_id` 0, no crop, and NO_FACE or DECODE_ERROR.
    """

    track_id: int
    pts: int
    crop: Box | None
    logit: float | None
    fake_probability: float | None
    abstained: Abstention | None
    box: Box | None = None
    quality: FaceQuality | None = None


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch [start_pts, end_pts) of a track whose smoothed probability stays at or over the segment threshold."""

    track_id: int
    start_pts: int
    end_pts: int
    mean_probability: float
    peak_probability: float
    peak_pts: int


@dataclass(frozen=True, slots=True, eq=False)
class CamMap:
    """Where the network looked, for one stored crop: `values` float32 (h, w), raw, not stretched.

    It is drawn against `reference`, one scale for the whole track, so that a faint map is drawn faint.
    `deletion_drop` is how far the logit falls when the hottest tenth of the crop is blurred, `random_drop` the same for
    random tenths (mean of several); None when the check was not run.
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
