"""Deinterlacing with FFmpeg's bwdif: one progressive picture for each interlaced one, with the same pts."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from dataclasses import replace
from fractions import Fraction

import av
from av.filter import Graph
from av.video.frame import VideoFrame

from inspector.domain.clip import Gap
from inspector.engine.decode.display_order import Picture

# Only pictures flagged as interlaced are changed, by their own field order.
_BWDIF = "mode=send_frame:parity=auto:deint=interlaced"


def deinterlaced(events: Iterator[Picture | Gap]) -> Generator[Picture | Gap, None, None]:
    """Deinterlace those pictures of `events` that are interlaced; the others are passed on as they are.

    The filter uses both neighbours, so an interlaced picture comes one picture later. It runs from the picture before
    an interlaced one to the picture behind it, and begins anew where the size or the pixel format changes. A picture
    beside a damaged one counts as damaged, since some of its lines follow from that.
    """
    run: _Run | None = None
    previous: Picture | None = None  # the picture before the current one
    for event in events:
        if isinstance(event, Gap):
            if run is None:
                yield event
            else:
                run.waiting.append(event)
            continue
        if run is not None and not run.fits(event):
            yield from run.finish()
            run, previous = None, None
        if run is None and event.is_interlaced:
            run = _Run(event)
            if previous is not None and run.fits(previous):
                run.push_before(previous)
        if run is None:
            yield event
        else:
            yield from run.push(event)
            if not event.is_interlaced:  # it was the last neighbour that the run needs
                run = None
        previous = event
    if run is not None:
        yield from run.finish()


class _Run:
    """The filter for pictures of one shape, and the events that wait for their output."""

    def __init__(self, first: Picture) -> None:
        self.waiting: list[Picture | Gap] = []
        self._shape = _shape(first.frame)
        self._graph = _make_graph(first.frame)
        self._discarded = 0
        self._newest: Picture | None = None
        self._is_newest_damaged = False  # by itself

    def fits(self, picture: Picture) -> bool:
        """Whether the picture has the shape that the filter was made for."""
        return _shape(picture.frame) == self._shape

    def push_before(self, picture: Picture) -> None:
        """Push the progressive picture before the first one, which was already passed on."""
        self._graph.vpush(picture.frame)
        self._discarded += 1
        self._newest, self._is_newest_damaged = picture, picture.is_corrupt

    def push(self, picture: Picture) -> Generator[Picture | Gap, None, None]:
        """Push a picture; yields the one before it. A progressive one ends the run and is yielded too."""
        self._graph.vpush(picture.frame)
        self.waiting.append(picture)
        is_damaged = picture.is_corrupt
        if self._newest is not None:
            self._newest.is_corrupt |= is_damaged and self._newest.is_interlaced
            picture.is_corrupt |= self._is_newest_damaged and picture.is_interlaced
        self._newest, self._is_newest_damaged = picture, is_damaged
        yield from self._pull()
        if not picture.is_interlaced:
            yield from self.waiting
            self.waiting = []

    def finish(self) -> Generator[Picture | Gap, None, None]:
        """Yield what waits, without a neighbour behind it."""
        self._graph.vpush(None)
        yield from self._pull()
        yield from self.waiting

    def _pull(self) -> Generator[Picture | Gap, None, None]:
        while True:
            try:
                progressive = self._graph.vpull()
            except (av.error.BlockingIOError, av.error.EOFError):
                return
            if self._discarded:
                self._discarded -= 1
                continue
            while self.waiting:
                event = self.waiting.pop(0)
                if isinstance(event, Picture):
                    yield replace(event, frame=progressive)
                    break
                yield event


def _shape(frame: VideoFrame) -> tuple[int, int, str]:
    return frame.width, frame.height, frame.format.name


def _make_graph(frame: VideoFrame) -> Graph:
    graph = Graph()
    graph.threads = 1
    source = graph.add_buffer(
        width=frame.width, height=frame.height, format=frame.format, time_base=frame.time_base or Fraction(1, 1000)
    )
    graph.link_nodes(source, graph.add("bwdif", _BWDIF), graph.add("buffersink"))
    graph.configure()
    return graph
