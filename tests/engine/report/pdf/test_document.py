from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader

from inspector import cli
from inspector.domain.analysis import Conclusion
from inspector.domain.answer import answer
from inspector.domain.case import AuditEntry, Bookmark, CaseInfo, Decision, Note, Review, finding_key
from inspector.domain.clip import FormatUse, Gap, PictureFormat, StreamInfo, StreamKind
from inspector.domain.settings import Settings
from inspector.engine.filters.table import FilterStep, default_step
from inspector.engine.report.csv_tables import write_frames, write_signals
from inspector.engine.report.material import ReportMaterial
from inspector.engine.report.pdf.closing import command
from inspector.engine.report.pdf.document import make_pdf
from inspector.engine.report.series import read
from tests.engine.report.conftest import make_saved_figure, pts_of

Make = Callable[..., ReportMaterial]
Change = Callable[..., ReportMaterial]


def pdf_of(material: ReportMaterial) -> PdfReader:
    return PdfReader(BytesIO(make_pdf(material, read(material, lambda *_row: None))))


def words(text: str) -> str:
    return " ".join(text.replace("\u00a0", " ").split())


def text_of(reader: PdfReader) -> str:
    return words(" ".join(page.extract_text() for page in reader.pages))


def page_one(material: ReportMaterial) -> str:
    return words(pdf_of(material).pages[0].extract_text())


def test_page_one_says_what_was_examined_what_is_indicated_how_sure_and_what_not(make_material: Make) -> None:
    said = page_one(make_material())
    for heading in ("What was examined", "The result", "How sure it is", "What it cannot tell"):
        assert heading in said
    found = answer(make_material().analysis)
    for sentence in (found.headline, *found.sentences):
        assert sentence in said, "the words of the window's card"
    assert "0.91 on a scale of 0 to 1" in said
    assert "3.1 % of unmanipulated faces" in said
    assert "95 % interval 1.0 % to 7.7 %, n = 128" in said
    assert "Measured on: held-out tracks" in said
    assert "lip synchronisation" in said


def test_page_one_is_all_in_one_type_size(make_material: Make) -> None:
    sizes: dict[float, str] = {}

    def visit(text: str, _cm: list[float], _tm: list[float], _font: object, size: float) -> None:
        if text.strip():
            sizes[size] = sizes.get(size, "") + text

    pdf_of(replace(make_material(40, 1), key_frames=())).pages[0].extract_text(visitor_text=visit)
    found = {
        size
        for size, text in sizes.items()
        if any(w in text for w in ("No manipulation indicated", "wrongly indicated", "missed"))
    }
    assert found == {9}
    largest_but_title = sorted(sizes)[-2]
    assert largest_but_title == 9


def test_nothing_indicated_is_never_worded_as_genuine(make_material: Make) -> None:
    said = text_of(pdf_of(make_material(40, 1))).lower()
    assert "this does not show that the clip is unmanipulated" in said
    for word in ("authentic", "genuine", "% fake", " is real"):
        assert word not in said


def test_an_inconclusive_result_says_why(make_material: Make, with_analysis: Change) -> None:
    material = make_material(40, 1)
    summary = replace(
        material.analysis.summary,
        conclusion=Conclusion.INCONCLUSIVE,
        reason="Only 3 frames could be scored; at least 8 are needed.",
    )
    said = page_one(with_analysis(material, summary=summary))
    assert "Inconclusive. Do not publish on this result." in said
    assert "Only 3 frames could be scored" in said


def test_a_face_without_a_score_says_why_and_has_neither_plot_nor_blinks(
    make_material: Make, with_analysis: Change
) -> None:
    material = make_material(40, 1)
    (track,) = material.analysis.summaries
    unscored = replace(
        track, frames_scored=0, peak_pts=None, fake_probability=None, conclusion=Conclusion.NO_FACE,
        abstentions={"face too small": 40}, blinks_per_minute=12.0,
    )  # fmt: skip
    said = text_of(pdf_of(with_analysis(material, summaries=(unscored,))))
    section = said.split("Face 1: not scored")[1].split("Signals, not part")[0]
    assert "Not scored: face too small (40 times)." in section
    assert "Blinks" not in section
    assert "Deciding probability" not in section


def test_a_file_that_changed_during_the_analysis_is_on_page_one(make_material: Make, with_analysis: Change) -> None:
    changed = with_analysis(make_material(20, 1), sha256_after="00" * 32, is_complete=False)
    said = page_one(changed)
    assert "The file changed while it was analysed, or could not be read again" in said
    assert "stopped before the end of the clip" in said
    assert "NO: the file changed during the analysis" in text_of(pdf_of(changed))


def test_the_evidence_s_way_is_stated_and_what_is_missing_is_not_recorded(make_material: Make) -> None:
    material = make_material(20, 1)
    assert "not recorded; obtained: not recorded" in page_one(material)
    info = replace(material.case_info, source="account @x", obtained_how="yt-dlp", hash_lists="a.txt: not in it")
    stated = replace(material, case_info=info)
    assert "account @x; obtained: not recorded" in page_one(stated)
    said = text_of(pdf_of(stated))
    for part in ("Obtained how yt-dlp", "Original or copy not recorded", "Hash lists a.txt: not in it"):
        assert part in " ".join(said.split())


def test_the_bands_that_training_covered_are_named_whole(make_material: Make) -> None:
    said = text_of(pdf_of(make_material(20, 1)))
    assert "Covered: face size" in said
    assert "sharpness (variance of the Laplacian) of nine in ten training crops" in said
    assert "28 to 550 grey levels" in said


def test_without_a_model_it_is_a_report_of_facts(make_material: Make, with_analysis: Change) -> None:
    material = with_analysis(make_material(20, 0), model=None)
    said = page_one(replace(material, key_frames=()))
    assert "Nothing was scored. No detector was installed" in said
    assert "No probability was computed." in said


def test_faces_that_no_model_scored_have_lanes_and_no_curve(make_material: Make, with_analysis: Change) -> None:
    material = make_material(40, 1)
    bare = [replace(s, fake_probability=None, logit=None, crop=None) for s in material.scores()]
    summary = replace(material.analysis.summaries[0], frames_scored=0, fake_probability=None, peak_pts=None)
    unscored = with_analysis(material, model=None, summaries=(summary,))
    said = text_of(pdf_of(replace(unscored, scores=lambda: iter(bare), key_frames=())))
    assert "face found, no model to score it 37 92.5 %" in said
    assert "track probability" not in said


def test_every_section_is_in_the_outline_and_leads_to_its_page(make_material: Make) -> None:
    reader = pdf_of(make_material())
    entries = [e for e in reader.outline if not isinstance(e, list)]
    titles = [str(e.title) for e in entries]
    assert titles[0] == "Summary"
    assert {"Case", "File and hashes", "Face tracks", "Key frames", "Error rates", "Settings", "Gaps",
            "Examiner's notes", "How to repeat the analysis"} <= set(titles)  # fmt: skip
    for entry in entries[1:]:
        number = reader.get_destination_page_number(entry)
        assert number is not None
        assert str(entry.title) in words(reader.pages[number].extract_text())


def test_contents_give_the_pages_of_the_sections(make_material: Make) -> None:
    reader = pdf_of(make_material(60, 12))
    contents = words(reader.pages[1].extract_text())
    places = {str(e.title): reader.get_destination_page_number(e) for e in reader.outline if not isinstance(e, list)}
    assert f"Error rates {(places['Error rates'] or 0) + 1}" in contents
    assert f"Glossary {(places['Glossary'] or 0) + 1}" in contents


@pytest.mark.parametrize(("n_frames", "n_tracks"), [(250, 2), (60, 12), (1, 1), (40, 0)])
def test_page_one_is_one_page(make_material: Make, n_frames: int, n_tracks: int) -> None:
    reader = pdf_of(make_material(n_frames, n_tracks))
    assert "The tool reports; the examiner concludes. " in words(reader.pages[0].extract_text())
    assert "Contents" in reader.pages[1].extract_text()


def test_head_and_foot_name_exhibit_hash_and_page(make_material: Make) -> None:
    reader = pdf_of(make_material())
    total = len(reader.pages)
    for number, page in enumerate(reader.pages, 1):
        said = words(page.extract_text())
        assert "Exhibit: E-7" in said
        assert "SHA-256 3f3f3f3f3f3f3f3f…" in said
        assert f"page {number} of {total}" in said


def test_only_our_fonts_are_used_and_they_are_embedded_as_subsets(make_material: Make) -> None:
    names = set()
    for page in pdf_of(make_material()).pages:
        for font in page["/Resources"]["/Font"].values():
            font = font.get_object()
            if "/FontDescriptor" in font:
                assert "/FontFile2" in font["/FontDescriptor"]
                names.add(str(font["/BaseFont"]).split("+")[1])
    assert {"NotoSans-Regular", "NotoSans-Bold", "NotoSansMono-Regular"} <= names


def test_the_file_is_dated_and_named_by_the_report(make_material: Make) -> None:
    meta = pdf_of(make_material()).metadata
    assert meta is not None
    assert meta.title == "Evidence report: suspect clip.mp4"
    assert meta.author == "not stated"
    assert meta.creation_date is not None
    assert meta.creation_date.isoformat().startswith("2026-11-20T12:00:00")


HOSTILE = [
    "<b>bold</b><para><img src='file:///etc/passwd'/>",
    "\u202egnp.exe\u2066\u2069",
    "nul\x00 bell\x07 \x1b[31m",
    "lone \ud800 surrogate \udfff",
    "& &amp; &#0; ]]> %s {0}",
    "漢字 עברית العربية 🎭",
    "x" * 60_000,
    "word " * 12_000,
    "e" + "\u0301" * 5000,
    "\n" * 500,
]


@pytest.mark.parametrize("hostile", HOSTILE, ids=lambda text: ascii(text[:12]))
def test_foreign_text_neither_breaks_nor_spoofs_the_page(
    hostile: str, make_material: Make, with_analysis: Change
) -> None:
    material = make_material(30, 1)
    analysis = material.analysis
    clip = replace(analysis.clip, path=f"/evidence/{hostile}", metadata=((hostile, hostile),), codec=hostile[:40])
    summary = replace(analysis.summaries[0], reason=hostile)
    key_frame = replace(material.key_frames[0], timecode=hostile)
    material = replace(
        with_analysis(material, clip=clip, device=hostile, versions=((hostile, hostile),), summaries=(summary,)),
        case_info=CaseInfo(hostile, hostile, hostile, hostile, hostile),
        notes=(Note(1, hostile, hostile, hostile),),
        bookmarks=(Bookmark(1, 1024, hostile, hostile),),
        audit=(AuditEntry(hostile, hostile, hostile),),
        key_frames=(key_frame,),
    )
    reader = pdf_of(material)
    said = text_of(reader)
    for character in ("\u202e", "\x00", "\x07", "\ud800"):
        assert character not in said
    total = len(reader.pages)
    assert f"page {total} of {total}" in words(reader.pages[-1].extract_text())
    if "<b>" in hostile:
        assert "<b>bold</b>" in said
    assert len(reader.pages) < 40
    assert str(reader.metadata.title).startswith("Evidence report: ") if reader.metadata else False


def test_notes_stand_apart_and_keep_their_lines(make_material: Make) -> None:
    reader = pdf_of(make_material())
    page = next(p.extract_text() for p in reader.pages if "The tool neither wrote nor checked it" in p.extract_text())
    assert "Mouth looks soft.\nSee also E-8." in page


def test_decisions_on_findings_are_the_examiners(make_material: Make) -> None:
    material = make_material()
    key, at = finding_key(material.analysis, material.analysis.findings[0]), "2026-11-20T11:05:00Z"
    kept = Review(1, key, Decision.REJECTED, "a beauty filter", material.case_info.examiner, at)
    stray = replace(kept, review_id=2, finding=key.replace("analysis of 2026", "analysis of 2025"))
    old = replace(kept, review_id=3, finding="track 9 | gone | 1-2")
    said = text_of(pdf_of(replace(material, reviews=(kept, stray, old))))
    assert "(the examiner disagrees)" in page_one(replace(material, reviews=(kept,)))
    assert said.count("the examiner disagrees: a beauty filter") == 3
    others = said.split("Decisions on findings of another analysis")[1]
    assert "track 9 | gone" in others
    assert (others.count("an older version did not record"), others.count("analysis of 2025")) == (1, 1)


def test_a_still_twelve_tracks_and_no_face_have_reports(make_material: Make) -> None:
    still = text_of(pdf_of(make_material(1, 1)))
    assert "The picture “suspect clip.mp4”" in still
    assert "Face 12: no manipulation indicated" in text_of(pdf_of(make_material(60, 12)))
    nobody = text_of(pdf_of(make_material(20, 0)))
    assert "No face to score. The tool says nothing about this clip" in nobody
    assert "no face was followed" in nobody.lower()


def test_thousands_of_tracks_and_gaps_are_cut_openly(make_material: Make, with_analysis: Change) -> None:
    material = make_material(30, 1)
    one = material.analysis.summaries[0]
    many = tuple(replace(one, track_id=n) for n in range(1, 1501))
    gaps = tuple(Gap(2000 + n, 2001 + n, "damaged") for n in range(900))
    reader = pdf_of(with_analysis(material, summaries=many, gaps=gaps))
    said = text_of(reader)
    assert "1 300 more tracks are in report.json." in said
    assert "700 more gaps are in report.json." in said
    assert len(reader.pages) < 60


def test_the_command_line_makes_the_same_settings_again(make_material: Make, with_analysis: Change) -> None:
    settings = Settings(stream=2, every=3, start_seconds=1.5, end_seconds=4.25, whole_frame=True, device="cpu")
    line, others = command(with_analysis(make_material(10, 1), settings=settings).analysis)
    assert others == []
    assert cli._settings(cli._parser().parse_args(line[1:])) == settings


def test_other_streams_and_changes_within_the_stream_are_named(make_material: Make, with_analysis: Change) -> None:
    material = make_material(10, 1)
    clip = material.analysis.clip
    first = PictureFormat(
        width=640, height=360, coded_width=640, coded_height=360, sample_aspect=Fraction(1), rotation=0,
        is_mirrored=False, is_interlaced=False, pix_fmt="yuv420p", colour=clip.colour,
    )  # fmt: skip
    uses = (FormatUse(first, 0, 0, 6), FormatUse(replace(first, is_interlaced=True, width=854), 6, pts_of(6), 4))
    streams = (
        StreamInfo(0, StreamKind.VIDEO, "h264", 640, 360, 10, 0.4, is_main=True),
        StreamInfo(1, StreamKind.VIDEO, "h264", 640, 360, 9, 0.36, "rear camera"),
        StreamInfo(2, StreamKind.COVER, "mjpeg", 300, 300, 1),
    )
    clip = replace(clip, streams=streams, remarks=("It was read in some way.",), crop=(8, 0, 0, 4), is_mirrored=True)
    changed = with_analysis(material, formats=uses, clip=clip)
    assert "The file holds 1 other stream of pictures, not examined here" in page_one(changed)
    assert "The stored pictures change within the stream" in page_one(changed)
    said = text_of(pdf_of(changed))
    for expected in (
        "2 not analysed here cover picture, mjpeg, 300 × 300 px, 1 picture",
        "1 not analysed here video, h264, 640 × 360 px, 9 pictures, 0.360 s, “rear camera”",
        "size 854 × 360 (was 640 × 360)", "scanning interlaced (was progressive)",
        "changes: 4 interlaced pictures, deinterlaced, and progressive ones", "It was read in some way.",
        "8 left, 0 top, 0 right, 4 bottom", "mirrored, then 0° clockwise",
    ):  # fmt: skip
        assert expected in said, expected
    plain = text_of(pdf_of(material))
    assert "Streams of pictures in the file" not in plain
    assert "Changes within the stream" not in plain


def test_settings_without_an_option_are_named(make_material: Make) -> None:
    _, others = command(make_material(10, 1).analysis)
    assert others == ["Smoothing: 0.6 s"]


@pytest.mark.timeout(120)
def test_a_long_clip_is_streamed_and_takes_little_memory(make_material: Make, tmp_path: Path) -> None:
    """Half an hour at 30 frames per second with one face: 54,000 scores."""
    short = make_material(250, 1)
    n_frames = 54_000
    sample = list(short.scores())
    frame = next(short.frames())

    def frames() -> object:
        return (replace(frame, index=i, pts=1024 + i * 427) for i in range(n_frames))

    def scores() -> object:
        return (replace(sample[i % len(sample)], pts=1024 + i * 427) for i in range(n_frames))

    track = replace(short.analysis.summaries[0], end_pts=1024 + n_frames * 427)
    material = replace(
        short,
        frames=frames,  # type: ignore[arg-type]
        scores=scores,  # type: ignore[arg-type]
        analysis=replace(short.analysis, summaries=(track,)),
    )
    overview = write_frames(material, tmp_path / "frames.csv")
    write_signals(material, tmp_path / "signals.csv")
    data = make_pdf(material, overview)
    assert overview.frames == n_frames
    kept = sum(s.seconds.nbytes + s.probability.nbytes for s in overview.series.values())
    assert kept == 16 * n_frames
    assert len(data) < 2 * 2**20


def images_under(reader: PdfReader, words_on_page: str) -> list[tuple[int, int]]:
    page = next(p for p in reader.pages if words_on_page in words(p.extract_text()))
    return [image.image.size for image in page.images if image.image is not None]


def test_saved_pictures_stand_beside_the_frame_with_filters_and_parameters_beneath(make_material: Make) -> None:
    chain = (FilterStep("high_pass", (2.5, 12)), default_step("gamma"))
    pictures = (make_saved_figure(1, 12, chain, "edge of <b>the ear"),)
    reader = pdf_of(replace(make_material(60, 1), saved_figures=pictures))
    said = text_of(reader)
    assert "High-pass residual (radius 2.5 px, gain 12×); Gamma (γ 1.6)" in said
    assert "edge of <b>the ear" in said
    assert "no score, heat map or conclusion comes from a filtered picture" in said
    assert "filtered, not scored" in said
    assert "figures/saved01-frame000012-decoded.png, figures/saved01-frame000012-filtered.png" in said
    assert images_under(reader, "1. Frame 12 at 0.480 s") == [(640, 360)] * 2, "decoded and filtered"


def test_each_saved_picture_is_developed_once_for_the_pages(make_material: Make) -> None:
    made = []
    picture = make_saved_figure(1, 12)
    counting = replace(picture, render=lambda: (made.append(1), picture.render())[1])
    pdf_of(replace(make_material(20, 1), saved_figures=(counting,)))
    assert len(made) == 1


def test_a_report_without_saved_figures_says_so(make_material: Make) -> None:
    assert "The examiner saved no frame of this clip." in text_of(pdf_of(make_material(20, 1)))
