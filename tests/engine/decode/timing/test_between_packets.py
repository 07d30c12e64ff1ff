"""Bytes that lie between packets because the container has more to store than pictures are no damage."""

from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from inspector.engine.decode.formats.matroska import leads_to_block
from inspector.engine.decode.video_properties import ALPHA_NOT_APPLIED
from tests.clips import make_clip
from tests.decoding import decode_all

FRAMES = 12


def with_noisy_alpha(number: int) -> av.VideoFrame:
    """A picture of which the transparency takes more bytes than the rest."""
    frame = av.VideoFrame(96, 64, "yuva420p")
    for plane, value in zip(frame.planes, (16 + 8 * number, 128, 128, None), strict=True):
        size = plane.line_size * plane.height
        noise = np.random.default_rng(number).integers(0, 256, size, np.uint8)
        plane.update(noise.tobytes() if value is None else bytes([value]) * size)
    return frame


@pytest.mark.parametrize("suffix", ["webm", "mkv"])
@pytest.mark.parametrize("codec", ["libvpx", "libvpx-vp9"])
def test_the_transparency_beside_a_picture_in_matroska(tmp_path: Path, codec: str, suffix: str) -> None:
    how: dict[str, Any] = {"pix_fmt": "yuva420p", "raw": with_noisy_alpha, "options": {"auto-alt-ref": "0"}}
    path = make_clip(tmp_path / f"clip.{suffix}", frames=FRAMES, codec=codec, **how)
    clip, shown, gaps, account = decode_all(path)
    assert (len(shown), gaps) == (FRAMES, [])
    assert "damaged 0, lost 0" in account
    assert clip.remarks == (ALPHA_NOT_APPLIED,)


def test_damage_beside_a_picture_is_named() -> None:
    element = b"\x9b\x81\x28"  # a duration
    following = element + b"\xa3\x85"  # and the header of the next block
    for data, is_known in (
        (b"rest" + following, True),
        (b"rest" + b"\x75\xa1\xbf" + bytes(63) + following, True),  # additions
        (b"rest" + b"\x1f\x43\xb6\x75\xff\xe7\x81\x05" + following, True),  # a cluster of unknown size, its time
        (b"rest" + b"\x75\xa1\xbf" + bytes(80) + following, False),
        (b"rest" + bytes(70) + following, False),
        (b"rest" + 300 * element + following, False),  # more than stands beside any picture
        (b"rest" + 5 * element + b"\x54\xc3" + following, False),
        (b"rest" + element, False),
        (b"", False),
    ):
        assert leads_to_block(data, len(data)) == is_known, data


@pytest.mark.parametrize("codec", ["libvpx", "mjpeg"])
def test_a_run_of_empty_chunks_in_avi(tmp_path: Path, codec: str) -> None:
    """Other programs write them where a picture stays, at a rate of a thousand pictures a second."""
    whole, path = tmp_path / "whole.mkv", tmp_path / "clip.avi"
    pix_fmt = "yuvj420p" if codec == "mjpeg" else "yuv420p"
    make_clip(whole, frames=FRAMES, codec=codec, pix_fmt=pix_fmt)
    with av.open(str(whole)) as reading, av.open(str(path), "w") as writing:
        stream = writing.add_stream_from_template(reading.streams.video[0])
        stream.time_base = Fraction(1, 1000)
        for packet in reading.demux(video=0):
            if packet.size:
                packet.stream = stream
                writing.mux(packet)
    assert path.read_bytes().count(b"00dc\0\0\0\0") > 16 * (FRAMES - 1)
    clip, shown, gaps, account = decode_all(path)
    assert (shown, gaps) == ([*range(FRAMES)], [])
    assert "damaged 0, lost 0" in account
    assert not [remark for remark in clip.remarks if "damaged" in remark]
