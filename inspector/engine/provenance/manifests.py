"""From the C2PA library's JSON to values: the active manifest, with the manifests of its ingredients as a tree."""

from __future__ import annotations

import io
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
from PIL import Image as PillowImage
from PIL import UnidentifiedImageError

from inspector.domain.arrays import Image
from inspector.domain.credentials import Action, Ingredient, Manifest

_DEEPEST, _MOST_MANIFESTS, _MOST_INGREDIENTS, _MOST_ACTIONS = 12, 100, 100, 500
_THUMBNAIL_PIXELS, _LARGEST_THUMBNAIL, _MOST_THUMBNAILS = 128, 4 << 20, 50
_MOST_PIXELS = 4 << 20  # of a thumbnail; programs write some of 1024 pixels a side, and there may be fifty
_FORMATS = ("JPEG", "PNG", "WEBP")


def clipped(text: object, limit: int = 300) -> str:
    """A foreign string, cut off behind `limit` characters; anything else than a string as text."""
    whole = text if isinstance(text, str) else str(text)
    return whole if len(whole) <= limit else f"{whole[:limit]}… ({len(whole)} characters)"


class Manifests:
    """Builds the tree of manifests. Limits hold for the whole tree: a manifest may be named again and again."""

    def __init__(self, store: dict[str, Any], resource: Callable[[str], bytes]) -> None:
        self._store, self._resource = store, resource
        self._left, self._pictures_left = _MOST_MANIFESTS, _MOST_THUMBNAILS

    def active(self) -> Manifest | None:
        """The active manifest, None where the store names none."""
        return self._manifest(self._store.get("active_manifest"), ())

    def _manifest(self, label: object, above: tuple[str, ...]) -> Manifest | None:
        found = (self._store.get("manifests") or {}).get(label) if isinstance(label, str) else None
        if found is None or label in above or len(above) >= _DEEPEST or self._left <= 0:
            return None
        assert isinstance(label, str)
        self._left -= 1
        signature = found.get("signature_info") or {}
        assertions = [each for each in found.get("assertions") or [] if isinstance(each, dict)]
        listed = (found.get("ingredients") or [])[:_MOST_INGREDIENTS]
        return Manifest(
            label=clipped(label),
            title=clipped(found.get("title") or ""),
            generator=_generator(found),
            issuer=clipped(signature.get("issuer") or ""),
            signer=clipped(signature.get("common_name") or ""),
            serial=clipped(signature.get("cert_serial_number") or ""),
            algorithm=clipped(signature.get("alg") or ""),
            signed_at=clipped(signature.get("time") or ""),
            actions=tuple(_actions(assertions)),
            ingredients=tuple(self._ingredient(each, (*above, label)) for each in listed),
            assertions=tuple(clipped(each.get("label") or "", 80) for each in assertions[:_MOST_ACTIONS]),
            thumbnail=self._thumbnail(found.get("thumbnail")),
        )

    def _ingredient(self, found: dict[str, Any], above: tuple[str, ...]) -> Ingredient:
        return Ingredient(
            title=clipped(found.get("title") or ""),
            format=clipped(found.get("format") or "", 80),
            relationship=clipped(found.get("relationship") or "", 80),
            manifest=self._manifest(found.get("active_manifest"), above),
            failures=tuple(_failures(found)),
            thumbnail=self._thumbnail(found.get("thumbnail")),
        )

    def _thumbnail(self, reference: object) -> Image | None:
        uri = reference.get("identifier") if isinstance(reference, dict) else None
        if not isinstance(uri, str) or "\0" in uri or self._pictures_left <= 0:
            return None
        self._pictures_left -= 1
        data = self._resource(uri)
        return _decoded(data) if 0 < len(data) <= _LARGEST_THUMBNAIL else None


def _decoded(data: bytes) -> Image | None:
    """A small picture, uint8 (h, w, 3) RGB; None where the data is no picture of a plain format and size."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            with PillowImage.open(io.BytesIO(data), formats=_FORMATS) as picture:
                if picture.width * picture.height > _MOST_PIXELS:
                    return None
                picture.draft("RGB", (_THUMBNAIL_PIXELS, _THUMBNAIL_PIXELS))
                small = picture.convert("RGB")
                small.thumbnail((_THUMBNAIL_PIXELS, _THUMBNAIL_PIXELS))
                return np.asarray(small, np.uint8)
    except (OSError, ValueError, SyntaxError, UnidentifiedImageError, Warning, PillowImage.DecompressionBombError):
        return None


def _failures(ingredient: dict[str, Any]) -> list[str]:
    """The failures that were recorded with an ingredient: a list of all kinds of results in version 1 manifests."""
    recorded = (ingredient.get("validation_results") or {}).get("activeManifest") or {}
    entries = (recorded.get("failure") or []) + (ingredient.get("validation_status") or [])
    return [clipped(entry["code"], 120) for entry in entries[:_MOST_INGREDIENTS] if not entry.get("success")]


def _generator(found: dict[str, Any]) -> str:
    """The program that made the manifest, by the list of version 2 claims or the text of version 1."""
    listed = found.get("claim_generator_info")
    if isinstance(listed, list) and listed and isinstance(listed[0], dict):
        return clipped(f"{listed[0].get('name') or ''} {listed[0].get('version') or ''}".strip())
    return clipped(found.get("claim_generator") or "")


def _actions(assertions: list[dict[str, Any]]) -> list[Action]:
    found = []
    for assertion in assertions:
        data = assertion.get("data")
        if not str(assertion.get("label", "")).startswith("c2pa.actions") or not isinstance(data, dict):
            continue
        for entry in (data.get("actions") or [])[:_MOST_ACTIONS]:
            if isinstance(entry, dict):
                found.append(_action(entry))
    return found[:_MOST_ACTIONS]


def _action(entry: dict[str, Any]) -> Action:
    agent = entry.get("softwareAgent") or ""
    if isinstance(agent, dict):
        agent = f"{agent.get('name') or ''} {agent.get('version') or ''}".strip()
    return Action(
        action=clipped(entry.get("action") or "", 120),
        source_type=clipped(str(entry.get("digitalSourceType") or "").rstrip("/").rpartition("/")[2], 120),
        software=clipped(agent),
        when=clipped(entry.get("when") or "", 60),
        description=clipped(entry.get("description") or ""),
    )
