"""The bill of materials of the stand-alone program: what is in it is listed with its licence, and nothing else is."""

import json
import re
from importlib import metadata
from pathlib import Path

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from tools import sbom
from tools.native_licences import licence_of


def located(distribution: str, pattern: str) -> list[Path]:
    files = metadata.files(distribution) or []
    return [Path(str(file.locate())) for file in files if re.search(pattern, str(file))]


def licences(component: dict) -> list[str]:
    return [
        licence.get("expression") or licence["license"].get("id") or licence["license"]["name"]
        for licence in component.get("licenses", [])
    ]


@pytest.fixture(scope="module")
def bundle(tmp_path_factory) -> Path:
    """A bundle with PyAV and its libraries, MediaPipe's face mesh, a module of Python's and one of ours."""
    folder = tmp_path_factory.mktemp("bundle")
    files = [*located("av", r"^av/__init__\.py$|^av\.libs/"), *located("mediapipe", r"face_landmark.*\.tflite$")]
    sbom.write(folder, [*files, json.__file__, sbom.ROOT / "inspector" / "cli.py"])
    return folder


@pytest.fixture(scope="module")
def listed(bundle) -> dict[str, dict]:
    parts = json.loads((bundle / "sbom.cdx.json").read_text(encoding="utf-8"))["components"]
    return {part["name"]: part for part in parts}


def test_the_bill_is_valid_cyclonedx(bundle):
    text = (bundle / "sbom.cdx.json").read_text(encoding="utf-8")
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(text) is None
    broken = text.replace('"library"', '"no such type"')
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(broken) is not None


def test_it_lists_what_the_files_belong_to_and_no_other_package(listed):
    packages = {part["name"] for part in listed.values() if part.get("purl", "").startswith("pkg:pypi/")}
    assert packages == {"av", "mediapipe"}
    assert listed["av"]["purl"] == f"pkg:pypi/av@{metadata.version('av')}"
    assert {"Python", "PyInstaller bootloader", "models/default/deep.safetensors", "NotoSans-Regular"} <= set(listed)
    assert listed["models/default/weights.safetensors"]["version"]


def test_ffmpeg_in_the_wheel_of_pyav_is_named_with_its_licence(listed):
    parts = {part["name"]: part for part in listed["av"]["components"]}
    assert licences(listed["av"]) == ["BSD-3-Clause"]
    assert licences(parts["libavcodec"]) == ["GPL-3.0-or-later"], "it is linked against x264"
    assert licences(parts["libx264"]) == licences(parts["libx265"]) == ["GPL-2.0-or-later"]
    assert parts["libavcodec"]["version"].startswith("62.")
    assert all(part["hashes"][0]["alg"] == "SHA-256" for part in parts.values())
    assert [name for name, part in parts.items() if not licences(part)] == [], "tools/native_licences.py lacks these"


def test_models_inside_a_wheel_are_listed(listed):
    kinds = {part["name"]: part["type"] for part in listed["mediapipe"]["components"]}
    assert kinds["face_landmark_with_attention"] == "machine-learning-model"


def test_licence_texts_lie_beside_the_program(bundle):
    gathered = {path.name for path in (bundle / "licenses" / f"av-{metadata.version('av')}").rglob("*")}
    assert any("LICENSE" in name for name in gathered)
    assert "auditwheel.cdx.json" in gathered, "what the wheel itself says about its libraries"


def test_the_licence_of_an_ffmpeg_depends_on_its_wheel():
    assert licence_of("libavformat", "opencv-contrib-python") == "LGPL-2.1-or-later"
    assert licence_of("libavformat", "unheard-of") is None
    assert licence_of("libpng16", "pillow") == "libpng-2.0"
    assert licence_of("libtorch_cpu", "torch") is None


def test_a_library_of_the_system_is_named_by_its_package_or_by_its_file(tmp_path, monkeypatch):
    library = tmp_path / "libodd.so.1"
    library.write_bytes(b"odd")
    monkeypatch.setattr(sbom.shutil, "which", lambda name: None)
    bom = sbom.bill({}, [library])
    (odd,) = [part for part in bom.components if part.name == "libodd.so.1"]
    assert not odd.licenses
    monkeypatch.setattr(sbom, "_debian_package", lambda file: ("libodd1", "1.2-3"))
    (package,) = [part for part in sbom.bill({}, [library]).components if part.name == "libodd1"]
    assert str(package.purl) == "pkg:deb/debian/libodd1@1.2-3"
    assert [part.name for part in package.components] == ["libodd.so.1"]
