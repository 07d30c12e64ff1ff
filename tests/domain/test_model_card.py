"""The text for a card's network."""

import pytest

from inspector.domain.model_card import _network_text


@pytest.mark.parametrize(
    ("architecture", "args", "text"),
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
def test_the_network_text_contains_the_inner_networks(architecture: str, args: dict, text: str) -> None:
    assert _network_text(architecture, args) == text
