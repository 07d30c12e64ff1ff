"""Blocks of signals as they are stored: pts as int64, the values of each signal one after another as float32."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from inspector.domain.analysis import Signal, SignalBlock

_MOST_SERIES = 64


def signal_row(analysis_id: int, block: SignalBlock) -> dict[str, object]:
    """The row of a block in the table `signals`."""
    return {
        "analysis": analysis_id,
        "track": block.track_id,
        "start_pts": int(block.pts[0]),
        "end_pts": int(block.pts[-1]) + 1,
        "pts": block.pts.astype("<i8").tobytes(),
        "measured": block.values.astype("<f4").tobytes(),
    }


def read_block(track_id: int, pts: bytes, measured: bytes, series: int) -> SignalBlock:
    """The block of a row; `series` is the number of signals. Raises ValueError if the sizes do not agree.

    Blocks that are not of a face (their track is below 1) say by their size how many series they have.
    """
    if track_id < 1 and pts:
        series = min(2 * len(measured) // len(pts), _MOST_SERIES)
    if not pts or len(pts) % 8 or len(measured) != len(pts) // 8 * 4 * series:
        raise ValueError("stored signals have an unexpected size")
    values = np.frombuffer(measured, "<f4").reshape(series, -1)
    return SignalBlock(track_id, np.frombuffer(pts, "<i8").astype(np.int64), values.astype(np.float32))


def joined(
    track_id: int, blocks: Iterable[SignalBlock], series: list[tuple[str, str]], start: int, end: int
) -> tuple[Signal, ...]:
    """The signals of one track in [start, end) from its blocks in pts order; none where there is no block."""
    found = list(blocks)
    if not found:
        return ()
    pts = np.concatenate([block.pts for block in found])
    values = np.concatenate([block.values for block in found], axis=1)
    inside = (pts >= start) & (pts < end)
    pts, values = pts[inside], values[:, inside].astype(np.float64)
    return tuple(Signal(track_id, name, unit, pts, values[at]) for at, (name, unit) in enumerate(series))
