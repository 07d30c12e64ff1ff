"""The report names every library that had a part in an analysis; one that is renamed may not drop out of the list."""

from inspector.engine import versions


def test_every_library_of_the_list_is_found() -> None:
    named = [name for name, _ in versions.software_versions()]
    assert [name for name in versions.LIBRARIES if name not in named] == []
    assert named[:3] == ["inspector", "Python", "system"]
    assert any(name.startswith("FFmpeg") for name in named)
