"""All of a clip at once, as tests of the decoder look at it."""

from __future__ import annotations

from pathlib import Path

from inspector.domain.clip import Clip, Frame, Gap
from inspector.engine.decode.decoder import Decoder, open_clip
from tests.clips import read_code


def decode_all(path: Path, stream: int | None = None) -> tuple[Clip, list[int], list[Gap], str]:
    """The clip, the numbers in its pictures, its gaps, and its account, which explains every packet."""
    clip = open_clip(path, stream=stream)
    with Decoder(clip) as decoder:
        events = list(decoder.frames())
        gaps = [event for event in events if isinstance(event, Gap)]
        frames = [event for event in events if isinstance(event, Frame)]
        account = decoder.account(len(frames), sum(frame.is_corrupt for frame in frames), gaps)
    assert account is not None
    assert not account.unexplained
    return clip, [read_code(frame.image) for frame in frames], gaps, account.text()
