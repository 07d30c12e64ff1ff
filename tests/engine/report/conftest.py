"""Made-up analyses for the report's tests: no decoder, no network, every figure chosen here."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from inspector.domain.analysis import (
    Analysis,
    Conclusion,
    Finding,
    FrameRecord,
    Signal,
    Significance,
    Summary,
    Timing,
    TrackSummary,
)
from inspector.domain.case import AuditEntry, Bookmark, CaseInfo, Note, SavedPicture
from inspector.domain.clip import Clip, Colour, Frame, Gap
from inspector.domain.faces import Abstention, FaceQuality, FaceTrack
from inspector.domain.geometry import Box, LandmarkSet
from inspector.domain.model_card import (
    Calibration,
    DataSource,
    ErrorRates,
    ModelCard,
    Platt,
    QualityBand,
    Threshold,
)
from inspector.domain.scores import CamMap, FaceScore, Segment
from inspector.domain.settings import Settings
from inspector.engine.filters import filters
from inspector.engine.filters.table import Chain
from inspector.engine.report.material import KeyFrame, ReportMaterial, Robustness, SavedFigure

TICKS = 512  # pts per frame, in a time base of 1/12800: 25 frames per second
QUALITY = FaceQuality(face_px=180.0, sharpness=220.0, yaw=4.0, pitch=-3.0, roll=1.0, inside=1.0)


def make_card() -> ModelCard:
    return ModelCard(
        name="demo-net",
        version="2026.1",
        sha256="ab" * 32,
        architecture="mobilenetv3_large_100",
        architecture_args={},
        input_size=224,
        mean=(0.485, 0.456, 0.406),
        std=(0.229, 0.224, 0.225),
        crop_margin=0.3,
        calibration=Calibration(Platt(1.1, -0.2), Platt(1.6, -0.1), "held-out identities", 60, 240, 9_600),
        threshold=Threshold(high=0.8, low=0.3, segment=0.7, segment_seconds=1.0, segment_mean=0.8),
        error_rates=(
            ErrorRates("track", "held-out tracks", 0.031, (0.010, 0.077), 128, 0.22, (0.15, 0.31), 112, 0.14),
            ErrorRates("track", "the same, upload-compressed", 0.055, (0.02, 0.11), 128, 0.35, (0.26, 0.44), 112, 0.2),
        ),
        target_layer="blocks.6.0",
        trained_on=(DataSource("Portraits A", "CC0-1.0", 1200, 3600), DataSource("Clips B", "CC BY 4.0", 300, 900)),
        never_seen=("diffusion-made faces", "lip synchronisation", "make-up filters of phones"),
        limits=("Below 48 px a face is not scored.", "Strong compression lowers every probability."),
        licence="Apache-2.0",
        quality_bands=(
            QualityBand("face size", 48, 600, "px"),
            QualityBand("sharpness (variance of the Laplacian) of nine in ten training crops", 28, 550, "grey levels"),
        ),
        recipe="recipes/demo.toml",
        commit="0123abc",
    )


def make_clip(n_frames: int) -> Clip:
    return Clip(
        path="/evidence/suspect clip.mp4",
        sha256="3f" * 32,
        size_bytes=12_345_678,
        container="mov,mp4,m4a,3gp,3g2,mj2",
        codec="h264",
        pix_fmt="yuv420p",
        width=640,
        height=360,
        coded_width=640,
        coded_height=360,
        rotation=0,
        sample_aspect=Fraction(1),
        colour=Colour("bt709", "bt709", "unknown", "tv", assumed=("matrix",)),
        time_base=Fraction(1, 12800),
        start_pts=1024,
        duration_pts=n_frames * TICKS,
        declared_frames=n_frames,
        average_rate=Fraction(25),
        is_variable_rate=False,
        is_interlaced=False,
        has_audio=True,
        is_still=n_frames == 1,
        metadata=(("encoder", "Lavf60.3"), ("comment", "as received")),
    )


def pts_of(index: int) -> int:
    return 1024 + index * TICKS


def probability_at(track_id: int, index: int) -> float:
    """Low, with a manipulated stretch in frames 80 to 130 of the first track, and some noise."""
    base = 0.9 if track_id == 1 and 80 <= index < 130 else 0.12
    return base + 0.08 * math.sin(index * 12.9898 + track_id)


def _scores(index: int, tracks: range) -> Iterator[FaceScore]:
    pts = pts_of(index)
    if index % 50 in (20, 21, 22):
        yield FaceScore(0, pts, None, None, None, Abstention.NO_FACE)
        return
    for track_id in tracks:
        box = Box(45.0 * track_id, 80.25, 120.0, 150.0)
        if 150 <= index < 165:
            yield FaceScore(track_id, pts, None, None, None, Abstention.PROFILE, box, QUALITY)
        else:
            value = probability_at(track_id, index)
            yield FaceScore(track_id, pts, Box(45.0 * track_id - 15, 65, 180, 180), 3.1, value, None, box, QUALITY)


def _summary(track_id: int, n_frames: int, scores: list[FaceScore]) -> TrackSummary:
    values = [s.fake_probability for s in scores if s.fake_probability is not None]
    called = track_id == 1 and n_frames > 130
    return TrackSummary(
        track_id=track_id,
        median_box=Box(45.0 * track_id, 80.25, 120.0, 150.0),
        start_pts=pts_of(0),
        end_pts=pts_of(n_frames - 1),
        frames_found=len(scores),
        frames_scored=len(values),
        abstentions={str(k): v for k, v in Counter(s.abstained for s in scores if s.abstained).items()},
        fake_probability=0.91 if called else 0.12,
        mean_probability=float(np.mean(values)),
        median_probability=float(np.median(values)),
        share_over_threshold=0.2 if called else 0.0,
        longest_run_seconds=2.0 if called else 0.0,
        peak_pts=pts_of(100 if called else 0),
        peak_probability=0.95 if called else 0.2,
        blinks_per_minute=14.0,
        conclusion=Conclusion.INDICATED if called else Conclusion.NOT_INDICATED,
        reason="Its probability 0.91 reaches 0.80." if called else "Its probability 0.12 is at most 0.30.",
    )


def _signals(track_id: int, n_frames: int) -> tuple[Signal, ...]:
    pts = np.array([pts_of(i) for i in range(n_frames)], np.int64)
    at = np.arange(n_frames)
    kinds = (("eye aspect ratio", "", 0.3), ("yaw", "°", 12.0), ("landmark jitter", "px", 1.4))
    return tuple(
        Signal(track_id, name, unit, pts, np.where(at % 40 == 7, np.nan, scale * np.sin(at / 9)))
        for name, unit, scale in kinds
    )


def make_key_frame(track_id: int, index: int, height: int = 360, width: int = 640) -> KeyFrame:
    rows, columns = np.mgrid[0:height, 0:width]
    image = np.stack([rows * 255 // height, columns * 255 // width, (rows + columns) % 256], axis=2).astype(np.uint8)
    crop = Box(45.0 * track_id - 15, 65.0, 180.0, 180.0)
    angle = np.arange(478) * 2.4
    radius = 4 * np.sqrt(np.arange(478) * 0.9)
    points = np.stack(
        [crop.x + 90 + radius * np.cos(angle) * 0.8, crop.y + 90 + radius * np.sin(angle), 0 * angle], axis=1
    )
    values = np.outer(np.hanning(7), np.hanning(7)).astype(np.float32) * 0.02
    pts = pts_of(index)
    score = FaceScore(track_id, pts, crop, 3.1, 0.94, None, Box(45.0 * track_id, 80.25, 120.0, 150.0), QUALITY)
    return KeyFrame(
        track_id=track_id,
        frame=Frame(index, pts, image, True),
        record=FrameRecord(index, pts, True, f"{index:064x}"),
        score=score,
        landmarks=LandmarkSet(points.astype(np.float32)),
        cam=CamMap(track_id, pts, crop, values, 0.025, "blocks.6.0", "GradCAM", 1.73, 0.11),
        timecode="00:00:04:00",
        seconds=4.0,
        robustness=(Robustness("JPEG quality 50", 0.88), Robustness("half size", 0.71)),
    )


def make_saved_figure(number: int, index: int, chain: Chain = (), label: str = "the ear") -> SavedFigure:
    """A saved picture of the frame that `make_key_frame` shows."""
    image = make_key_frame(1, index).frame.image
    seen = "overlays: boxes; zoom 100 %"
    return SavedFigure(
        saved=SavedPicture(number, pts_of(index), label, "", seen, "A. Examiner", "2026-11-20T11:02:00+00:00"),
        index=index,
        sha256=f"{index:064x}",
        timecode="00:00:04.000",
        seconds=index / 25,
        filters=chain,
        render=lambda: (image, filters.apply(chain, image) if chain else None),
    )


def _clip_summary(conclusion: Conclusion, n_frames: int, scores: list[FaceScore]) -> Summary:
    return Summary(
        conclusion=conclusion,
        reason="Track 1: Its probability 0.91 reaches 0.80.",
        fake_probability=0.91,
        false_positive_rate=0.031,
        false_positive_interval=(0.010, 0.077),
        n_real=128,
        frames_decoded=n_frames,
        frames_analysed=n_frames,
        frames_scored=sum(s.fake_probability is not None for s in scores),
        abstentions={str(k): v for k, v in Counter(s.abstained for s in scores if s.abstained).items()},
    )


def build(n_frames: int = 250, n_tracks: int = 2, *, gaps: tuple[Gap, ...] = ()) -> ReportMaterial:
    """A clip at 25 frames per second; track 1 of clips longer than 130 frames has a manipulated stretch."""
    tracks = range(1, n_tracks + 1)
    clip = make_clip(n_frames)
    scores = [score for i in range(n_frames) for score in _scores(i, tracks)]
    summaries = tuple(_summary(t, n_frames, [s for s in scores if s.track_id == t]) for t in tracks)
    called = n_frames > 130 and n_tracks > 0
    segments = (Segment(1, pts_of(80), pts_of(130), 0.9, 0.95, pts_of(100)),) if called else ()
    finding = Finding(
        "manipulation indicated", Significance.NOTABLE, "Track 1 stays over the threshold for 2 s.", 1, segments
    )
    conclusion = Conclusion.INDICATED if called else Conclusion.NOT_INDICATED if n_tracks else Conclusion.NO_FACE
    analysis = Analysis(
        clip=clip,
        model=make_card(),
        settings=Settings(smoothing_seconds=0.6),
        device="cpu (2 threads)",
        versions=(("Deepfake Inspector", "0.1.0"), ("PyAV", "18.0"), ("MediaPipe", "0.10.21"), ("torch", "2.15")),
        started_at="2026-11-20T10:00:00+00:00",
        finished_at="2026-11-20T10:01:00+00:00",
        sha256_after=clip.sha256,
        is_complete=True,
        tracks=tuple(FaceTrack(t, s.start_pts, s.end_pts, s.median_box, s.frames_found)
                     for t, s in zip(tracks, summaries, strict=True)),
        summaries=summaries,
        segments=segments,
        findings=(finding,) if called else (),
        gaps=gaps,
        summary=_clip_summary(conclusion, n_frames, scores),
        timings=(Timing("decode", 1.25, n_frames), Timing("whole analysis", 60.0, 1)),
    )  # fmt: skip
    return ReportMaterial(
        analysis=analysis,
        case_info=CaseInfo(name="Case 12", exhibit="E-7", created_at="2026-11-20T09:00:00+00:00"),
        notes=(Note(1, "A. Examiner", "2026-11-20T11:00:00+00:00", "Mouth looks soft.\nSee also E-8.", pts_of(100)),),
        bookmarks=(Bookmark(1, pts_of(10), "first blink", "2026-11-20T11:01:00+00:00"),),
        audit=(AuditEntry("2026-11-20T10:00:00+00:00", "analysis started", "suspect clip.mp4"),),
        frames=lambda: (FrameRecord(i, pts_of(i), i % 25 == 0, f"{i:064x}") for i in range(n_frames)),
        scores=lambda: iter(scores),
        signals=lambda track_id: _signals(track_id, n_frames) if track_id in tracks else (),
        key_frames=tuple(make_key_frame(t, 100 if called else 0) for t in tracks),
        written_at="2026-11-20T12:00:00+00:00",
    )


@pytest.fixture
def make_material() -> Callable[..., ReportMaterial]:
    return build


@pytest.fixture
def with_analysis() -> Callable[..., ReportMaterial]:
    """The material with some fields of its analysis changed."""

    def change(material: ReportMaterial, **fields: Any) -> ReportMaterial:
        return replace(material, analysis=replace(material.analysis, **fields))

    return change
