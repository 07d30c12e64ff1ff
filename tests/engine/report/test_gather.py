"""Saved figures are decoded again from the evidence: exact to the pts, filtered as saved, or refused."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from pypdf import PdfReader

from inspector.domain.analysis import Analysis, Batch, Conclusion, FrameRecord
from inspector.domain.case import SavedPicture
from inspector.domain.errors import CaseError
from inspector.domain.faces import Abstention
from inspector.domain.geometry import Box
from inspector.domain.scores import FaceScore
from inspector.domain.timecode import timecode
from inspector.engine.case.case_file import CaseFile
from inspector.engine.decode.decoder import Decoder, frame_sha256, open_clip
from inspector.engine.filters import filters
from inspector.engine.filters.table import parse_chain
from inspector.engine.report.gather import gather
from inspector.engine.report.writer import write_report
from tests.clips import code_picture, make_clip, read_code
from tests.engine.report.conftest import build


@pytest.fixture(scope="module")
def clip_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("pictures") / "a.mp4"
    make_clip(path, frames=20, picture=code_picture)
    return path


@pytest.fixture
def parts(clip_path: Path, tmp_path: Path) -> Iterator[tuple[CaseFile, Analysis, Decoder]]:
    """A case, an analysis of the clip without any face, and the clip's decoder."""
    clip = open_clip(clip_path)
    analysis = replace(build(20, 0).analysis, clip=clip, model=None)
    with CaseFile.open(tmp_path / "a.inspector") as case, Decoder(clip) as decoder:
        case.begin(clip, analysis.settings, "")
        yield case, analysis, decoder


def keep(case: CaseFile, pts: int, text: str = "") -> None:
    case.annotations.put(SavedPicture(0, pts, "ear", text, "overlays: none", "R. Roe", "2026-11-21T05:00:00+00:00"))


@pytest.mark.parametrize("text", ["", "error_level 80 20; gamma 1.3", "difference 8", "flow 6; levels 16 235"])
def test_a_saved_picture_is_its_frame_and_what_its_filters_make_of_it(parts, text: str):
    case, analysis, decoder = parts
    pts = [int(at) for at in decoder.index.pts]
    keep(case, pts[13], text)
    keep(case, pts[4])
    earlier, later = gather(case, 1, analysis, None, decoder).saved_figures
    assert (earlier.index, later.index) == (4, 13)
    decoded, filtered = later.render()
    assert read_code(decoded) == 13
    assert later.sha256 == frame_sha256(decoded)
    if not text:
        assert filtered is None
        return
    before = decoder.frame_at(pts[12]).image
    assert np.array_equal(filtered, filters.apply(parse_chain(text), decoded, before))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("place", "text", "reason"),
    [(3, "blur 9", "no filter 'blur'"), (3, "gamma 77", "must lie between"), (None, "", "no frame at pts")],
)
def test_a_picture_of_a_damaged_case_is_refused_with_what_to_do(parts, place: int | None, text: str, reason: str):
    case, analysis, decoder = parts
    keep(case, 10**12 if place is None else int(decoder.index.pts[place]), text)
    with pytest.raises(CaseError, match=rf"{reason}.*remove it from the notes"):
        gather(case, 1, analysis, None, decoder)


def scored(
    case: CaseFile,
    analysis: Analysis,
    decoder: Decoder,
    probabilities: dict[int, float],
    peak: int,
    sha256: str = "",
    tracks: tuple[int, ...] = (1,),
) -> Analysis:
    """The analysis with tracks that were scored in these frames, their smoothed peak at another."""
    pts = [int(at) for at in decoder.index.pts]
    frames = tuple(
        FrameRecord(i, at, i == 0, sha256 or frame_sha256(decoder.frame_at(at).image)) for i, at in enumerate(pts)
    )
    box = Box(4, 4, 20, 20)
    scores = [FaceScore(t, pts[i], box, 10 * p - 5, p, None, box) for t in tracks for i, p in probabilities.items()]
    scores.append(FaceScore(max(tracks) + 1, pts[0], None, None, None, Abstention.PROFILE, box))
    case.append(1, Batch(frames, (), tuple(scores)), {})
    summary = replace(build(20, 1).analysis.summaries[0], start_pts=pts[0], end_pts=pts[-1], peak_pts=pts[peak])
    return replace(analysis, summaries=tuple(replace(summary, track_id=track) for track in tracks))


def test_the_highest_single_frame_is_shown_though_the_smoothed_peak_lies_beside_it(parts):
    case, analysis, decoder = parts
    analysis = scored(case, analysis, decoder, {i: 0.73 if i == 9 else 0.3 + i / 100 for i in range(20)}, peak=7)
    shown = gather(case, 1, analysis, None, decoder).key_frames
    assert [key_frame.frame.index for key_frame in shown][:2] == [7, 9]
    same = gather(case, 1, replace(analysis, summaries=(replace(analysis.summaries[0], peak_pts=shown[1].record.pts),)),
                  None, decoder).key_frames  # fmt: skip
    assert [key_frame.frame.index for key_frame in same] == [9], "it is shown once"


def test_a_track_that_neither_decides_nor_indicates_manipulation_has_one_key_frame(parts):
    case, analysis, decoder = parts
    analysis = scored(case, analysis, decoder, {7: 0.6, 9: 0.7}, peak=7, tracks=(1, 2, 3))
    first, second, third = analysis.summaries
    open_ = replace(second, conclusion=Conclusion.INCONCLUSIVE)
    called = replace(third, conclusion=Conclusion.INDICATED)
    shown = gather(case, 1, replace(analysis, summaries=(first, open_, called)), None, decoder).key_frames
    by_track = [(key_frame.record.index, key_frame.track_id) for key_frame in shown]
    others = [index for index, track_id in by_track if track_id == 2]
    assert others == [7]
    assert [index for index, track_id in by_track if track_id == 3] == [7, 9]


def test_a_saved_picture_brings_what_its_frame_scored_and_the_windows_timecode(parts):
    case, analysis, decoder = parts
    analysis = scored(case, analysis, decoder, {0: 0.4}, peak=0)
    pts = [int(at) for at in decoder.index.pts]
    keep(case, pts[0])
    keep(case, pts[13])
    material = gather(case, 1, analysis, None, decoder)
    first, later = material.saved_figures
    assert [(s.track_id, s.fake_probability, s.abstained) for s in first.scores] == [
        (1, 0.4, None),
        (2, None, Abstention.PROFILE),
    ]
    assert later.scores == ()
    assert later.timecode == timecode(analysis.clip, pts[13]) == "00:00:00:13"
    assert material.key_frames[0].timecode == "00:00:00:00"


@pytest.mark.parametrize("is_saved", [False, True])
def test_a_frame_that_is_not_the_one_that_was_scored_is_refused(parts, is_saved: bool):
    case, analysis, decoder = parts
    analysis = scored(case, analysis, decoder, {0: 0.4}, peak=0, sha256="0" * 64)
    if is_saved:
        keep(case, int(decoder.index.pts[0]))
        analysis = replace(analysis, summaries=())
    with pytest.raises(CaseError, match="is not the one that was scored"):
        gather(case, 1, analysis, None, decoder)


def test_a_difference_of_the_first_frame_is_refused_as_on_the_screen(parts):
    case, analysis, decoder = parts
    keep(case, int(decoder.index.pts[0]), "difference 8")
    (picture,) = gather(case, 1, analysis, None, decoder).saved_figures
    with pytest.raises(CaseError, match="no previous frame"):
        picture.render()


def test_a_report_names_no_folder_of_the_examiners_computer(parts, tmp_path: Path):
    case, analysis, decoder = parts
    case.log("report written", "a report")
    analysis = replace(analysis, settings=replace(analysis.settings, model="/home/roe/models/own"))
    material = gather(case, 1, analysis, None, decoder)
    assert material.analysis.clip.path == "a.mp4"
    assert material.analysis.settings.model == "own"
    write_report(material, tmp_path / "out")
    text = (tmp_path / "out" / "report.json").read_text()
    assert "/home/roe" not in text
    assert str(Path(analysis.clip.path).parent) not in text


def test_an_imported_analysis_says_so_on_page_one_and_in_the_json(parts, tmp_path: Path):
    case, analysis, decoder = parts
    with case.database.transaction() as db:
        db.execute("UPDATE analyses SET imported = 'b.inspector, SHA-256 12ab'")
    material = gather(case, 1, analysis, None, decoder)
    write_report(material, tmp_path / "out")
    assert json.loads((tmp_path / "out" / "report.json").read_text())["imported"] == "b.inspector, SHA-256 12ab"
    page = PdfReader(tmp_path / "out" / "report.pdf").pages[0].extract_text()
    assert "Imported, not verified here" in page
    assert "b.inspector" in page


def test_a_clip_without_a_face_has_frames_of_its_start_middle_and_end(parts):
    case, analysis, decoder = parts
    stored = case.read(1)
    frames = list(decoder.frames())
    records = tuple(FrameRecord(f.index, f.pts, f.is_key, frame_sha256(f.image)) for f in frames)
    case.append(1, Batch(records, (), (), ()), {})
    case.finish(1, analysis)
    found = gather(case, stored.analysis_id, analysis, None, decoder).overview_frames
    assert [read_code(frame.image) for frame in found] == [3, 10, 16]
    assert gather(case, 1, analysis, None, decoder, has_figures=False).overview_frames == ()
