"""Modules of a library by themselves, without what its package would import beside them."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from importlib.util import find_spec, module_from_spec
from types import ModuleType


def leave_bare(*packages: str) -> None:
    """Let the modules of packages be imported without the packages' own code, from now on. Raises ImportError.

    A package that is imported already stays as it is. Outer packages come first. Several threads may call it.
    """
    for name in packages:
        if name not in sys.modules:
            sys.modules.setdefault(name, _bare(name))


@contextmanager
def without_module(name: str) -> Iterator[None]:
    """A context in which a module that its importer runs, and takes nothing from, is an empty one.

    A later import gives the module itself. Where a part of the library is imported already, nothing is done. Use it
    from one thread.
    """
    if name.partition(".")[0] in sys.modules:
        yield
        return
    sys.modules[name] = empty = ModuleType(name)
    try:
        yield
    finally:
        if sys.modules.get(name) is empty:
            del sys.modules[name]


@contextmanager
def bare_packages(
    packages: Iterable[str], absent: Iterable[str] = (), unused: Mapping[str, Iterable[str]] | None = None
) -> Iterator[None]:
    """A context in which `packages` are empty: each of their modules can be imported, and their own code does not run.

    The modules `absent` cannot be imported meanwhile. A module of `unused` has the names that are given with it, all of
    them None: its importer takes them, and nobody uses them. Afterwards sys.modules is as before: what was imported
    stays usable, and a later import of a package gives the whole of it. Where a part of these libraries is imported
    already, nothing is done, because the modules of two imports would not fit together. Use it from one thread.
    """
    packages, absent, unused = list(packages), list(absent), unused or {}
    libraries = {name.partition(".")[0] for name in (*packages, *absent, *unused)}
    if libraries & sys.modules.keys():
        yield
        return
    try:
        for name in packages:
            sys.modules[name] = _bare(name)
        sys.modules.update(dict.fromkeys(absent))  # type: ignore[arg-type]
        for name, content in unused.items():
            sys.modules[name] = ModuleType(name)
            vars(sys.modules[name]).update(dict.fromkeys(content))
        yield
    finally:
        for name in [each for each in sys.modules if each.partition(".")[0] in libraries]:
            del sys.modules[name]


def _bare(name: str) -> ModuleType:
    """A package whose code has not run; its outer package is imported, or bare. Raises ImportError."""
    spec = find_spec(name)
    if spec is None:
        raise ModuleNotFoundError(f"No module named {name!r}", name=name)
    return module_from_spec(spec)
