"""The close-up panel: the chosen track's face beside its heat map, and aligned in the frames before and after."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QFontMetricsF,
    QHideEvent,
    QImage,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from inspector.domain.scores import CamMap
from inspector.engine.analysis import cam_text
from inspector.ui.picture.close_up_job import CloseUp, LookCloser, Tile
from inspector.ui.picture.overlays import View, heat_image, legend_text
from inspector.ui.picture.picture_worker import Answer, PictureWorker
from inspector.ui.session import Session
from inspector.ui.widgets.theme import THEMES, picture_track_colour

_GAP = 8
_EDGE = 10
_MOST_SIDE = 420  # widget pixels of the face: larger ones only blur


class CloseUpPanel(QWidget):
    """Follows the session while it is visible; the pictures are made by the worker, of decoded, unfiltered pixels."""

    def __init__(self, session: Session, worker: PictureWorker, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("close_up")
        self.setAccessibleName("Close-up of the face")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._session, self._worker = session, worker
        self.close_up: CloseUp | None = None
        self._words = ""
        worker.answered.connect(self._on_answered)
        for signal in (session.shown_changed, session.track_selected, session.scores_added, session.model_changed,
                       session.clip_changed):  # fmt: skip
            signal.connect(lambda *_: self._ask())
        session.cam_changed.connect(lambda _cam: self.update())
        session.theme_changed.connect(lambda _name: self.update())

    def sizeHint(self) -> QSize:
        """A face, its heat map and three neighbours in the side panel's width."""
        return QSize(320, 330)

    # --- what is shown -----------------------------------------------------------------------------------------------

    def track(self) -> int | None:
        """The chosen track, else the strongest of the frame, else its first face."""
        session = self._session
        if session.shown is None:
            return None
        if session.selected_track is not None:
            return session.selected_track
        strongest = session.track_at(session.shown.pts)
        return strongest if strongest is not None else next((track for track, _face in session.faces), None)

    def _ask(self) -> None:
        """Ask for the frame on the screen; a hidden panel asks for nothing."""
        session, track = self._session, self.track()
        if not self.isVisible():
            return
        if session.shown is None or session.clip is None or session.shown.frame is None:
            self._say("")
        elif track is None:
            self._say("Faces are shown here once the analysis has reached this frame.")
        else:
            margin = 0.3 if session.model is None else session.model.crop_margin
            big, small = self._sides()
            ratio = self.devicePixelRatioF()
            at, sides = session.shown.index, (round(big * ratio), round(small * ratio))
            self._worker.ask(LookCloser(session.clip, session.case_path, at, track, margin, *sides))

    def _say(self, words: str) -> None:
        self.close_up, self._words = None, words
        self.update()

    def _on_answered(self, answer: Answer) -> None:
        if not isinstance(answer.job, LookCloser) or answer.job.clip is not self._session.clip:
            return
        if isinstance(answer.result, CloseUp):
            self.close_up, self._words = answer.result, ""
            self.setAccessibleDescription(self._title(answer.result))
        else:
            self._say(str(answer.result))
        self.update()

    def _title(self, close_up: CloseUp) -> str:
        opened = self._session.opened
        series = self._session.board.tracks.get(close_up.track_id)
        words = f"Track {close_up.track_id} · frame {close_up.index}"
        if opened is None or series is None:
            return words
        pts = int(opened.pts[close_up.index])
        probability, abstention = series.probability_at(pts), series.abstention_at(pts)
        if probability is not None:
            return f"{words} · frame probability {probability:.2f}"
        return words if abstention is None else f"{words} · not scored: {abstention.value}"

    def _cam(self, close_up: CloseUp) -> CamMap | None:
        opened = self._session.opened
        return None if opened is None else self._session.cam_at(close_up.track_id, int(opened.pts[close_up.index]))

    def _cam_words(self) -> str:
        session = self._session
        if session.model is None:
            return "no model bundle"
        if not session.can_explain:
            return "comes with an analysis"
        if session.playback.is_playing:
            return "computed while paused"
        return "computing …" if session.shown is not None and session.track_at(session.shown.pts) else "not scored here"

    # --- painting ----------------------------------------------------------------------------------------------------

    def _sides(self) -> tuple[float, float]:
        """Sides of the two upper and the three lower pictures, in widget pixels: all of it fits into the panel."""
        line = QFontMetricsF(self.font()).height()
        wide = max(self.width() - 2 * _EDGE, 60)
        big = min((wide - _GAP) / 2, _MOST_SIDE)
        small = min((wide - 2 * _GAP) / 3, _MOST_SIDE)
        room = self.height() - 5 * line - 4 * _GAP - 2 * _EDGE
        shrink = min(1.0, max(room, 60) / (big + small))
        return big * shrink, small * shrink

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the tiles and what they are."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        theme = THEMES[self._session.theme_name]
        painter.setPen(QColor(theme.muted))
        if self.close_up is None:
            painter.drawText(self.rect().adjusted(20, 20, -20, -20), _MIDDLE, self._words)
            return
        close_up, line = self.close_up, QFontMetricsF(self.font()).height()
        big, small = self._sides()
        top = _EDGE + line + _GAP / 2
        painter.setPen(QColor(theme.text))
        painter.drawText(QRectF(_EDGE, _EDGE - 2, self.width() - 2 * _EDGE, line), _LEFT, self._title(close_up))
        face = QRectF(_EDGE, top, big, big)
        heat = face.translated(big + _GAP, 0)
        self._paint_face(painter, close_up, face, heat)
        painter.setPen(QColor(theme.muted))
        self._under(painter, face, "the crop that is scored")
        cam = self._cam(close_up)
        self._under(painter, heat, "heat map" if cam is None else f"{cam.method}, track's scale")
        top = face.bottom() + line + _GAP
        for place, tile in enumerate(close_up.neighbours):
            self._paint_tile(painter, tile, QRectF(_EDGE + place * (small + _GAP), top, small, small), place == 1)
        by = {tile.by for tile in close_up.neighbours if tile.by}
        words = f"Aligned by the {' or '.join(sorted(by, reverse=True))}; unfiltered pixels" if by else ""
        bottom = top + small + line + 4
        left = QRectF(_EDGE, bottom, self.width() - 2 * _EDGE, self.height() - bottom)
        painter.setPen(QColor(theme.muted))
        painter.drawText(left, _WRAPPED, words)
        if cam is not None:
            left.setTop(bottom + line + _GAP)
            check = cam_text.check_text(cam)
            if painter.boundingRect(left, _WRAPPED, check).height() > left.height():
                check = legend_text(cam)[1]
            painter.drawText(left, _WRAPPED, check)

    def _paint_face(self, painter: QPainter, close_up: CloseUp, face: QRectF, heat: QRectF) -> None:
        _paint_picture(painter, close_up.face, face, "no face of this track in this frame")
        cam = self._cam(close_up)
        if cam is None or close_up.crop is None:
            _paint_picture(painter, None, heat, self._cam_words() if close_up.face is not None else "")
            return
        _paint_picture(painter, close_up.face, heat, "")
        scale = heat.width() / max(close_up.crop.width, 1.0)
        view = View(scale, heat.x() - close_up.crop.x * scale, heat.y() - close_up.crop.y * scale, heat, self.font())
        painter.save()
        painter.setClipRect(heat)
        painter.drawImage(view.rect(cam.crop), heat_image(cam, round(self._session.overlays.opacity, 2)))
        painter.restore()

    def _paint_tile(self, painter: QPainter, tile: Tile, rect: QRectF, is_present: bool) -> None:
        _paint_picture(painter, tile.image, rect, tile.text)
        if is_present and self.close_up is not None:
            painter.setPen(QPen(picture_track_colour(self.close_up.track_id), 2))
            painter.drawRect(rect.adjusted(1, 1, -1, -1))
        painter.setPen(QColor(THEMES[self._session.theme_name].muted))
        self._under(painter, rect, f"frame {tile.index}" if tile.index >= 0 else "")

    def _under(self, painter: QPainter, rect: QRectF, words: str) -> None:
        metrics = QFontMetricsF(self.font())
        words = metrics.elidedText(words, Qt.TextElideMode.ElideRight, rect.width())
        painter.drawText(QRectF(rect.left(), rect.bottom() + 1, rect.width(), metrics.height()), _CENTRE, words)

    # --- Qt ----------------------------------------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        """From now on the heat map is wanted even if it is not over the picture."""
        super().showEvent(event)
        self._session.change_overlays(close_up=True)
        self._ask()

    def hideEvent(self, event: QHideEvent) -> None:
        """Nobody looks: ask for nothing."""
        super().hideEvent(event)
        if self._session.overlays.close_up:
            self._session.change_overlays(close_up=False)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Cut again at the new size."""
        super().resizeEvent(event)
        self._ask()


_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_WRAPPED = Qt.TextFlag.TextWordWrap
_CENTRE = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignVCenter
_MIDDLE = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap


def _paint_picture(painter: QPainter, image: QImage | None, rect: QRectF, words: str) -> None:
    """A picture, or words on the ground that pictures stand on."""
    if image is not None:
        painter.drawImage(rect, image)
        return
    painter.fillRect(rect, QColor("#0c0c0c"))
    painter.setPen(QColor("#b8b8b8"))
    painter.drawText(rect.adjusted(6, 6, -6, -6), _MIDDLE, words)
