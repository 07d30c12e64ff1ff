"""The frames that are ready to paint."""

from __future__ import annotations

from collections import OrderedDict

from PySide6.QtGui import QImage

from inspector.domain.clip import Frame
from inspector.ui.player.remote_frames import Item
from inspector.ui.widgets.qimage import to_qimage

_LIMIT_BYTES = 96 << 20
_BYTES_PER_PIXEL = 7  # three of the frame and four of the image
_FEWEST = 3  # the current frame and its two neighbours


class ConvertedFrames:
    """A bounded cache by display index, which belongs to the viewer's thread; the newest frames are kept."""

    def __init__(self) -> None:
        self._frames: OrderedDict[int, tuple[Frame, QImage]] = OrderedDict()

    def clear(self) -> None:
        """Drop all frames."""
        self._frames.clear()

    def has(self, index: int, item: Item) -> bool:
        """Whether exactly this frame is ready; another one at the same index does not count."""
        return index in self._frames and self._frames[index][0] is item

    def get(self, index: int, frame: Frame) -> QImage:
        """The image of a frame, made now if it is not in the cache."""
        if not self.has(index, frame):
            self._frames[index] = frame, to_qimage(frame.image)
            self._frames.move_to_end(index)
            height, width = frame.image.shape[:2]
            most = max(_LIMIT_BYTES // (_BYTES_PER_PIXEL * height * width), _FEWEST)
            while len(self._frames) > most:
                self._frames.popitem(last=False)
        return self._frames[index][1]
