"""Page one of a clip in which no face was scored: some of its frames, so that it is recognised all the same."""

from __future__ import annotations

from typing import Any

from inspector.domain.clip import Clip, Frame
from inspector.engine.report import fonts, text
from inspector.engine.report.pdf import style
from inspector.engine.report.pdf.key_frames import fitted_picture

_GAP, _CAPTION = 8.0, 14.0
_LEAST, _MOST = 60.0, 200.0  # points: the height of the frames


def most_telling(frames: tuple[Frame, ...]) -> Frame:
    """The frame with the most contrast: a black or blurred one shows nothing."""
    return max(frames, key=lambda frame: float(frame.image.std()))


def strip(clip: Clip, frames: tuple[Frame, ...]) -> style.Flowables:
    """The frames in a row with their times, as large as page one has room for."""
    if clip.is_still or not frames:
        return []
    width = (style.WIDTH - (len(frames) - 1) * _GAP) / len(frames)

    def make(height: float) -> style.Drawn:
        drawn = [fitted_picture(frame.image, width, height - _CAPTION - _GAP) for frame in frames]
        high = max(each.height for each in drawn)
        columns = [_captioned(each, text.at(clip, clip.seconds(frame.pts)).strip(), high, width)
                   for each, frame in zip(drawn, frames, strict=True)]  # fmt: skip
        row = style.in_row(columns, high + _CAPTION, width + _GAP)
        return style.in_row([row], row.height + _GAP, 0.0)

    return [style.Fitted(_LEAST + _CAPTION + _GAP, _MOST + _CAPTION + _GAP, make)]


def _captioned(picture: style.Drawn, said: str, high: float, width: float) -> style.Drawn:
    def paint(canvas: Any) -> None:
        canvas.setFillColor(style.INK)
        canvas.setFont(fonts.SANS, style.FIRST.fontSize)
        canvas.drawString(0, 3, f"frame {said}")
        canvas.translate(0, _CAPTION + high - picture.height)
        picture.paint(canvas)

    return style.Drawn(width, high + _CAPTION, paint)
