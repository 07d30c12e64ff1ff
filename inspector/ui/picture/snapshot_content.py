"""What a snapshot contains: its frames, its text chunks, and the picture of a comparison."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from PySide6.QtCore import QRectF
from PySide6.QtGui import QFont, QImage, QPainter

from inspector import __version__
from inspector.domain.answer import face_name
from inspector.domain.timecode import timecode
from inspector.engine.analysis import cam_text
from inspector.engine.filters.table import Chain, describe_chain
from inspector.ui.picture.compare import Pair, Side
from inspector.ui.picture.compare_view import side_text
from inspector.ui.picture.pixels import paint_image
from inspector.ui.picture.view import View
from inspector.ui.session import Session
from inspector.ui.state import Layout, OverlayOptions
from inspector.ui.widgets.language import english

_NO_FILTER = "none"
WITHOUT_OVERLAYS = "without overlays"


@dataclass(frozen=True, slots=True)
class KeptFrame:
    """A frame that a snapshot shows, for the report; `text` says what else was on the screen."""

    index: int
    pts: int
    chain: Chain
    text: str


def frame_texts(session: Session, zoom: float) -> dict[str, str]:
    """The text chunks for the current frame: its exact position, overlays, filters with parameters, and zoom."""
    shown, clip = session.shown, session.clip
    if shown is None or clip is None:
        return {}
    position = {
        "Frame": str(shown.index),
        "pts": f"{shown.pts} of time base {clip.time_base}",
        "Timecode": timecode(clip, shown.pts),
        "Seconds": f"{clip.seconds(shown.pts):.6f}",
    }
    return {
        "Clip": Path(clip.path).name,
        "Clip SHA-256": clip.sha256,
        **({} if clip.is_still else position),
        "Overlays on screen": overlay_text(session),
        "Filters": describe_chain(shown.chain) or _NO_FILTER,
        "Zoom": f"{zoom * 100:.0f} %",
        "Program": f"Deepfake Inspector {__version__}",
        "Saved at": datetime.now(UTC).isoformat(timespec="seconds"),
    }


def overlay_text(session: Session) -> str:
    """ "boxes; landmarks as mesh; heat map GradCAM at layer, opacity 65 %", or "none"."""
    options: OverlayOptions = session.overlays
    parts = ["boxes"] if options.boxes else []
    if options.landmarks != "off":
        parts.append(f"landmarks as {options.landmarks}")
    shown = session.shown
    cam = None if shown is None else session.cam_at(session.track_at(shown.pts), shown.pts)
    if options.heat_map and cam is not None:
        parts.append(
            f"heat map {cam.method} at {cam.layer} of {face_name(cam.track_id, session.face_names)}, "
            f"opacity {options.opacity * 100:.0f} %, full colour {cam_text.scale_text(cam)}"
        )
    return "; ".join(parts) or "none"


def pair_picture(pair: Pair, split: float) -> QImage | None:
    """Both pictures of a comparison at 1:1: side by side, or divided at `split` of the width."""
    left, right = pair.left.image, pair.right.image
    if left is None or right is None:
        return None
    is_wipe = pair.comparison.layout == Layout.WIPE
    height = max(left.height(), right.height())
    width = max(left.width(), right.width()) if is_wipe else left.width() + right.width()
    picture = QImage(width, height, QImage.Format.Format_RGB32)
    picture.fill(0)
    painter = QPainter(picture)
    edge = round(split * width) if is_wipe else left.width()
    painter.setClipRect(QRectF(0, 0, edge, height))
    _paint_at(painter, left, 0.0)
    painter.setClipRect(QRectF(edge, 0, width - edge, height))
    _paint_at(painter, right, 0.0 if is_wipe else float(edge))
    painter.end()
    return picture


def _paint_at(painter: QPainter, image: QImage, x: float) -> None:
    paint_image(painter, image, View(1.0, x, 0.0, QRectF(x, 0, image.width(), image.height()), QFont()), 1.0)


def pair_texts(pair: Pair, split: float) -> dict[str, str]:
    """The text chunks for a comparison."""
    layout = str(pair.comparison.layout)
    if pair.comparison.layout == Layout.WIPE:
        layout += f", edge at {split * 100:.0f} % of the width"
    texts = {"Comparison": layout}
    for name, side in pair.sides:
        texts[f"Side {name}"] = f"{side_text(side, english)} · pts {side.pts}"
        if side.source is not None and side.source.label is not None:
            texts[f"Side {name} SHA-256"] = side.source.clip.sha256
    texts["Filters"] = describe_chain(pair.left.chain) or _NO_FILTER
    return texts


def frames_of(session: Session, pair: Pair | None, texts: dict[str, str]) -> tuple[KeptFrame, ...]:
    """The frames of the open clip on the screen: the player's, or those of a comparison, whose other sides are named.

    A frame of another clip is in no report of this one.
    """
    seen = f"overlays: {texts['Overlays on screen']}; zoom {texts['Zoom']}" if texts else ""
    if session.comparison is not None and pair is not None:
        beside = {"A": pair.right, "B": pair.left}
        return tuple(
            KeptFrame(
                side.index,
                side.pts,
                side.chain,
                f"side {name} of a comparison ({_sides(side, beside[name])}); {seen}",
            )
            for name, side in pair.sides
            if side.pts is not None and side.image is not None and not side.pick.is_other
        )
    shown = session.shown
    return () if shown is None else (KeptFrame(shown.index, shown.pts, shown.chain, seen),)


def _sides(side: Side, beside: Side) -> str:
    """A side, and the other one if it is of another clip."""
    return side_text(side, english) + (f" beside {side_text(beside, english)}" if beside.pick.is_other else "")
