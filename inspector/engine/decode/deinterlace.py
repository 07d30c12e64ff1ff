"""Deinterlacing with FFmpeg's bwdif: one progressive picture for each interlaced one, with the same pts."""

from __future__ import annotations

from collections import deque
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
    """Deinterlace the pictures of `events`. The filter uses both neighbours, so each comes one picture later."""
    waiting: deque[Picture | Gap] = deque()
    graph: Graph | None = None
    shape: tuple[int, int, str] | None = None
    for event in events:
        if isinstance(event, Gap):
            waiting.append(event)
            continue
        frame = event.frame
        if graph is None or shape != (frame.width, frame.height, frame.format.name):
            if graph is not None:
                yield from _drain(graph, waiting)
            graph, shape = _make_graph(frame), (frame.width, frame.height, frame.format.name)
        waiting.append(event)
        graph.vpush(frame)
        yield from _pull(graph, waiting)
    if graph is not None:
        yield from _drain(graph, waiting)
    yield from waiting


def _make_graph(frame: VideoFrame) -> Graph:
    graph = Graph()
    graph.threads = 1
    source = graph.add_buffer(
        width=frame.width, height=frame.height, format=frame.format, time_base=frame.time_base or Fraction(1, 1000)
    )
    graph.link_nodes(source, graph.add("bwdif", _BWDIF), graph.add("buffersink"))
    graph.configure()
    return graph


def _drain(graph: Graph, waiting: deque[Picture | Gap]) -> Generator[Picture | Gap, None, None]:
    graph.vpush(None)
    yield from _pull(graph, waiting)


def _pull(graph: Graph, waiting: deque[Picture | Gap]) -> Generator[Picture | Gap, None, None]:
    while True:
        try:
            progressive = graph.vpull()
        except (av.error.BlockingIOError, av.error.EOFError):
            return
        while waiting:
            event = waiting.popleft()
            if isinstance(event, Picture):
                yield replace(event, frame=progressive)
                break
            yield event
