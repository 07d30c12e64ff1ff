"""The indexes of the clips in use, each built once and shared by all decoders of the process."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import replace
from threading import Lock

from inspector.engine.decode.container import MediaSource
from inspector.engine.decode.timing.stream_index import StreamIndex

_KEPT_INDEXES = 4

_lock = Lock()
_indexes: OrderedDict[tuple[MediaSource, int, int], StreamIndex] = OrderedDict()


def load_stream_index(source: MediaSource, should_continue: Callable[[], bool] = lambda: True) -> StreamIndex:
    """The index of the file as it is now: built once, then shared by all decoders of the process. Raises ClipError."""
    try:
        found = source.path.stat()
    except OSError:
        return StreamIndex(source, should_continue)  # which says that the file cannot be opened
    key = replace(source, path=source.path.absolute()), found.st_size, found.st_mtime_ns
    with _lock:
        if key in _indexes:
            _indexes.move_to_end(key)
            return _indexes[key]
    index = StreamIndex(source, should_continue)
    if should_continue():
        with _lock:
            _indexes[key] = index
            while len(_indexes) > _KEPT_INDEXES:
                _indexes.popitem(last=False)
    return index
