import pytest
import torch
from torch import nn
from torch.nn.functional import binary_cross_entropy_with_logits

from training.fit.adversarial import attack_share, bounds, fgsm, pgd
from training.recipe import AdversarialTable

MEAN, STD = (0.5, 0.4, 0.3), (0.5, 0.25, 0.2)
EPS = 4 / 255
STEPS, STEP_SIZE = 8, 1 / 255


class Net(nn.Module):
    """A small network with norm statistics and dropout, with a non-linear loss."""

    def __init__(self) -> None:
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv2d(3, 8, 3, padding=1),
            nn.BatchNorm2d(8),
            nn.Tanh(),
            nn.Dropout(0.5),
            nn.Flatten(),
            nn.Linear(512, 1),
        )

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.body(x).flatten()


def given() -> tuple[Net, torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor]:
    torch.manual_seed(3)
    network = Net().train()
    low, high = bounds(MEAN, STD, torch.device("cpu"))
    x = low + (high - low) * torch.rand(6, 3, 8, 8)
    return network, x, torch.tensor([0.0, 1.0] * 3), low, high


def loss(network: nn.Module, x: torch.Tensor, labels: torch.Tensor) -> float:
    was, out = network.training, 0.0
    with torch.no_grad():
        out = float(binary_cross_entropy_with_logits(network.eval()(x), labels))
    network.train(was)
    return out


def pixels(x: torch.Tensor) -> torch.Tensor:
    """The input as shares of the pixel range."""
    return x * torch.tensor(STD).view(1, 3, 1, 1) + torch.tensor(MEAN).view(1, 3, 1, 1)


def test_bounds_are_black_and_white() -> None:
    low, high = bounds(MEAN, STD, torch.device("cpu"))
    torch.testing.assert_close(pixels(low).flatten(), torch.zeros(3), atol=1e-6, rtol=0)
    torch.testing.assert_close(pixels(high).flatten(), torch.ones(3))


@pytest.mark.parametrize("attack", ["fgsm", "pgd"])
def test_an_attack_stays_within_eps_and_the_pixel_range_and_raises_the_loss(attack: str) -> None:
    network, x, labels, low, high = given()
    with torch.no_grad():
        x[0], x[1] = low.expand(1, 3, 8, 8)[0], high.expand(1, 3, 8, 8)[0]  # there is no way out of these corners
    moved = (
        fgsm(network, x, labels, EPS, low, high)
        if attack == "fgsm"
        else pgd(network, x, labels, EPS, low, high, STEPS, STEP_SIZE)
    )
    change = (pixels(moved) - pixels(x)).abs()
    assert float(change.max()) == pytest.approx(EPS, abs=1e-5), "every channel is moved by its own deviation"
    assert float(change.amin(dim=(0, 2, 3)).max()) < EPS
    assert pixels(moved).min() >= -1e-6
    assert pixels(moved).max() <= 1 + 1e-6
    assert loss(network, moved, labels) > loss(network, x, labels)
    assert not moved.requires_grad


def test_many_small_steps_find_more_than_one_large_step() -> None:
    network, x, labels, low, high = given()
    eps = 24 / 255
    one = loss(network, fgsm(network, x, labels, eps, low, high), labels)
    many = loss(network, pgd(network, x, labels, eps, low, high, 40, 2 / 255), labels)
    assert many > one


def test_an_attack_leaves_the_network_as_it_was() -> None:
    network, x, labels, low, high = given()
    network.body[0].eval()
    before = {name: value.clone() for name, value in network.state_dict().items()}
    pgd(network, x, labels, EPS, low, high, 2, STEP_SIZE)
    assert all(value.equal(before[name]) for name, value in network.state_dict().items()), "statistics too"
    assert all(p.grad is None for p in network.parameters())
    assert network.training
    assert network.body[1].training
    assert not network.body[0].training


def test_the_same_seed_gives_the_same_attack() -> None:
    network, x, labels, low, high = given()
    found = []
    for seed in (1, 1, 2):
        torch.manual_seed(seed)
        found.append(pgd(network, x, labels, EPS, low, high, 1, STEP_SIZE))
    assert found[0].equal(found[1])
    assert not found[0].equal(found[2])


@pytest.mark.parametrize(
    "table",
    [
        AdversarialTable(attack="fgsm", eps=2.0, share=0.5),
        AdversarialTable(attack="pgd", eps=2.0, share=0.5, steps=2, step_size=1.0),
    ],
)
def test_a_share_of_a_batch_is_attacked(table: AdversarialTable) -> None:
    network, x, labels, low, high = given()
    moved = attack_share(network, x, labels, table, low, high)
    changed = [not a.equal(b) for a, b in zip(moved, x, strict=True)]
    assert sum(changed) == 3
    assert float((pixels(moved) - pixels(x)).abs().max()) == pytest.approx(2 / 255, abs=1e-5)


def test_a_recurrent_network_over_windows_can_be_attacked() -> None:
    class Windows(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.lstm, self.head = nn.LSTM(48, 8, batch_first=True), nn.Linear(8, 1)

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return self.head(self.lstm(x.flatten(2))[0][:, -1]).flatten()

    torch.manual_seed(0)
    low, high = bounds(MEAN, STD, torch.device("cpu"))
    x = low + (high - low) * torch.rand(2, 5, 3, 4, 4)
    network, labels = Windows(), torch.tensor([0.0, 1.0])
    moved = fgsm(network, x, labels, EPS, low, high)
    assert moved.shape == x.shape
    assert loss(network, moved, labels) > loss(network, x, labels)
