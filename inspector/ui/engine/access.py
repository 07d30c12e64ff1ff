"""What the engine process needs for the open clip."""

from __future__ import annotations

from pathlib import Path

from inspector.engine.model.bundle import outside_files
from inspector.engine.process.confine.access import Access
from inspector.ui.session import Session


def access_of(session: Session, *folders: Path) -> Access:
    """Access to the open clip, its case file and the bundle; the process may write to `folders` too."""
    chosen = [session.settings, *([session.analysis.settings] if session.analysis else [])]
    bundles = [path for settings in chosen for path in outside_files(settings.model)]
    clips = [] if session.clip is None else [Path(session.clip.path)]
    cases = [] if session.case_path is None else [session.case_path.parent]
    return Access.to([*clips, *bundles], [*cases, *folders])
