"""The sound of a clip as samples for a loudspeaker, from any time of the clip on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import av
import numpy as np
import numpy.typing as npt
from av.audio.resampler import AudioResampler

from inspector.domain.clip import Clip
from inspector.engine import activity
from inspector.engine.decode.container import PROTOCOLS, MediaSource
from inspector.engine.decode.timing.shared_index import load_stream_index
from inspector.engine.sound.times import ClipTimes

Samples = npt.NDArray[np.int16]

RATE, CHANNELS = 48000, 2


def _seek(container: Any, stream: Any, clip: Clip, seconds: float) -> float:
    """Move to the clip's time `seconds`, or before it; returns about which time of the clip is read next."""
    if len(clip.sections) > 1:
        # Time stamps may occur in several sections, positions in the file do not.
        index = load_stream_index(MediaSource.of(clip)).frames
        key = index.keyframe_before(index.position(clip.pts(seconds)))
        if key is None or clip.container != "mpegts":
            return 0.0
        container.seek(int(index.pos[key]), unsupported_byte_offset=True)
        return clip.seconds(int(index.pts[key]))
    stored = seconds + float(clip.start_pts * clip.time_base)
    if stored > 0 and stream.time_base:
        with suppress(av.error.FFmpegError):  # for a track that ends before that time
            container.seek(int(stored / stream.time_base), stream=stream)
    return seconds


def read_sound(clip: Clip, from_seconds: float) -> Iterator[tuple[float, Samples]]:
    """The clip's first sound track from a time on, or a little before, as (seconds, int16 (n, CHANNELS)) pieces.

    Damaged packets are left out. Raises OSError, ValueError or av.FFmpegError if the file cannot be read.
    """
    with av.open(MediaSource.of(clip).url, options=dict(PROTOCOLS)) as container:
        stream = container.streams.audio[0]
        resampler = AudioResampler("s16", "stereo", RATE)
        times = ClipTimes(clip, _seek(container, stream, clip, from_seconds))
        for packet in activity.each(container.demux(stream)):
            try:
                frames = stream.decode(packet)
            except av.error.InvalidDataError:
                continue
            for frame in frames:
                for piece in resampler.resample(frame):
                    if piece.time is not None:
                        samples = np.asarray(piece.to_ndarray(), np.int16).reshape(-1, CHANNELS)
                        yield times.of(piece.time, len(samples) / RATE), samples
