"""The libraries of the engine process, which take most of the time to its first score."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

from inspector.engine.bare_packages import without_module

_loading = Lock()


def load_libraries() -> None:
    """Import what an analysis needs, in one thread; others wait for it.

    What reports and heat maps need beside it is imported with the first of them.
    """
    with _loading, _without_collection():
        # Rules for tensors without memory, in Python, are a sixth of torch's import. Only `Budget` uses them, and
        # imports them then.
        with without_module("torch._meta_registrations"):
            import torch  # noqa: F401
        import inspector.engine.analysis.cam_maker
        import inspector.engine.analysis.pipeline
        import inspector.engine.decode.decoder  # noqa: F401
        from inspector.engine.faces.graphs import load_mediapipe
        from inspector.engine.model.networks.timm_networks import load_families

        load_mediapipe()
        load_families()


@contextmanager
def _without_collection() -> Iterator[None]:
    """Hundreds of thousands of objects are made and stay: to look for unused ones takes a sixth of the loading."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
