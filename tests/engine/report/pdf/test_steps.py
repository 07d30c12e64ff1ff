"""Beside each picture of the report stands what was done to it, from the stored picture to the page."""

from dataclasses import replace
from fractions import Fraction

from inspector.engine.report.pdf.steps import decoding
from tests.engine.report.pdf.test_document import Make, pdf_of, text_of


def test_the_steps_of_decoding_are_those_that_the_picture_needed(make_material: Make) -> None:
    clip = replace(make_material(40, 1).analysis.clip, rotation=0, is_mirrored=False, sample_aspect=Fraction(1))
    assert decoding(clip, is_deinterlaced=False) == "decoded, converted to 8-bit RGB"
    odd = replace(clip, rotation=90, is_mirrored=True, sample_aspect=Fraction(4, 3))
    odd = replace(odd, colour=replace(clip.colour, tone_mapped=True))
    assert decoding(odd, is_deinterlaced=True) == (
        "decoded, deinterlaced, converted from HDR to 8-bit RGB, its pixels made square, mirrored, turned 90° clockwise"
    )


def test_a_key_frame_names_its_steps_with_the_place_of_its_crop(make_material: Make) -> None:
    material = make_material(60, 1)
    crop = material.key_frames[0].score.crop
    assert crop is not None
    said = text_of(pdf_of(material))
    assert "Frame: decoded, converted to 8-bit RGB; the face's box and name drawn." in said
    assert f"cut from it ({crop.width:.0f} × {crop.height:.0f} pixels from x {crop.x:.0f}, y {crop.y:.0f})" in said
    assert "scaled to 480 × 480." in said
    assert "In this PDF all are at most 1000 pixels a side, as JPEG." in said
