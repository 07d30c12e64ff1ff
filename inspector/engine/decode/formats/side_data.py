"""What FFmpeg's decoders attach to single pictures: display matrices, encoding parameters, motion vectors."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from av.sidedata import sidedata
from av.video.frame import VideoFrame


def _unknown_type(kind: Any, value: object) -> Any:
    """A member for a type of FFmpeg's that PyAV has none for, such as the EXIF data of JPEG pictures.

    PyAV raises at such a type, and then gives no side data of the picture at all.
    """
    member = object.__new__(kind)
    member._value_, member._name_ = value, f"UNKNOWN_{value}"
    return member


sidedata.Type._missing_ = classmethod(_unknown_type)  # type: ignore[assignment,method-assign]


def side_data(frame: VideoFrame, *names: str) -> dict[str, bytes]:
    """The content of a picture's side data with these names of PyAV's `Type`, as far as it has them."""
    # Not `frame.side_data`: PyAV keeps that in the frame, to which it refers, and only the collector of cycles, which
    # knows nothing of the pixels' size, frees them again. Gigabytes of large pictures waited for it.
    container: Any = sidedata.SideDataContainer
    items: Iterable[Any] = container(frame)  # iterating the mapping gives the items
    return {item.type.name: bytes(item) for item in items if item.type.name in names}
