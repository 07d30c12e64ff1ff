"""The middle of the window: the picture or a comparison, the bars above it, and their actions."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from inspector.engine.filters.table import describe_chain, next_view
from inspector.ui.picture.compare import CompareJob, Pair
from inspector.ui.picture.compare_bar import CompareBar
from inspector.ui.picture.compare_view import CompareView
from inspector.ui.picture.filters_bar import FilterBar
from inspector.ui.picture.frame_view import FrameView
from inspector.ui.picture.picture_worker import Answer, PictureWorker
from inspector.ui.picture.pixels import rgb_text
from inspector.ui.picture.scene import scene_at, scene_of
from inspector.ui.picture.snapshot import Snapshots
from inspector.ui.picture.snapshot_content import WITHOUT_OVERLAYS, frame_texts, frames_of, pair_picture, pair_texts
from inspector.ui.picture.zoom_view import ZoomView
from inspector.ui.session import Session
from inspector.ui.state import Comparison, Layout, Notice, Pick


class PictureTools(QWidget):
    """Shows the session's picture. `pixel_described` carries the text for the pixel under the pointer, or ""."""

    zoom_changed = Signal(object)  # float
    pixel_described = Signal(object)  # str
    filter_bar_toggled = Signal(object)  # bool

    def __init__(self, session: Session, worker: PictureWorker, window: QWidget) -> None:
        super().__init__()
        self._session, self._worker = session, worker
        self.frame_view, self.compare_view = FrameView(), CompareView()
        self.filter_bar, self.compare_bar = FilterBar(session), CompareBar(session)
        self.snapshots = Snapshots(session, worker, window)
        self._stack = QStackedWidget()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for bar in (self.filter_bar, self.compare_bar):
            bar.hide()
            column.addWidget(bar)
        column.addWidget(self._stack, 1)
        for view in (self.frame_view, self.compare_view):
            self._stack.addWidget(view)
            view.zoom_changed.connect(self._on_zoom_changed)
            view.pixel_hovered.connect(lambda _pixel: self._describe_pixel())
        self._connect()

    def _connect(self) -> None:
        session = self._session
        session.shown_changed.connect(lambda _shown: self._on_shown_changed())
        for signal in (session.scores_added, session.analysis_changed, session.cam_changed, session.overlays_changed,
                       session.track_selected):  # fmt: skip
            signal.connect(lambda *_: self._on_scene_changed())
        session.clip_changed.connect(lambda _opened: self._on_clip_changed())
        session.comparison_changed.connect(self._on_comparison_changed)
        session.filters_changed.connect(lambda _chain: self._ask_for_pair())
        self._worker.answered.connect(self._on_answered)

    @property
    def view(self) -> ZoomView:
        """The view that is shown now."""
        return self.frame_view if self._session.comparison is None else self.compare_view

    def handlers(self) -> dict[str, Callable[[], object]]:
        """The functions of the picture's actions, by action id."""
        return {
            "snapshot": self.save_picture,
            "snapshot_view": self.save_view,
            "fit": lambda: self.view.fit(),
            "one_to_one": lambda: self.view.one_to_one(),
            "zoom_in": lambda: self.view.zoom_by(1),
            "zoom_out": lambda: self.view.zoom_by(-1),
            "filters": lambda: self.show_filter_bar(not self.filter_bar.isVisible()),
            "next_filter": self.next_filter,
            "no_filters": lambda: self._session.set_filters(()),
            "compare": self.toggle_comparison,
            "wipe": self.toggle_layout,
        }

    # --- filters and comparison --------------------------------------------------------------------------------------

    def show_filter_bar(self, is_shown: bool) -> None:
        """Show or hide the filter bar. Filters stay on while it is hidden; the picture's caption names them."""
        self.filter_bar.setVisible(is_shown)
        self.filter_bar_toggled.emit(is_shown)

    def next_filter(self) -> None:
        """Show the next filter view and its parameters."""
        self.show_filter_bar(True)
        self._session.set_filters(next_view(self._session.filters))

    def toggle_comparison(self) -> None:
        """Compare the current frame as A with the player's frame as B, or return to the single picture."""
        session = self._session
        if session.comparison is not None or session.shown is None:
            session.set_comparison(None)
        else:
            session.set_comparison(Comparison(Pick(session.shown.index), Pick()))

    def toggle_layout(self) -> None:
        """Switch between side by side and wipe."""
        session = self._session
        if session.comparison is None:
            self.toggle_comparison()
        if session.comparison is not None:
            is_wipe = session.comparison.layout == Layout.WIPE
            layout = Layout.SIDE_BY_SIDE if is_wipe else Layout.WIPE
            session.set_comparison(Comparison(session.comparison.left, session.comparison.right, layout))

    def _on_comparison_changed(self, comparison: Comparison | None) -> None:
        self.compare_bar.setVisible(comparison is not None)
        had_focus = any(view.hasFocus() for view in (self.frame_view, self.compare_view))
        self._stack.setCurrentWidget(self.view)
        if had_focus:
            self.view.setFocus()
        if comparison is None:
            self.compare_view.set_pair(None)
        self._ask_for_pair()
        self._on_zoom_changed()

    def _ask_for_pair(self) -> None:
        session = self._session
        if session.comparison is None or session.clip is None or session.shown is None:
            return
        pair = self.compare_view.pair
        is_usable = pair is not None and pair.clip is session.clip and pair.analysis_id == session.analysis_id
        known = (pair.left, pair.right) if pair is not None and is_usable else ()
        analysis, player = (session.case_path, session.analysis_id), session.shown.index
        job = CompareJob(
            session.clip, *analysis, session.comparison, player, session.filters, known, session.face_names
        )
        self._worker.ask(job)

    def _on_answered(self, answer: Answer) -> None:
        if not isinstance(answer.job, CompareJob) or answer.job.clip is not self._session.clip:
            return
        if (answer.job.comparison, answer.job.analysis_id) != (self._session.comparison, self._session.analysis_id):
            return
        if isinstance(answer.result, Pair):
            self.compare_view.set_pair(answer.result, describe_chain(answer.job.chain))
            self._overlay_pair(answer.result)
            self._describe_pixel()
        else:
            self._session.post(Notice(str(answer.result), is_problem=True))

    # --- changes of the session -------------------------------------------------------------------------------------

    def _on_shown_changed(self) -> None:
        shown = self._session.shown
        if shown is not None:
            text = describe_chain(shown.chain)
            self.frame_view.set_picture(shown.image, scene_of(self._session), shown.problem, text)
            self._describe_pixel()
            self._ask_for_pair()

    def _on_scene_changed(self) -> None:
        if self._session.shown is not None:
            self.frame_view.set_scene(scene_of(self._session))
        if self.compare_view.pair is not None:
            self._overlay_pair(self.compare_view.pair)

    def _overlay_pair(self, pair: Pair) -> None:
        is_current = pair.analysis_id == self._session.analysis_id
        scenes = [
            None
            if side.pts is None
            else scene_at(self._session, side.pts, side.faces if is_current else (), side.pick.track_id)
            for side in (pair.left, pair.right)
        ]
        self.compare_view.set_scenes(*scenes)

    def _on_clip_changed(self) -> None:
        self._session.set_comparison(None)
        self.frame_view.fit()

    def _on_zoom_changed(self, _zoom: float = 1.0) -> None:
        self.zoom_changed.emit(self.view.scale)

    # --- pixels ------------------------------------------------------------------------------------------------------

    def _describe_pixel(self) -> None:
        pixel = self.view.hovered
        self.pixel_described.emit("" if pixel is None else self._pixel_text(pixel))

    def _pixel_text(self, pixel: tuple[int, int]) -> str:
        """Position and values of a pixel: those of the decoded frame and, with filters on, of the shown picture."""
        text = f"x {pixel[0]}  y {pixel[1]}"
        pair, shown = self.compare_view.pair, self._session.shown
        if self._session.comparison is not None:
            for name, side in () if pair is None else (("A", pair.left), ("B", pair.right)):
                if side.image is not None and side.image.rect().contains(*pixel):
                    text += f"  {name} {rgb_text(side.image, pixel)}"
            return text
        if shown is None or shown.image is None or shown.frame is None:
            return ""
        height, width = shown.frame.image.shape[:2]
        if not (pixel[0] < width and pixel[1] < height):
            return ""
        red, green, blue = (int(value) for value in shown.frame.image[pixel[1], pixel[0]])
        text += f"  RGB {red} {green} {blue}"
        return f"{text}  filtered {rgb_text(shown.image, pixel)}" if shown.chain else text

    # --- snapshots ---------------------------------------------------------------------------------------------------

    def save_picture(self) -> None:
        """Save the frame's pixels, or those of the two compared pictures, without overlays."""
        texts = frame_texts(self._session, self.view.scale)
        pair, split = self.compare_view.pair, self.compare_view.split
        frames = frames_of(self._session, pair, texts)
        if self._session.comparison is None:
            shown = self._session.shown
            is_filtered = shown is not None and bool(shown.chain)
            texts["Content"] = f"{'filtered' if is_filtered else 'decoded'} pixels, {WITHOUT_OVERLAYS}"
            self.snapshots.save(None if shown is None else shown.image, texts, frames)
        elif pair is not None:
            texts |= pair_texts(pair, split) | {"Content": "the compared pictures, pixel by pixel"}
            texts["Overlays on screen"] = "none"
            self.snapshots.save(pair_picture(pair, split), texts, frames, "_compared")

    def save_view(self) -> None:
        """Save the view as on the screen, with overlays and zoom."""
        texts = frame_texts(self._session, self.view.scale)
        pair = self.compare_view.pair
        frames = frames_of(self._session, pair, texts)
        if self._session.comparison is not None and pair is not None:
            texts |= pair_texts(pair, self.compare_view.split)
        texts["Content"] = "the view as on the screen"
        self.snapshots.save(self.view.grab().toImage(), texts, frames, "_view")
