"""Heat maps of stored scores: the scored crop is cut again from its frames, and a track has one scale."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from inspector.domain.answer import face_name
from inspector.domain.arrays import Floats, Floats32, Image
from inspector.domain.clip import Frame
from inspector.domain.errors import CaseError
from inspector.domain.geometry import Box
from inspector.domain.scores import CamMap, FaceScore
from inspector.engine.analysis.changes import Change, unchanged
from inspector.engine.analysis.scored_frame import ScoredFrames, check_scored
from inspector.engine.faces.crop import cut
from inspector.engine.model.detector import Detector
from inspector.engine.model.passes import cores, in_passes
from inspector.engine.model.windows import scored_index, window

if TYPE_CHECKING:
    from inspector.engine.model.cam import DeletionCheck

T = TypeVar("T")

_FRAMES_FOR_SCALE = 3

_FEW_TENTHS = 4  # random tenths of the deletion check of a deep network, which takes half a second for each

_CROPS_A_CORE = 4  # in a step of the work for a report, for which a request may have to wait


_Key = tuple[int, int, Box | None, bool, str]
"""Of one score: its track, pts and crop, whether the deep network is explained, and the method of its map."""


@dataclass(slots=True)
class Explanations:
    """What the networks gave to explain scores of one analysis; a report computes only what is missing here."""

    maps: dict[_Key, Floats32] = field(default_factory=dict)
    checks: dict[_Key, DeletionCheck] = field(default_factory=dict)
    changed: dict[_Key, Floats] = field(default_factory=dict)  # logits after changes of the frames


@dataclass(slots=True, eq=False)
class _Unscored:
    """Crops uint8 (n, s, s, 3), or windows of them, and what takes up their logits float64 (n,) once all are known."""

    crops: Image
    store: Callable[[Floats], None]
    logits: list[float] = field(default_factory=list)

    def add(self, logit: float) -> None:
        """Add that of the next crop."""
        self.logits.append(logit)
        if len(self.logits) == len(self.crops):
            self.store(np.array(self.logits))


class CamMaker:
    """Explains stored scores of one analysis. A track's scale is the highest value among its three highest logits.

    Where the deep network saw the frame, its score is explained, else that of the fast one; each has its own scale.
    `known` is what was computed before of the same analysis, and takes up what is computed here.
    """

    def __init__(self, frames: ScoredFrames, detector: Detector, known: Explanations | None = None) -> None:
        self._frames, self._stored, self._decoder = frames, frames.stored, frames.decoder
        self.detector = detector
        self._references: dict[tuple[int, str, bool], float] = {}
        self._known = known or Explanations()

    def explained(self, score: FaceScore) -> Detector:
        """The network whose score is explained."""
        deep = self.detector.deep
        return self.detector if deep is None or score.deep_logit is None else deep

    def samples(self, score: FaceScore, changes: Sequence[Change]) -> Image:
        """The scored crops, cut again after each change of their frames: uint8 (changes, s, s, 3) RGB, card size.

        For a network of windows (changes, k, s, s, 3). Raises CaseError if the window's frames are not all known yet.
        """
        assert score.crop is not None
        card = self.explained(score).card
        frames, size = card.frames_per_sample, card.input_size
        if frames == 1:
            image, crop = self._frames.at(score.pts).image, score.crop
            return np.stack(in_passes(lambda change: cut(change(image), crop, size), changes))
        places = self._window(score, frames)
        crops: dict[int, list[Image]] = {}
        for frame in self._decoder.frames(places[0][0], places[-1][0] + 1):
            box = dict(places).get(frame.pts) if isinstance(frame, Frame) else None
            if isinstance(frame, Frame) and box is not None:
                check_scored(self._stored, frame, frame.pts)
                crops[frame.pts] = [cut(change(frame.image), box, size) for change in changes]
        return np.stack([[crops[pts][at] for pts, _ in places] for at in range(len(changes))])

    def _window(self, score: FaceScore, frames: int) -> list[tuple[int, Box]]:
        """The pts and crop at each place of a score's window, rising."""
        before = scored_index(frames)
        after = frames - 1 - before
        records = self._stored.frames_around(score.pts, before, after)
        scored = next(at for at, record in enumerate(records) if record.pts == score.pts)
        if len(records) - scored <= after and not self._stored.is_finished:
            raise CaseError(
                "The following frames, with which this one was scored, are not stored yet; request the heat map again."
            )
        scores = [self._stored.score_at(score.track_id, record.pts) for record in records]
        crops = [None if s is None or s.logit is None else s.crop for s in scores]
        cuts = [record.is_shot_start for record in records]
        chosen = window([crop is not None for crop in crops], cuts, scored, frames)
        return [(records[at].pts, crop) for at in chosen if (crop := crops[at]) is not None]

    def cam(self, track_id: int, pts: int, method: str, *, with_deletion_check: bool = False) -> CamMap:
        """The map of one stored score. Raises CaseError if that face has none, ClipError or CaseError if
        its frame is gone or another one."""
        score = self._stored.score_at(track_id, pts)
        if score is None or score.crop is None or score.logit is None:
            raise CaseError(
                f"{face_name(track_id)} has no score at pts {pts}, so nothing can be explained; choose another frame."
            )
        detector = self.explained(score)
        is_deep = detector is not self.detector
        self._map([*self.scaling([score]), score], method)
        check = None
        if with_deletion_check:
            self._score(self._deletion(score, method), detector)
            check = self._known.checks[self._key(score, method)]
        return CamMap(
            track_id=track_id,
            pts=pts,
            crop=score.crop,
            values=self._values(score, method),
            reference=max(self._reference(track_id, method, is_deep=is_deep), 1e-12),
            layer=f"{'deep network, ' if is_deep else ''}{detector.layer_name}",
            method=method,
            deletion_drop=check.hottest if check else None,
            random_drop=check.random if check else None,
        )

    def explain(self, scores: Sequence[FaceScore], method: str, changes: Mapping[str, Change]) -> Iterator[None]:
        """Compute maps, deletion checks and logits after `changes` of stored scores, in steps of a second or two.

        In each step all cores compute. What is known already is not computed again.
        """
        for detector in dict.fromkeys(map(self.explained, scores)):
            of = [score for score in scores if self.explained(score) is detector]
            mapped = {self._key(score, method): score for score in [*of, *self.scaling(of)]}
            for step in _steps(sorted(mapped.values(), key=lambda score: score.pts), detector):
                self._map(step, method)
                yield
            yield from self._measure(self._unscored(of, method, changes), detector)

    def _map(self, scores: Sequence[FaceScore], method: str) -> None:
        """Make the maps of these scores of one network that are not known."""
        # Imported when first needed: grad-cam takes seconds to load, and most scans of sound clips start without it.
        from inspector.engine.model.cam import several_cams

        missing = {key: score for score in scores if (key := self._key(score, method)) not in self._known.maps}
        if missing:
            self._frames.load(score.pts for score in missing.values())
            samples = [self.samples(score, [unchanged])[0] for score in missing.values()]
            made = several_cams(self.explained(scores[0]), samples, method)
            self._known.maps.update(zip(missing, made, strict=True))

    def _values(self, score: FaceScore, method: str) -> Floats32:
        self._map([score], method)
        return self._known.maps[self._key(score, method)]

    def _unscored(self, scores: Iterable[FaceScore], method: str, changes: Mapping[str, Change]) -> Iterator[_Unscored]:
        for score in scores:
            yield from self._deletion(score, method)
            yield from self._changed(score, changes)

    def _deletion(self, score: FaceScore, method: str) -> Iterator[_Unscored]:
        """The crops of a score's deletion check, unless that is known."""
        from inspector.engine.model.cam import DeletionCheck, blurred_tenths  # as above

        checks, key, is_deep = self._known.checks, self._key(score, method), self._is_deep(score)
        if key not in checks:
            few = {"randoms": _FEW_TENTHS} if is_deep else {}
            blurred = blurred_tenths(self.samples(score, [unchanged])[0], self._values(score, method), **few)
            # The first is the crop as it is, of which the deep network's logit is the stored one.
            first = [score.deep_logit] if is_deep else []

            def check(logits: Floats) -> None:
                checks[key] = DeletionCheck.of(np.array([*first, *logits]))

            yield _Unscored(blurred[len(first) :], check)

    def _changed(self, score: FaceScore, changes: Mapping[str, Change]) -> Iterator[_Unscored]:
        """A score's crop after each change of its frames, unless its logits are known."""
        changed, key = self._known.changed, self._key(score, ", ".join(changes))
        if key not in changed:
            yield _Unscored(self.samples(score, list(changes.values())), partial(changed.__setitem__, key))

    def _measure(self, unscored: Iterable[_Unscored], detector: Detector) -> Iterator[None]:
        """Score crops, in steps in which each core has the same number of them."""
        # The deep network scores each crop alone, as in the analysis.
        score_all = detector.logits if detector is self.detector else detector.single_logits
        if not detector.has_small_passes:
            for each in unscored:
                for logit in score_all(each.crops):
                    each.add(float(logit))
                yield
            return
        for step in _steps(((each, crop) for each in unscored for crop in each.crops), detector):
            logits = score_all(np.stack([crop for _, crop in step]))
            for (each, _), logit in zip(step, logits, strict=True):
                each.add(float(logit))
            yield

    def _score(self, unscored: Iterable[_Unscored], detector: Detector) -> None:
        for _ in self._measure(unscored, detector):
            pass

    def changed_logits(self, score: FaceScore, changes: Mapping[str, Change]) -> Floats:
        """The logit of a score's crop after each change of its frames, float64 (changes,)."""
        self._score(self._changed(score, changes), self.explained(score))
        return self._known.changed[self._key(score, ", ".join(changes))]

    def _is_deep(self, score: FaceScore) -> bool:
        return self.explained(score) is not self.detector

    def _key(self, score: FaceScore, method: str) -> _Key:
        return score.track_id, score.pts, score.crop, self._is_deep(score), method

    def _reference(self, track_id: int, method: str, *, is_deep: bool) -> float:
        key = (track_id, method, is_deep)
        if key not in self._references:
            highest = self._scale_scores(track_id, is_deep=is_deep)
            self._references[key] = float(max(self._values(score, method).max() for score in highest))
        return self._references[key]

    def scaling(self, scores: Iterable[FaceScore]) -> list[FaceScore]:
        """The scores that make the scales of the maps of these."""
        scales = dict.fromkeys((score.track_id, self._is_deep(score)) for score in scores)
        return [each for track_id, is_deep in scales for each in self._scale_scores(track_id, is_deep=is_deep)]

    def _scale_scores(self, track_id: int, *, is_deep: bool) -> list[FaceScore]:
        highest = self._stored.strongest(track_id, _FRAMES_FOR_SCALE, is_deep=is_deep)
        return highest if is_deep else [replace(score, deep_logit=None) for score in highest]


def _steps(items: Iterable[T], detector: Detector) -> Iterator[list[T]]:
    """So many of the items at a time that each core has as many; where all cores compute one together, that one."""
    rest, size = iter(items), _CROPS_A_CORE * cores() if detector.has_small_passes else 1
    while step := list(itertools.islice(rest, size)):
        yield step
