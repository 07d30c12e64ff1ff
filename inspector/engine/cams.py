"""Heat maps of stored scores: the crop that was scored is cut again from its frame, and a track has one scale."""

from __future__ import annotations

from inspector.domain.clip import Frame
from inspector.domain.errors import CaseError
from inspector.domain.scores import CamMap, FaceScore
from inspector.engine.case_file import CaseFile
from inspector.engine.crop import Image, cut
from inspector.engine.decode import Decoder
from inspector.engine.detector import Detector

_FRAMES_FOR_SCALE = 3


class CamMaker:
    """Explains stored scores of one analysis. A track's scale is the highest value among its three highest logits."""

    def __init__(self, case: CaseFile, analysis_id: int | None, decoder: Decoder, detector: Detector) -> None:
        self._case, self._analysis_id = case, analysis_id
        self._decoder, self._detector = decoder, detector
        self._references: dict[tuple[int, str], float] = {}

    def crop(self, score: FaceScore, frame: Frame) -> Image:
        """The stored crop of a score, uint8 (s, s, 3) RGB at the network's size."""
        assert score.crop is not None
        return cut(frame.image, score.crop, self._detector.card.input_size)

    def cam(self, track_id: int, pts: int, method: str, *, with_deletion_check: bool = False) -> CamMap:
        """The map of one stored score. Raises CaseError if that face has none, ClipError if its frame is gone."""
        score = self._case.score_at(track_id, pts, self._analysis_id)
        if score is None or score.crop is None or score.logit is None:
            raise CaseError(
                f"Track {track_id} has no score at pts {pts}, so there is nothing to explain; choose another frame."
            )
        # Imported when first needed: grad-cam takes seconds to load, and most scans of sound clips start without it.
        from inspector.engine.explain import cam_values, deletion_check

        crop = self.crop(score, self._decoder.frame_at(pts))
        values = cam_values(self._detector, crop, method)
        check = deletion_check(self._detector, crop, values) if with_deletion_check else None
        return CamMap(
            track_id=track_id,
            pts=pts,
            crop=score.crop,
            values=values,
            reference=max(self._reference(track_id, method), 1e-12),
            layer=self._detector.card.target_layer,
            method=method,
            deletion_drop=check.hottest if check else None,
            random_drop=check.random if check else None,
        )

    def _reference(self, track_id: int, method: str) -> float:
        from inspector.engine.explain import cam_values

        key = (track_id, method)
        if key not in self._references:
            highest = self._case.strongest(track_id, _FRAMES_FOR_SCALE, self._analysis_id)
            maps = [cam_values(self._detector, self.crop(s, self._decoder.frame_at(s.pts)), method) for s in highest]
            self._references[key] = float(max(m.max() for m in maps))
        return self._references[key]
