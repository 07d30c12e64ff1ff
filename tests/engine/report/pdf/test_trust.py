"""The report names what changed the case file, and by which means the processes that decoded were confined."""

from collections.abc import Callable
from dataclasses import replace
from io import BytesIO

from pypdf import PdfReader

from inspector.engine.report.material import ReportMaterial
from inspector.engine.report.pdf.document import make_pdf
from inspector.engine.report.series import read

Make = Callable[..., ReportMaterial]
ANALYSIS = "Confinement of the process that decoded the clip: "
PLAYER = "Confinement of the process that showed it in the window: "


def said_by(material: ReportMaterial) -> str:
    reader = PdfReader(BytesIO(make_pdf(material, read(material, lambda *_row: None))))
    return " ".join(" ".join(page.extract_text() for page in reader.pages).split())


def test_an_edit_of_a_decision_with_another_tool_is_on_page_one(make_material: Make):
    problem = "review 1 was changed without an entry in the log"
    material = replace(make_material(10, 1), log_problems=(problem, "name 1 was removed without an entry in the log"))
    reader = PdfReader(BytesIO(make_pdf(material, read(material, lambda *_row: None))))
    first = " ".join(reader.pages[0].extract_text().split())
    assert f"Something else than this program changed the case file: {problem} and 1 more" in first


def test_both_processes_are_named(make_material: Make):
    material = make_material(10, 1)
    analysis = replace(material.analysis, confinement="Landlock 7 (files)")
    said = said_by(replace(material, analysis=analysis, player_confinement="<b>job</b> object\x1b[31m"))
    assert f"{ANALYSIS}Landlock 7 (files)." in said
    assert f"{PLAYER}<b>job</b> object" in said
    assert "\x1b" not in said


def test_without_a_window_there_is_one(make_material: Make):
    said = said_by(make_material(10, 1))
    assert ANALYSIS in said
    assert PLAYER not in said
