"""In which formats the pictures of a clip are stored, each with its first picture: changes within the stream."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Self

from inspector.domain.clip import FormatUse, Frame
from inspector.engine.codec import from_json, to_json

_MOST_FORMATS = 64  # of a damaged or hostile stream; further ones count as the last


class FormatLog:
    """Counts the pictures of each format; formats that alternate, as in telecined film, are named once each."""

    def __init__(self) -> None:
        self._uses: list[FormatUse] = []
        self.size: tuple[int, int] | None = None  # width and height of the last analysed frame

    @property
    def uses(self) -> tuple[FormatUse, ...]:
        """The formats in the order of their first pictures."""
        return tuple(self._uses)

    def add(self, frame: Frame) -> None:
        """Count a decoded frame."""
        if frame.format is None:
            return
        for at, use in enumerate(self._uses):
            if use.format == frame.format:
                self._uses[at] = replace(use, pictures=use.pictures + 1)
                return
        if len(self._uses) < _MOST_FORMATS:
            self._uses.append(FormatUse(frame.format, frame.index, frame.pts, 1))
        else:
            self._uses[-1] = replace(self._uses[-1], pictures=self._uses[-1].pictures + 1)

    def set_size(self, frame: Frame) -> None:
        """Note the size of an analysed frame; boxes of frames of different sizes do not compare."""
        self.size = frame.image.shape[1], frame.image.shape[0]

    def state(self) -> dict[str, Any]:
        """The state as plain JSON values, for `restored`."""
        return {"uses": json.loads(to_json(self.uses)), "size": self.size}

    @classmethod
    def restored(cls, state: Mapping[str, Any] | None) -> Self:
        """A log that continues from `state`; an empty one from None, which older case files have."""
        made = cls()
        if state is not None:
            made._uses = list(from_json(json.dumps(state["uses"]), tuple[FormatUse, ...]))
            made.size = None if state["size"] is None else (state["size"][0], state["size"][1])
        return made
