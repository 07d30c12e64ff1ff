"""Pictures of one stream that differ: each is shown by what it declares itself, and the changes are named."""

from fractions import Fraction

import cv2
import numpy as np
import pytest

from inspector.domain.clip import Frame
from inspector.domain.settings import Settings
from inspector.engine.analysis.pipeline import analyze
from inspector.engine.decode.decoder import Decoder, frame_sha256, open_clip
from tests.clips import Picture, code_picture, join_streams, make_clip, read_code


def still(image: np.ndarray) -> Picture:
    """The same picture each time."""
    return lambda _: image


def circle(size, pixel_aspect=1.0, level=230) -> np.ndarray:
    """A bright disc that is round once pixels of this aspect are made square; uint8 (h, w, 3)."""
    image = np.full((size[1], size[0], 3), 30, np.uint8)
    radius = 0.4 * min(size[0] * pixel_aspect, size[1])
    axes = (round(radius / pixel_aspect), round(radius))
    cv2.ellipse(image, (size[0] // 2, size[1] // 2), axes, 0, 0, 360, (level,) * 3, -1)
    return image


def disc_ratio(image) -> float:
    """Width by height of the disc in a picture."""
    ys, xs = np.nonzero(image[..., 1] > 130)
    return float(np.ptp(xs) + 1) / float(np.ptp(ys) + 1)


def frames_of(clip) -> list[Frame]:
    with Decoder(clip) as decoder:
        return [item for item in decoder.frames() if isinstance(item, Frame)]


def assert_random_access_is_exact(clip, frames) -> None:
    """Each frame has the same bytes when it is sought by a new decoder, in an order of its own."""
    expected = {frame.pts: frame_sha256(frame.image) for frame in frames}
    order = [frames[at].pts for at in np.random.default_rng(1).permutation(len(frames))]
    with Decoder(clip) as decoder:
        for pts in order:
            assert frame_sha256(decoder.frame_at(pts).image) == expected[pts]
    with Decoder(clip) as decoder:
        for pts in order[:8]:
            assert frame_sha256(next(decoder.frames(pts)).image) == expected[pts]


@pytest.mark.parametrize("suffix", [".webm", ".mkv"])
def test_a_stream_that_changes_its_size_keeps_square_pixels(tmp_path, suffix) -> None:
    parts = []
    for name, size in (("wide", (160, 120)), ("tall", (120, 160))):
        picture = circle(size)
        parts.append(make_clip(tmp_path / f"{name}.webm", codec="libvpx", size=size, frames=10, picture=still(picture)))
    clip = open_clip(join_streams(tmp_path / f"turned{suffix}", parts))
    frames = frames_of(clip)
    assert [frame.image.shape[:2] for frame in frames] == [(120, 160)] * 10 + [(160, 120)] * 10
    assert all(disc_ratio(frame.image) == pytest.approx(1, abs=0.05) for frame in frames)
    assert_random_access_is_exact(clip, frames)


def test_a_sample_aspect_ratio_that_changes_is_followed(tmp_path) -> None:
    parts = []
    for number, aspect in enumerate((Fraction(1), Fraction(16, 11))):
        picture = circle((160, 120), float(aspect))
        parts.append(
            make_clip(
                tmp_path / f"{number}.ts",
                size=(160, 120),
                sample_aspect=aspect,
                start_offset=number,
                frames=10,
                picture=still(picture),
            )
        )
    path = tmp_path / "joined.ts"
    path.write_bytes(b"".join(part.read_bytes() for part in parts))
    clip = open_clip(path)
    frames = frames_of(clip)
    assert [frame.image.shape[:2] for frame in frames] == [(120, 160)] * 10 + [(120, 233)] * 10
    assert all(disc_ratio(frame.image) == pytest.approx(1, abs=0.06) for frame in frames)
    assert [frame.format.sample_aspect for frame in frames[9:11] if frame.format] == [1, Fraction(16, 11)]
    assert_random_access_is_exact(clip, frames)


def test_an_aspect_ratio_of_the_container_overrides_that_of_the_pictures(tmp_path) -> None:
    path = make_clip(tmp_path / "plain.mp4", size=(160, 120), frames=3, sample_aspect=Fraction(1))
    data = bytearray(path.read_bytes())
    at = data.index(b"pasp")
    data[at + 4 : at + 12] = (2).to_bytes(4, "big") + (1).to_bytes(4, "big")
    path.write_bytes(data)
    clip = open_clip(path)
    assert (clip.sample_aspect, clip.coded_aspect) == (Fraction(2), Fraction(1))
    assert [frame.image.shape[:2] for frame in frames_of(clip)] == [(120, 320)] * 3


def combed(number: int) -> np.ndarray:
    """A bar that moves between the two fields of a picture; uint8 (64, 96, 3)."""
    image = np.full((64, 96, 3), 40, np.uint8)
    for field in (0, 1):
        left = (number * 2 + field) * 4 % 80
        image[field::2, left : left + 16] = 220
    return image


def combing(image) -> float:
    """Mean difference of a row from the mean of its neighbours."""
    grey = image[..., 1].astype(float)
    return float(np.abs(grey[1:-1] - (grey[:-2] + grey[2:]) / 2).mean())


@pytest.fixture
def mixed_scan(tmp_path):
    """15 progressive and 25 interlaced pictures in one transport stream."""
    first = make_clip(tmp_path / "a.ts", frames=15, gop=5)
    second = make_clip(
        tmp_path / "b.ts",
        frames=25,
        gop=5,
        interlaced=True,
        picture=combed,
        start_offset=0.6,
        options={"x264-params": "tff=1"},
    )
    path = tmp_path / "mixed.ts"
    path.write_bytes(first.read_bytes() + second.read_bytes())
    return path


def test_interlaced_pictures_behind_progressive_ones_are_deinterlaced(mixed_scan) -> None:
    clip = open_clip(mixed_scan)
    assert not clip.is_interlaced, "the first pictures are progressive"
    frames = frames_of(clip)
    assert [frame.is_interlaced for frame in frames] == [False] * 15 + [True] * 25
    assert [read_code(frame.image) for frame in frames[:15]] == list(range(15))
    assert max(combing(frame.image) for frame in frames[15:]) < combing(combed(3)) / 3
    assert_random_access_is_exact(clip, frames)


def test_progressive_pictures_beside_interlaced_ones_are_not_filtered(mixed_scan, tmp_path) -> None:
    alone = frames_of(open_clip(tmp_path / "a.ts"))
    mixed = frames_of(open_clip(mixed_scan))
    assert [frame_sha256(frame.image) for frame in alone] == [frame_sha256(frame.image) for frame in mixed[:15]]


def test_colour_that_changes_is_followed(tmp_path) -> None:
    parts = [
        make_clip(
            tmp_path / f"{matrix}.ts",
            frames=5,
            matrix=matrix,
            color_range=range_,
            primaries=1,
            transfer=1,
            start_offset=number,
            picture=still(np.full((64, 96, 3), (200, 90, 40), np.uint8)),
        )
        for number, (matrix, range_) in enumerate([(1, 1), (6, 2)])
    ]
    path = tmp_path / "joined.ts"
    path.write_bytes(b"".join(part.read_bytes() for part in parts))
    frames = frames_of(open_clip(path))
    assert [frame.format.colour.matrix for frame in frames[4:6] if frame.format] == ["bt709", "smpte170m"]
    assert [frame.format.colour.range for frame in frames[4:6] if frame.format] == ["tv", "pc"]
    for frame in frames:
        assert np.abs(frame.image[30, 40].astype(int) - (200, 90, 40)).max() <= 3


def test_an_analysis_names_each_format_with_its_first_picture(mixed_scan) -> None:
    batches = analyze(open_clip(mixed_scan), None, Settings())
    while True:
        try:
            next(batches)
        except StopIteration as end:
            analysis = end.value
            break
    first, second = analysis.formats
    assert (first.pictures, second.pictures, second.first_index) == (15, 25, 15)
    assert first.format.differences(second.format) == ("scanning interlaced (was progressive)",)


def test_a_change_of_size_begins_a_shot(tmp_path) -> None:
    same = np.full((128, 128, 3), 120, np.uint8)
    parts = [
        make_clip(
            tmp_path / f"{side}.webm",
            codec="libvpx",
            size=(side, side),
            frames=4,
            picture=still(same[:side, :side]),
        )
        for side in (96, 128)
    ]
    batches = analyze(open_clip(join_streams(tmp_path / "two.webm", parts)), None, Settings())
    assert [frame.is_shot_start for batch in batches for frame in batch.frames] == [False] * 4 + [True] + [False] * 3


def test_mirrored_clips_say_so(tmp_path) -> None:
    path = make_clip(tmp_path / "front.mov", frames=2, mirrored=True)
    assert open_clip(path).is_mirrored
    assert not open_clip(make_clip(tmp_path / "back.mov", frames=2)).is_mirrored
    assert read_code(frames_of(open_clip(path))[1].image[:, ::-1]) == 1
    assert code_picture(1).shape == (64, 96, 3)


@pytest.mark.parametrize(
    ("aspect", "size"), [("1280/1279", (1280, 64)), ("1279/1280", (1280, 64)), ("4/3", (1707, 64))]
)
def test_pixels_that_are_square_but_for_rounding_stay_as_they_are(tmp_path, aspect, size) -> None:
    path = make_clip(tmp_path / "clip.mp4", size=(1280, 64), frames=2, sample_aspect=Fraction(aspect))
    clip = open_clip(path)
    assert (clip.width, clip.height, clip.sample_aspect) == (*size, Fraction(aspect))
    with Decoder(clip) as decoder:
        assert decoder.frame_at(clip.start_pts).image.shape == (size[1], size[0], 3)
