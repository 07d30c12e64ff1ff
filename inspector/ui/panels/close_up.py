"""The close-up panel: the selected track's face beside its heat map, and aligned in the frames before and after."""

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
from inspector.ui.picture.close_up_job import CloseUp, CloseUpJob, Tile
from inspector.ui.picture.heat_map import heat_image, legend_text
from inspector.ui.picture.picture_worker import Answer, PictureWorker
from inspector.ui.picture.view import View
from inspector.ui.session import Session
from inspector.ui.widgets.theme import THEMES, picture_track_colour

_GAP = 8
_EDGE = 10
_MAXIMUM_SIDE = 420  # widget pixels of the face: larger pictures are only blurred


class CloseUpPanel(QWidget):
    """Follows the session while it is visible; the pictures are made from decoded, unfiltered pixels."""

    def __init__(self, session: Session, worker: PictureWorker, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("close_up")
        self.setAccessibleName("Close-up of the face")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._session, self._worker = session, worker
        self.close_up: CloseUp | None = None
        self._text = ""
        worker.answered.connect(self._on_answered)
        for signal in (session.shown_changed, session.track_selected, session.scores_added, session.model_changed,
                       session.clip_changed):  # fmt: skip
            signal.connect(lambda *_: self._request())
        session.cam_changed.connect(lambda _cam: self.update())
        session.theme_changed.connect(lambda _name: self.update())

    def sizeHint(self) -> QSize:
        """A face, its heat map and three neighbours in the side panel's width."""
        return QSize(320, 330)

    # --- what is shown -----------------------------------------------------------------------------------------------

    def track(self) -> int | None:
        """The selected track, else the track with the highest probability in the frame, else its first face."""
        session = self._session
        if session.shown is None:
            return None
        if session.selected_track is not None:
            return session.selected_track
        strongest = session.track_at(session.shown.pts)
        return strongest if strongest is not None else next((track for track, _face in session.faces), None)

    def _request(self) -> None:
        """Request the pictures of the frame on the screen, if the panel is visible."""
        session, track = self._session, self.track()
        if self.close_up is not None and self.close_up.analysis_id != session.analysis_id:
            self._show_text("")
        if not self.isVisible():
            return
        if session.shown is None or session.clip is None or session.shown.frame is None:
            self._show_text("")
        elif track is None:
            self._show_text("The face is shown here when the analysis has reached this frame.")
        else:
            margin = 0.3 if session.model is None else session.model.crop_margin
            big, small = self._sides()
            ratio = self.devicePixelRatioF()
            at, sides = session.shown.index, (round(big * ratio), round(small * ratio))
            analysis = session.case_path, session.analysis_id
            self._worker.ask(CloseUpJob(session.clip, *analysis, at, track, margin, *sides))

    def _show_text(self, text: str) -> None:
        self.close_up, self._text = None, text
        self.update()

    def _on_answered(self, answer: Answer) -> None:
        if not isinstance(answer.job, CloseUpJob) or answer.job.clip is not self._session.clip:
            return
        if answer.job.analysis_id != self._session.analysis_id:
            return
        if isinstance(answer.result, CloseUp):
            self.close_up, self._text = answer.result, ""
            self.setAccessibleDescription(self._title(answer.result))
        else:
            self._show_text(str(answer.result))
        self.update()

    def _title(self, close_up: CloseUp) -> str:
        opened = self._session.opened
        series = self._session.board.tracks.get(close_up.track_id)
        title = f"{self._session.face_name(close_up.track_id)} · frame {close_up.index}"
        if opened is None or series is None:
            return title
        pts = int(opened.pts[close_up.index])
        (measure, probability), abstention = series.labelled_at(pts), series.abstention_at(pts)
        if probability is not None:
            return f"{title} · {measure} {probability:.2f}"
        return title if abstention is None else f"{title} · not scored: {abstention.value}"

    def _cam(self, close_up: CloseUp) -> CamMap | None:
        opened = self._session.opened
        return None if opened is None else self._session.cam_at(close_up.track_id, int(opened.pts[close_up.index]))

    def _missing_cam_text(self) -> str:
        session = self._session
        if session.model is None:
            return "no model bundle"
        if not session.can_explain:
            return "available after an analysis"
        if session.playback.is_playing:
            return "computed when paused"
        if session.elsewhere and session.job is None:
            return f"after the analysis of {session.elsewhere}"
        return "computing …" if session.shown is not None and session.track_at(session.shown.pts) else "not scored here"

    # --- painting ----------------------------------------------------------------------------------------------------

    def _sides(self) -> tuple[float, float]:
        """The sides of the two upper and of the three lower pictures, in widget pixels; all fit into the panel."""
        line = QFontMetricsF(self.font()).height()
        wide = max(self.width() - 2 * _EDGE, 60)
        big = min((wide - _GAP) / 2, _MAXIMUM_SIDE)
        small = min((wide - 2 * _GAP) / 3, _MAXIMUM_SIDE)
        room = self.height() - 5 * line - 4 * _GAP - 2 * _EDGE
        shrink = min(1.0, max(room, 60) / (big + small))
        return big * shrink, small * shrink

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the pictures and their captions."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        theme = THEMES[self._session.theme_name]
        painter.setPen(QColor(theme.muted))
        if self.close_up is None:
            painter.drawText(self.rect().adjusted(20, 20, -20, -20), _MIDDLE, self._text)
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
        self._caption(painter, face, "the crop that is scored")
        cam = self._cam(close_up)
        self._caption(painter, heat, "heat map" if cam is None else f"{cam.method}, face's scale")
        top = face.bottom() + line + _GAP
        for column, tile in enumerate(close_up.neighbours):
            self._paint_tile(painter, tile, QRectF(_EDGE + column * (small + _GAP), top, small, small), column == 1)
        by = {tile.by for tile in close_up.neighbours if tile.by}
        note = f"Aligned by the {' or '.join(sorted(by, reverse=True))}; unfiltered pixels" if by else ""
        bottom = top + small + line + 4
        left = QRectF(_EDGE, bottom, self.width() - 2 * _EDGE, self.height() - bottom)
        painter.setPen(QColor(theme.muted))
        painter.drawText(left, _WRAPPED, note)
        if cam is not None:
            left.setTop(bottom + line + _GAP)
            check = cam_text.check_text(cam)
            if painter.boundingRect(left, _WRAPPED, check).height() > left.height():
                check = legend_text(cam)[1]
            painter.drawText(left, _WRAPPED, check)

    def _paint_face(self, painter: QPainter, close_up: CloseUp, face: QRectF, heat: QRectF) -> None:
        _paint_picture(painter, close_up.face, face, "this face is not in this frame")
        cam = self._cam(close_up)
        if cam is None or close_up.crop is None:
            _paint_picture(painter, None, heat, self._missing_cam_text() if close_up.face is not None else "")
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
        self._caption(painter, rect, f"frame {tile.index}" if tile.index >= 0 else "")

    def _caption(self, painter: QPainter, rect: QRectF, text: str) -> None:
        metrics = QFontMetricsF(self.font())
        text = metrics.elidedText(text, Qt.TextElideMode.ElideRight, rect.width())
        painter.drawText(QRectF(rect.left(), rect.bottom() + 1, rect.width(), metrics.height()), _CENTRE, text)

    # --- Qt ----------------------------------------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        """Request heat maps while the panel is visible, even if the overlay is off."""
        super().showEvent(event)
        self._session.change_overlays(close_up=True)
        self._request()

    def hideEvent(self, event: QHideEvent) -> None:
        """Request no heat maps while the panel is hidden."""
        super().hideEvent(event)
        if self._session.overlays.close_up:
            self._session.change_overlays(close_up=False)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Request the pictures at the new size."""
        super().resizeEvent(event)
        self._request()


_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_WRAPPED = Qt.TextFlag.TextWordWrap
_CENTRE = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignVCenter
_MIDDLE = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap


def _paint_picture(painter: QPainter, image: QImage | None, rect: QRectF, text: str) -> None:
    """Draw a picture, or a text on a dark background in its place."""
    if image is not None:
        painter.drawImage(rect, image)
        return
    painter.fillRect(rect, QColor("#0c0c0c"))
    painter.setPen(QColor("#b8b8b8"))
    painter.drawText(rect.adjusted(6, 6, -6, -6), _MIDDLE, text)
