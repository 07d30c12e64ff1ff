"""The examiner's names of faces in the report."""

from dataclasses import replace

from tests.engine.report.pdf.test_document import Make, page_one, pdf_of, text_of


def test_the_examiners_names_of_faces_stand_beside_their_numbers(make_material: Make) -> None:
    material = make_material(60, 2)
    track = material.analysis.summaries[0]
    named = replace(material, names={track.track_id: "the <b>minister</b>"})
    reader = pdf_of(named)
    called = f"Face {track.track_id} (“the <b>minister</b>”)"
    assert f"{called}: {track.conclusion}" in text_of(reader), "its name is no markup"
    said = page_one(named)
    assert called in said
    assert "the tool identifies nobody" in said
    assert "the tool identifies nobody" not in page_one(material)
