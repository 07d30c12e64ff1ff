"""Lanes as CSV: from the lane's menu and the timeline's, in a new folder, with the values that are drawn."""

import csv

import numpy as np
import pytest
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QFileDialog

from inspector.domain.errors import OutputError
from inspector.domain.sound.facts import SoundEvent, SoundFacts, SoundPicture, Speech
from inspector.ui.case.lane_export import Columns, write_lanes
from inspector.ui.timeline.lanes.sound_lanes import SPECTRUM, VOICE, SpectrumLane, VoiceLane
from tests.ui.timeline.test_timeline import wait_rows


def measured() -> SoundFacts:
    levels = np.zeros((20, 4), np.uint8)
    levels[:, 1] = 170
    picture = SoundPicture(0.0, 0.1, 8000.0, np.full(20, 90, np.uint8), np.full(20, 170, np.uint8), levels)
    voice = np.repeat(np.array([0, 1, 0, 1], np.uint8), 50)
    return SoundFacts(
        "The sound was examined: 2.00 s.",
        seconds=2.0,
        events=(
            SoundEvent("silence", 0.0, 0.4, "digital silence"),
            SoundEvent("coding shift", 1.1, 1.3, "the frames of an earlier coding move by 300 samples"),
            SoundEvent("format", 1.8, 1.8, "from here on 48,000 Hz, mono"),
        ),
        picture=picture,
        speech=Speech(0.0, 0.01, np.full(200, -30.0, np.float32), voice),
    )


def rows(folder, name):
    (path,) = folder.glob(f"*/*{name}*.csv")
    return list(csv.DictReader(path.read_text().splitlines()))


@pytest.fixture
def sounding(analysed):
    """A window whose clip is said to have sound that was measured, with all of its lanes shown."""
    session = analysed.session
    object.__setattr__(session.clip, "has_audio", True)
    session.set_sound_facts(measured())
    for action in analysed.timeline.menu._lane_actions:
        if action.text().lower() in (SPECTRUM, VOICE):
            action.setChecked(True)
    wait_rows(analysed)
    return analysed


def test_the_sounds_lanes_are_offered_once_it_is_measured_and_say_what_is_heard(sounding) -> None:
    lanes = {lane.name: lane for lane in sounding.timeline.lanes}
    spectrum, voice = lanes[SPECTRUM], lanes[VOICE]
    assert isinstance(spectrum, SpectrumLane)
    assert isinstance(voice, VoiceLane)
    assert spectrum.text_at(0.55, 0)[0] == "Sound: loudest at 3.0 kHz, -40 dBFS"
    assert spectrum.text_at(5.0, 0) == []
    assert voice.label.text == "Voice, silence\n1.0 s of voice"
    assert voice.text_at(0.6, 0)[0] == "Sound: a voice is heard from 0.50 to 1.00 s"
    assert voice.text_at(0.2, 0)[0] == "Sound: silence from 0.00 to 0.40 s"
    assert voice.text_at(1.2, 0)[0] == "Sound: the frames of an earlier coding shift from 1.10 to 1.30 s"
    assert voice.text_at(1.85, 0)[0] == "Sound: the sampling changes from 1.80 to 1.80 s"
    assert voice.text_at(1.4, 0) == []
    rectangle = spectrum.image.mapRectToParent(spectrum.image.boundingRect())
    assert (rectangle.left(), rectangle.right(), rectangle.height()) == pytest.approx((0.0, 2.0, 8.0))
    assert spectrum.height > voice.height
    heights = [lane.height for lane in sounding.timeline.lanes]
    sounding.session.signals_changed.emit()
    assert [lane.height for lane in sounding.timeline.lanes] == heights, "rows that exist keep their heights"
    sounding.session.set_sound_facts(None)
    wait_rows(sounding)
    assert SPECTRUM not in [lane.name for lane in sounding.timeline.lanes]


def test_all_lanes_and_one_lane_are_exported_as_they_are_drawn(sounding, tmp_path, monkeypatch, qtbot) -> None:
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(tmp_path))
    timeline, said = sounding.timeline, []
    sounding.session.notice_posted.connect(lambda notice: said.append(notice.text))
    timeline.menu._export.trigger()
    qtbot.waitUntil(lambda: any("exported to" in text for text in said))
    (folder,) = tmp_path.glob("* lanes")
    assert len(list(folder.iterdir())) == sum(any(map(len, lane.table().values())) for lane in timeline.lanes)
    assert [row["what"] for row in rows(tmp_path, "voice_and_silence")] == [
        "silence", "voice", "coding shift", "voice", "format"
    ]  # fmt: skip
    assert rows(tmp_path, SPECTRUM)[3] == {
        "seconds": "0.3", "1000 Hz (dBFS)": "-120", "3000 Hz (dBFS)": "-40", "5000 Hz (dBFS)": "-120",
        "7000 Hz (dBFS)": "-120",
    }  # fmt: skip
    track = next(iter(timeline.stack.tracks.values()))
    listed = rows(tmp_path, track.name.replace(" ", "_"))
    assert [row["pts"] for row in listed] == [str(each) for each in track.table()["pts"]]
    assert float(listed[0]["frame probability"]) == pytest.approx(float(track.raw.pyramid.values[0]))

    said.clear()
    menu = timeline.menu.lane_menu(VOICE, timeline)
    menu.actions()[0].trigger()
    qtbot.waitUntil(lambda: any("exported to" in text for text in said))
    assert len(list((tmp_path / f"{folder.name} 2").iterdir())) == 1, "an export never overwrites another"


def test_a_right_click_asks_for_the_lanes_menu(sounding, monkeypatch, qtbot) -> None:
    asked = []
    monkeypatch.setattr(sounding.timeline.menu, "lane_menu", lambda name, _parent: asked.append(name) or _Menu())
    lane = sounding.timeline.lanes[0]
    lane.view.menu_wanted.emit(lane.view, QPoint(3, 4))
    assert asked == [lane.name]


class _Menu:
    def popup(self, at) -> None:
        assert at == QPoint(3, 4)


@pytest.mark.usefixtures("work_of_a_thread")
def test_names_are_no_formulas_and_a_folder_that_cannot_be_made_is_named(tmp_path) -> None:
    table: Columns = {"=x": np.array([1.5, np.nan]), "text": ["=1+1", "b"], "pts": np.array([1, 2])}
    folder = write_lanes(tmp_path / "new", [("../=evil", table)])
    (path,) = folder.iterdir()
    assert path.read_text() == "'=x,text,pts\n1.5,'=1+1,1\n,b,2\n"
    with pytest.raises(OutputError, match="cannot be written to"):
        write_lanes(tmp_path / "missing" / "new", [("a", table)])
