"""What is said of a heat map follows the direction and the size of what was measured."""

import numpy as np
import pytest

from inspector.domain.geometry import Box
from inspector.domain.scores import CamMap
from inspector.engine.analysis import cam_text
from inspector.engine.analysis.cam_text import Outcome


def cam(drop: float | None, random: float | None, peak: float = 0.02, reference: float = 0.025) -> CamMap:
    values = np.zeros((7, 7), np.float32)
    values[1, 5] = peak
    return CamMap(1, 0, Box(0, 0, 9, 9), values, reference, "layer", "GradCAM", drop, random)


@pytest.mark.parametrize(
    ("drop", "random", "found"),
    [
        (1.73, 0.11, Outcome.MORE),
        (1.73, -0.4, Outcome.MORE),
        (0.5, 0.45, Outcome.SAME),
        (-0.5, -0.45, Outcome.SAME),
        (0.3, 0.9, Outcome.LESS),
        (-0.02, 0.9, Outcome.LESS),
        (-2.836, 0.1, Outcome.RISES),
        (-2.836, -1.0, Outcome.RISES),
        (-0.2, -1.0, Outcome.UNCLEAR),
        (0.05, -1.0, Outcome.UNCLEAR),
        (None, None, None),
    ],
)
def test_the_outcome_follows_direction_and_size(drop: float | None, random: float | None, found: Outcome | None):
    assert cam_text.outcome(cam(drop, random)) is found


def test_a_rise_is_called_one_and_amounts_have_no_sign():
    said = cam_text.measured_text(cam(-2.836, 0.1))
    assert "raises the raw score (logit) by 2.84; a random tenth lowers it by 0.10" in said
    assert "lowers the raw score (logit) by 1.73; a random tenth raises it" in cam_text.measured_text(cam(1.73, -0.4))
    assert "a random tenth leaves it unchanged" in cam_text.measured_text(cam(1.73, -0.004))


@pytest.mark.parametrize(("peak", "reference"), [(0.0, 0.025), (0.00001, 0.025), (0.0, 1e-12), (0.3, 1e-12)])
def test_an_empty_map_is_called_empty_and_not_judged(peak: float, reference: float):
    faint = cam(1.73, 0.11, peak, reference)
    assert cam_text.outcome(faint) is Outcome.EMPTY
    assert cam_text.measured_text(faint) == ""


def test_a_track_without_a_scale_shows_no_figure_for_one():
    assert cam_text.scale_text(cam(1, 0)) == "0.025 (face's scale)"
    assert cam_text.scale_text(cam(1, 0, 0.0, 1e-12)) == "no scale for this face"


def test_all_that_a_check_says_is_what_was_measured_and_what_it_came_to():
    found = cam(1.73, 0.11)
    assert cam_text.check_text(found) == f"{cam_text.measured_text(found)} {Outcome.MORE}"
    assert cam_text.check_text(cam(1.73, 0.11, 0.0)) == str(Outcome.EMPTY)
    assert cam_text.check_text(cam(None, None)) == ""
    assert len({each.brief for each in Outcome}) == len(Outcome)


def test_a_map_says_which_network_of_an_ensemble_it_explains():
    assert cam_text.network_of("body.members.0.conv_head") == 1
    assert cam_text.network_of("body.members.11.body.conv_head") == 12
    assert cam_text.network_of("body.conv_head") is None
