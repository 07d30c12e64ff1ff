"""A card's network in words."""

import pytest

from inspector.domain.model_card import _network_text


@pytest.mark.parametrize(
    ("architecture", "args", "words"),
    [
        ("mobilenetv2_100", {"drop_rate": 0.2}, "mobilenetv2_100"),
        ("dense_head", {"body": "resnet50"}, "dense_head of resnet50"),
        (
            "ensemble",
            {"members": [{"architecture": "cnn"}, {"architecture": "high_pass", "args": {"architecture": "cnn"}}]},
            "the mean of 2 networks: cnn, high_pass of cnn",
        ),
        ("ensemble", {"members": [3, {"args": "no table"}]}, "the mean of 1 networks: None"),
        ("ensemble", {"members": {}}, "ensemble"),
    ],
)
def test_a_network_is_named_with_what_it_is_made_of(architecture: str, args: dict, words: str) -> None:
    assert _network_text(architecture, args) == words
