import math

import msgspec
import pytest
import torch
from torch import nn

from inspector.domain.errors import BundleError
from training.fit.optim import (
    count_parameters,
    freeze,
    make_optimiser,
    running_average,
    schedule,
    set_rate,
    to_training,
)
from training.recipe import FitTable, Recipe


def changed(recipe: Recipe, **fields: object) -> FitTable:
    return msgspec.structs.replace(recipe.fit, **fields)


class Net(nn.Module):
    """A body with norm statistics and dropout, and a head."""

    def __init__(self) -> None:
        super().__init__()
        self.body = nn.Sequential(nn.Linear(4, 4), nn.BatchNorm1d(4), nn.Dropout(0.5))
        self.head = nn.Sequential(nn.Dropout(0.5), nn.Linear(4, 1))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.head(self.body(x)).flatten()


@pytest.mark.parametrize(
    ("fields", "shares"),
    [
        ({"schedule": "constant", "decay_steps": 0}, {0: 0.25, 3: 1.0, 50: 1.0, 99: 1.0}),
        ({"schedule": "linear", "decay_steps": 50}, {0: 0.25, 49: 1.0, 75: 0.5, 99: 0.02}),
        ({"schedule": "cosine", "decay_steps": 50}, {0: 0.25, 49: 1.0, 75: 0.5, 99: (1 - math.cos(math.pi / 50)) / 2}),
        ({"schedule": "step", "decay_steps": 40, "decay_factor": 0.1}, {0: 0.25, 39: 1.0, 40: 0.1, 79: 0.1, 80: 0.01}),
    ],
)
def test_the_learning_rate_over_time(tiny: Recipe, fields: dict[str, object], shares: dict[int, float]) -> None:
    table = changed(tiny, steps=100, warmup_steps=4, **fields)
    assert {step: pytest.approx(schedule(step, table)) for step in shares} == shares


@pytest.mark.parametrize(
    ("name", "kind", "momentum"),
    [
        ("adam", torch.optim.Adam, 0.0),
        ("adamw", torch.optim.AdamW, 0.0),
        ("rmsprop", torch.optim.RMSprop, 0.3),
        ("sgd", torch.optim.SGD, 0.9),
    ],
)
def test_each_optimiser_by_its_name(tiny: Recipe, name: str, kind: type, momentum: float) -> None:
    network = Net()
    found = make_optimiser(network, changed(tiny, optimiser=name, momentum=momentum, weight_decay=0.1))
    assert type(found) is kind
    decayed, free = found.param_groups
    assert (decayed["weight_decay"], free["weight_decay"]) == (0.1, 0.0)
    assert [p.ndim for p in decayed["params"]] == [2, 2]
    assert len(free["params"]) == 4, "biases and norms"
    assert decayed.get("momentum", 0.0) == momentum
    set_rate(found, 0.5)
    assert [group["lr"] for group in found.param_groups] == [0.5, 0.5]


def test_a_frozen_body_neither_learns_nor_changes_its_statistics(tiny: Recipe) -> None:
    torch.manual_seed(0)
    network = Net()
    freeze(network, ["head"])
    assert count_parameters(network) == (4 * 4 + 4 + 8 + 5, 5)
    before = {name: value.clone() for name, value in network.state_dict().items()}
    optimiser = make_optimiser(network, changed(tiny, optimiser="sgd", learning_rate=0.1))
    for _ in range(3):
        to_training(network, network, ["head"])
        network(torch.rand(8, 4)).sum().backward()
        optimiser.step()
    after = network.state_dict()
    assert all(before[name].equal(after[name]) for name in before if name.startswith("body"))
    assert not before["head.1.weight"].equal(after["head.1.weight"])
    assert network.head[0].training, "the head's dropout works"
    with pytest.raises(BundleError, match="no layer 'tail'"):
        freeze(network, ["tail"])


def test_without_names_all_of_it_learns() -> None:
    network = Net().eval()
    freeze(network, [])
    to_training(network, network, [])
    assert count_parameters(network)[0] == count_parameters(network)[1]
    assert all(module.training for module in network.modules())


def test_the_running_average_takes_its_share_and_counts_as_they_are() -> None:
    mine, other = Net(), Net()
    with torch.no_grad():
        for value in mine.parameters():
            value.fill_(1.0)
        for value in other.parameters():
            value.fill_(3.0)
    other.body[1].num_batches_tracked.fill_(7)
    average = running_average(mine, 0.75)
    average.update(other, step=1000)
    assert all(torch.all(value == 1.5) for value in average.module.parameters())
    assert int(average.module.body[1].num_batches_tracked) == 7
    assert not average.module.training
    assert all(torch.all(value == 1.0) for value in mine.parameters()), "the network itself stays"


def test_the_running_average_follows_the_first_steps_faster_and_without_a_decay_at_once() -> None:
    average = running_average(Net(), 0.998)
    decays = {step: average.get_decay(step) for step in (2, 11, 101, 1_000_000)}
    assert decays == pytest.approx({2: 1 / 11, 11: 0.5, 101: 100 / 110, 1_000_000: 0.998})
    mine, other = Net(), Net()
    plain = running_average(mine, 0.0)
    plain.update(other, step=50)
    theirs = other.state_dict()
    assert all(value.equal(theirs[name]) for name, value in plain.module.state_dict().items())
