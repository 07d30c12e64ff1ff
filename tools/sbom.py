"""Writes the bill of materials of the stand-alone program, and gathers the licence texts of what it holds.

build.spec calls `write` with the files that PyInstaller collected. `sbom.cdx.json` (CycloneDX 1.6) lists the installed
packages that these files belong to with their declared licences; inside them the libraries that a wheel brings along
(FFmpeg in PyAV's wheel) and MediaPipe's models; the libraries of the system and Python itself; and our models, fonts
and icons. `licenses/` gets the licence files of packages, Debian's too, and the bills that wheels carry. No network.
"""

from __future__ import annotations

import json
import os
import platform
import re
import shutil
import subprocess
import sys
import sysconfig
from collections import defaultdict
from collections.abc import Iterable, Iterator
from hashlib import file_digest
from importlib import metadata
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

from cyclonedx.contrib.license.factories import LicenseFactory
from cyclonedx.model import HashAlgorithm, HashType, Property
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.output.json import JsonV1Dot6
from packageurl import PackageURL

from inspector import __version__
from tools.native_licences import licence_of

ROOT = Path(__file__).resolve().parents[1]
NAME = "sbom.cdx.json"
LIBRARY = re.compile(
    r"^(?P<name>lib[\w+.-]*?)(?:[-.][0-9a-f]{8}){0,2}(?P<before>(?:\.\d+)*)\.so(?:\.(?P<after>[\w.]+))?$"
)
LICENCE_FILE = re.compile(r"licen[cs]e|copying|notice|authors|/sboms/", re.IGNORECASE)
CLASSIFIER = "License :: OSI Approved :: "

Owned = dict[str, tuple[metadata.Distribution, list[Path]]]


def write(bundle: Path, files: Iterable[str | Path]) -> Path:
    """Write the bill and the licence texts into the folder of a bundle that was collected from these files."""
    owned, rest = owners(files)
    bom = bill(owned, rest)
    path = bundle / NAME
    path.write_text(JsonV1Dot6(bom).output_as_string(indent=2) + "\n", encoding="utf-8")
    for part in bom.components:
        _gather_debian_licence(part, bundle / "licenses" / "debian")
    for distribution, _ in owned.values():
        _gather_licences(distribution, bundle / "licenses" / f"{distribution.name}-{distribution.version}")
    return path


def owners(files: Iterable[str | Path]) -> tuple[Owned, list[Path]]:
    """The installed distributions (by normalised name) that these files are of, with their files; and the rest."""
    index = {}
    for distribution in metadata.distributions():
        base = os.path.realpath(str(distribution.locate_file("")))
        index.update(dict.fromkeys((os.path.normpath(f"{base}/{f}") for f in distribution.files or ()), distribution))
    owned: Owned = {}
    rest = []
    for path in sorted({Path(os.path.realpath(file)) for file in files}):
        found = index.get(str(path))
        if found is None:
            rest.append(path)
        else:
            owned.setdefault(_normal(found.name), (found, []))[1].append(path)
    return owned, rest


def bill(owned: Owned, rest: Iterable[Path]) -> Bom:
    """The bill of a bundle of these distributions and other files; files of this repository count as ours."""
    components = [_package(distribution, files) for _, (distribution, files) in sorted(owned.items())]
    components += [_python(), _bootloader(), *_system_libraries(rest), *_ours()]
    program = _component("deepfake-inspector", __version__, "Apache-2.0", kind=ComponentType.APPLICATION)
    listed = "\n".join(sorted(f"{part.name} {part.version}" for part in components))
    bom = Bom(components=components, serial_number=uuid5(NAMESPACE_URL, f"{program.name} {__version__}\n{listed}"))
    bom.metadata.component = program
    bom.register_dependency(program, components)
    return bom


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _component(
    name: str,
    version: str | None,
    licence: str | None,
    *,
    kind: ComponentType = ComponentType.LIBRARY,
    file: Path | None = None,
    purl: PackageURL | None = None,
    parts: Iterable[Component] = (),
) -> Component:
    digest = None
    if file is not None:
        with file.open("rb") as opened:
            digest = file_digest(opened, "sha256").hexdigest()
    return Component(
        name=name,
        version=version,
        type=kind,
        # Two wheels may hold the same library of the same version.
        bom_ref=str(purl) if purl else ":".join([name, version or "", digest or ""]),
        licenses=[LicenseFactory().make_from_string(licence)] if licence else [],
        hashes=[HashType(alg=HashAlgorithm.SHA_256, content=digest)] if digest else [],
        properties=[Property(name="file", value=file.name)] if file else [],
        purl=purl,
        components=parts,
    )


def _package(distribution: metadata.Distribution, files: Iterable[Path]) -> Component:
    name = _normal(distribution.name)
    parts = {part.bom_ref.value: part for part in (_part(file, name) for file in files) if part is not None}
    purl = PackageURL("pypi", name=name, version=distribution.version)
    return _component(
        distribution.name, distribution.version, declared_licence(distribution), purl=purl, parts=parts.values()
    )


def declared_licence(distribution: metadata.Distribution) -> str | None:
    """What a distribution's metadata says, as an SPDX expression where it gives one."""
    fields = distribution.metadata
    for stated in [*fields.get_all("License-Expression", []), *fields.get_all("License", [])]:
        if stated.strip() and len(stated) < 200 and "\n" not in stated:
            return str(stated)
    named = [
        value.removeprefix(CLASSIFIER) for value in fields.get_all("Classifier", []) if value.startswith(CLASSIFIER)
    ]
    return ", ".join(named) or None


def _part(file: Path, wheel: str) -> Component | None:
    """A model, or a library that the wheel brings along; None for the wheel's own files."""
    if file.suffix == ".tflite":
        return _component(file.stem, None, "Apache-2.0", kind=ComponentType.MACHINE_LEARNING_MODEL, file=file)
    found = LIBRARY.match(file.name)
    licence = licence_of(found["name"], wheel) if found else None
    if licence is None and not file.parent.name.endswith((".libs", ".dylibs")):
        return None
    if found is None:
        return _component(file.name, None, None, file=file)
    return _component(found["name"], found["after"] or found["before"].lstrip(".") or None, licence, file=file)


def _python() -> Component:
    return _component("Python", platform.python_version(), "PSF-2.0", kind=ComponentType.PLATFORM)


def _bootloader() -> Component:
    licence = "GPL-2.0-or-later WITH Bootloader-exception"
    return _component("PyInstaller bootloader", metadata.version("pyinstaller"), licence)


def _system_libraries(files: Iterable[Path]) -> Iterator[Component]:
    """The libraries that came from the system, by Debian package where dpkg knows it; the version is the package's."""
    ours = (ROOT, Path(sys.prefix).resolve(), Path(sysconfig.get_path("stdlib")).resolve())
    packages = defaultdict(list)
    for file in files:
        if not any(file.is_relative_to(folder) for folder in ours) and not file.name.startswith("libpython"):
            packages[_debian_package(file)].append(file)
    for (package, version), found in sorted(packages.items()):
        purl = PackageURL("deb", namespace="debian", name=package, version=version) if package else None
        parts = [_component(file.name, None, None, file=file) for file in found]
        yield from parts if purl is None else [_component(package, version, None, purl=purl, parts=parts)]


def _debian_package(file: Path) -> tuple[str, str]:
    """(name, version); both empty where there is no dpkg or it does not know the file."""
    if not shutil.which("dpkg-query"):
        return "", ""
    # A Debian that merged /usr registers some files still under /lib.
    for name in (str(file), str(file).removeprefix("/usr")):
        asked = subprocess.run(["dpkg-query", "--search", name], capture_output=True, text=True)
        if asked.returncode == 0:
            package = asked.stdout.split(": ")[0].split(",")[0]
            shown = ["dpkg-query", "--show", "--showformat", "${Version}", package]
            return package.split(":")[0], subprocess.run(shown, capture_output=True, text=True, check=True).stdout
    return "", ""


def _ours() -> Iterator[Component]:
    """Models, fonts and icons of this repository; NOTICE says where they come from."""
    model = ComponentType.MACHINE_LEARNING_MODEL
    default, base = ROOT / "models" / "default", ROOT / "models" / "bases" / "clip-vit-b16"
    version = json.loads((default / "card.json").read_text(encoding="utf-8"))["version"]
    for weights in sorted(default.glob("*.safetensors")):
        yield _component(f"models/default/{weights.name}", version, "Apache-2.0", kind=model, file=weights)
    yield _component("CLIP ViT-B/16, image tower", None, "MIT", kind=model, file=base / "weights.safetensors")
    for font in sorted((ROOT / "resources" / "fonts").glob("*.ttf")):
        yield _component(font.stem, None, "OFL-1.1", kind=ComponentType.DATA, file=font)
    yield _component("Lucide icons", None, "ISC AND MIT", kind=ComponentType.DATA)


def _gather_debian_licence(part: Component, folder: Path) -> None:
    text = Path("/usr/share/doc", part.name, "copyright")
    if part.purl is not None and part.purl.type == "deb" and text.is_file():
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(text, folder / part.name)


def _gather_licences(distribution: metadata.Distribution, folder: Path) -> None:
    for file in distribution.files or ():
        inside = str(file).partition(".dist-info/")[2]
        if inside and LICENCE_FILE.search(f"/{inside}"):
            target = folder / inside.removeprefix("licenses/")
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(str(distribution.locate_file(file)), target)
