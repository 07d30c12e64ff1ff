"""Formats of pictures are counted once each, and an interrupted analysis goes on counting."""

import json
from dataclasses import replace
from fractions import Fraction

import numpy as np

from inspector.domain.clip import Colour, Frame, PictureFormat
from inspector.engine.analysis.format_log import FormatLog

PROGRESSIVE = PictureFormat(
    width=96, height=64, coded_width=96, coded_height=64, sample_aspect=Fraction(16, 11), rotation=0, is_mirrored=False,
    is_interlaced=False, pix_fmt="yuv420p", colour=Colour("bt709", "bt709", "bt709", "tv", ("range",)),
)  # fmt: skip
INTERLACED = replace(PROGRESSIVE, is_interlaced=True)


def frame(index: int, described: PictureFormat | None, size: tuple[int, int] = (96, 64)) -> Frame:
    image = np.zeros((size[1], size[0], 3), np.uint8)
    return Frame(index, index * 40, image, True, format=described)


def test_formats_that_alternate_are_named_once_each() -> None:
    log = FormatLog()
    for index in range(100):
        log.add(frame(index, INTERLACED if index % 5 in (2, 3) else PROGRESSIVE))
    log.add(frame(100, None))
    assert [(use.format.is_interlaced, use.first_index, use.first_pts, use.pictures) for use in log.uses] == [
        (False, 0, 0, 60), (True, 2, 80, 40)
    ]  # fmt: skip


def test_the_log_goes_on_from_its_stored_state() -> None:
    log, whole = FormatLog(), FormatLog()
    for index in range(10):
        log.add(frame(index, PROGRESSIVE))
        log.set_size(frame(index, PROGRESSIVE))
    again = FormatLog.restored(json.loads(json.dumps(log.state())))
    for index in range(10, 20):
        again.add(frame(index, INTERLACED))
    for index in range(20):
        whole.add(frame(index, PROGRESSIVE if index < 10 else INTERLACED))
    assert again.uses == whole.uses
    assert again.size == (96, 64)
    again.set_size(frame(20, INTERLACED, (64, 96)))
    assert FormatLog.restored(json.loads(json.dumps(again.state()))).size == (64, 96)
    assert FormatLog.restored(None).uses == ()


def test_a_hostile_stream_does_not_make_an_endless_list() -> None:
    log = FormatLog()
    for index in range(500):
        log.add(frame(index, replace(PROGRESSIVE, width=16 + index)))
    assert len(log.uses) == 64
    assert sum(use.pictures for use in log.uses) == 500
