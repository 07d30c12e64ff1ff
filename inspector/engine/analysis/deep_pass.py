"""The deep network's work after the last frame: further frames of each track, and checks of its conclusions.

The frames are decoded again, since keeping their crops would cost 150 kB for each face and frame: decoding is exact, so
the crops, and with them the numbers, are the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from threading import Lock

import numpy as np

from inspector.domain.analysis import FRAMES_CHECKED, UNCHECKED, ChangedScore, Conclusion, DeepChecks
from inspector.domain.arrays import Image
from inspector.domain.clip import Clip
from inspector.domain.geometry import Box
from inspector.domain.model_card import DeepLimits
from inspector.domain.scores import FaceScore
from inspector.domain.settings import Settings
from inspector.engine import activity
from inspector.engine.analysis.accumulator import RunAccumulator, TrackAccumulator
from inspector.engine.analysis.changes import MILD, cut_changed
from inspector.engine.analysis.deep_rule import DeepLook, conclude_deep
from inspector.engine.decode.decoder import Decoder
from inspector.engine.faces.crop import cut
from inspector.engine.faces.surroundings import plain_share
from inspector.engine.model.calibration import probability
from inspector.engine.model.detector import Detector

_FRAMES_PER_STEP = 8  # after which progress is told


class DeepPass:
    """Scores what is missing of one clip's tracks, and writes it into their accumulators."""

    def __init__(
        self, clip: Clip, detector: Detector, settings: Settings, decoder: Decoder, found: RunAccumulator
    ) -> None:
        assert detector.deep is not None
        assert detector.card.deep is not None
        self._clip, self._detector, self._decoder, self._settings = clip, detector.deep, decoder, settings
        self._limits: DeepLimits = detector.card.deep.limits(clip.is_still)
        self._tracks = sorted(found.tracks.values(), key=lambda track: track.track_id)
        self._tell: activity.Reached = lambda _done: None
        self._done = 0  # pictures decoded and crops scored
        self._counting = Lock()

    @contextmanager
    def told(self, unchecked: Sequence[TrackAccumulator]) -> Iterator[None]:
        """Tell how much of the further frames, and of the checks of these tracks, is done within the block."""
        further = 2 * sum(len(track.unseen(self._clip)) for track in self._tracks)
        with activity.stage(activity.Stage.DEEP, further + sum(map(_pieces_of_checks, unchecked))) as self._tell:
            yield

    def _advance(self, pieces: int) -> None:
        """So much more is done; for any thread."""
        with self._counting:
            self._done += pieces
            self._tell(self._done)

    def further_frames(self) -> Iterator[tuple[FaceScore, ...]]:
        """Score the frames that the plan adds to those seen; of each score only the deep network's part is set."""
        wanted = [(pts, track) for track in self._tracks for pts in track.unseen(self._clip)]
        wanted.sort(key=lambda each: (each[0], each[1].track_id))
        for start in range(0, len(wanted), _FRAMES_PER_STEP):
            found, images = [], []
            for pts, track in wanted[start : start + _FRAMES_PER_STEP]:
                crop, image = track.crop_at(pts), self._frame(pts)
                if image is not None:
                    found.append((track, pts, crop))
                    images.append(cut(image, crop, self._detector.card.input_size))
            yield tuple(self._scores(found, images))

    def _scores(self, found: list[tuple[TrackAccumulator, int, Box]], images: list[Image]) -> Iterator[FaceScore]:
        """Score the crops together, so that each core has one of them."""
        logits = self._detector.single_logits(np.stack(images), self._advance) if images else ()
        for (track, pts, crop), logit in zip(found, map(float, logits), strict=True):
            value = float(probability(logit, self._limits.calibration))
            score = FaceScore(track.track_id, pts, crop, None, None, None, deep_logit=logit, deep_probability=value)
            track.set_deep(score)
            yield score

    def _frame(self, pts: int) -> Image | None:
        """The picture at exactly that pts; None if it cannot be decoded a second time."""
        frame = self._decoder.frame_at(pts)
        self._advance(1)
        return frame.image if frame.pts == pts else None

    # --- checks ------------------------------------------------------------------------------------------------------

    def checks(self, track: TrackAccumulator) -> DeepChecks:
        """How far each mild change moves the mean of some frames, and how plain the face's surroundings are there.

        Nothing is measured where no conclusion depends on it.
        """
        end = self._done + _pieces_of_checks(track)
        found = self._checks(track)
        self._advance(end - self._done)
        return found

    def _checks(self, track: TrackAccumulator) -> DeepChecks:
        look = track.look(self._clip, 1, self._limits)
        if not self._matters(look, len(track.pts)):
            return UNCHECKED
        pts = look.series.pts[look.is_even]
        rows = np.unique(np.linspace(0, len(pts) - 1, min(FRAMES_CHECKED, len(pts))).round().astype(int))
        before, changed, shares = [], [], []
        for each in pts[rows].tolist():
            image, crop = self._frame(each), track.crop_at(each)
            if image is None:
                continue
            size = self._detector.card.input_size
            # The crop without a change is the one that was scored.
            before.append(look.series.logits[np.searchsorted(look.series.pts, each)])
            shares.append(plain_share(cut(image, crop, size)))
            changed += [cut_changed(image, crop, size, change) for change in MILD.values()]
        if not changed:
            return UNCHECKED
        after = self._detector.single_logits(np.stack(changed), self._advance).reshape(len(before), len(MILD))
        shifts = (after - np.array(before)[:, None]).T
        moved = (ChangedScore(name, float(np.mean(each))) for name, each in zip(MILD, shifts, strict=True))
        return DeepChecks(tuple(moved), float(np.mean(shares)))

    def _matters(self, look: DeepLook, frames_scored: int) -> bool:
        fewest = 1 if self._clip.is_still else self._settings.minimum_scored_frames
        if frames_scored < fewest:
            return False
        ruled = conclude_deep(replace(look, checks=UNCHECKED), frames_scored, is_still=self._clip.is_still)
        return ruled.conclusion in (Conclusion.INDICATED, Conclusion.NOT_INDICATED)


def _pieces_of_checks(track: TrackAccumulator) -> int:
    """The pictures to decode and crops to score for the checks of a track, at most."""
    return min(FRAMES_CHECKED, len(track.pts)) * (1 + len(MILD))
