"""Small face autoencoders, trained within minutes; their reconstructions stand in for faces drawn by a network.

Their traces (a low-resolution bottleneck and the decoder's upsampling) are those of DeepFaceLab-type swaps and of
talking heads. As in Rajan et al. 2024, "Aligned Datasets Improve Detection of Latent Diffusion-Generated Images", a
picture and its reconstruction differ in nothing else. Some train against a critic, like decoders of latent diffusion
(Esser et al., CVPR 2021), and draw crisp, invented detail; some of those enlarge a small face, like the enhancers that
follow swaps and lip-syncs (Ledig et al., CVPR 2017).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from itertools import pairwise
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file, save_file
from torch import nn
from torch.nn.functional import interpolate, l1_loss, pad, relu
from torch.nn.utils.parametrizations import spectral_norm

from inspector.domain.arrays import Image
from inspector.domain.errors import TrainingError
from inspector.engine import atomic
from training.files import reading, writing
from training.forge.retouch import resize
from training.log import Log
from training.prepare.index import Row, load_index
from training.prepare.parts import load_crop
from training.prepare.selection import by_part
from training.recipe import Recipe

_CPU = torch.device("cpu")
_BATCH = {"cpu": 12, "cuda": 32}  # squares in a step
MOST = 5000  # training crops: 1.2 GB at the largest stored size
_WITHOUT_CRITIC = 0.4  # share of the time before the critic joins: it is useless while reconstructions are grey


@dataclass(frozen=True, slots=True)
class Kind:
    """One autoencoder: reduction factor, latent channels, decoder type, and growth beyond the input size."""

    factor: int
    latent: int
    decoder: str  # "transposed", "nearest" or "shuffle"
    growth: int = 1  # the output's side over the input's, a power of two
    has_critic: bool = False

    @property
    def name(self) -> str:
        """The file stem of its weights."""
        growth = f"x{self.growth}" if self.growth > 1 else ""
        return f"f{self.factor}c{self.latent}{growth}-{self.decoder}{'-critic' if self.has_critic else ''}"


# All reconstruct pictures of any size well enough to leave little but their decoder's traces; a shrunken face comes out
# blurred, as from a swap model of 64 to 128 px.
KINDS: tuple[Kind, ...] = (
    *(Kind(4, 4, d) for d in ("transposed", "nearest", "shuffle")),
    *(Kind(8, 12, d) for d in ("transposed", "nearest", "shuffle")),
    *(Kind(8, 4, d, has_critic=True) for d in ("transposed", "nearest", "shuffle")),
    *(Kind(2, 48, d, growth=4, has_critic=True) for d in ("nearest", "shuffle")),
)


def _up(decoder: str, channels_in: int, channels_out: int) -> nn.Module:
    if decoder == "transposed":
        return nn.ConvTranspose2d(channels_in, channels_out, 4, 2, 1)
    if decoder == "nearest":
        return nn.Sequential(nn.Upsample(scale_factor=2), nn.Conv2d(channels_in, channels_out, 3, 1, 1))
    if decoder == "shuffle":
        return nn.Sequential(nn.Conv2d(channels_in, 4 * channels_out, 3, 1, 1), nn.PixelShuffle(2))
    raise TrainingError(f"Unknown decoder {decoder!r}; use transposed, nearest or shuffle.")


class Autoencoder(nn.Module):
    """Strided convolutions down to the latent, and the kind's decoder; float32 (n, 3, h, w) in -1..1."""

    def __init__(self, kind: Kind) -> None:
        super().__init__()
        steps = kind.factor.bit_length() - 1
        widths = [32, 64, 96, 128][:steps]
        above = [64, 48, 32, 32][-(kind.growth.bit_length() - 1) :] if kind.growth > 1 else []
        down: list[nn.Module] = []
        for before, after in zip([3, *widths[:-1]], widths, strict=True):
            down += [nn.Conv2d(before, after, 4, 2, 1), nn.LeakyReLU(0.1)]
        up: list[nn.Module] = [nn.Conv2d(kind.latent, widths[-1], 3, 1, 1), nn.LeakyReLU(0.1)]
        ladder = [*widths[::-1], *above, 24]
        for before, after in pairwise(ladder):
            up += [_up(kind.decoder, before, after), nn.LeakyReLU(0.1)]
        self.down = nn.Sequential(*down, nn.Conv2d(widths[-1], kind.latent, 3, 1, 1))
        self.up = nn.Sequential(*up)
        self.last = nn.Conv2d(24, 3, 3, 1, 1)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """A reconstruction, `growth` times as large; height and width must be multiples of the kind's factor."""
        maps = self.up(self.down(x))
        with torch.autocast(x.device.type, enabled=False):  # half precision would leave visible steps
            out: torch.Tensor = self.last(maps.float())
        return out


def reconstruct(model: Autoencoder, kind: Kind, image: Image) -> Image:
    """`image` uint8 (h, w, 3) RGB as reconstructed by `model`, `growth` times as large."""
    x = torch.from_numpy(image).permute(2, 0, 1)[None].float().div(127.5).sub(1)
    pad_y, pad_x = -x.shape[2] % kind.factor, -x.shape[3] % kind.factor
    x = pad(x, (0, pad_x, 0, pad_y), mode="replicate").contiguous(memory_format=torch.channels_last)
    with torch.inference_mode(), torch.autocast("cpu", torch.bfloat16):
        y = model(x)[:, :, : image.shape[0] * kind.growth, : image.shape[1] * kind.growth]
    return y[0].add(1).mul(127.5).round().clamp(0, 255).byte().permute(1, 2, 0).contiguous().numpy()  # type: ignore[no-any-return]


class Critic:
    """A patch discriminator (Isola et al., CVPR 2017) with hinge loss, trained together with its autoencoder."""

    def __init__(self, device: torch.device = _CPU) -> None:
        widths = [3, 32, 64, 128]
        layers: list[nn.Module] = []
        for before, after in pairwise(widths):
            layers += [spectral_norm(nn.Conv2d(before, after, 4, 2, 1)), nn.LeakyReLU(0.2)]
        self._net = nn.Sequential(*layers, spectral_norm(nn.Conv2d(widths[-1], 1, 3, 1, 1)))
        self._net.to(device).to(memory_format=layout(device))
        self._optimiser = torch.optim.Adam(self._net.parameters(), 1e-3, betas=(0.5, 0.9))

    def judge(self, x: torch.Tensor, y: torch.Tensor, loss: torch.Tensor, last: torch.Tensor) -> torch.Tensor:
        """One training step to distinguish `y` from `x`, float32 (n, 3, h, w); returns the adversarial loss of `y`.

        It is weighted so that its gradient on the `last` weights is half of the `loss`'s (Esser et al., CVPR 2021).
        """
        with torch.autocast(x.device.type, torch.bfloat16):
            seen, drawn = self._net(torch.cat([x, y.detach()])).float().chunk(2)
        self._optimiser.zero_grad(set_to_none=True)
        (relu(1 - seen).mean() + relu(1 + drawn).mean()).backward()  # type: ignore[no-untyped-call]
        self._optimiser.step()
        self._net.requires_grad_(False)
        with torch.autocast(x.device.type, torch.bfloat16):
            fooled = -self._net(y).float().mean()
        self._net.requires_grad_(True)
        (rebuild,) = torch.autograd.grad(loss, last, retain_graph=True)
        (fool,) = torch.autograd.grad(fooled, last, retain_graph=True)
        pull: torch.Tensor = fooled * (0.5 * rebuild.norm() / (fool.norm() + 1e-4)).clamp(max=100).detach()
        return pull


def fit_one(
    kind: Kind,
    draw: Callable[[], Image],
    features: nn.Module,
    seconds: float,
    seed: int,
    log: Log,
    known: Mapping[str, torch.Tensor] | None = None,
    device: torch.device = _CPU,
) -> Autoencoder:
    """Train one autoencoder for `seconds` on pictures of `draw()`, uint8 (s, s, 3) RGB; with a critic twice as long.

    `features` are on `device` as well; the autoencoder is returned on the CPU. It starts from the matching weights of
    `known`. The loss is L1 on pixels and on the first stages of `features` (frozen; input in -1..1, list of maps out),
    which preserves texture.
    """
    torch.manual_seed(seed)
    model = Autoencoder(kind).to(device).to(memory_format=layout(device))
    own = model.state_dict()
    own |= {k: v for k, v in (known or {}).items() if k in own and v.shape == own[k].shape}
    model.load_state_dict(own)
    optimiser = torch.optim.AdamW(model.parameters(), 2e-3, betas=(0.9, 0.99), weight_decay=0.0)
    critic = Critic(device) if kind.has_critic else None
    seconds *= 2 if critic else 1
    start, step, done = time.monotonic(), 0, 0.0
    while (done := (time.monotonic() - start) / seconds) < 1:
        for group in optimiser.param_groups:
            group["lr"] = 2e-3 * min(1.0, (1 - done) * 2, (step + 1) / 20)
        batch = np.stack([draw() for _ in range(_BATCH[device.type])])
        x = torch.from_numpy(batch).to(device).permute(0, 3, 1, 2).float().div(127.5).sub(1)
        x = x.contiguous(memory_format=layout(device))
        small = interpolate(x, scale_factor=1 / kind.growth, mode="area") if kind.growth > 1 else x
        with torch.autocast(device.type, torch.bfloat16):
            y = model(small)
            near = features(torch.cat([x, y]))
        loss = l1_loss(y.float(), x)
        pixels = loss.detach()
        for maps in near:
            seen, drawn = maps.float().chunk(2)
            loss = loss + 0.15 * l1_loss(drawn, seen.detach()) / (seen.detach().abs().mean() + 1e-6)
        if critic and done > _WITHOUT_CRITIC:
            loss = loss + critic.judge(x, y.float(), loss, model.last.weight)
        optimiser.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        optimiser.step()
        step += 1
        if step % 100 == 0:
            log(f"{kind.name}: step {step}, L1 {float(pixels):.3f}, loss {float(loss.detach()):.3f}")
    return model.to(_CPU).to(memory_format=torch.channels_last).eval()


def layout(device: torch.device) -> torch.memory_format:
    """The memory layout of convolutions: channels_last is faster on a CPU, and was seen to stall on a GPU in bf16."""
    return torch.channels_last if device.type == "cpu" else torch.contiguous_format


def save(model: Autoencoder, kind: Kind, folder: Path) -> None:
    """Save the weights as `<kind>.safetensors`, atomically; OutputError when writing fails."""
    path = folder / f"{kind.name}.safetensors"
    with writing(path), atomic.replacing(path) as draft:
        save_file({k: v.contiguous() for k, v in model.state_dict().items()}, draft)


def load(folder: Path, kinds: Sequence[Kind] = KINDS) -> list[tuple[Kind, Autoencoder]]:
    """All kinds with weights in `folder`; TrainingError if there are none, or some are damaged."""
    models = []
    for kind in kinds:
        path = folder / f"{kind.name}.safetensors"
        if path.exists():
            model = Autoencoder(kind)
            with reading(path, "remove it and run `python -m training autoencoders` again, which trains it again"):
                model.load_state_dict(load_file(path))
            models.append((kind, model.to(memory_format=torch.channels_last).eval()))
    if not models:
        raise TrainingError(f"{folder} holds no autoencoder weights; run `python -m training autoencoders` first.")
    return models


class EarlyMaps(nn.Module):
    """The maps after the stem and the first two stages of timm's MobileNetV2 with ImageNet weights: texture."""

    def __init__(self, weights: Path) -> None:
        super().__init__()
        import timm

        body = timm.create_model("mobilenetv2_100", pretrained=False, pad_type="same", bn_eps=1e-3)
        with reading(weights, "name a safetensors file of timm's mobilenetv2_100 as `texture` under [forge]"):
            body.load_state_dict({k: v.float() for k, v in load_file(weights).items()})
        self.stem = nn.Sequential(body.conv_stem, body.bn1)
        self.stages = nn.ModuleList([body.blocks[0], body.blocks[1]])
        self.requires_grad_(False).eval()

    def forward(self, x: torch.Tensor) -> list[torch.Tensor]:
        """float32 (n, 3, h, w) in -1..1 to three maps."""
        maps = [self.stem(x)]
        for stage in self.stages:
            maps.append(stage(maps[-1]))
        return maps


class Faces:
    """Draws square parts of face pictures, from the whole picture down to full resolution."""

    def __init__(self, images: Sequence[Image], seed: int) -> None:
        self._images = list(images)
        self._random = np.random.default_rng(seed)

    def draw(self, side: int = 96) -> Image:
        """uint8 (side, side, 3) RGB, flipped half of the time."""
        image = self._images[self._random.integers(len(self._images))]
        span = round(self._random.uniform(side, max(side, min(image.shape[:2]))))
        if min(image.shape[:2]) < span:
            image = resize(image, span, span)
        y = self._random.integers(image.shape[0] - span + 1)
        x = self._random.integers(image.shape[1] - span + 1)
        part = resize(image[y : y + span, x : x + span], side, side)
        return part[:, ::-1] if self._random.random() < 0.5 else part


def fit_recipe(recipe: Recipe, log: Log) -> None:
    """Train every kind on the originals of the recipe's prepared folder that are not held out."""
    table, folder = recipe.forge, Path(recipe.prepare.folder)
    if not table.texture:
        raise TrainingError(
            f"The recipe {recipe.name} names no `texture` under [forge], which the autoencoders need; name a "
            "safetensors file of timm's mobilenetv2_100, or set `kinds` there without autoencoder_swap, redrawn_whole "
            "and redrawn_mouth and skip this command."
        )
    if all((Path(table.autoencoders) / f"{kind.name}.safetensors").exists() for kind in KINDS):
        log(f"all {len(KINDS)} autoencoders are in {table.autoencoders}")
        return
    rows = some_crops([row for row in load_index(folder) if not (row["is_fake"] or row["is_held_out"])], MOST)
    if not rows:
        raise TrainingError(
            f"{folder} holds no originals to train the autoencoders on; prepare some, or lower the recipe's held_out "
            "and prepare again."
        )
    log(f"learning from {len(rows)} crops of {len({row['part'] for row in rows})} originals")
    weights, out = Path(table.texture), Path(table.autoencoders)
    if torch.cuda.is_available():
        _fit_side_by_side(folder, rows, weights, out, table.autoencoder_seconds, log)
        return
    fit_all([load_crop(folder, row)[0] for row in rows], weights, out, table.autoencoder_seconds, 1, log)


def _fit_side_by_side(folder: Path, rows: Sequence[Row], weights: Path, out: Path, seconds: float, log: Log) -> None:
    """Train all kinds at once on one GPU, each in a process of its own: one alone leaves it idle most of the time.

    Those that start from another kind's weights follow in a second wave.
    """
    with writing(out):
        out.mkdir(parents=True, exist_ok=True)
    later = {kind for kind in KINDS if kind.has_critic and _akin(kind)}
    for wave in ([kind for kind in KINDS if kind not in later], [kind for kind in KINDS if kind in later]):
        left = [kind for kind in wave if not (out / f"{kind.name}.safetensors").exists()]
        if not left:
            continue
        with ProcessPoolExecutor(len(left), mp_context=get_context("spawn")) as pool:
            done = [pool.submit(_fit_kind, kind, folder, list(rows), weights, out, seconds) for kind in left]
            for kind, one in zip(left, done, strict=True):
                one.result()
                log(f"{kind.name}: saved")


def _fit_kind(kind: Kind, folder: Path, rows: Sequence[Row], weights: Path, out: Path, seconds: float) -> None:
    torch.set_num_threads(1)
    device, images = torch.device("cuda"), [load_crop(folder, row)[0] for row in rows]
    features = EarlyMaps(weights).to(device)
    known = load(out, _akin(kind))[0][1].state_dict() if kind.has_critic and _akin(kind) else None
    save(fit_one(kind, Faces(images, 1).draw, features, seconds, 1, lambda _: None, known, device), kind, out)


def _akin(kind: Kind) -> list[Kind]:
    """The kind of the same shape without a critic, whose weights this one can start from."""
    return [k for k in KINDS if (k.factor, k.decoder, k.has_critic) == (kind.factor, kind.decoder, False)]


def some_crops(rows: Sequence[Row], most: int) -> list[Row]:
    """At most `most` crops, reproducible, with equally many of each file, so that long clips do not dominate."""
    random = np.random.default_rng(1)
    files = by_part(rows)
    taken = random.permutation(len(files))[:most]
    each = most // max(1, len(taken))
    return [files[i][j] for i in taken for j in random.permutation(len(files[i]))[:each]]


def fit_all(images: Sequence[Image], weights: Path, folder: Path, seconds: float, seed: int, log: Log) -> None:
    """Train every kind on `images` (uint8 (h, w, 3) RGB) for `seconds` each, except those already in `folder`."""
    with writing(folder):
        folder.mkdir(parents=True, exist_ok=True)
    features = EarlyMaps(weights)
    faces = Faces(images, seed)
    for kind in KINDS:
        if (folder / f"{kind.name}.safetensors").exists():
            continue
        known = load(folder, _akin(kind))[0][1].state_dict() if kind.has_critic and _akin(kind) else None
        model = fit_one(kind, faces.draw, features, seconds, seed, log, known)
        save(model, kind, folder)
        log(f"{kind.name}: saved")
