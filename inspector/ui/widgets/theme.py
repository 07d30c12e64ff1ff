"""The themes: three sets of colours, the palette and style sheet made from them, and the bundled fonts."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from string import Template

from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette
from PySide6.QtWidgets import QApplication

from inspector.engine.resources import resource

UI_FONT = "Noto Sans"
MONO_FONT = "Noto Sans Mono"
UI_FONT_PT = 9.0


@dataclass(frozen=True, slots=True)
class Theme:
    """The colours of one theme, as #rrggbb; neutral greys, so that they do not tint how a picture is judged."""

    name: str
    window: str
    panel: str
    raised: str
    field: str
    border: str
    text: str
    muted: str
    accent: str
    on_accent: str
    picture: str  # around the picture
    plot: str  # behind the lanes of the timeline
    grid: str
    playhead: str
    notable: str  # a segment or finding that needs attention
    problem: str


DARK = Theme(
    name="dark",
    window="#1b1b1c",
    panel="#232324",
    raised="#2e2e30",
    field="#171718",
    border="#3a3a3c",
    text="#d8d8d8",
    muted="#989898",
    accent="#2f78c6",
    on_accent="#ffffff",
    picture="#0f0f10",
    plot="#18181a",
    grid="#3a3a3c",
    playhead="#f2f2f2",
    notable="#e2953b",
    problem="#df6f66",
)
LIGHT = Theme(
    name="light",
    window="#e9e9ea",
    panel="#f5f5f5",
    raised="#dededf",
    field="#ffffff",
    border="#c2c2c4",
    text="#1d1d1f",
    muted="#5e5e62",
    accent="#1f65b0",
    on_accent="#ffffff",
    picture="#3a3a3c",
    plot="#fbfbfb",
    grid="#d0d0d2",
    playhead="#101012",
    notable="#a85b00",
    problem="#b3261e",
)
CONTRAST = Theme(
    name="high contrast",
    window="#000000",
    panel="#000000",
    raised="#1c1c1c",
    field="#000000",
    border="#b8b8b8",
    text="#ffffff",
    muted="#b4b4b4",
    accent="#ffd800",
    on_accent="#000000",
    picture="#000000",
    plot="#000000",
    grid="#808080",
    playhead="#ffffff",
    notable="#ffa940",
    problem="#ff8a80",
)
THEMES = {theme.name: theme for theme in (DARK, LIGHT, CONTRAST)}


def next_theme(name: str) -> str:
    """The name of the theme after `name`; the first one after the last."""
    names = list(THEMES)
    return names[(names.index(name) + 1) % len(names)]


# Okabe and Ito's colours (2008), distinguishable with any colour vision; darker ones for a light background. Their
# oranges are left out: orange means that manipulation is indicated.
_TRACKS_ON_DARK = ("#56b4e9", "#2fbf8f", "#d98cb8", "#f0e442", "#9aa7ff", "#c9c9c9")
_TRACKS_ON_LIGHT = ("#0072b2", "#007a5a", "#a8487f", "#8a7f00", "#4a55c8", "#555555")


def track_colour(theme: Theme, track_id: int) -> QColor:
    """The colour of a track in the timeline and in lists."""
    colours = _TRACKS_ON_LIGHT if theme.name == "light" else _TRACKS_ON_DARK
    return QColor(colours[(track_id - 1) % len(colours)])


def picture_track_colour(track_id: int) -> QColor:
    """The colour of a track over the picture, where the background is dark in every theme."""
    return QColor(_TRACKS_ON_DARK[(track_id - 1) % len(_TRACKS_ON_DARK)])


def faded(colour: QColor | str, alpha: int) -> QColor:
    """A colour with another opacity, 0 to 255."""
    faint = QColor(colour)
    faint.setAlpha(alpha)
    return faint


def load_fonts() -> None:
    """Register the bundled fonts, so that text looks the same on every machine."""
    for path in sorted(resource("fonts").glob("*.ttf")):
        QFontDatabase.addApplicationFont(str(path))


def ui_font() -> QFont:
    """The window's font at its small size."""
    font = QFont(UI_FONT)
    font.setPointSizeF(UI_FONT_PT)
    return font


def mono_font(point_size: float = UI_FONT_PT) -> QFont:
    """The font of hashes, timecodes and pts, with digits of equal width."""
    font = QFont(MONO_FONT)
    font.setStyleHint(QFont.StyleHint.Monospace)
    font.setPointSizeF(point_size)
    return font


def palette(theme: Theme) -> QPalette:
    """The Qt palette of a theme, for widgets that the style sheet does not cover."""
    roles = {
        QPalette.ColorRole.Window: theme.window,
        QPalette.ColorRole.WindowText: theme.text,
        QPalette.ColorRole.Base: theme.field,
        QPalette.ColorRole.AlternateBase: theme.panel,
        QPalette.ColorRole.Text: theme.text,
        QPalette.ColorRole.Button: theme.raised,
        QPalette.ColorRole.ButtonText: theme.text,
        QPalette.ColorRole.ToolTipBase: theme.raised,
        QPalette.ColorRole.ToolTipText: theme.text,
        QPalette.ColorRole.PlaceholderText: theme.muted,
        QPalette.ColorRole.Highlight: theme.accent,
        QPalette.ColorRole.HighlightedText: theme.on_accent,
        QPalette.ColorRole.Link: theme.accent,
        QPalette.ColorRole.Shadow: theme.picture,
    }
    result = QPalette()
    for role, colour in roles.items():
        result.setColor(role, QColor(colour))
    for role in (QPalette.ColorRole.Text, QPalette.ColorRole.ButtonText, QPalette.ColorRole.WindowText):
        result.setColor(QPalette.ColorGroup.Disabled, role, QColor(theme.muted))
    return result


def tint(theme: Theme) -> str:
    """The accent mixed with the field colour, as a background for text, for example of a progress bar."""
    return mixed(theme.accent, theme.field, 0.45)


def link(theme: Theme) -> str:
    """The accent mixed with the text colour, readable in small print on the window."""
    return mixed(theme.accent, theme.text, 0.7)


def mixed(colour: str, other: str, share: float) -> str:
    """A mix of two colours as #rrggbb: `share` of the first and the rest of the second."""
    pairs = ((int(colour[at : at + 2], 16), int(other[at : at + 2], 16)) for at in (1, 3, 5))
    return "#" + "".join(f"{round(one * share + two * (1 - share)):02x}" for one, two in pairs)


def _tick(colour: str) -> str:
    """The path of the tick whose brightness is nearest to a colour's, as style sheets write paths."""
    return resource(f"icons/tick-{'light' if QColor(colour).lightness() > 127 else 'dark'}.svg").as_posix()


def apply(application: QApplication, theme: Theme) -> None:
    """Apply a theme to the whole application."""
    application.setPalette(palette(theme))
    sheet = resource("style/inspector.qss").read_text(encoding="utf-8")
    tokens = {**asdict(theme), "disabled": theme.border, "mono": MONO_FONT, "tint": tint(theme), "link": link(theme)}
    tokens |= {"tick": _tick(theme.on_accent), "menu_tick": _tick(theme.text)}
    application.setStyleSheet(Template(sheet).substitute(tokens))
