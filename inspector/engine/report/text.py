"""Text on the page: foreign strings made harmless and visible, and numbers in one form."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import groupby
from xml.sax.saxutils import escape

from inspector.domain.clip import Clip
from inspector.domain.scores import rounded
from inspector.engine.report.fonts import MONO, register

# Control, format (with the bidi overrides), surrogate, private, unassigned, and separators that break lines.
_HIDDEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
_MARKS = {"Mn", "Me"}
_MOST_MARKS = 2  # more on one letter would climb over the lines above

_MOST_LINES = 300
SHORT, LONG = 160, 600  # characters of a foreign string shown in a heading or table; report.json has all of it


def _is_plain(character: str, marks_before: int) -> bool:
    kind = unicodedata.category(character)
    if kind in _HIDDEN or ord(character) not in register():
        return False
    if kind == "Zs" and character not in " \u00a0":
        return False
    return not (kind in _MARKS and marks_before >= _MOST_MARKS)


def _pieces(text: str, limit: int) -> Iterator[tuple[bool, str]]:
    """(is plain, piece) in order; pieces that are not plain are given as code points."""
    marks, judged = 0, []
    for character in text[:limit]:
        judged.append((_is_plain(character, marks), character))
        marks = marks + 1 if unicodedata.category(character) in _MARKS else 0
    # Code points take several times the room of what they name, so what is written has a limit of its own.
    room, shown = 2 * limit, 0
    for plain, run in groupby(judged, key=lambda pair: pair[0]):
        characters = "".join(character for _, character in run)
        if not plain:
            characters = characters[: max(room // 7, 1)]
        piece = characters if plain else "[" + " ".join(f"U+{ord(c):04X}" for c in characters) + "]"
        yield plain, piece
        room, shown = room - len(piece), shown + len(characters)
        if room <= 0:
            break
    if shown < len(text):
        yield False, f"[… {len(text)} characters in all]"


def visible(text: str, limit: int = SHORT) -> str:
    """One line of plain text without hidden characters: what cannot be drawn is shown as its code point, "[U+202E]"."""
    return "".join(piece for _, piece in _pieces(text, limit))


def markup(text: str, limit: int = LONG) -> str:
    """The same for a reportlab Paragraph: escaped, the code points set apart so that text cannot fake them."""
    return "".join(
        escape(piece) if plain else f'<font name="{MONO}" color="#7a3b12">{escape(piece)}</font>'
        for plain, piece in _pieces(text, limit)
    )


def lines(text: str, limit: int) -> str:
    """Like `markup`, for a text of several lines, which it keeps."""
    whole_text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", "    ")
    parts = whole_text[:limit].split("\n")
    is_whole = len(whole_text) <= limit and len(parts) <= _MOST_LINES
    tail = "" if is_whole else f"<br/>… {len(text)} characters in all; report.json holds the rest."
    return "<br/>".join(markup(line, limit) for line in parts[:_MOST_LINES]) + tail


def stated(text: str, limit: int = SHORT) -> str:
    """A field that a person fills in, as markup; empty ones say so."""
    return markup(text, limit) if text.strip() else "not stated"


def recorded(text: str, limit: int = SHORT) -> str:
    """What was recorded of the evidence's origin, as markup; nothing says so."""
    return markup(text, limit) if text.strip() else "not recorded"


def probability(value: float | None, digits: int = 2) -> str:
    """A probability; "over 0.99" and "under 0.01" in place of certainty."""
    if value is None or value != value:
        return "none"
    return rounded(value, digits).replace(">", "over ").replace("<", "under ")


def number(value: float | None, digits: int = 2) -> str:
    """A measured value with a point as decimal sign; a dash for none."""
    return "–" if value is None or value != value else f"{value:.{digits}f}"


def degrees(value: float) -> str:
    """An angle in whole degrees, never "-0°"."""
    return "–" if value != value else f"{round(value)}°"


def percent(share: float | None) -> str:
    """A share of one as a percentage with one decimal."""
    return "not measured" if share is None else f"{100 * share:.1f}\u00a0%"


def rate(share: float | None, n: int | None) -> str:
    """A card's error rate among n as a percentage.

    The card rounds to four decimals; where that is a whole number of n, it is taken from those, not rounded twice.
    """
    if share is None or not n:
        return percent(share)
    exact = round(share * n) / n
    return percent(exact if round(exact, 4) == round(share, 4) else share)


def interval(bounds: tuple[float, float] | None) -> str:
    """A 95 % interval of a share."""
    return (
        "interval not measured"
        if bounds is None
        else f"95\u00a0% interval {percent(bounds[0])} to {percent(bounds[1])}"
    )


def count(n: int, one: str, many: str = "") -> str:
    """A number with its noun: "1 frame", "1 200 frames" (thin groups, no comma, which is a decimal sign to many)."""
    return f"{whole(n)} {one if n == 1 else many or one + 's'}"


def whole(n: int) -> str:
    """A whole number with its thousands set apart."""
    return f"{n:,}".replace(",", "\u00a0")


def size(n_bytes: int) -> str:
    """A file size, exact and readable."""
    return f"{whole(n_bytes)} bytes" + (f" ({n_bytes / 2**20:.1f} MiB)" if n_bytes >= 2**20 else "")


def moment(iso: str) -> str:
    """A time stamp, ISO 8601, for people, as markup; one that cannot be parsed is shown unchanged."""
    try:
        when = datetime.fromisoformat(iso)
        return f"{when.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC" if when.tzinfo else f"{when:%Y-%m-%d %H:%M:%S}"
    except (ValueError, OverflowError):
        return markup(iso, 40)


def at(clip: Clip, seconds: float, digits: int = 3) -> str:
    """ " at 1.300 s"; "" for a still, which has no times."""
    return "" if clip.is_still else f" at {seconds:.{digits}f} s"


def frame_row(clip: Clip, index: int, pts: int, seconds: float, timecode: str) -> list[tuple[str, str]]:
    """The row that says which frame it is, where there are several."""
    if clip.is_still:
        return []
    return [("Frame", f"index {index}, pts {pts}, {clock(seconds)}, timecode {markup(timecode, 40)}")]


def clock(seconds: float) -> str:
    """A time since the first picture: seconds, and from a minute on also h:mm:ss."""
    if abs(seconds) < 60:
        return f"{seconds:.3f} s"
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{seconds:.3f} s ({hours}:{minutes:02d}:{rest:02d})"
