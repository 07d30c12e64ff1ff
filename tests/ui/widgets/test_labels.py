"""Text of a stranger is shown as it is: no label, tooltip, title, list or message of the window reads it as HTML."""

import av
import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QListView, QWidget

from inspector.ui.state import Notice
from inspector.ui.widgets.labels import PlainLabel, heading, plain_tip, wrapped
from tests.ui.case.test_exhibit_list import with_case
from tests.ui.conftest import wait_shown

INK = (255, 0, 255)  # in no theme


@pytest.fixture
def attack(tmp_path):
    """HTML that shows a picture of the attacker's choice wherever it is read as HTML."""
    Image.new("RGB", (60, 60), INK).save(tmp_path / "secret.png")
    return f"<img src='file://{tmp_path / 'secret.png'}' width=60 height=60>"


def has_ink(widget: QWidget) -> bool:
    image = widget.grab().toImage().convertToFormat(widget.grab().toImage().Format.Format_RGB888)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    pixels = rows[:, : image.width() * 3].reshape(image.height(), image.width(), 3)
    return bool((pixels == INK).all(axis=2).any())


@pytest.mark.parametrize("make", [PlainLabel, heading, wrapped])
def test_a_label_shows_html_as_it_is(qtbot, attack, make):
    bare, label = QLabel(attack), make(attack)
    for widget in (bare, label):
        qtbot.addWidget(widget)
        widget.resize(900, 90)
    assert has_ink(bare), "the attack works where nothing stops it"
    assert not has_ink(label)
    label.setText(attack)
    assert not has_ink(label)
    assert label.text() == attack


def test_a_tooltip_shows_html_as_it_is(qtbot, attack):
    """A tooltip is a QLabel that finds out by itself whether its text is HTML."""
    tip = QLabel(plain_tip(f"{attack}\nand \x1b[31m"))
    qtbot.addWidget(tip)
    assert not has_ink(tip)
    assert "&lt;img" in tip.text()
    assert r"\x1b[31m" in tip.text()
    assert plain_tip("a < b & c\nd") == "a < b & c\nd"


def test_no_text_of_a_clip_or_a_case_is_read_as_html(make_window, qtbot, three, tmp_path, attack):
    clip = tmp_path / "<img src='secret.png' width=60>.mp4"
    options = {"movflags": "use_metadata_tags"}  # keys of any kind
    with av.open(str(three / "a.mp4")) as source, av.open(str(clip), "w", options=options) as target:
        stream = target.add_stream_from_template(source.streams.video[0])
        target.metadata[attack] = attack
        for packet in source.demux(video=0):
            if packet.dts is not None:
                packet.stream = stream
                target.mux(packet)
    window = make_window(clip)
    wait_shown(qtbot, window, 0)
    assert (attack, attack) in window.session.clip.metadata
    with_case(qtbot, window, tmp_path / "<img src='secret.png'>")
    window.controller.exhibits.rename(window.controller.exhibits.rows[0], attack)
    window.controller.annotator.add_note("A", attack, None)
    qtbot.waitUntil(lambda: bool(window.session.notes))
    window.session.post(Notice(attack, is_problem=True, detail=attack))
    assert not has_ink(window)
    rich = [label for label in window.findChildren(QLabel) if label.textFormat() != Qt.TextFormat.PlainText]
    assert not [label for label in rich if "<img" in label.text()]
    tips = [tip for widget in window.findChildren(QWidget) if (tip := widget.toolTip())]
    tips += [view.model().index(0, 0).data(Qt.ItemDataRole.ToolTipRole) for view in window.findChildren(QListView)]
    assert any("&lt;img" in tip for tip in tips if tip), "the name of the clip is in one"
    assert not [tip for tip in tips if tip and "<img" in tip]
