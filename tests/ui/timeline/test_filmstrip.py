"""Filmstrip, thumbnails, waveform and overview: what is decoded beside the player, and where it is drawn."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt

from inspector.domain.geometry import Box
from inspector.engine.decode.decoder import Decoder, open_clip
from inspector.ui.player.thumbnails import CACHE_BYTES, Thumbnailer, ThumbnailRequest
from inspector.ui.session import Session
from inspector.ui.state import OpenedClip
from inspector.ui.timeline.filmstrip import Filmstrip
from inspector.ui.timeline.lanes.curves import Pyramid
from inspector.ui.timeline.lanes.waveform import PEAKS_PER_SECOND, Waveform
from inspector.ui.timeline.overview import Overview
from tests.clips import code_picture, make_clip, read_code
from tests.ui.pictures import pixels
from tests.ui.player.test_audio import BEEP_FROM, BEEP_TO, add_sound


@pytest.fixture(scope="module")
def coded(tmp_path_factory):
    """An opened clip whose frames encode their index."""
    path = make_clip(tmp_path_factory.mktemp("strip") / "coded.mp4", frames=60, picture=code_picture)
    clip = open_clip(path)
    with Decoder(clip) as decoder:
        return OpenedClip(clip, decoder.index.pts, decoder.index.is_key)


@pytest.fixture
def thumbnails(qapp):
    made = Thumbnailer()
    yield made
    made.stop()


def test_a_thumbnail_shows_the_requested_frame(coded, thumbnails, qtbot):
    thumbnails.open(coded.clip)
    requests = [ThumbnailRequest(int(coded.pts[n]), coded.clip.height) for n in (41, 7, 59)]
    thumbnails.want("test", requests)
    qtbot.waitUntil(lambda: all(thumbnails.image(request) for request in requests))
    assert [read_code(pixels(thumbnails.image(request))) for request in requests] == [41, 7, 59]


def test_a_face_is_cut_out_square_and_black_outside_the_picture(coded, thumbnails, qtbot):
    thumbnails.open(coded.clip)
    request = ThumbnailRequest(int(coded.pts[0]), 40, Box(-20, -20, 40, 30))
    thumbnails.want("test", [request])
    qtbot.waitUntil(lambda: thumbnails.image(request) is not None)
    picture = pixels(thumbnails.image(request))
    assert picture.shape == (40, 40, 3)
    assert not picture[:10, :10].any()


def test_the_newest_request_of_the_pointer_is_served_and_the_cache_is_bounded(coded, thumbnails, qtbot):
    thumbnails.open(coded.clip)
    for n in range(60):
        thumbnails.hover(ThumbnailRequest(int(coded.pts[n]), 900))
    last = ThumbnailRequest(int(coded.pts[59]), 900)
    qtbot.waitUntil(lambda: thumbnails.image(last) is not None)
    served = sum(thumbnails.image(ThumbnailRequest(int(pts), 900)) is not None for pts in coded.pts)
    assert served < 10
    for n in range(12):
        request = ThumbnailRequest(int(coded.pts[n]), 901)
        thumbnails.hover(request)
        qtbot.waitUntil(lambda request=request: thumbnails.image(request) is not None)
    assert thumbnails._bytes <= CACHE_BYTES


def test_while_the_clip_plays_only_the_pointers_request_is_served(coded, thumbnails, qtbot):
    thumbnails.open(coded.clip)
    thumbnails.rest(True)
    listed, pointed = ThumbnailRequest(int(coded.pts[3]), 20), ThumbnailRequest(int(coded.pts[5]), 20)
    thumbnails.want("test", [listed])
    thumbnails.hover(pointed)
    qtbot.waitUntil(lambda: thumbnails.image(pointed) is not None)
    assert thumbnails.image(listed) is None
    thumbnails.rest(False)
    qtbot.waitUntil(lambda: thumbnails.image(listed) is not None)


def test_the_filmstrip_is_evenly_spaced_and_a_click_seeks_to_the_frame_it_shows(coded, thumbnails, qtbot):
    session = Session()
    session.set_clip(coded, None)
    thumbnails.open(coded.clip)
    strip = Filmstrip(session, thumbnails, 0)
    qtbot.addWidget(strip)
    strip.resize(900, 50)
    strip.show()
    strip.set_view(0.0, 2.4)
    qtbot.waitUntil(lambda: len(strip.tiles) > 3)
    lengths = [tile.end - tile.start for tile in strip.tiles]
    assert lengths == pytest.approx([2.4 / len(lengths)] * len(lengths))
    for tile in strip.tiles:
        assert coded.pts[tile.index] == tile.pts
        assert tile.start - 0.05 <= coded.clip.seconds(tile.pts) < tile.end
    tile = strip.tiles[2]
    x = round((strip._x(tile.start) + strip._x(tile.end)) / 2)
    with qtbot.waitSignal(strip.sought) as caught:
        qtbot.mouseClick(strip, Qt.MouseButton.LeftButton, pos=QPoint(x, 20))
    assert caught.args == [tile.pts]


@pytest.mark.parametrize("offset", [0.0, 3.0])
def test_the_waveforms_peaks_match_the_sound(tmp_path, qtbot, offset):
    pictures = make_clip(tmp_path / "a.mkv", frames=50, picture=code_picture, start_offset=offset)
    path = add_sound(pictures, 2.0, offset)
    waveform = Waveform()
    waveform.open(open_clip(path))
    qtbot.waitUntil(waveform.isFinished)
    peaks = waveform.peaks()
    assert len(peaks.seconds) == pytest.approx(2.0 * PEAKS_PER_SECOND, abs=3)
    loud = (peaks.seconds > BEEP_FROM + 0.02) & (peaks.seconds < BEEP_TO - 0.02)
    quiet = (peaks.seconds < BEEP_FROM - 0.02) | (peaks.seconds > BEEP_TO + 0.02)
    assert peaks.highest[loud].min() == pytest.approx(12000 / 32768, abs=0.03)
    assert peaks.lowest[loud].max() == pytest.approx(-12000 / 32768, abs=0.03)
    assert np.abs(peaks.highest[quiet]).max() < 0.01


def test_an_error_of_the_program_costs_one_waveform_and_not_the_next(tmp_path, qtbot, monkeypatch, own_log, capsys):
    clip = open_clip(add_sound(make_clip(tmp_path / "a.mp4", frames=50, picture=code_picture), 2.0))
    waveform = Waveform()
    with monkeypatch.context() as broken:
        broken.setattr(Waveform, "_take", lambda *_: 1 / 0)
        waveform.open(clip)
        qtbot.waitUntil(waveform.isFinished)
    assert "ZeroDivisionError" in own_log.read_text()
    assert "made an error while drawing the sound" in capsys.readouterr().err
    waveform.open(clip)
    qtbot.waitUntil(waveform.isFinished)
    assert len(waveform.peaks().seconds) > 100


def test_a_clip_without_sound_reads_none(coded, qapp):
    waveform = Waveform()
    waveform.open(coded.clip)
    assert not waveform.isRunning()
    assert len(waveform.peaks().seconds) == 0


@pytest.fixture
def overview(qtbot):
    strip = Overview(0)
    qtbot.addWidget(strip)
    strip.resize(1200, 28)
    curve = Pyramid()
    curve.update(np.arange(3000) / 30, np.abs(np.sin(np.arange(3000) / 200)))
    strip.set_content(100.0, [curve], [(10.0, 20.0, True)], [(50.0, 55.0)])
    strip.moved.connect(strip.set_view)
    strip.set_view(20.0, 40.0)
    strip.show()
    return strip


def point_at(strip, seconds):
    return QPoint(round(strip._x(seconds)), 14)


def drag(qtbot, strip, start, end):
    qtbot.mousePress(strip, Qt.MouseButton.LeftButton, pos=point_at(strip, start))
    qtbot.mouseMove(strip, point_at(strip, (start + end) / 2))
    qtbot.mouseMove(strip, point_at(strip, end))
    qtbot.mouseRelease(strip, Qt.MouseButton.LeftButton, pos=point_at(strip, end))


@pytest.mark.parametrize(
    ("start", "end", "view"),
    [
        (30.0, 50.0, (40.0, 60.0)),  # held in the middle: it moves
        (30.0, 100.0, (80.0, 100.0)),  # not beyond the end
        (40.0, 60.0, (20.0, 60.0)),  # held at its right edge: it widens
        (20.0, 5.0, (5.0, 40.0)),
        (80.0, 80.0, (70.0, 90.0)),  # a press outside moves it here
    ],
)
def test_the_viewport_can_be_dragged_and_resized(overview, qtbot, start, end, view):
    drag(qtbot, overview, start, end)
    assert overview.view == pytest.approx(view, abs=0.2)
