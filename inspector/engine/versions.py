"""The versions of the software that produces a result, for the report."""

from __future__ import annotations

import platform

from inspector import __version__

# In order of use.
LIBRARIES = (
    "av",
    "opencv-contrib-python",
    "pillow",
    "pillow-heif",
    "c2pa-python",
    "mediapipe",
    "numpy",
    "scipy",
    "torch",
    "torchvision",
    "timm",
    "grad-cam",
    "reportlab",
)


def software_versions() -> tuple[tuple[str, str], ...]:
    """(name, version) pairs: this program, the platform, then the libraries in order of use."""
    from importlib import metadata

    import av

    found = [("inspector", __version__), ("Python", platform.python_version()), ("system", platform.platform())]
    for name in LIBRARIES:
        try:
            found.append((name, metadata.version(name)))
        except metadata.PackageNotFoundError:
            continue
        if name == "av":
            found += [(f"FFmpeg {k}", ".".join(map(str, v))) for k, v in sorted(av.library_versions.items())]
    return tuple(found)
