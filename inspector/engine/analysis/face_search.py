"""Searches faces on all cores: one thread decodes, and one per core converts, hashes and searches the frames.

What depends on the frames before (cuts, when tiles are searched, tracks) is decided in display order, each thing by one
thread. So the number of workers changes no result. The libraries release Python's lock while they compute, so threads
are enough; further processes would each need a confinement and a copy of the libraries.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from types import TracebackType
from typing import Self

from inspector.domain.arrays import Image
from inspector.domain.clip import Clip, Frame, Gap
from inspector.domain.faces import Face
from inspector.domain.geometry import Box
from inspector.domain.settings import Settings
from inspector.engine.analysis.prefetch import prefetched
from inspector.engine.decode.decoder import Decoder, Picture, frame_sha256
from inspector.engine.faces.crop import whole_face
from inspector.engine.faces.finder import FaceFinder, FrameSearch
from inspector.engine.faces.tracker import ShotDetector, thumbnail
from inspector.engine.provenance.coding.recorder import MeasuredFrame
from inspector.engine.timings import Timings

_MOST_WORKERS = 32  # decoding, which one thread does, keeps no more of them busy
_AHEAD_BYTES = 16 << 20  # of decoded frames, for each worker and for the two threads before and behind them


@dataclass(slots=True, eq=False)
class SearchedFrame:
    """A decoded frame; one that is analysed has a thumbnail, and is searched already."""

    frame: Frame
    sha256: str = ""
    small: Image | None = None  # the thumbnail that shots are compared by
    is_cut: bool = False
    with_tiles: bool = False
    next_tiles: float = 0.0  # seconds from which on tiles are searched again, after this frame
    search: FrameSearch = field(default_factory=FrameSearch)
    measured: MeasuredFrame | None = None


@dataclass(slots=True)
class SearchState:
    """What a search begins with: the state after the last frame before it.

    `measure` is called with each frame in display order, and returns None for one that only later ones need.
    """

    measure: Callable[[Frame], MeasuredFrame | None]
    shots: ShotDetector
    size: tuple[int, int] | None = None  # of the last analysed frame
    next_tiles: float = 0.0


def default_workers() -> int:
    """One worker for each core that this process may use, or for each of the threads that it was given."""
    given = os.environ.get("OMP_NUM_THREADS", "")
    if given.isdecimal() and int(given) > 0:
        return min(int(given), _MOST_WORKERS)
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(cores, _MOST_WORKERS)


def frames_ahead(clip: Clip, workers: int) -> int:
    """How many frames are decoded ahead: few of large ones, which would fill the memory."""
    threads = workers + 2
    return max(1, min(2 * threads, threads * _AHEAD_BYTES // max(1, clip.width * clip.height * 3)))


class FaceSearch:
    """The workers of one analysis, each with its face finder; a context manager."""

    def __init__(self, clip: Clip, settings: Settings, timings: Timings, workers: int | None = None) -> None:
        self._clip, self._settings, self._timings = clip, settings, timings
        workers = workers or default_workers()
        # A wrong guess costs processor time, which only many cores have to spare.
        self._is_guessing = workers > 2
        self._ahead = -(-frames_ahead(clip, workers) // 2)  # in each of two queues
        self._pool = ThreadPoolExecutor(workers, thread_name_prefix="find")
        self._idle: SimpleQueue[FaceFinder] = SimpleQueue()
        self._last_look = FaceFinder(settings.detection_confidence, timings)  # opens its graphs when they are needed
        self._near: Sequence[Box] = ()  # the newest known boxes, which those of a later frame resemble

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._pool.shutdown(cancel_futures=True)
        self._last_look.__exit__(None, None, None)
        while not self._idle.empty():
            self._idle.get().__exit__(None, None, None)

    def frames(
        self, decoder: Decoder, first: int | None, last: int | None, state: SearchState
    ) -> Generator[SearchedFrame | Gap, None, None]:
        """The frames with first <= pts < last, searched where they are analysed, and the gaps, in display order."""
        prepared = prefetched(self._prepared(decoder, first, last), self._ahead)
        searched = prefetched(self._searched(prepared, state), self._ahead)
        with closing(prepared), closing(searched):
            for item in searched:
                yield item.result() if isinstance(item, Future) else item
                del item  # a large picture would live on while the next one is searched

    def faces(self, item: SearchedFrame, near: Sequence[Box]) -> list[Face]:
        """The faces of the next frame; `near` are those of the frame before, which may need a further look."""
        if self._settings.whole_frame:
            return [whole_face(item.frame)]
        self._near = near
        with self._timings.step("faces near those before"):
            near = () if item.is_cut else near
            return self._last_look.find(item.frame.image, item.frame.pts, near, item.with_tiles, item.search)

    # --- in the decoding thread --------------------------------------------------------------------------------------

    def _prepared(self, decoder: Decoder, first: int | None, last: int | None) -> Iterator[Future[SearchedFrame] | Gap]:
        converters: SimpleQueue[Callable[[Picture | Frame], Frame]] = SimpleQueue()

        def prepare(picture: Picture | Frame) -> SearchedFrame:
            try:
                convert = converters.get_nowait()
            except Empty:
                convert = decoder.converter()
            with self._timings.step("convert"):
                frame = convert(picture)
            converters.put(convert)
            if frame.index % self._settings.every:
                return SearchedFrame(frame)
            with self._timings.step("hash frames"):
                sha256 = frame_sha256(frame.image)
            with self._timings.step("find cuts"):
                return SearchedFrame(frame, sha256, thumbnail(frame.image))

        for item in self._timings.each("decode", decoder.pictures(first, last)):
            if item is not None:
                yield item if isinstance(item, Gap) else self._pool.submit(prepare, item)

    # --- in the thread that decides in display order what is searched -----------------------------------------------

    def _searched(
        self, prepared: Iterator[Future[SearchedFrame] | Gap], state: SearchState
    ) -> Iterator[Future[SearchedFrame] | SearchedFrame | Gap]:
        for each in prepared:
            if (planned := self._planned(each, state)) is not None:
                yield planned
            del each, planned  # as above

    def _planned(
        self, prepared: Future[SearchedFrame] | Gap, state: SearchState
    ) -> Future[SearchedFrame] | SearchedFrame | Gap | None:
        """Hand a frame that is to be searched to a worker; None for one that is left out."""
        item = prepared.result() if isinstance(prepared, Future) else prepared
        if isinstance(item, Gap):
            return item
        item.measured = state.measure(item.frame)
        if item.measured is None:
            return None
        if item.small is None:
            return item
        size = item.frame.image.shape[1], item.frame.image.shape[0]
        is_cut, is_new_size = state.shots.is_cut_to(item.small), state.size not in (None, size)
        item.is_cut, state.size = is_cut or is_new_size, size
        seconds, wait = self._clip.seconds(item.frame.pts), self._settings.tile_seconds
        item.with_tiles = wait > 0 and (item.is_cut or seconds >= state.next_tiles)
        if item.with_tiles:
            state.next_tiles = seconds + wait
        item.next_tiles = state.next_tiles
        return item if self._settings.whole_frame else self._pool.submit(self._search, item)

    def _search(self, item: SearchedFrame) -> SearchedFrame:
        """Run the networks on a frame; with many workers, as if the faces before it were where they were last known."""
        near = self._near if self._is_guessing and not item.is_cut else ()
        with self._finder() as finder:
            finder.find(item.frame.image, item.frame.pts, near, item.with_tiles, item.search)
        return item

    @contextmanager
    def _finder(self) -> Iterator[FaceFinder]:
        """A finder that nobody else uses meanwhile."""
        try:
            finder = self._idle.get_nowait()
        except Empty:
            with self._timings.step("load the face finder"):
                finder = FaceFinder(self._settings.detection_confidence, self._timings).__enter__()
        try:
            yield finder
        finally:
            self._idle.put(finder)
