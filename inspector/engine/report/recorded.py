"""What a report.json says about how it came about: evidence, settings, and the components that produced its numbers."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import msgspec

from inspector.domain.errors import BundleError, VerificationError
from inspector.domain.model_card import ModelCard, base_of
from inspector.domain.settings import Settings, check
from inspector.engine.codec import from_json
from inspector.engine.model import bundle as bundles
from inspector.engine.seal.manifest import read_file

REPORT = "report.json"

# The recorded names of each component's parts, in the order in which a frame passes them; "FFmpeg" stands for all of
# its libraries. Weights and device are recorded elsewhere in the report and get names of their own here.
PARTS = {
    "decoder": ("av", "FFmpeg", "pillow", "pillow-heif", "opencv-contrib-python"),
    "face finder": ("mediapipe", "opencv-contrib-python", "numpy", "scipy"),
    "runtime": ("torch", "torchvision", "timm", "numpy", "device"),
    "weights": ("model", "deep network", "base of the deep network"),
    "program": ("inspector",),
    "platform": ("Python", "system"),
}


class _Clip(msgspec.Struct):
    name: str
    sha256: str
    size_bytes: int


class _Seal(msgspec.Struct):
    fingerprint: str


class _Version(msgspec.Struct):
    name: str
    version: str


class _Deep(msgspec.Struct):
    sha256: str
    architecture_args: dict[str, Any]


class _Model(msgspec.Struct):
    sha256: str
    deep: _Deep | None = None


class _Entry(msgspec.Struct):
    chain: str = ""


class Recorded(msgspec.Struct):
    """The parts of a report.json that say how it came about. It may be a stranger's."""

    clip: _Clip
    settings: Settings
    versions: list[_Version]
    device: str
    model: _Model | None
    seal: _Seal | None = None
    audit: list[_Entry] = []


@dataclass(frozen=True, slots=True)
class Changed:
    """A part of a component that is another one now than when the report was written; "" where it is not there."""

    component: str
    part: str
    recorded: str
    here: str


def report_file(path: Path) -> Path:
    """The report.json that is meant by `path`: itself, or the one in the folder of a report."""
    return path / REPORT if (path / REPORT).is_file() else path


def read_recorded(path: Path) -> Recorded:
    """Read a report.json. Raises VerificationError."""
    if path.is_dir():
        raise VerificationError(f"{path} holds no {REPORT}; name the folder of a report, or the file.")
    try:
        found = from_json(read_file(path), Recorded)
        check(found.settings)
    except ValueError as error:
        raise VerificationError(f"{path} is no report.json of this version ({error}); name another one.") from error
    return found


def parts_of(report: Recorded) -> dict[str, str]:
    """Everything recorded that can move a number: version or SHA-256 by the name of the part."""
    model = report.model
    deep = None if model is None else model.deep
    return {
        **{each.name: each.version for each in report.versions},
        "device": report.device,
        "model": "" if model is None else model.sha256,
        "deep network": "" if deep is None else deep.sha256,
        "base of the deep network": "" if deep is None else base_of(deep.architecture_args),
    }


def card_parts(card: ModelCard | None) -> dict[str, str]:
    """The parts of the component "weights" for an installed bundle."""
    deep = None if card is None else card.deep
    return {
        "model": "" if card is None else card.sha256,
        "deep network": "" if deep is None else deep.sha256,
        "base of the deep network": "" if deep is None else deep.base_sha256,
    }


def changed(recorded: dict[str, str], here: dict[str, str]) -> tuple[Changed, ...]:
    """The parts that differ, by component in the order of `PARTS`; a part of two components is in both."""
    names = sorted({*recorded, *here})
    return tuple(
        Changed(component, name, recorded.get(name, ""), here.get(name, ""))
        for component, parts in PARTS.items()
        for name in names
        if (name in parts or name.split(" ")[0] in parts) and recorded.get(name, "") != here.get(name, "")
    )


def settings_for(recorded: Recorded, model: str = "") -> Settings:
    """The recorded settings on the recorded kind of device, with the installed bundle of the recorded weights."""
    found = next((name for name in bundles.list_bundles() if _has_weights(name, recorded)), model)
    # The report's own name of the bundle is not used: it may be a path of a stranger's.
    device = "cpu" if recorded.device.startswith("cpu") else "auto"
    return replace(recorded.settings, model=found or Settings().model, device=device)


def _has_weights(name: str, recorded: Recorded) -> bool:
    try:
        parts = card_parts(bundles.find_bundle(name).card)
    except BundleError:
        return False
    return parts.items() <= parts_of(recorded).items()
