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
