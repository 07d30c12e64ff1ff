"""What the engine process needs for the clips that are shown."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from inspector.engine.model.bundle import outside_files
from inspector.engine.process.confine.access import Access, identity_of
from inspector.ui.session import Session
from inspector.ui.widgets.glance import glance

_known: dict[Path, str] = {}  # the identities of paths when they were last seen
_bundles: dict[Path, list[Path]] = {}  # the files of bundles when they were last seen


def access_to(read: Iterable[Path], write: Iterable[Path]) -> Access:
    """Access to paths, of which one on a share that does not answer is known as it was when it did."""
    return Access.to(read, write, _identity)


def _identity(path: Path) -> str:
    _known[path] = found = glance(identity_of, path, _known.get(path, ""))
    return found


def bundle_files(model: str) -> list[Path]:
    """The files of a bundle that lies outside the program's own folder."""
    folder = Path(model)
    otherwise = _bundles.get(folder, [folder] if folder.is_absolute() else [])  # else it could not be read by then
    _bundles[folder] = found = glance(_outside_files, folder, otherwise)
    return found


def _outside_files(model: Path) -> list[Path]:
    return outside_files(str(model))


def access_of(session: Session, *folders: Path) -> Access:
    """Access to the open clip, its case file and the bundle, and those of the clip that it is compared with.

    The process may write to `folders` too.
    """
    other = session.other
    made = [(session.analysis, session.imported)] + ([] if other is None else [(other.analysis, other.imported)])
    # A stranger's analysis could name any folder, and a link in it any file.
    chosen = [session.settings, *(each.settings for each, imported in made if each is not None and not imported)]
    bundles = [path for settings in chosen for path in bundle_files(settings.model)]
    clips = [] if session.clip is None else [Path(session.clip.path)]
    cases = [] if session.case_path is None else [session.case_path.parent]
    if other is not None:
        clips.append(Path(other.clip.path))
        cases.append(other.case_path.parent)
    return access_to([*clips, *bundles], [*cases, *folders])
