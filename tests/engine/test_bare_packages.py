"""Packages without their own code, and what the engine loads by them."""

from __future__ import annotations

import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from inspector.engine.bare_packages import bare_packages, leave_bare, without_module


@pytest.fixture
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A library whose packages raise an error when they are imported, with one module that does not."""
    name = "library_of_test"
    inner = tmp_path / name / "inner"
    inner.mkdir(parents=True)
    for package in (inner.parent, inner):
        (package / "__init__.py").write_text("raise ValueError('the whole package')\n")
    (inner / "module.py").write_text("VALUE = 7\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    return name


def test_a_module_is_imported_without_its_packages_and_leaves_nothing_behind(library: str) -> None:
    before = set(sys.modules)
    with bare_packages([library, f"{library}.inner"], ["absent_in_test"], {"unused_in_test": ["thing"]}):
        assert __import__("unused_in_test").thing is None
        module = __import__(f"{library}.inner.module", fromlist=["VALUE"])
        with pytest.raises(ImportError):
            __import__("absent_in_test")
    assert module.VALUE == 7
    assert set(sys.modules) == before
    with pytest.raises(ValueError, match="the whole package"):
        __import__(library)


def test_nothing_is_done_for_a_library_that_is_imported_already(library: str) -> None:
    with bare_packages(["json"], ["absent_in_test"]):
        assert "absent_in_test" not in sys.modules
    assert "json" in sys.modules
    with pytest.raises(ModuleNotFoundError, match="no_such_library"), bare_packages(["no_such_library"]):
        pass


def test_a_package_that_is_left_bare_stays_so(library: str) -> None:
    names = (library, f"{library}.inner")
    try:
        leave_bare(*names)
        leave_bare(*names)
        assert __import__(f"{library}.inner.module", fromlist=["VALUE"]).VALUE == 7
        assert library in sys.modules
        # Another thread that found it missing a moment before looks for it all the same.
        assert find_spec(library) is not None
    finally:
        for name in (*names, f"{library}.inner.module"):
            sys.modules.pop(name, None)


def test_the_default_bundle_and_the_face_finder_load_no_compiler_and_no_drawing() -> None:
    """A new process, because other tests import all of these libraries."""
    code = """
import sys
import numpy as np
from inspector.engine.faces.finder import FaceFinder
from inspector.engine.model.bundle import DEFAULT_BUNDLE, find_bundle
from inspector.engine.model.detector import Detector
from inspector.engine.model.cam import METHODS, cam_values
detector = Detector.load(find_bundle(DEFAULT_BUNDLE), "cpu", with_deep=False)
crop = np.eye(160, dtype=np.uint8)[..., None].repeat(3, 2)
assert all(cam_values(detector, crop, method).shape == (5, 5) for method in METHODS)
with FaceFinder():
    pass
print(*(name for name in ("torch._dynamo", "sympy", "torchvision", "huggingface_hub", "timm", "matplotlib",
                          "reportlab", "scipy", "sklearn") if name in sys.modules))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "\n"


def test_a_module_that_nobody_uses_is_left_out_and_can_be_imported_later(library: str, tmp_path: Path) -> None:
    (tmp_path / library / "__init__.py").write_text(f"from {library} import heavy\n")
    (tmp_path / library / "heavy.py").write_text("VALUE = 7\n")
    with without_module(f"{library}.heavy"):
        __import__(library)
    assert f"{library}.heavy" not in sys.modules
    with without_module(f"{library}.heavy"):  # it is too late
        assert __import__(f"{library}.heavy").heavy.VALUE == 7
    for name in (library, f"{library}.heavy"):
        del sys.modules[name]
