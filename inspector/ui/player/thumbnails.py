"""Thumbnails of frames and faces, made by the player's process one after another. The newest request comes first."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from threading import Condition

from PySide6.QtCore import QObject, QThread, Signal
from PySide6.QtGui import QImage

from inspector.domain.clip import Clip
from inspector.domain.errors import FaultError, InspectorError
from inspector.domain.geometry import Box
from inspector.engine import faults
from inspector.engine.process.player.client import Link
from inspector.engine.process.player.messages import GetThumbnail, Service
from inspector.ui.player.players import PLAYERS
from inspector.ui.widgets.qimage import to_qimage

CACHE_BYTES = 24 << 20


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
        self._link: Link | None = None  # the thread's

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
                image = self._made(clip, request)
            self._keep(clip, request, image)
        self._close()

    def _made(self, clip: Clip, request: ThumbnailRequest) -> QImage:
        if self._link is None or self._link.clip is not clip:
            self._close()
            self._link = PLAYERS.link(Service.THUMBNAILS, clip)
        return to_qimage(self._link.ask(GetThumbnail(0, request.pts, request.height, request.box)))

    def _fail(self, error: InspectorError) -> None:
        if isinstance(error, FaultError):
            self._close()  # nobody knows what state the error left behind
            faults.show(error)

    def _close(self) -> None:
        link, self._link = self._link, None
        if link is not None:
            link.close()

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
