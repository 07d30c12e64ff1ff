"""The close-up panel: the selected track's face beside its heat map, and aligned in the frames before and after."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFontMetricsF,
    QHideEvent,
    QImage,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from inspector.domain.scores import CamMap, rounded
from inspector.engine.analysis import cam_text
from inspector.ui.panels.close_up_layout import GAP, Places, arrange
from inspector.ui.picture.cam_state import cam_state, missing_text
from inspector.ui.picture.close_up_job import CloseUp, CloseUpJob, Tile
from inspector.ui.picture.heat_map import heat_image, legend_text
from inspector.ui.picture.picture_worker import Answer, PictureWorker
from inspector.ui.picture.view import View
from inspector.ui.session import Session
from inspector.ui.widgets.engine_text import shown
from inspector.ui.widgets.language import keep_left_to_right, tr, tr_marked
from inspector.ui.widgets.theme import THEMES, picture_track_colour


class CloseUpPanel(QWidget):
    """Follows the session while it is visible; the pictures are made from decoded, unfiltered pixels.

    `larger` is another panel that shows the same in full size: while it is visible, only that one requests pictures.
    """

    size_toggled = Signal()  # by a double click: between the tab and the full size

    def __init__(self, session: Session, worker: PictureWorker, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        keep_left_to_right(self)
        self.setObjectName("close_up")
        self.setAccessibleName(tr("Close-up of the face"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._session, self._worker = session, worker
        self.close_up: CloseUp | None = None
        self._text = ""
        self.larger: CloseUpPanel | None = None
        self.setToolTip(tr("Double-click for the full size, and again to go back"))
        worker.answered.connect(self._on_answered)
        for signal in (session.shown_changed, session.track_selected, session.scores_added, session.model_changed,
                       session.clip_changed, session.analysis_changed):  # fmt: skip
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
        if not self.isVisible() or (self.larger is not None and self.larger.isVisible()):
            return
        if session.shown is None or session.clip is None or session.shown.frame is None:
            self._show_text("")
        elif track is None:
            self._show_text(self._missing_face_text(session.shown.pts))
        else:
            margin = 0.3 if session.model is None else session.model.crop_margin
            places, ratio = self.places(), self.devicePixelRatioF()
            at, sides = (
                session.shown.index,
                (round(places.face.width() * ratio), round(places.tiles[0].width() * ratio)),
            )
            analysis = session.case_path, session.analysis_id
            self._worker.ask(CloseUpJob(session.clip, *analysis, at, track, margin, *sides))

    def _missing_face_text(self, pts: int) -> str:
        """Why a frame has no face: the settings may have left it out."""
        searched = self._session.board.tracks.get(0)  # frames without any face
        if searched is not None and searched.at(pts) is not None:
            return tr("No face was found in this frame.")
        if self._session.analysis is not None and self._session.analysis.is_complete:
            return tr("This frame was not analysed.")
        return tr("The face is shown here when the analysis has reached this frame.")

    def refresh(self) -> None:
        """Request the pictures again, if the panel is visible."""
        self._request()

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
            self._show_text(shown(str(answer.result)))
        self.update()

    def _title(self, close_up: CloseUp) -> str:
        opened = self._session.opened
        series = self._session.board.tracks.get(close_up.track_id)
        title = tr("{face} · frame {index}", face=self._session.face_name(close_up.track_id), index=close_up.index)
        if opened is None or series is None:
            return title
        pts = int(opened.pts[close_up.index])
        measure, probability = series.labelled_at(pts, is_screened=self._session.is_screened)
        abstention = series.abstention_at(pts)
        if probability is not None:
            return f"{title} · {tr_marked(measure)} {rounded(probability)}"
        return (
            title
            if abstention is None
            else tr("{title} · not scored: {reason}", title=title, reason=tr_marked(abstention.value))
        )

    def _cam(self, close_up: CloseUp) -> CamMap | None:
        opened = self._session.opened
        return None if opened is None else self._session.cam_at(close_up.track_id, int(opened.pts[close_up.index]))

    def _missing_cam_text(self, close_up: CloseUp) -> str:
        session, opened = self._session, self._session.opened
        if opened is None:
            return ""
        return missing_text(session, cam_state(session, session, int(opened.pts[close_up.index]), close_up.track_id))

    # --- painting ----------------------------------------------------------------------------------------------------

    def places(self) -> Places:
        """Where the pictures and texts lie."""
        return arrange(self.width(), self.height(), QFontMetricsF(self.font()).height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the pictures and their captions."""
        painter = QPainter(self)
        keep_left_to_right(painter)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        theme = THEMES[self._session.theme_name]
        painter.setPen(QColor(theme.muted))
        if self.close_up is None:
            painter.drawText(self.rect().adjusted(20, 20, -20, -20), _MIDDLE, self._text)
            return
        close_up, places = self.close_up, self.places()
        painter.setPen(QColor(theme.text))
        painter.drawText(places.title, _LEFT, self._title(close_up))
        self._paint_face(painter, close_up, places.face, places.heat)
        painter.setPen(QColor(theme.muted))
        self._caption(painter, places.face, tr("the crop that is scored"))
        cam = self._cam(close_up)
        self._caption(
            painter, places.heat, tr("heat map") if cam is None else tr("{method}, face's scale", method=cam.method)
        )
        for column, tile in enumerate(close_up.neighbours):
            self._paint_tile(painter, tile, places.tiles[column], column == 1)
        painter.setPen(QColor(theme.muted))
        self._paint_notes(painter, close_up, cam, places.notes)

    def _paint_notes(self, painter: QPainter, close_up: CloseUp, cam: CamMap | None, left: QRectF) -> None:
        by = {tile.by for tile in close_up.neighbours if tile.by}
        if by:
            painter.drawText(
                left,
                _WRAPPED,
                tr("Aligned by the {by}; unfiltered pixels", by=tr(" or ").join(map(tr, sorted(by, reverse=True)))),
            )
        if cam is None:
            return
        left = left.adjusted(0, QFontMetricsF(self.font()).height() + GAP / 2, 0, 0)
        check = shown(cam_text.check_text(cam))
        if painter.boundingRect(left, _WRAPPED, check).height() > left.height():
            check = legend_text(cam)[1]
        painter.drawText(left, _WRAPPED, check)

    def _paint_face(self, painter: QPainter, close_up: CloseUp, face: QRectF, heat: QRectF) -> None:
        _paint_picture(painter, close_up.face, face, tr("this face is not in this frame"))
        cam = self._cam(close_up)
        if cam is None or close_up.crop is None:
            _paint_picture(painter, None, heat, self._missing_cam_text(close_up) if close_up.face is not None else "")
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
        self._caption(painter, rect, tr("frame {index}", index=tile.index) if tile.index >= 0 else "")

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
        if self._session.overlays.close_up and (self.larger is None or not self.larger.isVisible()):
            self._session.change_overlays(close_up=False)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Ask for the other size."""
        event.accept()
        self.size_toggled.emit()

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
    room = rect.adjusted(6, 6, -6, -6)
    is_whole = room.contains(painter.boundingRect(room, _MIDDLE, text))
    painter.drawText(room, _MIDDLE, text if is_whole else "–")
