"""What the engine process needs for the clips that are shown."""

from __future__ import annotations

from pathlib import Path

from inspector.engine.model.bundle import outside_files
from inspector.engine.process.confine.access import Access
from inspector.ui.session import Session


def access_of(session: Session, *folders: Path) -> Access:
    """Access to the open clip, its case file and the bundle, and those of the clip that it is compared with.

    The process may write to `folders` too.
    """
    other = session.other
    analyses = [each for each in (session.analysis, None if other is None else other.analysis) if each is not None]
    chosen = [session.settings, *(analysis.settings for analysis in analyses)]
    bundles = [path for settings in chosen for path in outside_files(settings.model)]
    clips = [] if session.clip is None else [Path(session.clip.path)]
    cases = [] if session.case_path is None else [session.case_path.parent]
    if other is not None:
        clips.append(Path(other.clip.path))
        cases.append(other.case_path.parent)
    return Access.to([*clips, *bundles], [*cases, *folders])
