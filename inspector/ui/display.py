"""What is shown of the open clip, and how: the part of the session that widgets change themselves."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QObject, Signal

from inspector.engine.filters.table import Chain
from inspector.ui.state import Comparison, OverlayOptions


class Display(QObject):
    """Overlays, filters, comparison, selection and theme. Each change emits its signal once."""

    track_selected = Signal(object)  # int | None
    overlays_changed = Signal(object)  # OverlayOptions
    filters_changed = Signal(object)  # Chain
    comparison_changed = Signal(object)  # Comparison | None
    range_changed = Signal()
    theme_changed = Signal(object)  # str

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.selected_track: int | None = None
        self.overlays = OverlayOptions()
        self.filters: Chain = ()
        self.comparison: Comparison | None = None
        self.in_pts: int | None = None  # the first frame of the examiner's in-to-out range
        self.out_pts: int | None = None  # its last frame
        self.theme_name = "dark"

    def set_selected_track(self, track_id: int | None) -> None:
        """Set the track that the lists, the lanes and the heat map follow."""
        if track_id != self.selected_track:
            self.selected_track = track_id
            self.track_selected.emit(track_id)

    def change_overlays(self, **changes: object) -> None:
        """Change overlays by fields of OverlayOptions."""
        self.overlays = replace(self.overlays, **changes)  # type: ignore[arg-type]
        self.overlays_changed.emit(self.overlays)

    def set_filters(self, chain: Chain) -> None:
        """Set the filters of the picture on the screen; scores do not depend on them."""
        if chain != self.filters:
            self.filters = chain
            self.filters_changed.emit(chain)

    def set_comparison(self, comparison: Comparison | None) -> None:
        """Set the two pictures to compare; None shows the single picture."""
        if comparison != self.comparison:
            self.comparison = comparison
            self.comparison_changed.emit(comparison)

    def set_range(self, in_pts: int | None, out_pts: int | None) -> None:
        """Set the first and the last frame of the in-to-out range; None where it is unset."""
        if (in_pts, out_pts) != (self.in_pts, self.out_pts):
            self.in_pts, self.out_pts = in_pts, out_pts
            self.range_changed.emit()

    def set_theme(self, name: str) -> None:
        """Set the theme by its name in `theme.THEMES`."""
        self.theme_name = name
        self.theme_changed.emit(name)
