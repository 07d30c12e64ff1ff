"""Which files the engine process gets for what is shown."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from inspector.domain.settings import Settings
from inspector.ui.engine.access import access_of


@pytest.mark.parametrize("imported", ["", "a.inspector of a stranger"])
def test_the_bundle_of_a_stranger_s_analysis_is_no_way_to_other_files(tmp_path: Path, imported: str):
    """Its folder may hold weights that are a link to a private file, which the process could then read."""
    folder = tmp_path / "bundle"
    folder.mkdir()
    (folder / "card.json").touch()
    (folder / "weights.safetensors").symlink_to("/etc/passwd")
    analysis = SimpleNamespace(settings=Settings(model=str(folder)))
    other = SimpleNamespace(
        analysis=analysis, imported=imported, clip=SimpleNamespace(path="b.mp4"), case_path=tmp_path / "b.inspector"
    )
    session: Any = SimpleNamespace(
        other=other, analysis=analysis, imported=imported, settings=Settings(), clip=None, case_path=None
    )
    read = {path for path, _ in access_of(session).read}
    assert (str(folder / "weights.safetensors") in read) == (not imported)
