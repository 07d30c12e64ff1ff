"""The middle of the window: the picture or a comparison, the bars above it, and their actions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from inspector.domain.clip import Clip
from inspector.engine.filters.table import describe_chain, next_view
from inspector.ui.picture.compare import CompareJob, Pair, Side, compare_job
from inspector.ui.picture.compare_bar import CompareBar
from inspector.ui.picture.compare_view import CompareView
from inspector.ui.picture.filters_bar import FilterBar
from inspector.ui.picture.frame_view import FrameView
from inspector.ui.picture.picture_worker import Answer, PictureWorker
from inspector.ui.picture.pixels import rgb_text
from inspector.ui.picture.scene import Scene, scene_at, scene_of
from inspector.ui.picture.snapshot import Snapshots
from inspector.ui.picture.snapshot_content import WITHOUT_OVERLAYS, frame_texts, frames_of, pair_picture, pair_texts
from inspector.ui.picture.zoom_view import ZoomView
from inspector.ui.session import Session
from inspector.ui.state import Comparison, Layout, Notice, Pick
from inspector.ui.widgets.language import tr_marked


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
        self._other: Clip | None = None
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
        session.other_changed.connect(self._on_other_changed)
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
            "compared_back": lambda: self.step_compared(-1),
            "compared_on": lambda: self.step_compared(1),
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
            session.set_comparison(replace(session.comparison, layout=layout))

    def step_compared(self, frames: int) -> None:
        """Move the side that does not follow the player; of two, that of the other clip, else side B."""
        comparison = self._session.comparison
        if comparison is None:
            return
        sides = (("right", comparison.right), ("left", comparison.left))
        own = [(name, pick) for name, pick in sides if pick.index is not None]
        if not own:
            return
        name, pick = min(own, key=lambda side: not side[1].is_other)
        opened = self._session.opened_of(pick)
        if opened is not None:
            moved = replace(pick, index=min(max((pick.index or 0) + frames, 0), len(opened.pts) - 1))
            self._session.set_comparison(replace(comparison, **{name: moved}))  # type: ignore[arg-type]

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
        job = compare_job(self._session, self.compare_view.pair)
        if job is not None:
            self._worker.ask(job)

    def _on_answered(self, answer: Answer) -> None:
        session = self._session
        if not isinstance(answer.job, CompareJob):
            return
        asked = answer.job.clip, answer.job.comparison, answer.job.analysis_id, answer.job.other
        if asked != (session.clip, session.comparison, session.analysis_id, session.other):
            return
        if isinstance(answer.result, Pair):
            self.compare_view.set_pair(answer.result, describe_chain(answer.job.chain, tr_marked))
            self._overlay_pair(answer.result)
            self._describe_pixel()
        else:
            session.post(Notice(str(answer.result), is_problem=True))

    def _on_other_changed(self) -> None:
        """Close the files of the clip that is no longer compared, and show the new one."""
        other = self._session.other
        former, self._other = self._other, None if other is None else other.clip
        if former is not None and former is not self._other:
            self._worker.forget(former, CompareJob.kind)
        self._ask_for_pair()

    # --- changes of the session -------------------------------------------------------------------------------------

    def _on_shown_changed(self) -> None:
        shown = self._session.shown
        if shown is not None:
            text = describe_chain(shown.chain, tr_marked)
            self.frame_view.set_picture(shown.image, scene_of(self._session), shown.problem, text)
            self._describe_pixel()
            self._ask_for_pair()

    def _on_scene_changed(self) -> None:
        if self._session.shown is not None:
            self.frame_view.set_scene(scene_of(self._session))
        if self.compare_view.pair is not None:
            self._overlay_pair(self.compare_view.pair)

    def _overlay_pair(self, pair: Pair) -> None:
        self.compare_view.set_scenes(*(self._scene(side) for _name, side in pair.sides))

    def _scene(self, side: Side) -> Scene | None:
        """The overlays of one side; without faces if they are of another analysis than the scores."""
        session, source = self._session, side.source
        if source is None or side.pts is None:
            return None
        clip = session.clip_of(side.pick)
        is_current = clip is not None and (clip.case_path, clip.analysis_id) == (source.case_path, source.analysis_id)
        other = session.other if side.pick.is_other else None
        return scene_at(session, side.pts, side.faces if is_current else (), side.pick.track_id, other)

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
            for name, side in () if pair is None else pair.sides:
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
