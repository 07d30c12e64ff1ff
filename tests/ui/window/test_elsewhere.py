"""What an open clip waits for while another one is analysed is said, not left to silence."""

from pathlib import Path

from PySide6.QtWidgets import QLabel

from inspector.ui.engine.queue import AnalysisRequest
from inspector.ui.panels.file import FilePanel
from inspector.ui.picture.scene import scene_of


def test_a_clip_says_that_the_analysis_of_another_one_comes_before(analysed, qtbot, tmp_path, three, monkeypatch):
    window, session, queue = analysed, analysed.session, analysed.controller.queue
    assert session.elsewhere == ""
    queue.running = AnalysisRequest(Path("long.mp4"), tmp_path / "other.inspector", "2" * 64)
    queue.changed.emit()
    assert session.elsewhere == "long.mp4"
    assert scene_of(session).no_cam_text == "The heat map comes after the analysis of long.mp4"
    (panel,) = window.findChildren(FilePanel)
    window.side.setCurrentWidget(panel)
    session.set_file_facts(None)
    qtbot.waitUntil(lambda: any("the analysis of long.mp4" in label.text() for label in panel.findChildren(QLabel)))
    queue.running = AnalysisRequest(Path(session.clip.path), session.case_path, session.clip.sha256)
    queue.changed.emit()
    assert session.elsewhere == "", "the open clip's own analysis is no other one"
    queue.running = None
    queue.changed.emit()

    # Of a report this is not true: the other analysis lets it pass.
    session.set_job(None)
    window.controller.engine.stop()
    monkeypatch.setenv("FAKE_ENGINE_SLEEP_MS", "250")
    queue.add(AnalysisRequest(three / "a.mp4", tmp_path / "other.inspector", ""))
    qtbot.waitUntil(lambda: queue.job.frames_done > 0)
    window.controller.analyses.write_report(tmp_path / "report")
    qtbot.waitUntil(lambda: "The report is in" in window.message_bar.text)
    assert queue.is_busy, "it goes on afterwards"
    monkeypatch.setenv("FAKE_ENGINE_SLEEP_MS", "0")
    qtbot.waitUntil(lambda: not queue.is_busy)
