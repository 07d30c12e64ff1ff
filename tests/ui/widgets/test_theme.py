"""The themes: what is on is seen without its colour, and text can be read in all three."""

import numpy as np
import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication, QCheckBox, QLineEdit, QSpinBox

from inspector.ui.timeline.lanes.lane_items import _REASONS_ON_DARK, _REASONS_ON_LIGHT
from inspector.ui.widgets import theme as themes
from inspector.ui.widgets.theme import THEMES, Theme, apply, picture_track_colour, tint, track_colour
from tests.ui.pictures import pixels

TRACKS = range(1, 7)


def luminance(colour: str | QColor) -> float:
    """Relative luminance by WCAG 2.2."""
    parts = np.array(QColor(colour).getRgbF()[:3])
    linear = np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
    return float(linear @ (0.2126, 0.7152, 0.0722))


def contrast(one: str | QColor, other: str | QColor) -> float:
    """Contrast ratio by WCAG 2.2, 1 to 21."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.fixture(params=list(THEMES.values()), ids=list(THEMES))
def theme(request) -> Theme:
    return request.param


def test_the_ratio_is_that_of_wcag():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


def test_text_has_the_contrast_of_wcag_aa(theme):
    for back in (theme.window, theme.panel, theme.raised, theme.field, theme.plot):
        assert contrast(theme.text, back) >= 7, back
        assert contrast(theme.muted, back) >= 4.5, back
    assert contrast(theme.on_accent, theme.accent) >= 4.5
    assert contrast(theme.text, tint(theme)) >= 4.5, "the text of a progress bar"
    assert contrast(themes.link(theme), theme.window) >= 4.5
    assert contrast(theme.problem, theme.panel) >= 4.5


def test_a_box_for_a_number_has_the_edge_of_a_field(theme, qapp, qtbot):
    """In the theme of high contrast it had none, and in all of them hardly another one with the keys."""
    edges = []
    for field in (QLineEdit(), QSpinBox()):
        qtbot.addWidget(field)
        apply(qapp, theme)
        field.show()
        edges.append(field.grab().toImage().pixelColor(0, field.height() // 2))
    assert edges == [QColor(theme.border)] * 2


def test_what_is_drawn_has_the_contrast_of_graphics(theme):
    for colour in (theme.accent, theme.notable, theme.playhead):
        assert contrast(colour, theme.plot) >= 3, colour
        assert contrast(colour, theme.panel) >= 3, colour
    for track_id in TRACKS:
        assert contrast(track_colour(theme, track_id), theme.plot) >= 3, track_id
        assert contrast(picture_track_colour(track_id), "#000000") >= 4.5, "the label's text on its background"
    reasons = _REASONS_ON_LIGHT if theme.name == "light" else _REASONS_ON_DARK
    for colour in reasons.values():
        assert contrast(colour, theme.plot) >= 3, colour


def is_orange(colour: str | QColor) -> bool:
    """Whether a colour is saturated and of a hue from red-orange to yellow-orange."""
    seen = QColor(colour)
    return 20 / 360 <= seen.hslHueF() <= 45 / 360 and seen.hslSaturationF() > 0.4


def test_only_manipulation_indicated_is_orange(theme):
    assert is_orange(theme.notable)
    others = {name: getattr(theme, name) for name in theme.__slots__ if name not in ("name", "notable")}
    reasons = _REASONS_ON_LIGHT if theme.name == "light" else _REASONS_ON_DARK
    colours = [*others.values(), *reasons.values(), *(track_colour(theme, track_id) for track_id in TRACKS)]
    assert not [QColor(colour).name() for colour in colours if is_orange(colour)]


def test_a_checked_box_has_a_tick(qtbot, theme):
    """The tick's colour is in the box, so that it is not the colour of the box alone that says it is on."""
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    former = application.styleSheet(), application.palette()
    apply(application, theme)
    try:
        box = QCheckBox("on")
        qtbot.addWidget(box)
        box.setChecked(True)
        box.resize(QSize(80, 24))
        drawn = pixels(box.grab().toImage()).astype(int)[:, :16]
        tick = np.array(QColor(theme.on_accent).getRgb()[:3])
        accent = np.array(QColor(theme.accent).getRgb()[:3])
        assert (np.abs(drawn - tick).max(axis=2) < 60).sum() >= 8
        assert (np.abs(drawn - accent).max(axis=2) < 30).sum() >= 20
    finally:
        application.setStyleSheet(former[0])
        application.setPalette(former[1])
