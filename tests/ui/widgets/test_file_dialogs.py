"""File dialogs: what they list."""

from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog, QWidget

from inspector.engine.decode.media_types import MEDIA_SUFFIXES
from inspector.engine.process.scan_inputs import find_inputs
from inspector.ui.widgets import file_dialogs


def listed_by_dialog(monkeypatch, ask) -> set[str]:
    """The suffixes in the filter that the dialog starts with."""
    shown: list[str] = []

    def answer(_parent, _title, _folder, filters):
        shown.append(filters)
        return "", ""

    monkeypatch.setattr(QFileDialog, "getOpenFileName", answer)
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *args: ([], answer(*args)[1]))
    ask(QWidget())
    patterns = shown[0].split(";;")[0].partition("(")[2].rstrip(")")
    return {pattern.removeprefix("*") for pattern in patterns.split()}


@pytest.mark.parametrize(
    "ask",
    [
        lambda parent: file_dialogs.ask_for_clip(parent, []),
        lambda parent: file_dialogs.ask_for_clips(parent, None),
        lambda parent: file_dialogs.ask_for_exhibit(parent, "1", Path("a.mp4")),
    ],
)
def test_the_dialogs_list_the_files_that_scan_takes(monkeypatch, tmp_path, qtbot, ask):
    """No suffix is written down here: the dialog's filter and a scan of a folder are compared with each other."""
    suffixes = listed_by_dialog(monkeypatch, ask)
    assert suffixes == set(MEDIA_SUFFIXES)
    for number, suffix in enumerate(sorted(suffixes | {".txt", ".json", ".inspector"})):
        (tmp_path / f"{number}{suffix}").touch()
    found = find_inputs([tmp_path])
    assert {path.suffix for path in found.wanted} == suffixes
    assert {unused.path.suffix for unused in found.left_out} == {".txt", ".json", ".inspector"}
