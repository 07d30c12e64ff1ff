"""Boxes and landmarks in pixels of the displayed (rotated, square-pixel) frame."""

from __future__ import annotations

from dataclasses import dataclass

from inspector.domain.arrays import Points


@dataclass(frozen=True, slots=True)
class Box:
    """An axis-aligned rectangle in float pixels; (x, y) is its top left corner."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """The x of the right edge."""
        return self.x + self.width

    @property
    def bottom(self) -> float:
        """The y of the lower edge."""
        return self.y + self.height

    @property
    def centre(self) -> tuple[float, float]:
        """The centre, (x, y)."""
        return self.x + self.width / 2, self.y + self.height / 2

    @property
    def area(self) -> float:
        """The area in square pixels; 0 for a box with negative width or height."""
        return max(self.width, 0.0) * max(self.height, 0.0)

    def intersection(self, other: Box) -> float:
        """The area of the intersection in square pixels."""
        across = min(self.right, other.right) - max(self.x, other.x)
        down = min(self.bottom, other.bottom) - max(self.y, other.y)
        return max(across, 0.0) * max(down, 0.0)

    def iou(self, other: Box) -> float:
        """Intersection over union, 0..1; 0 for two empty boxes."""
        shared = self.intersection(other)
        union = self.area + other.area - shared
        return shared / union if union > 0 else 0.0

    def expanded(self, factor: float) -> Box:
        """The box scaled about its centre: 1.0 leaves it unchanged, 1.3 adds 15 % on each side."""
        cx, cy = self.centre
        width, height = self.width * factor, self.height * factor
        return Box(cx - width / 2, cy - height / 2, width, height)


@dataclass(frozen=True, slots=True, eq=False)
class LandmarkSet:
    """Face landmarks: `points` float32 (478, 3); x, y in displayed pixels, z in pixels, negative toward the viewer."""

    points: Points

    @property
    def bounds(self) -> Box:
        """The tight box around all points."""
        low, high = self.points[:, :2].min(axis=0), self.points[:, :2].max(axis=0)
        return Box(float(low[0]), float(low[1]), float(high[0] - low[0]), float(high[1] - low[1]))
