"""report.json: all data of a report for scripts, in the published schema (docs/report-schema.json)."""

from __future__ import annotations

import dataclasses
import json
import math
from collections.abc import Callable, Mapping
from fractions import Fraction
from pathlib import PurePath
from typing import Any

import numpy as np

from inspector.domain.account import PictureAccount
from inspector.domain.analysis import Signal, Summary, TrackSummary
from inspector.domain.clip import Clip, FormatUse, Gap
from inspector.domain.faces import Abstention
from inspector.domain.file_facts import FileFacts
from inspector.domain.known_models import is_known
from inspector.domain.likelihood import support_text
from inspector.domain.scores import Segment
from inspector.engine.filters.table import FilterStep
from inspector.engine.report.coding import coding_json, hashes_json
from inspector.engine.report.figure_files import key_frame_files, saved_figure_files
from inspector.engine.report.material import KeyFrame, ReportMaterial, SavedFigure
from inspector.engine.report.search_frames import search_frame_file
from inspector.engine.report.series import Overview, Series
from inspector.engine.seal.keys import fingerprint

SCHEMA = "deepfake-inspector-report/3"
_NAMES = {str(reason): reason.name for reason in Abstention}


def plain(value: Any) -> Any:
    """A domain value as JSON: fractions as "30000/1001", NaN and infinity as null."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {item.name: plain(getattr(value, item.name)) for item in dataclasses.fields(value)}
    if isinstance(value, Fraction):
        return f"{value.numerator}/{value.denominator}"
    if isinstance(value, float | np.floating):
        return float(value) if math.isfinite(value) else None
    if isinstance(value, np.integer):
        return int(value)
    if isinstance(value, np.ndarray):  # a thumbnail, whose pixels are in the PDF
        return {"width": value.shape[1], "height": value.shape[0]}
    if isinstance(value, str):
        return str(value)
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return [plain(item) for item in value]
    return value


def _by_name(reasons: Mapping[str, int]) -> dict[str, int]:
    return {_NAMES.get(reason, reason): n for reason, n in reasons.items()}


def _clip(clip: Clip) -> dict[str, Any]:
    duration = None if clip.duration_pts is None else float(clip.duration_pts * clip.time_base)
    sections = [{**plain(x), "start_seconds": clip.seconds(x.start_pts)} for x in clip.sections]
    # Tags may repeat a key, so they stay a list of pairs.
    return {**plain(clip), "sections": sections, "name": PurePath(clip.path).name, "duration_seconds": duration}


def _span(clip: Clip, item: Segment | Gap) -> dict[str, Any]:
    return {
        **plain(item),
        "start_seconds": clip.seconds(item.start_pts),
        "end_seconds": clip.seconds(item.end_pts),
    }


def _segment(clip: Clip, segment: Segment) -> dict[str, Any]:
    return {**_span(clip, segment), "peak_seconds": clip.seconds(segment.peak_pts)}


def _formats(clip: Clip, uses: tuple[FormatUse, ...]) -> list[dict[str, Any]]:
    """The formats of the pictures, each with its first picture and what differs from the first format."""
    return [
        {
            **plain(use),
            "first_seconds": clip.seconds(use.first_pts),
            "changes": list(uses[0].format.differences(use.format)),
        }
        for use in uses
    ]


def _account(account: PictureAccount | None) -> dict[str, Any] | None:
    if account is None:
        return None
    return {**plain(account), "stored": account.stored, "unexplained": account.unexplained}


def facts_json(facts: FileFacts | None) -> dict[str, Any]:
    """What a file says about itself, as plain values; null where it was not read."""
    if facts is None:
        return {"credentials": None, "structure": None}
    found = facts.credentials
    stated = {**plain(found), "is_valid": found.is_valid, "ai_statement": found.ai_statement}
    return {"credentials": stated, "structure": plain(facts.structure)}


def _sound(material: ReportMaterial) -> dict[str, Any] | None:
    """What was measured on the sound, without the series of waveform, spectrogram and voice; sound.csv has those."""
    facts = material.sound
    if facts is None:
        return None
    stated = {
        item.name: plain(getattr(facts, item.name))
        for item in dataclasses.fields(facts)
        if item.name not in ("picture", "speech")
    }
    mouths = [{**plain(mouth), "sentence": mouth.sentence} for mouth in material.mouths]
    return {**stated, "is_examined": facts.is_examined, "mouths": mouths}


def _track(clip: Clip, track: TrackSummary, series: Series | None, name: str | None) -> dict[str, Any]:
    highest = (None, None) if series is None else series.highest or (None, None)
    return {
        **plain(track),
        "name": name,
        "abstentions": _by_name(track.abstentions),
        "deep": None if track.deep is None else {**plain(track.deep), "likelihood_support": support_text(track.deep)},
        "start_seconds": clip.seconds(track.start_pts),
        "end_seconds": clip.seconds(track.end_pts),
        "peak_seconds": None if track.peak_pts is None else clip.seconds(track.peak_pts),
        "highest_seconds": highest[0],
        "highest_probability": highest[1],
    }


def _signal(signal: Signal) -> dict[str, Any]:
    values = signal.values[np.isfinite(signal.values)]
    return {
        "track_id": signal.track_id,
        "name": signal.name,
        "unit": signal.unit,
        "values": len(values),
        "missing": len(signal.values) - len(values),
        "minimum": float(values.min()) if len(values) else None,
        "median": float(np.median(values)) if len(values) else None,
        "maximum": float(values.max()) if len(values) else None,
    }


def _summary(summary: Summary) -> dict[str, Any]:
    return {**plain(summary), "abstentions": _by_name(summary.abstentions)}


def _key_frame(key_frame: KeyFrame, stored_pts: Callable[[int], int | None]) -> dict[str, Any]:
    cam = key_frame.cam
    return {
        "track_id": key_frame.track_id,
        "index": key_frame.record.index,
        "pts": key_frame.record.pts,
        "stored_pts": stored_pts(key_frame.record.pts),
        "seconds": key_frame.seconds,
        "timecode": key_frame.timecode,
        "frame_sha256": key_frame.record.sha256,
        "fake_probability": plain(key_frame.score.fake_probability),
        "logit": plain(key_frame.score.logit),
        "deep_probability": plain(key_frame.score.deep_probability),
        "deep_logit": plain(key_frame.score.deep_logit),
        "box": plain(key_frame.score.box),
        "crop": plain(key_frame.score.crop),
        "quality": plain(key_frame.score.quality),
        "heat_map": None
        if cam is None
        else {
            "layer": cam.layer,
            "method": cam.method,
            "reference": plain(cam.reference),
            "maximum": plain(cam.values.max()) if cam.values.size else None,
            "deletion_drop": plain(cam.deletion_drop),
            "random_drop": plain(cam.random_drop),
        },
        "robustness": plain(key_frame.robustness),
        "files": list(key_frame_files(key_frame)),
    }


def _filter(step: FilterStep) -> dict[str, Any]:
    parameters = zip(step.spec.parameters, step.values, strict=True)
    return {
        "filter": step.filter_id,
        "label": step.spec.label,
        "parameters": [{"name": p.label, "value": plain(value), "unit": p.unit.strip()} for p, value in parameters],
    }


def _saved_figure(number: int, figure: SavedFigure) -> dict[str, Any]:
    saved = figure.saved
    return {
        **plain(saved),
        "filters": [_filter(step) for step in figure.filters],
        "index": figure.index,
        "seconds": figure.seconds,
        "timecode": figure.timecode,
        "frame_sha256": figure.sha256,
        "scores": [
            {
                "track_id": score.track_id,
                "fake_probability": plain(score.fake_probability),
                "deep_probability": plain(score.deep_probability),
                "abstained": None if score.abstained is None else score.abstained.name,
            }
            for score in figure.scores
        ],
        "files": list(saved_figure_files(number, figure)),
    }


def _seal(public_key: str) -> dict[str, str] | None:
    if not public_key:
        return None
    return {"algorithm": "Ed25519", "public_key": public_key, "fingerprint": fingerprint(public_key)}


def as_json(material: ReportMaterial, overview: Overview) -> dict[str, Any]:
    """The whole of report.json as plain values."""
    analysis, clip = material.analysis, material.analysis.clip
    return {
        "schema": SCHEMA,
        "written_at": material.written_at,
        "started_at": analysis.started_at,
        "finished_at": analysis.finished_at,
        "is_complete": analysis.is_complete,
        "imported": material.imported or None,
        "case": plain(material.case_info),
        "clip": _clip(clip),
        "evidence": {
            "sha256_before": clip.sha256,
            "sha256_after": analysis.sha256_after,
            "is_unchanged": clip.sha256 == analysis.sha256_after,
        },
        "seal": _seal(material.public_key),
        "model": plain(analysis.model),
        "is_model_known": None if analysis.model is None else is_known(analysis.model),
        "settings": plain(analysis.settings),
        "versions": [{"name": name, "version": version} for name, version in analysis.versions],
        "device": analysis.device,
        "confinement": analysis.confinement,
        "player_confinement": material.player_confinement or None,
        "timings": plain(analysis.timings),
        "summary": _summary(analysis.summary),
        "tracks": [
            _track(clip, track, overview.series.get(track.track_id), material.names.get(track.track_id))
            for track in analysis.summaries
        ],
        "segments": [_segment(clip, segment) for segment in analysis.segments],
        "findings": [
            {**plain(finding), "segments": [_segment(clip, s) for s in finding.segments]}
            for finding in analysis.findings
        ],
        "signals": [_signal(signal) for track in analysis.tracks for signal in material.signals(track.track_id)],
        "frames": {"rows": overview.frames, "declared": clip.declared_frames, "outcomes": _by_name(overview.outcomes)},
        "pictures": _account(analysis.account),
        "abstentions": overview.abstentions,
        **facts_json(material.file_facts),
        "coding": None if material.coding is None else coding_json(material.coding, clip),
        "sound": _sound(material),
        "gaps": [_span(clip, gap) for gap in analysis.gaps],
        "formats": _formats(clip, analysis.formats),
        "key_frames": [_key_frame(key_frame, material.stored_pts) for key_frame in material.key_frames],
        "saved_figures": [_saved_figure(number, figure) for number, figure in enumerate(material.saved_figures, 1)],
        "search_frames": [
            {"track_id": frame.track_id, "pts": frame.pts, "seconds": frame.seconds, "file": search_frame_file(frame)}
            for frame in material.search_frames
        ],
        "frame_hashes": hashes_json(material.frame_hashes, clip),
        "notes": plain(material.notes),
        "bookmarks": [{**plain(mark), "seconds": clip.seconds(mark.pts)} for mark in material.bookmarks],
        "reviews": plain(material.reviews),
        "audit": plain(material.audit),
        "log_problems": list(material.log_problems),
        "left_out": list(map(str, material.left_out)),
    }


def dumps(value: object) -> bytes:
    """JSON for people and scripts, pure ASCII: no character can hide in it, and lone surrogates survive."""
    return (json.dumps(value, indent=1, ensure_ascii=True, allow_nan=False) + "\n").encode("ascii")
