"""Finding model bundles, reading their cards and checking both. Does not import torch, for the window's sake."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from pathlib import Path

import msgspec

from inspector.domain.errors import BundleError
from inspector.domain.model_card import ModelCard, ReferenceScore
from inspector.engine.codec import from_json
from inspector.engine.local_path import is_local
from inspector.engine.model.card_check import objections
from inspector.engine.regular_file import open_regular
from inspector.engine.resources import models_folder

DEFAULT_BUNDLE = "default"
WEIGHTS = "weights.safetensors"
DEEP_WEIGHTS = "deep.safetensors"
CARD = "card.json"
_MAX_CARD_BYTES = 4 * 1024 * 1024
_MAX_WEIGHTS_BYTES = 4 * 1024**3


@dataclass(frozen=True, slots=True)
class Bundle:
    """A model bundle with its validated card; the weights are checked against it when they are loaded."""

    card: ModelCard
    weights: Path


def list_bundles() -> list[str]:
    """The names of the bundles that are installed with the program, valid or not."""
    folder = models_folder()
    return sorted(p.parent.name for p in folder.glob(f"*/{CARD}")) if folder.is_dir() else []


def has_default() -> bool:
    """Whether the default bundle is installed; without one, clips are played and faces are found but not scored."""
    return (models_folder() / DEFAULT_BUNDLE / CARD).is_file()


def find_bundle(name: str) -> Bundle:
    """The installed bundle `name`, or the one in the folder `name`. Raises BundleError.

    A name that a stranger's file gives is not passed here: see `installed_bundle`.
    """
    if not is_local(name):
        raise BundleError(f"The model bundle {name[:200]!r} is not on this computer; copy it and choose the copy.")
    folder = _folder(name)
    card_path, weights = folder / CARD, folder / WEIGHTS
    if not folder.is_dir():
        known = ", ".join(list_bundles()) or "none"
        raise BundleError(f"There is no model bundle {name!r}; choose one of: {known}, or give a bundle's folder.")
    _check_present(card_path, weights)
    if card_path.stat().st_size > _MAX_CARD_BYTES:
        raise BundleError(f"{card_path} is too large for a model card; export or copy the bundle again.")
    try:
        card = from_json(card_path.read_bytes(), ModelCard)
    except (msgspec.DecodeError, ValueError, OSError) as error:
        raise BundleError(
            f"{card_path} is not a valid model card ({error}); export or copy the bundle again."
        ) from error
    _check(card, card_path)
    if card.deep is not None:
        _check_present(folder / DEEP_WEIGHTS)
        _check(deep_card(card), card_path)
    return Bundle(card, weights)


def installed_bundle(identity: str) -> Bundle | None:
    """The installed bundle of this SHA-256, whatever its name, or None."""
    for name in list_bundles():
        try:
            bundle = find_bundle(name)
        except BundleError:
            continue  # a damaged one is named when somebody chooses it
        if bundle.card.identity == identity:
            return bundle
    return None


def outside_files(name: str) -> list[Path]:
    """The folder of the bundle `name` and its files, which may be links, if it lies outside the program's own."""
    folder = _folder(name)
    if folder.parent == models_folder() or not (folder / CARD).is_file():
        return []
    return [folder, *(folder / file for file in (CARD, WEIGHTS, DEEP_WEIGHTS) if (folder / file).is_file())]


def _folder(name: str) -> Path:
    installed = models_folder() / name
    return Path(name) if Path(name).name != name or not installed.is_dir() else installed


def deep_card(card: ModelCard) -> ModelCard:
    """A card of the deep network by itself. Only for a card that has one; its limits are those of clips."""
    deep, stated = card.deep, card.reference
    assert deep is not None
    own = None if stated is None or stated.deep_logit is None else ReferenceScore(stated.seed, stated.deep_logit)
    return replace(
        card,
        sha256=deep.sha256,
        architecture=deep.architecture,
        architecture_args=deep.architecture_args,
        input_size=deep.input_size,
        mean=deep.mean,
        std=deep.std,
        target_layer=deep.target_layer,
        frames_per_sample=1,
        deep=None,
        reference=own,
    )


def deep_bundle(bundle: Bundle) -> Bundle | None:
    """The deep network of a bundle as a bundle of its own, or None."""
    if bundle.card.deep is None:
        return None
    return Bundle(deep_card(bundle.card), bundle.weights.with_name(DEEP_WEIGHTS))


def _check_present(*paths: Path) -> None:
    for path in paths:
        if not path.is_file():
            raise BundleError(f"The model bundle {path.parent} lacks {path.name}; export or copy it again.")


def _check(card: ModelCard, path: Path) -> None:
    for wrong in objections(card):
        raise BundleError(f"{path} cannot be used: {wrong}; use a bundle that was made for this version.")


def check_weights(bundle: Bundle) -> None:
    """Raise BundleError unless the weights have the SHA-256 of the card."""
    if bundle.weights.stat().st_size > _MAX_WEIGHTS_BYTES:
        raise BundleError(f"{bundle.weights} is too large for a network; export or copy the bundle again.")
    with open_regular(bundle.weights) as stream:
        found = hashlib.file_digest(stream, "sha256").hexdigest()
    if found != bundle.card.sha256:
        raise BundleError(
            f"{bundle.weights} has SHA-256 {found[:16]}…, its card names {bundle.card.sha256[:16]}…; "
            "the bundle was altered or damaged, copy it again."
        )
