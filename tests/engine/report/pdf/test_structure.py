"""The structure of the file in the report: facts with their causes, and limits for long lists."""

from dataclasses import replace

from inspector.domain.credentials import Credentials, CredentialStatus
from inspector.domain.file_facts import FileFacts
from inspector.domain.structure import Element, Structure, StructureFact, Tag
from tests.engine.report.pdf.test_document import pdf_of, text_of


def test_facts_stand_beside_their_causes_and_long_lists_end(make_material) -> None:
    found = Structure(
        "ISO base media",
        9,
        tuple(Element(f"k{at:03}", at % 20, at, 1, is_known=at != 3) for at in range(500)),
        tuple(Tag("udta", "encoder", f"<i>value {at}</i>") for at in range(70)),
        ("A box is too long.",),
        (StructureFact("a", "Written by Lavf60.", "Downloads have it.", "FFmpeg"),),
        left_out=1000,
    )
    facts = FileFacts(Credentials(CredentialStatus.NONE, ""), found)
    said = text_of(pdf_of(replace(make_material(30, 1), file_facts=facts)))
    assert "Written by Lavf60. Usual causes: Downloads have it. [FFmpeg]" in said
    assert "A box is too long." in said
    assert "<i>value 49</i>" in said
    assert "20 more tags are in report.json" in said
    assert "k079" in said
    assert "k080" not in said
    assert "1 420 more parts are in report.json" in said
    assert "1 bytes at byte 3 (not known)" in said
