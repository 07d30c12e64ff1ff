"""Moves through the open clip: seeking, stepping and playing, and the frames that findings name."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QObject, QTimer

from inspector.domain.answer import deciding_track
from inspector.ui.player.viewer import Viewer
from inspector.ui.session import Session
from inspector.ui.state import Notice, Playback, Shown
from inspector.ui.time_text import index_at, parse_position
from inspector.ui.widgets.language import tr

SPEEDS = (0.1, 0.25, 0.5, 1.0, 2.0, 4.0, 8.0)
_SEEK_NOTICE_MS = 300  # a frame that takes longer is announced in the status bar


class Navigation(QObject):
    """The part of the controller that the player follows. It owns the viewer and the frame that is being sought."""

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.session = session
        self.viewer = Viewer(self)
        self._seek_target: int | None = None
        self._seek_timer = QTimer(self, singleShot=True, interval=_SEEK_NOTICE_MS)
        self._seek_timer.timeout.connect(lambda: session.set_pending_index(self._seek_target))
        self.viewer.playback_ended.connect(self.pause)
        session.shown_changed.connect(self._on_shown_changed)
        session.range_changed.connect(self._on_range_changed)

    def _on_shown_changed(self, shown: Shown) -> None:
        # While playing, the target frame may be skipped for the next one.
        if shown.index == self._seek_target or self.session.playback.is_playing:
            self._clear_seek()

    def _clear_seek(self) -> None:
        """Note that no frame is being sought any more."""
        self._seek_target = None
        self._seek_timer.stop()
        if self.session.pending_index is not None:
            self.session.set_pending_index(None)

    def _position(self) -> int:
        """The index that the next step starts from: the frame being sought, else the one on the screen."""
        if self._seek_target is not None:
            return self._seek_target
        return 0 if self.session.shown is None else self.session.shown.index

    def seek_index(self, index: int) -> None:
        """Show a frame by its display index, limited to the clip."""
        if self.session.opened is None:
            return
        self._seek_target = min(max(index, 0), len(self.session.opened.pts) - 1)
        self._seek_timer.start()
        self.viewer.show(self._seek_target)

    def seek_pts(self, pts: int) -> None:
        """Show the frame that covers a pts."""
        if self.session.opened is not None:
            self.seek_index(index_at(self.session.opened.pts, pts))

    def seek_seconds(self, seconds: float) -> None:
        """Show the frame that covers a time, in seconds since the first frame."""
        if self.session.clip is not None:
            self.seek_pts(self.session.clip.pts(max(seconds, 0.0)))

    def step(self, frames: int) -> None:
        """Pause, and go forward or back by a number of frames."""
        self.pause()
        self.seek_index(self._position() + frames)

    def go_to(self, text: str) -> None:
        """Go to the position that the text names. Raises ValueError with one sentence."""
        if self.session.opened is not None:
            self.pause()
            self.seek_index(parse_position(text, self.session.opened.clip, self.session.opened.pts))

    def _on_range_changed(self) -> None:
        """Loop between the in and the out point, if they are set."""
        opened, chosen = self.session.opened, self.session.in_out_range
        if opened is None or chosen is None:
            self.viewer.keep_between(None)
        else:
            self.viewer.keep_between((index_at(opened.pts, chosen[0]), index_at(opened.pts, chosen[1])))

    def toggle_play(self) -> None:
        """Play or pause; at the end, play from the start."""
        opened, playback = self.session.opened, self.session.playback
        if playback.is_playing:
            self.pause()
        elif opened is not None and len(opened.pts) > 1:
            if playback.speed > 0 and self._position() >= len(opened.pts) - 1:
                self.seek_index(0)
            self.session.set_playback(replace(playback, is_playing=True))
            self.viewer.play(playback.speed)

    def pause(self) -> None:
        """Pause on the current frame."""
        if self.session.playback.is_playing:
            self.viewer.play(0.0)
            self.session.set_playback(replace(self.session.playback, is_playing=False))

    def set_speed(self, speed: float) -> None:
        """Set the speed of playback; a negative speed plays backwards."""
        self.session.set_playback(replace(self.session.playback, speed=speed))
        if self.session.playback.is_playing:
            self.viewer.play(speed)

    def toggle_mute(self) -> None:
        """Turn the sound off or on."""
        self.viewer.sound.mute(not self.viewer.sound.is_muted)

    def shuttle(self, direction: int) -> None:
        """Play in a direction (1 or -1), faster with each call."""
        playback = self.session.playback
        speed = float(direction)
        if playback.is_playing and playback.speed * direction > 0:
            speed = direction * min((s for s in SPEEDS if s > abs(playback.speed)), default=SPEEDS[-1])
        self.session.set_playback(Playback(False, speed))
        self.toggle_play()

    # --- tracks and findings -----------------------------------------------------------------------------------------

    def show_frame(self, track_id: int, pts: int) -> None:
        """Select a track, go to a frame of it and show its heat map there."""
        self.session.set_selected_track(track_id)
        self.pause()
        self.seek_pts(pts)
        if self.session.model is not None:
            self.session.change_overlays(heat_map=True)

    def show_worst(self) -> None:
        """Go to the worst frame of the selected track, else of the one that decides.

        It is the frame that findings, the list of faces and the report name. While the analysis runs, it is the frame
        with the highest probability so far.
        """
        session, selected = self.session, self.session.selected_track
        if session.analysis is not None:
            own = (track for track in session.analysis.summaries if track.track_id == selected)
            track = deciding_track(session.analysis) if selected is None else next(own, None)
            if track is not None:
                self.show_frame(track.track_id, track.worst_pts)
            return
        found = [(track.probability_at(pts) or 0.0, track_id, pts) for track_id, track in session.board.tracks.items()
                 if selected in (None, track_id) and (pts := track.highest()) is not None]  # fmt: skip
        if found:
            _, track_id, pts = max(found)
            self.show_frame(track_id, pts)

    def step_segment(self, direction: int) -> None:
        """Go to the peak of the next or previous suspicious segment."""
        analysis, shown = self.session.analysis, self.session.shown
        if analysis is None or shown is None:
            return
        ordered = sorted(analysis.segments, key=lambda segment: segment.peak_pts * direction)
        following = [s for s in ordered if (s.peak_pts - shown.pts) * direction > 0]
        if following:
            self.show_frame(following[0].track_id, following[0].peak_pts)
        else:
            further = (
                tr("No further suspicious segment after this frame.")
                if direction > 0
                else tr("No further suspicious segment before this frame.")
            )
            message = further if ordered else tr("There is no suspicious segment in this clip.")
            self.session.post(Notice(message, is_about_position=True))

    def next_track(self) -> None:
        """Select the next track."""
        ids = self.session.board.track_ids
        if ids:
            later = [track_id for track_id in ids if track_id > (self.session.selected_track or 0)]
            self.session.set_selected_track((later or ids)[0])
