"""Thumbnails of frames and faces, decoded on their own thread by their own decoder. The newest request comes first."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from threading import Condition
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject, QThread, Signal
from PySide6.QtGui import QImage

from inspector.domain.arrays import Image
from inspector.domain.clip import Clip
from inspector.domain.errors import FaultError, InspectorError
from inspector.domain.geometry import Box
from inspector.engine import faults
from inspector.ui.widgets.qimage import to_qimage

if TYPE_CHECKING:
    from inspector.engine.decode.decoder import Decoder

CACHE_BYTES = 24 << 20
_FACE_MARGIN = 1.25


@dataclass(frozen=True, slots=True)
class ThumbnailRequest:
    """The thumbnail of the frame at a pts, or of the face within a box of it, `height` pixels high."""

    pts: int
    height: int
    box: Box | None = None


class Thumbnailer(QThread):
    """Serves the pointer's request before the lists of the widgets. Requests that were replaced are not decoded."""

    ready = Signal(object)  # ThumbnailRequest

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("thumbnails")
        self._changed = Condition()
        self._clip: Clip | None = None
        self._hover: ThumbnailRequest | None = None
        self._lists: dict[str, tuple[ThumbnailRequest, ...]] = {}
        self._kept: OrderedDict[ThumbnailRequest, QImage] = OrderedDict()
        self._bytes = 0
        self._is_resting = self._is_stopping = False
        self._decoder: Decoder | None = None  # the thread's

    # --- asked by the UI thread --------------------------------------------------------------------------------------

    def open(self, clip: Clip) -> None:
        """Switch to another clip, and drop all thumbnails and requests of the previous one."""
        with self._changed:
            self._clip, self._hover, self._bytes = clip, None, 0
            self._lists.clear()
            self._kept.clear()
            self._changed.notify_all()

    def hover(self, request: ThumbnailRequest | None) -> None:
        """Request the frame under the pointer; it replaces the pointer's previous request."""
        with self._changed:
            self._hover = request
            self._changed.notify_all()
        self._wake()

    def want(self, owner: str, requests: Sequence[ThumbnailRequest]) -> None:
        """Request all thumbnails that `owner` (the filmstrip, the labels) shows now, the most important first."""
        with self._changed:
            self._lists[owner] = tuple(requests)
            self._changed.notify_all()
        self._wake()

    def rest(self, is_resting: bool) -> None:
        """Serve only the pointer's request while the clip plays, to leave the processor to the player."""
        with self._changed:
            self._is_resting = is_resting
            self._changed.notify_all()

    def image(self, request: ThumbnailRequest) -> QImage | None:
        """The thumbnail, None while it is not decoded, or a null image if it could not be decoded."""
        with self._changed:
            image = self._kept.get(request)
            if image is not None:
                self._kept.move_to_end(request)
            return image

    def stop(self) -> None:
        """End the thread and wait for it, at most while one frame is decoded."""
        with self._changed:
            self._is_stopping = True
            self._changed.notify_all()
        self.wait()

    def _wake(self) -> None:
        if self._clip is not None and not self.isRunning() and not self._is_stopping:
            self.start(QThread.Priority.LowPriority)

    # --- the thread --------------------------------------------------------------------------------------------------

    @faults.Boundary("running the thread of the thumbnails")
    def run(self) -> None:
        """Decode until stopped."""
        while (asked := self._next()) is not None:
            clip, request = asked
            image = QImage()  # the viewer reports what is wrong with the file; the thumbnail stays empty
            with faults.Boundary("making a thumbnail", self._fail):
                image = _thumbnail(self._decoder_of(clip), request)
            self._keep(clip, request, image)
        self._close()

    def _decoder_of(self, clip: Clip) -> Decoder:
        if self._decoder is None or self._decoder.clip is not clip:
            # Imported here because it loads PyAV, and the window opens before that.
            from inspector.engine.decode.decoder import Decoder

            self._close()
            self._decoder = Decoder(clip)
        return self._decoder

    def _fail(self, error: InspectorError) -> None:
        if isinstance(error, FaultError):
            self._close()  # nobody knows what state the error left behind
            faults.show(error)

    def _close(self) -> None:
        decoder, self._decoder = self._decoder, None
        if decoder is not None:
            decoder.close()

    def _next(self) -> tuple[Clip, ThumbnailRequest] | None:
        with self._changed:
            while not self._is_stopping:
                request = self._first_wanted()
                if request is not None and self._clip is not None:
                    return self._clip, request
                self._changed.wait()
            return None

    def _first_wanted(self) -> ThumbnailRequest | None:
        if self._hover is not None and self._hover not in self._kept:
            return self._hover
        if self._is_resting:
            return None
        wanted = (request for name in sorted(self._lists) for request in self._lists[name])
        return next((request for request in wanted if request not in self._kept), None)

    def _keep(self, clip: Clip, request: ThumbnailRequest, image: QImage) -> None:
        with self._changed:
            if clip is not self._clip:
                return
            self._kept[request] = image
            self._bytes += image.sizeInBytes()
            listed = {request for requests in self._lists.values() for request in requests}
            for old in [key for key in self._kept if key not in listed and key != request]:
                if self._bytes <= CACHE_BYTES:
                    break
                self._bytes -= self._kept.pop(old).sizeInBytes()
        self.ready.emit(request)


def _thumbnail(decoder: Decoder, request: ThumbnailRequest) -> QImage:
    image = decoder.frame_at(request.pts).image
    return _scaled(image if request.box is None else _face(image, request.box), request.height)


def _face(image: Image, box: Box) -> Image:
    """The square around a face: uint8 (s, s, 3) RGB, black outside the picture."""
    height, width = image.shape[:2]
    side = min(max(round(max(box.width, box.height) * _FACE_MARGIN), 1), 2 * max(height, width))
    left, top = round(box.centre[0] - side / 2), round(box.centre[1] - side / 2)
    square = np.zeros((side, side, 3), np.uint8)
    x0, y0, x1, y1 = max(left, 0), max(top, 0), min(left + side, width), min(top + side, height)
    if x1 > x0 and y1 > y0:
        square[y0 - top : y1 - top, x0 - left : x1 - left] = image[y0:y1, x0:x1]
    return square


def _scaled(image: Image, height: int) -> QImage:
    """A thumbnail `height` pixels high, from uint8 (H, W, 3) RGB."""
    import cv2  # imported here because the window opens before OpenCV is loaded

    width = max(round(image.shape[1] * height / image.shape[0]), 1)
    return to_qimage(np.asarray(cv2.resize(image, (width, height), interpolation=cv2.INTER_AREA), np.uint8))
