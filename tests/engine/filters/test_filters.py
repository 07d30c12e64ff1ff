"""Filters on images with a known result."""

import cv2
import numpy as np
import pytest

from inspector.domain.errors import PictureError
from inspector.engine.filters import filters
from inspector.engine.filters.table import (
    FILTERS,
    VIEWS,
    FilterStep,
    default_step,
    describe_chain,
    encode_chain,
    needs_previous,
    next_view,
    parse_chain,
    with_step,
    without,
)


def noise(seed=0, size=(96, 128)):
    return np.random.default_rng(seed).integers(0, 256, (*size, 3), dtype=np.uint8)


def texture(shift=0):
    small = np.random.default_rng(3).integers(0, 256, (24, 40, 3), dtype=np.uint8)
    return np.roll(cv2.resize(small, (320, 192), interpolation=cv2.INTER_CUBIC), shift, axis=1)


@pytest.mark.parametrize("filter_id", list(FILTERS))
def test_every_filter_returns_an_image_and_does_not_change_its_input(filter_id):
    image, previous = noise(1), noise(2)
    kept = image.copy(), previous.copy()
    out = filters.apply((default_step(filter_id),), image, previous)
    assert (out.shape, out.dtype) == (image.shape, np.uint8)  # type: ignore[comparison-overlap]
    assert (out != image).any()
    assert np.array_equal(image, kept[0])
    assert np.array_equal(previous, kept[1])


def test_an_empty_chain_returns_the_image():
    image = noise()
    assert filters.apply((), image) is image


def test_error_level_is_the_difference_to_a_jpeg_in_the_same_channel_order():
    image = noise()
    _, saved = cv2.imencode(".jpg", image[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, 80])
    again = cv2.imdecode(saved, cv2.IMREAD_COLOR)[..., ::-1]
    assert np.array_equal(filters.error_level(image, 80, 1), cv2.absdiff(image, np.ascontiguousarray(again)))


def test_error_level_is_higher_where_the_compression_history_differs():
    smooth = cv2.GaussianBlur(noise(5, (128, 128)), (0, 0), 2)
    _, saved = cv2.imencode(".jpg", smooth, [cv2.IMWRITE_JPEG_QUALITY, 90])
    image = cv2.imdecode(saved, cv2.IMREAD_COLOR)
    image[:64, :64] = noise(6, (64, 64))
    level = filters.error_level(image[..., ::-1].copy(), 90, 10)  # type: ignore[arg-type]
    assert level[8:56, 8:56].mean() > 3 * level[72:, 72:].mean()


def test_high_pass_of_a_uniform_image_is_middle_grey():
    flat = np.full((40, 40, 3), 77, np.uint8)
    assert (filters.high_pass(flat, 1.5, 10) == 128).all()


def test_difference_is_per_pixel_and_clipped():
    image, previous = np.full((8, 8, 3), 100, np.uint8), np.full((8, 8, 3), 96, np.uint8)
    previous[0, 0] = (110, 100, 0)
    out = filters.difference(image, previous, 8)
    assert out[4, 4].tolist() == [32, 32, 32]
    assert out[0, 0].tolist() == [80, 0, 255]


@pytest.mark.parametrize("pixels", [1, 3])
def test_flow_measures_a_known_shift(pixels):
    out = filters.flow(texture(pixels), texture(), 6.0)
    wanted = cv2.applyColorMap(np.array([[round(pixels * 255 / 6)]], np.uint8), cv2.COLORMAP_INFERNO)[0, 0, ::-1]
    middle = np.median(out[40:-40, 40:-40].reshape(-1, 3), axis=0)
    assert np.abs(middle - wanted).max() < 25
    assert (filters.flow(texture(), texture(), 6.0).max(axis=2) < 10).mean() > 0.95


def test_levels_stretch_and_clip():
    ramp = np.repeat(np.arange(256, dtype=np.uint8)[None, :, None], 3, axis=2)
    out = filters.levels(ramp, 50, 150)[0, :, 0]
    assert (out[:51] == 0).all()
    assert (out[150:] == 255).all()
    assert out[100] in (127, 128)
    assert (filters.levels(ramp, 200, 100)[0, :200] == 0).all()


def test_gamma_brightens_shadows_and_keeps_black_and_white():
    ramp = np.repeat(np.arange(256, dtype=np.uint8)[None, :, None], 3, axis=2)
    out = filters.gamma(ramp, 2.0)[0, :, 0]
    assert (out[0], out[255], out[64]) == (0, 255, round(255 * (64 / 255) ** 0.5))
    assert np.array_equal(filters.gamma(ramp, 1.0), ramp)


def test_sharpening_raises_contrast_at_an_edge_only():
    image = np.full((20, 40, 3), 100, np.uint8)
    image[:, 20:] = 150
    out = filters.sharpen(image, 1.0, 1.5)
    assert out[10, 20, 0] > 150
    assert out[10, 19, 0] < 100
    assert (out[:, :8] == 100).all()


def test_a_filter_without_the_previous_frame_it_needs_raises():
    chain = (default_step("difference"),)
    assert needs_previous(chain)
    with pytest.raises(PictureError, match="no previous frame"):
        filters.apply(chain, noise())


def test_a_chain_has_one_view_first_then_adjustments_in_order():
    chain = ()
    for filter_id in ("gamma", "error_level", "sharpen", "flow", "gamma"):
        chain = with_step(chain, default_step(filter_id))  # type: ignore[assignment]
    assert [step.filter_id for step in chain] == ["flow", "sharpen", "gamma"]
    assert [step.filter_id for step in without(chain, ["flow", "levels"])] == ["sharpen", "gamma"]


def test_cycling_goes_through_every_view_and_back_and_keeps_adjustments():
    chain = (default_step("gamma"),)
    seen = []
    for _ in range(len(VIEWS) + 1):
        chain = next_view(chain)  # type: ignore[assignment]
        seen.append([step.filter_id for step in chain])
    assert seen == [*([spec.id, "gamma"] for spec in VIEWS), ["gamma"]]


def test_the_text_names_every_parameter_and_invalid_values_are_rejected():
    chain = with_step((default_step("gamma"),), FilterStep("error_level", (75, 20)))
    assert describe_chain(chain) == "Error level (JPEG quality 75, gain 20×); Gamma (γ 1.6)"
    with pytest.raises(ValueError, match="JPEG quality"):
        with_step((), FilterStep("error_level", (10, 20)))
    with pytest.raises(ValueError, match="γ"):
        with_step((), FilterStep("gamma", (float("nan"),)))


@pytest.mark.parametrize(
    "chain",
    [
        (),
        (default_step("flow"),),
        (FilterStep("high_pass", (2.5, 12)), FilterStep("sharpen", (0.7, 1.5)), FilterStep("gamma", (0.3,))),
    ],
)
def test_an_encoded_chain_is_parsed_to_the_same_values(chain):
    assert parse_chain(encode_chain(chain)) == chain


@pytest.mark.parametrize(
    "text", ["blur 3", "gamma", "gamma 1 2", "gamma 99", "gamma nan", "gamma x", "gamma 1;gamma 1"]
)
def test_invalid_chain_texts_are_rejected(text):
    with pytest.raises(ValueError, match=r"filter|number|float|argument|lie between"):
        parse_chain(text)
