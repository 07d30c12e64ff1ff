"""Running statistics of norms over a step of several batches."""

import torch
from lightning_fabric import Fabric
from torch import nn

from training.fit.norms import Statistics


def step(network: nn.Module, batches: list[torch.Tensor]) -> None:
    statistics = Statistics(network)
    for batch in batches:
        network(batch)
        statistics.add(1 / len(batches))
    statistics.end(Fabric(accelerator="cpu", devices=1))


def test_every_batch_of_a_step_counts_the_same_in_any_order() -> None:
    batches = [torch.randn(8, 3, 4, 4, generator=torch.Generator().manual_seed(n)) + n for n in range(3)]
    there, back = nn.BatchNorm2d(3), nn.BatchNorm2d(3)
    for _ in range(2):
        step(there, batches)
        step(back, batches[::-1])
    assert there.running_mean is not None
    assert there.num_batches_tracked is not None
    torch.testing.assert_close(there.running_mean, back.running_mean)
    torch.testing.assert_close(there.running_var, back.running_var)
    mean = torch.stack([batch.mean((0, 2, 3)) for batch in batches]).mean(0)
    torch.testing.assert_close(there.running_mean, (0.1 + 0.9 * 0.1) * mean)
    assert int(there.num_batches_tracked) == 2


def test_a_step_of_one_batch_is_what_it_was() -> None:
    batch, mine, plain = torch.randn(8, 3, 4, 4), nn.BatchNorm2d(3), nn.BatchNorm2d(3)
    step(mine, [batch])
    plain(batch)
    for name, value in plain.state_dict().items():
        torch.testing.assert_close(mine.state_dict()[name], value)


def test_frozen_norms_and_networks_without_any_are_left_alone() -> None:
    network = nn.Sequential(nn.Conv2d(3, 3, 1), nn.BatchNorm2d(3).eval())
    before = {name: value.clone() for name, value in network.state_dict().items()}
    step(network, [torch.randn(4, 3, 4, 4)] * 2)
    step(nn.Conv2d(3, 3, 1), [torch.randn(4, 3, 4, 4)] * 2)
    for name, value in network.state_dict().items():
        assert torch.equal(value, before[name])
