"""What an examiner leaves out of a report is not in it, and page one says so."""

from dataclasses import replace

from inspector.engine.report.parts import SECTIONS, ReportPart
from tests.engine.report.pdf.test_document import Make, page_one, pdf_of, text_of


def test_sections_that_are_left_out_are_named_on_page_one(make_material: Make) -> None:
    material = make_material(30, 1)
    cut = replace(material, left_out=(ReportPart.FILE, ReportPart.SIGNALS))
    whole, short = pdf_of(material), pdf_of(cut)
    before, after = ([each.title for each in reader.outline if not isinstance(each, list)] for reader in (whole, short))
    for part in cut.left_out:
        assert " ".join(part.split()) in " ".join(page_one(cut).split())
        for title in SECTIONS[part]:
            assert title in before
            assert title not in after
    assert "Tags in the container" not in text_of(short)
    assert "The examiner left out" not in text_of(whole)


def test_a_range_of_the_settings_is_on_page_one_and_beside_the_frames(make_material: Make) -> None:
    """Who leaves out a passage must not get a report that speaks of the clip."""
    whole = make_material(20, 1)
    settings = replace(whole.analysis.settings, start_seconds=0.2, end_seconds=0.6)
    ranged = replace(whole, analysis=replace(whole.analysis, settings=settings))
    sentence = "Only the part from 0.20 s to 0.60 s was examined, as the settings say."
    assert sentence in page_one(ranged)
    assert text_of(pdf_of(ranged)).count(sentence) == 2
