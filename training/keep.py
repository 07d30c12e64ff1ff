"""Measurements kept as JSON."""

from __future__ import annotations

from pathlib import Path

import msgspec


def write(path: Path, found: object) -> None:
    """Keep a measurement as JSON, whole or not at all; what is not defined is null."""
    partial = path.with_suffix(".partial")
    partial.write_bytes(msgspec.json.format(msgspec.json.encode(found), indent=1))
    partial.replace(path)
