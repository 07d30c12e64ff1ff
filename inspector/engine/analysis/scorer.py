"""Scoring: crops go through the networks in threads of each network, while the next frames' faces are found."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from types import TracebackType
from typing import Any, Self

import numpy as np

from inspector.domain.analysis import Batch, FrameRecord, SignalBlock
from inspector.domain.arrays import Floats, Image
from inspector.domain.clip import Frame, Gap
from inspector.domain.faces import Face
from inspector.domain.geometry import Box
from inspector.domain.model_card import DeepLimits
from inspector.domain.scores import FaceScore
from inspector.engine import activity
from inspector.engine.faces.quality import QUALITY_PX
from inspector.engine.model.calibration import probability
from inspector.engine.model.detector import Detector, Passed
from inspector.engine.model.passes import cores
from inspector.engine.model.windows import Samples, Windows
from inspector.engine.timings import Timings

_SHARE = 0.5  # of the work on a frame: a half finds its faces, the other scores them
_DEEP_PASSES = 10  # a pass of the deep network takes as long as about so many of the fast one
_MOST_WAITING_BYTES = 64 * 1024**2  # of crops: 16 batches of one face, or five of ten; two that the deep network sees


@dataclass(slots=True, eq=False)
class PendingBatch:
    """A batch whose faces are found and cropped; the scores in `waiting` have no logit yet."""

    frames: list[FrameRecord] = field(default_factory=list)
    faces: list[tuple[int, Face]] = field(default_factory=list)  # (track id, face)
    scores: list[FaceScore] = field(default_factory=list)
    waiting: list[int] = field(default_factory=list)  # indices into `scores`
    samples: list[tuple[int, int]] = field(default_factory=list)  # (frame number, track id) of each in `waiting`
    deep: list[tuple[int, Image]] = field(default_factory=list)  # index into `scores` and the deep network's crop
    end: int = 0  # number of the first analysed frame after this batch
    gaps: list[Gap] = field(default_factory=list)
    state: dict[str, Any] = field(default_factory=dict)  # what an interrupted analysis needs to continue after it
    signals: tuple[SignalBlock, ...] = ()

    def add_frame(self, record: FrameRecord) -> None:
        """Add a frame whose faces are found."""
        self.frames.append(record)
        activity.add_frames(self, _SHARE)

    def passed(self, passes: int) -> None:
        """So many crops are scored, one of the deep network counted as several; for any thread."""
        wanted = len(self.waiting) + _DEEP_PASSES * len(self.deep)
        activity.add_frames(self, (1 - _SHARE) * len(self.frames) * passes / wanted)

    def finished(self) -> Batch:
        """The batch as it is yielded and stored."""
        activity.forget_frames(self)
        return Batch(
            tuple(self.frames),
            tuple(self.faces),
            tuple(self.scores),
            tuple(self.gaps),
            self.state,
            signals=self.signals,
        )


class Scorer:
    """Scores batches, as many at once as there are cores, and gives them on in order; a context manager.

    Crops take memory while they wait, so where frames show many faces, no more than two batches are under way.

    A network that looks at windows of frames also needs frames of the next batch, so a batch waits until the frames
    that its windows reach into have been added. Without a detector the batches pass through unscored. With `limits`,
    the detector's deep network scores the crops in `deep`.
    """

    def __init__(
        self, detector: Detector | None, limits: DeepLimits | None = None, timings: Timings | None = None
    ) -> None:
        self._timings = timings or Timings()
        self._detector, self._limits = detector, limits
        self.crop_size = detector.card.input_size if detector else QUALITY_PX
        self.deep_size = detector.deep.card.input_size if detector and detector.deep else 0
        self._windows = Windows(detector.card.frames_per_sample if detector else 1, self.crop_size)
        self._held: deque[PendingBatch] = deque()
        self._running: deque[tuple[PendingBatch, Future[Floats], Future[Floats]]] = deque()
        self._is_begun = False  # whether a batch is scored
        self._is_over = False
        # The fast network goes on while the deep one computes, on many cores for several batches at once.
        self._fast = ThreadPoolExecutor(1, thread_name_prefix="score")
        self._deep = ThreadPoolExecutor(cores(), thread_name_prefix="deep look")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        # Batches are waiting, or under way, only where the analysis was stopped or has failed.
        self._is_over = True
        self._fast.shutdown(cancel_futures=True)
        self._deep.shutdown(cancel_futures=True)

    @property
    def frames_added(self) -> int:
        """How many analysed frames were added so far; the number of the next one."""
        return self._windows.added

    def add_frame(self, pts: int, is_cut: bool, crops: Mapping[int, tuple[Box, Image]]) -> None:
        """Keep the crops of the next analysed frame, uint8 (s, s, 3) RGB with their boxes, by track."""
        self._windows.add(pts, is_cut, crops)

    def score(self, batch: PendingBatch) -> Iterator[PendingBatch]:
        """Take a batch, and yield the oldest ones until no more are under way than may be.

        The first batch is waited for.
        """
        self._held.append(batch)
        while self._held and self._windows.are_whole(self._held[0].end):
            yield from self._start(self._held.popleft())

    def ready(self) -> Iterator[PendingBatch]:
        """Yield the batches that are scored by now, without waiting for one."""
        while self._running and all(logits.done() for logits in self._running[0][1:]):
            yield self._result()

    def finish(self) -> Iterator[PendingBatch]:
        """Yield the batches that are still waiting or under way."""
        while self._held:
            yield from self._start(self._held.popleft())
        while self._running:
            yield self._result()

    def _start(self, batch: PendingBatch) -> Iterator[PendingBatch]:
        samples = self._windows.take(batch.samples)
        self._windows.forget(batch.end)
        fast = self._fast.submit(self._fast_logits, samples, batch.passed)
        deep = self._deep.submit(
            self._deep_logits, [image for _, image in batch.deep], lambda crops: batch.passed(_DEEP_PASSES * crops)
        )
        self._running.append((batch, fast, deep))
        # Nothing is searched beside the first batch, which somebody waits for.
        while len(self._running) > (self._most_running() if self._is_begun else 0):
            yield self._result()

    def _most_running(self) -> int:
        """How many batches may be under way."""
        return cores() if self._waiting_bytes() <= _MOST_WAITING_BYTES else min(2, cores())

    def _waiting_bytes(self) -> int:
        """Bytes of the crops that are kept for the networks; those of the deep one until their batch is given on."""
        fast = sum(len(batch.samples) for batch, logits, _ in self._running if not logits.done())
        deep = sum(len(batch.deep) for batch, *_ in self._running)
        return 3 * (fast * self.crop_size**2 + deep * self.deep_size**2)

    def _check_wanted(self) -> None:
        """Give a batch up: one of many faces takes a minute."""
        if self._is_over:
            raise activity.StoppedError  # nobody waits for the result

    def _fast_logits(self, samples: Samples, passed: Passed) -> Floats:
        """The logits of the network that sees every frame, float64 (n,)."""
        if self._detector is None or not samples.crops:
            return np.zeros(0)
        with activity.checked(self._check_wanted), self._timings.step("score"):
            return self._detector.window_logits(samples, passed)

    def _deep_logits(self, crops: Sequence[Image], passed: Passed) -> Floats:
        """The logits of the deep network, float64 (n,)."""
        if self._detector is None or self._detector.deep is None or not crops:
            return np.zeros(0)
        with activity.checked(self._check_wanted), self._timings.step("deep look"):
            return self._detector.deep.single_logits(np.stack(crops), passed)

    def _result(self) -> PendingBatch:
        self._is_begun = True
        batch, *futures = self._running.popleft()
        logits, deep_logits = map(activity.awaited, futures)
        if self._detector is not None:
            probabilities = self._detector.frame_probability(logits)
            for index, logit, value in zip(batch.waiting, logits, probabilities, strict=True):
                scored = replace(batch.scores[index], logit=float(logit), fake_probability=float(value))
                batch.scores[index] = scored
        if self._limits is not None:
            values = probability(deep_logits, self._limits.calibration)
            for (index, _), logit, value in zip(batch.deep, deep_logits, values, strict=True):
                seen = replace(batch.scores[index], deep_logit=float(logit), deep_probability=float(value))
                batch.scores[index] = seen
        batch.deep.clear()
        return batch

    def state(self) -> list[Any]:
        """Plain values: the frames that windows of later frames reach into."""
        return self._windows.state()

    def restore(self, state: Sequence[Any], frames: Iterable[Frame | Gap]) -> None:
        """Cut the crops of `state` again from `frames`, which start at its first pts. Raises CaseError."""
        self._windows.restore(state, frames)
