"""What was done to a picture of the report, in order, from the file to the page."""

from __future__ import annotations

from inspector.domain.clip import Clip, PictureFormat
from inspector.engine.report.material import KeyFrame


def decoding(shown: PictureFormat | Clip, *, is_deinterlaced: bool) -> str:
    """The steps from the stored picture to the displayed one, which is what was scored."""
    steps = ["decoded"]
    if is_deinterlaced:
        steps.append("deinterlaced")
    steps.append("converted from HDR to 8-bit RGB" if shown.colour.tone_mapped else "converted to 8-bit RGB")
    if shown.sample_aspect != 1:
        steps.append("its pixels made square")
    if shown.is_mirrored:
        steps.append("mirrored")
    if shown.rotation:
        steps.append(f"turned {shown.rotation}° clockwise")
    return ", ".join(steps)


def of_key_frame(key_frame: KeyFrame, clip: Clip, crop_px: int, most_px: int) -> str:
    """The steps of a key frame's pictures; crops are `crop_px` and pictures at most `most_px` pixels a side here."""
    frame, crop, cam = key_frame.frame, key_frame.score.crop, key_frame.cam
    said = [
        f"Frame: {decoding(frame.format or clip, is_deinterlaced=frame.is_interlaced)}; the face's box and name drawn."
    ]
    if crop is not None:
        where = f"{crop.width:.0f} × {crop.height:.0f} pixels from x {crop.x:.0f}, y {crop.y:.0f}"
        said.append(f"Crops: cut from it ({where}) and scaled to {crop_px} × {crop_px}.")
    if cam is not None:
        high, wide = cam.values.shape
        said.append(f"Heat map: the crop in grey, the map's {wide} × {high} values scaled linearly and laid over it.")
    if crop is not None and key_frame.landmarks is not None:
        said.append("Landmarks: drawn over the crop.")
    said.append(f"In this PDF all are at most {most_px} pixels a side, as JPEG.")
    return " ".join(said)
