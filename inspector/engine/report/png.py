"""PNG files that name in their text chunks what they show, written one after another in a thread of their own."""

from __future__ import annotations

import struct
import threading
import zlib
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from types import TracebackType
from typing import Self

import cv2
from PIL.PngImagePlugin import PngInfo

from inspector.domain.arrays import Image
from inspector.engine import activity

Save = Callable[[Image, dict[str, str], Path], None]

# Run lengths compress camera pictures as well as Pillow's default, in half of the time; beside another thread, too.
_ENCODING = [cv2.IMWRITE_PNG_COMPRESSION, 1, cv2.IMWRITE_PNG_STRATEGY, cv2.IMWRITE_PNG_STRATEGY_RLE]
_HEADER_END = 8 + 25  # the signature and the chunk IHDR, after which text may stand
_WAITING_BYTES = 64 << 20  # of pictures; ten of Full HD


def save(image: Image, facts: dict[str, str], path: Path) -> None:
    """Write `image`, uint8 (H, W, 3) RGB, lossless, with `facts` as text chunks. Raises OSError."""
    done, data = cv2.imencode(".png", cv2.cvtColor(image, cv2.COLOR_RGB2BGR), _ENCODING)
    if not done:
        raise OSError(f"a picture of {image.shape[1]} x {image.shape[0]} pixels cannot be encoded as PNG")
    whole = data.tobytes()
    activity.note()
    path.write_bytes(whole[:_HEADER_END] + _text_chunks(facts) + whole[_HEADER_END:])


def _text_chunks(facts: dict[str, str]) -> bytes:
    chunks = PngInfo()
    for key, value in facts.items():
        chunks.add_itxt(key, value) if not value.isascii() else chunks.add_text(key, value)
    return b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        for kind, body, *_ in chunks.chunks
    )


class BackgroundWriter:
    """Saves pictures in a thread while its block does other work; at the block's end all of them are on the disk.

    Few wait in memory: of large pictures none. The end of the block raises the OSError of a picture that could not be
    written.
    """

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="figures")
        self._waiting, self._changed = 0, threading.Condition()
        self._saved: list[Future[None]] = []

    def save(self, image: Image, facts: dict[str, str], path: Path) -> None:
        """Like `save` above, later; the caller does not change `image` any more."""
        size = image.nbytes
        with self._changed:
            self._changed.wait_for(lambda: not self._waiting or self._waiting + size <= _WAITING_BYTES)
            self._waiting += size
        future = self._pool.submit(save, image, facts, path)
        future.add_done_callback(lambda _: self._written(size))
        self._saved.append(future)

    def _written(self, size: int) -> None:
        with self._changed:
            self._waiting -= size
            self._changed.notify_all()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._pool.shutdown(cancel_futures=error is not None)
        for future in self._saved if error is None else ():
            future.result()
