"""Frames by index for close-ups, filters and comparisons, with a bounded cache so that neighbours are decoded once."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator

from inspector.domain.arrays import Flags, PtsArray
from inspector.domain.clip import Clip, Frame, Gap
from inspector.engine.decode.decoder import Decoder

CACHE_BYTES = 512 * 1024 * 1024
_MAX_FRAMES_BEHIND = 48
_LEAD = 2
_NEAR = 24  # up to this many frames ahead, decoding on is faster than starting at the key frame again


class FrameSource:
    """A clip's frames by display index. Not thread-safe: it belongs to the picture worker.

    Decoded frames are kept within `cache_bytes`; the least recently used ones are dropped first. Going forward
    continues the running decoder. Going back decodes a run of frames before the wanted one for the next steps back.
    """

    def __init__(self, clip: Clip, cache_bytes: int = CACHE_BYTES) -> None:
        self.clip = clip
        self._decoder = Decoder(clip)
        self.pts: PtsArray = self._decoder.index.pts
        self.is_key: Flags = self._decoder.index.is_key
        frame_bytes = max(clip.width * clip.height * 3, 1)
        self._room = max(cache_bytes // frame_bytes, 4)
        self._behind = min(_MAX_FRAMES_BEHIND, self._room // 2)
        self._kept: OrderedDict[int, Frame | Gap] = OrderedDict()
        self._running: Iterator[Frame | Gap] | None = None
        self._next_index = 0
        self._ahead: Frame | Gap | None = None

    def __len__(self) -> int:
        return len(self.pts)

    def close(self) -> None:
        """Close the file and drop all frames."""
        self._running = None
        self._kept.clear()
        self._decoder.close()

    def frame(self, index: int) -> Frame | Gap:
        """The frame at a display index, or the gap in its position. Raises ClipError."""
        if index in self._kept:
            self._kept.move_to_end(index)
            return self._kept[index]
        if self._running is None or not 0 <= index - self._next_index <= _NEAR:
            # One frame before a kept frame: the user steps back and will do so again. Otherwise begin a little before
            # the frame, with neighbours that the decoder passes anyway on its way from the key frame.
            self._start(max(index - (self._behind if index + 1 in self._kept else _LEAD), 0))
        while self._next_index < index:
            self._decode_next()
        return self._decode_next()

    def _start(self, index: int) -> None:
        self._running = self._decoder.frames(start_pts=int(self.pts[index]))
        self._next_index = index
        self._ahead = None

    def _decode_next(self) -> Frame | Gap:
        """Decode the frame at `_next_index` and keep it; a frame that the decoder leaves out becomes a gap."""
        index = self._next_index
        wanted = int(self.pts[index])
        while self._ahead is None or self._behind_of(self._ahead, wanted):
            self._ahead = next(self._running, None) if self._running is not None else None
            if self._ahead is None:
                break
        picture = self._matching(wanted)
        self._next_index = index + 1
        self._keep(index, picture)
        return picture

    @staticmethod
    def _behind_of(item: Frame | Gap, pts: int) -> bool:
        return item.pts < pts if isinstance(item, Frame) else item.end_pts <= pts

    def _matching(self, wanted: int) -> Frame | Gap:
        if isinstance(self._ahead, Frame) and self._ahead.pts == wanted:
            return self._ahead
        if isinstance(self._ahead, Gap) and self._ahead.start_pts <= wanted:
            return self._ahead
        return Gap(wanted, wanted + 1, "the decoder gave no picture here")

    def _keep(self, index: int, picture: Frame | Gap) -> None:
        self._kept[index] = picture
        while len(self._kept) > self._room:
            self._kept.popitem(last=False)
