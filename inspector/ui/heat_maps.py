"""The heat maps that were computed since the clip was opened, and why others could not be."""

from __future__ import annotations

from collections import OrderedDict

from inspector.domain.scores import CamMap

_KEPT = 256


class HeatMaps:
    """Of one analysis, by track and pts; of more than 256 maps, the oldest is dropped."""

    def __init__(self) -> None:
        self._maps: OrderedDict[tuple[int, int], CamMap] = OrderedDict()
        self._failed: set[tuple[int, int]] = set()
        self.copied_percent: int | None = None  # of the clip, which the engine process may have to copy again for one

    def at(self, track_id: int | None, pts: int) -> CamMap | None:
        """The heat map of one score, if there is one."""
        return None if track_id is None else self._maps.get((track_id, pts))

    def has_failed(self, track_id: int | None, pts: int) -> bool:
        """Whether it could not be computed; it is not asked for again until `forget_failures`."""
        return (track_id, pts) in self._failed

    @property
    def any_failed(self) -> bool:
        """Whether one could not be computed."""
        return bool(self._failed)

    def add(self, cam: CamMap) -> None:
        """Keep a heat map."""
        self._maps[cam.track_id, cam.pts] = cam
        while len(self._maps) > _KEPT:
            self._maps.popitem(last=False)

    def fail(self, track_id: int, pts: int) -> None:
        """Note that a heat map could not be computed."""
        self._failed.add((track_id, pts))

    def forget_failures(self) -> bool:
        """Let those that could not be computed be tried again; returns whether there are any."""
        had_any, self._failed = bool(self._failed), set()
        return had_any

    def clear(self) -> None:
        """Drop everything."""
        self._maps.clear()
        self._failed.clear()
