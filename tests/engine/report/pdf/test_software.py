"""The report names by which means the processes that decoded the clip were confined."""

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
