from pathlib import Path

import cv2
import numpy as np
import pytest
import torch

from inspector.domain.errors import TrainingError
from inspector.domain.faces import Face
from inspector.domain.geometry import Box, LandmarkSet
from inspector.engine.analysis.changes import h264
from inspector.engine.faces.crop import crop_box, cut
from tests.training.conftest import painted
from training.forge import autoencoders, masks
from training.forge.augment import augment, frame_tightly, jpeg, network_crop, pre_degrade, soften, turn, upload
from training.forge.forge import KINDS, Forger, Picture
from training.forge.retouch import match_sharpness, shrink_and_enlarge
from training.recipe import Recipe


def forger(kind: str = "self_blend") -> Forger:
    models = [(k, autoencoders.Autoencoder(k).eval()) for k in autoencoders.KINDS[:3]]
    return Forger({kind: 1.0}, lambda random, _: Picture(*painted(int(random.integers(50, 60)))), models)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_changes_the_face_keeps_the_size_and_repeats(kind: str) -> None:
    picture, maker = Picture(*painted(1)), forger(kind)
    before = picture.image.copy()
    forged, name = maker.forge(picture, np.random.default_rng(4))
    again, _ = maker.forge(picture, np.random.default_rng(4))
    assert name == kind
    assert forged.shape == picture.image.shape
    assert forged.dtype == np.uint8
    assert np.array_equal(forged, again)
    assert np.array_equal(picture.image, before), "the original must stay as it is"
    inside = masks.hull(picture.points, forged.shape[:2], "whole") > 0
    assert np.abs(forged.astype(int) - before)[inside].max() > 3


@pytest.mark.parametrize("kind", ["self_blend", "autoencoder_swap", "landmark_swap", "redrawn_mouth"])
def test_blended_kinds_leave_the_surroundings_nearly_alone(kind: str) -> None:
    picture, maker = Picture(*painted(2)), forger(kind)
    for seed in range(6):
        forged, _ = maker.forge(picture, np.random.default_rng(seed))
        change = np.abs(forged.astype(int) - picture.image).mean(axis=2)
        corners = np.concatenate([change[:6, :6].ravel(), change[-6:, -6:].ravel()])
        # Self-blending may put the surroundings off instead of the face: then they change, and the face does not.
        assert corners.mean() < 1 or kind == "self_blend"


def test_an_unknown_kind_or_none_is_refused() -> None:
    for weights in ({"morph": 1.0}, {"self_blend": 0.0}):
        with pytest.raises(TrainingError, match="self_blend"):
            Forger(weights, lambda *_: Picture(*painted(0)), ())


@pytest.mark.parametrize("name", masks.SHAPES)
def test_hulls_lie_about_the_face(name: str) -> None:
    _, points = painted(3)
    mask = masks.hull(points, (96, 96), name)
    assert mask.min() == 0
    assert mask.max() == 1
    whole = masks.hull(points, (96, 96), "forehead")
    assert (mask <= whole).mean() > 0.98
    assert mask.sum() < whole.sum() or name == "forehead"


def test_the_two_sides_of_a_face_make_up_the_whole() -> None:
    _, points = painted(3)
    left, right = (masks.hull(points, (96, 96), "side", left) for left in (True, False))
    assert np.array_equal(left + right, masks.hull(points, (96, 96), "whole"))


def test_a_warp_moves_a_mark_from_its_landmark_to_the_target() -> None:
    image = np.zeros((96, 96, 3), np.uint8)
    _, points = painted(5)
    anchor = masks.LIPS[0]
    x, y = np.round(points[anchor]).astype(int)
    image[y - 1 : y + 2, x - 1 : x + 2] = 255
    target = (points * 0.8 + 12).astype(np.float32)
    bent = masks.warp_to(image, points, target, (96, 96))
    row, column = np.unravel_index(bent[..., 0].argmax(), bent.shape[:2])
    assert np.hypot(column - target[anchor, 0], row - target[anchor, 1]) < 3


def test_a_pair_gets_the_same_augmentation() -> None:
    image, points = painted(6)
    for seed in range(25):
        one, other = augment((image, image.copy()), points, 0.2, 48, np.random.default_rng(seed))
        assert np.array_equal(one, other)
        assert one.shape == (48, 48, 3)


def test_whole_frames_of_any_shape_are_augmented() -> None:
    image = np.random.default_rng(1).integers(0, 256, (45, 97, 3), dtype=np.uint8)
    nowhere = np.full((478, 2), np.nan, np.float32)
    for seed in range(60):
        one, other = augment((image, image.copy()), nowhere, 0.2, 48, np.random.default_rng(seed), letterboxed=0.5)
        assert np.array_equal(one, other)
        assert one.shape == (48, 48, 3)
        assert one.dtype == np.uint8


def test_a_turned_picture_repeats_its_edge() -> None:
    _, points = painted(6)
    flat = np.full((96, 80, 3), 90, np.uint8)
    turned, _ = turn(flat, points, 20.0, False)
    assert turned.shape == flat.shape
    assert np.abs(turned.astype(int) - 90).max() <= 1, "no black corners, which would tell that it was turned"


def test_without_a_shake_the_network_sees_what_the_engine_cuts() -> None:
    image, points = painted(7)
    low, high = points.min(axis=0), points.max(axis=0)
    landmarks = LandmarkSet(np.pad(points, ((0, 0), (0, 1))))
    box = crop_box(Face(0, Box(*map(float, low), *map(float, high - low)), landmarks, 1.0), 0.2)
    assert np.array_equal(network_crop(image, points, 0.2, 64, (0, 0, 1)), cut(image, box, 64))


def test_turning_keeps_landmarks_on_their_pixels() -> None:
    image = np.zeros((97, 97, 3), np.uint8)
    image[30, 60] = 255
    points = np.full((478, 2), (60, 30), np.float32)
    turned, moved = turn(image, points, 0.0, True)
    assert turned[30, round(moved[0, 0])].max() == 255
    turned, moved = turn(image, points, 15.0, False)
    row, column = np.unravel_index(turned[..., 0].argmax(), turned.shape[:2])
    assert np.hypot(column - moved[0, 0], row - moved[0, 1]) < 1.5


@pytest.mark.parametrize("side", [96, 95])
def test_coding_keeps_size_and_loses_more_at_lower_quality(side: int) -> None:
    image = painted(8, side)[0]
    for code, good, bad in ((jpeg, 95, 20), (h264, 16, 40)):
        errors = [np.abs(code(image, q).astype(int) - image).mean() for q in (good, bad)]
        assert code(image, good).shape == image.shape
        assert 0 < errors[0] < errors[1]


def test_tight_framing_keeps_the_face_itself() -> None:
    image, points = painted(9)
    tight = frame_tightly(image, points, np.random.default_rng(1))
    middle = slice(30, 66)
    assert tight.shape == image.shape
    assert np.array_equal(tight[middle, middle], image[middle, middle])


def test_autoencoders_are_saved_and_loaded(tmp_path: Path, tiny: Recipe) -> None:
    kind, model = autoencoders.load(Path(tiny.forge.autoencoders))[0]
    drawn = autoencoders.reconstruct(model, kind, painted(1)[0][:93, :90])
    assert drawn.shape == (93, 90, 3)
    with pytest.raises(TrainingError, match="holds no autoencoder"):
        autoencoders.load(tmp_path)


@pytest.mark.parametrize("growth", [1, 4])
def test_a_critic_changes_the_autoencoder_and_an_enhancer_draws_larger(growth: int) -> None:
    images = [painted(seed)[0] for seed in range(4)]
    kind = autoencoders.Kind(2, 8, "shuffle", growth, has_critic=True)
    known = autoencoders.Autoencoder(kind).state_dict()
    still = autoencoders.fit_one(kind, lambda: images[0], Blind(), 1e-9, 1, lambda _: None, known)
    assert all(torch.equal(v, known[k]) for k, v in still.state_dict().items()), "it begins with what is known"
    random = np.random.default_rng(1)
    drawn = autoencoders.fit_one(kind, lambda: images[int(random.integers(4))], Blind(), 1.0, 1, lambda _: None, known)
    assert autoencoders.reconstruct(drawn, kind, images[0][:32, :30]).shape == (32 * growth, 30 * growth, 3)
    assert all(torch.isfinite(v).all() for v in drawn.state_dict().values())


class Blind(torch.nn.Module):
    """Sees colours and no texture, as quick features for a test."""

    def forward(self, x: torch.Tensor) -> list[torch.Tensor]:
        return [x]


def test_the_critics_gradient_moves_reconstructions_towards_originals() -> None:
    torch.manual_seed(3)
    critic, last = autoencoders.Critic(), torch.nn.Parameter(torch.zeros(3, 1, 1))
    seen = torch.rand(2, 3, 32, 32) * 0.2 + 0.8
    for _ in range(60):
        drawn = torch.tanh(last).expand(2, 3, 32, 32)
        judgement = critic.judge(seen, drawn, (drawn - seen).abs().mean(), last)
        (pull,) = torch.autograd.grad(judgement, last)
        with torch.no_grad():
            last -= 0.05 * pull.sign()  # type: ignore[misc]
    assert torch.tanh(last).mean() > 0.5, "grey is told apart from light, so the critic asks for lighter"


def spread_of_detail(image: np.ndarray) -> float:
    return float(cv2.Laplacian(cv2.cvtColor(image, cv2.COLOR_RGB2GRAY), cv2.CV_32F).std())


def test_a_soft_picture_is_made_as_sharp_as_another_and_a_sharp_one_is_left() -> None:
    image = painted(10)[0]
    soft = shrink_and_enlarge(image, 0.6)
    wanted, before = spread_of_detail(image), spread_of_detail(soft)
    after = spread_of_detail(match_sharpness(soft, image))
    assert abs(after - wanted) < 0.6 * abs(before - wanted)
    assert np.array_equal(match_sharpness(image, soft), image)


def test_softening_takes_detail() -> None:
    image = painted(11)[0]
    for seed in range(8):
        assert spread_of_detail(soften(image, np.random.default_rng(seed))) < spread_of_detail(image)


def test_a_partial_crop_shows_a_part_of_the_face() -> None:
    image, points = painted(12)
    whole = augment((image,), points, 0.2, 48, np.random.default_rng(2))[0]
    part = augment((image,), points, 0.2, 48, np.random.default_rng(2), is_partial=True)[0]
    assert part.shape == whole.shape
    assert not np.array_equal(part, whole)


def test_a_pre_degraded_picture_is_smaller_and_its_landmarks_stay_on_the_face() -> None:
    image, points = painted(4, side=320)
    small, moved = zip(*(pre_degrade(image, points, np.random.default_rng(seed)) for seed in range(12)), strict=True)
    faces = [float(np.ptp(at, axis=0).max()) for at in moved]
    assert max(faces) <= 201
    assert len({round(face) for face in faces}) > 8, "not all of one size"
    for picture, at in zip(small, moved, strict=True):
        assert np.allclose(at / (picture.shape[1], picture.shape[0]), points / 320, atol=1e-5)
    tiny, _ = painted(4, side=64)
    assert pre_degrade(tiny, (points / 5).astype(np.float32), np.random.default_rng(1))[0].shape == tiny.shape, (
        "nothing is enlarged"
    )


def test_a_lip_sync_may_leave_the_edge_of_its_square() -> None:
    picture, maker = Picture(*painted(2)), forger("redrawn_mouth")
    oval = cv2.dilate(masks.hull(picture.points, (96, 96), "whole"), np.ones((9, 9), np.uint8))
    beside = []
    for seed in range(12):
        forged, _ = maker.forge(picture, np.random.default_rng(seed))
        change = np.abs(forged.astype(int) - picture.image).mean(axis=2)
        beside.append(change[oval == 0].mean() > 2)
    assert 0 < sum(beside) < 8


def test_an_upload_keeps_the_size_and_repeats_and_is_coded_and_sometimes_small() -> None:
    image = np.random.default_rng(1).integers(0, 256, (96, 128, 3), np.uint8)
    uploads = [upload(image, np.random.default_rng(seed)) for seed in range(12)]
    assert {one.shape for one in uploads} == {image.shape}
    assert np.array_equal(uploads[3], upload(image, np.random.default_rng(3)))
    changes = [np.abs(one.astype(int) - image).mean() for one in uploads]
    assert 1 < min(changes) < max(changes)
    detail = [float(cv2.Laplacian(cv2.cvtColor(one, cv2.COLOR_RGB2GRAY), cv2.CV_64F).var()) for one in uploads]
    assert max(detail) > 3 * min(detail), "shrinking takes detail that coding at the same size leaves"
