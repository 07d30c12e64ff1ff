"""Messages come back as they were, and nothing else is taken for one."""

import io
from fractions import Fraction

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.domain.clip import Clip, Colour
from inspector.domain.geometry import Box
from inspector.domain.scores import CamMap
from inspector.domain.settings import Settings
from inspector.engine import codec
from inspector.engine.process import protocol

CAM = CamMap(1, 5, Box(1, 2, 3, 4), np.arange(6, dtype=np.float32).reshape(2, 3), 5.0, "layer", "GradCAM", 1.5, 0.25)


def test_a_map_keeps_its_values_across_the_pipe():
    body = protocol.pack(protocol.Explained(3, CAM))[4:]
    answer = protocol.unpack_answer(body)
    assert isinstance(answer, protocol.Explained)
    assert answer.job == 3
    assert answer.cam.values.dtype == np.float32
    assert np.array_equal(answer.cam.values, CAM.values)
    assert answer.cam.crop == CAM.crop


def test_a_clip_keeps_its_fractions_in_json():
    clip = Clip(
        "a", "b", 1, "c", "d", "e", 1, 2, 3, 4, 90, Fraction(16, 15), Colour(), Fraction(1, 90000), 7, None, None,
        Fraction(30000, 1001), True, False, True, metadata=(("title", "<b>"),),
    )  # fmt: skip
    assert codec.from_json(codec.to_json(clip), Clip) == clip


@pytest.mark.parametrize(
    "text", ['"1e30000000"', '"1e-30000000"', '"1/0"', '"1_0/3"', '""', f'"{"9" * 5000}"', "1e999"]
)
def test_a_fraction_of_a_strangers_file_takes_no_time(text: str):
    with pytest.raises(ValueError, match=r"is not a fraction|out of range"):
        codec.from_json(text, Fraction)


def test_a_fraction_that_is_no_number_is_named():
    for value in (float("inf"), float("nan")):
        with pytest.raises(msgspec.DecodeError):
            codec.from_msgpack(msgspec.msgpack.encode(value), Fraction)
    assert codec.from_json('"-30000/1001"', Fraction) == Fraction(-30000, 1001)


@given(st.lists(st.integers(1, 40), min_size=1, max_size=6), st.integers(1, 50))
def test_bodies_are_found_in_any_slicing_of_the_stream(jobs: list[int], step: int):
    stream = b"".join(protocol.pack(protocol.Cancel(job)) for job in jobs)
    buffer, found = bytearray(), []
    for start in range(0, len(stream), step):
        buffer += stream[start : start + step]
        while (body := protocol.take_body(buffer)) is not None:
            found.append(protocol.unpack_request(body).job)
    assert found == jobs
    assert not buffer


def test_a_request_is_no_answer_and_junk_is_neither():
    with pytest.raises(msgspec.DecodeError):
        protocol.unpack_answer(protocol.pack(protocol.Cancel(1))[4:])
    with pytest.raises(msgspec.DecodeError):
        protocol.unpack_request(b"\x80\x04.")
    with pytest.raises(ValueError, match="too long for this protocol"):
        protocol.take_body(bytearray(b"\xff\xff\xff\xff1234"))


def test_a_cut_stream_ends_without_a_message():
    whole = protocol.pack(protocol.Analyze(1, "a.mp4", "a.inspector", Settings()))
    assert protocol.read_body(io.BytesIO(whole)) == whole[4:]
    assert protocol.read_body(io.BytesIO(whole[:-1])) is None
    assert protocol.read_body(io.BytesIO(b"")) is None


def test_arrays_of_other_kinds_are_refused():
    forged = msgspec.msgpack.encode({"type": "Explained", "job": 1, "cam": {
        "track_id": 1, "pts": 1, "crop": {"x": 0, "y": 0, "width": 1, "height": 1}, "values": ["|O", [1], b"x" * 8],
        "reference": 1.0, "layer": "", "method": ""}})  # fmt: skip
    with pytest.raises((msgspec.DecodeError, ValueError), match="array"):
        protocol.unpack_answer(forged)
