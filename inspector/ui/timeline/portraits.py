"""The faces before the track lanes."""

from __future__ import annotations

from PySide6.QtCore import QObject

from inspector.ui.player.thumbnails import Thumbnailer, ThumbnailRequest
from inspector.ui.timeline.lanes.lane_stack import LaneStack


class Portraits(QObject):
    """Asks for the thumbnails of the tracks' faces, and shows them in the lane labels once they are decoded."""

    def __init__(self, thumbnails: Thumbnailer, stack: LaneStack) -> None:
        super().__init__(stack)
        self._thumbnails, self._stack = thumbnails, stack
        self._requests: dict[int, ThumbnailRequest] = {}
        thumbnails.ready.connect(self._on_ready)

    def clear(self) -> None:
        """Forget the faces of the previous clip."""
        self._requests = {}

    def show(self) -> None:
        """Show the faces that are decoded, and ask for the others."""
        requests = self._stack.portraits()
        if requests != self._requests:
            self._requests = requests
            self._thumbnails.want("faces", list(requests.values()))
        for track_id, request in requests.items():
            image = self._thumbnails.image(request)
            if image is not None and not image.isNull():
                self._stack.tracks[track_id].label.set_portrait(image)

    def _on_ready(self, request: ThumbnailRequest) -> None:
        if request.box is not None:
            self.show()
