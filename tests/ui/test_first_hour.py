"""Usability problems that new users had with the README as their only help."""

from dataclasses import replace

from PySide6.QtCore import QStandardPaths, Qt
from PySide6.QtWidgets import QFileDialog, QLabel, QTreeWidget

from inspector.domain.analysis import Conclusion, Finding, Significance
from inspector.domain.scores import Segment
from inspector.engine.analysis.deep_rule import conclude_deep, scores_as_probabilities
from inspector.ui.dialogs.help_sheet import LimitsSheet
from inspector.ui.panels.finding_card import FindingCard
from inspector.ui.panels.findings import FindingsPanel
from inspector.ui.panels.result_card import ResultCard
from inspector.ui.state import AnalysisJob, Notice, Task
from inspector.ui.text import finding_when
from inspector.ui.time_text import short_time
from inspector.ui.widgets import file_dialogs as dialogs
from inspector.ui.window.toolbar import progress_text
from tests.engine.analysis.test_deep_rule import look
from tests.engine.report.conftest import build
from tests.engine.report.test_deep_report import deepened
from tests.ui.conftest import wait_shown
from tests.ui.fake_engine import STRONG


def test_a_file_dialog_starts_in_an_existing_folder(opened, monkeypatch, tmp_path):
    """For a missing folder, Qt shows its last part as the file name, which the user would have to delete."""
    began = []
    monkeypatch.setattr(QStandardPaths, "writableLocation", lambda _kind: str(tmp_path / "not" / "there"))
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *asked: began.append(asked[2]) or ("", ""))
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *asked: began.append(asked[2]) or "")
    dialogs.ask_for_clip(opened, [])
    dialogs.ask_for_clip(opened, [tmp_path / "gone" / "clip.mp4"])
    dialogs.ask_for_report_folder(opened, tmp_path / "clip.mp4")
    assert began == [str(tmp_path)] * 3


def test_the_worst_frame_that_the_analysis_names_is_one_key_away(analysed, qtbot):
    (wanted,) = (t.worst_pts for t in analysed.session.analysis.summaries if t.track_id == STRONG)
    analysed.book["highest"].trigger()
    qtbot.waitUntil(lambda: analysed.session.shown.pts == wanted)
    assert analysed.session.overlays.heat_map


def test_the_card_of_a_finding_says_where_its_worst_frame_is(analysed):
    (track,) = (t for t in analysed.session.analysis.summaries if t.track_id == STRONG)
    when = short_time(analysed.session.clip.seconds(track.worst_pts))
    said = [label.text() for label in analysed.findChild(FindingCard).findChildren(QLabel)]
    assert f"Click for the worst frame, at {when}, with its heat map." in said


def test_the_card_of_a_still_names_no_time(analysed):
    done = analysed.session.analysis
    still = replace(done, clip=replace(done.clip, is_still=True))
    card = FindingCard(next(f for f in done.findings if f.track_id == STRONG), still, None)
    said = [label.text() for label in card.findChildren(QLabel)]
    assert "Click for the heat map of this face." in said
    assert not [text for text in said if "worst frame" in text]
    card.deleteLater()


def texts_in(part):
    return [label.text() for label in part.findChildren(QLabel)]


def test_a_face_without_a_score_says_once_why_and_where_it_begins(analysed):
    done = analysed.session.analysis
    (track,) = (t for t in done.summaries if t.track_id == STRONG)
    reasons = {"face too small": 40}
    unscored = replace(
        track, frames_scored=0, peak_pts=None, fake_probability=None, deep=None, conclusion=Conclusion.NO_FACE,
        abstentions=reasons,
    )  # fmt: skip
    finding = next(f for f in done.findings if f.track_id == STRONG)
    beside = FindingCard(finding, replace(done, summaries=(unscored, *done.summaries[:1])), None)
    begins = short_time(done.clip.seconds(track.start_pts))
    assert f"Click for its first frame, at {begins}." in texts_in(beside)
    assert "Not scored: face too small (40 times)." in texts_in(beside)
    summary = replace(done.summary, conclusion=Conclusion.NO_FACE, abstentions=reasons)
    alone = replace(done, summaries=(unscored,), summary=summary, findings=(finding,))
    analysed.session.set_analysis(alone)
    said = texts_in(analysed.findings)
    assert said.count("Not scored: face too small (40 times).") == 1
    still = FindingCard(finding, replace(alone, clip=replace(done.clip, is_still=True)), None)
    assert "Click for this face." in texts_in(still)
    for card in (beside, still):
        card.deleteLater()


def test_the_list_of_faces_has_room_for_the_conclusion_where_each_face_was_scored(analysed, qtbot):
    done = analysed.session.analysis
    (track,) = (t for t in done.summaries if t.track_id == STRONG)
    whole = replace(track, frames_scored=track.frames_found, conclusion=Conclusion.INDICATED)
    for summaries, is_hidden in (((whole,), True), ((replace(whole, frames_scored=1),), False)):
        analysed.session.set_analysis(replace(done, summaries=summaries))
        tree = analysed.findings.findChildren(QTreeWidget)[-1]
        assert tree.isColumnHidden(2) == is_hidden
        if is_hidden:
            qtbot.waitUntil(lambda tree=tree: tree.width() > 200)
            assert tree.columnWidth(4) >= tree.fontMetrics().horizontalAdvance("manipulation indicated")


def test_the_score_in_a_finding_is_repeated_on_the_scale_of_the_timeline(qapp):
    looked = deepened(build(100, 2)).analysis
    said = looked.summary.reason.split(": ", 1)[1]
    track = replace(looked.summaries[0], reason=said, fake_probability=0.7)
    finding = Finding(track.conclusion, Significance.NOTABLE, said, track.track_id, ())
    looked = replace(looked, summaries=(track, *looked.summaries[1:]))
    another = replace(looked.summaries[1], conclusion=track.conclusion, fake_probability=0.9)
    above = replace(looked, summaries=(track, another))
    card, other = FindingCard(finding, above, None), FindingCard(finding, looked, None)
    assert f"On the scale of the timeline: {track.fake_probability:.2f}" in " ".join(texts_in(card))
    assert not any("scale of the timeline" in text for text in texts_in(other)), "the card above says it"
    for each in (card, other):
        each.deleteLater()


def card_texts(analysis):
    card = ResultCard(analysis, [], {}, is_detailed=False)
    hidden = set(texts_in(card._details))
    said = [text for text in texts_in(card) if text not in hidden]
    card.deleteLater()
    return said


RAW = "The deep look's mean score over 13 frames is 0.50, between -1.00 and 2.00, where errors are too frequent"


def unsure(value, reason=f"{RAW} for a conclusion."):
    """An inconclusive analysis with a probability, its reason, and the tracks."""
    looked = deepened(build(100, 2)).analysis
    conclusion = Conclusion.INCONCLUSIVE
    tracks = tuple(replace(t, fake_probability=value, conclusion=conclusion) for t in looked.summaries)
    summary = replace(looked.summary, reason=f"Track 1: {reason}", conclusion=conclusion)
    return replace(looked, summaries=tracks, summary=summary)


def test_the_card_says_why_a_result_is_inconclusive_and_what_may_help(qapp):
    said = card_texts(unsure(0.5))
    assert any(text.startswith("Face 1: 0.50 lies between the limits 0.20 and 0.83, where") for text in said)
    assert any(text.startswith("A better copy may help") for text in said)
    few = "The deep look has seen only 3 frames; at least 8 are needed."
    assert f"Face 1: {few}" in card_texts(unsure(0.5, few))
    called = replace(unsure(0.5), summary=replace(unsure(0.5).summary, conclusion=Conclusion.INDICATED))
    assert not [text for text in card_texts(called) if "better copy" in text or "between the limits" in text]
    stopped = card_texts(replace(unsure(0.5), is_complete=False))
    assert "Resume the analysis: the rest of the clip may allow a conclusion." in stopped
    assert not [text for text in stopped if "better copy" in text]


def test_the_card_says_what_helps_where_the_surroundings_are_plain(qapp):
    plain = conclude_deep(look([3.0] * 8, plain_share=0.5), 100).reason
    found = unsure(0.9, plain)
    deep = replace(found.summaries[0].deep, mean_logit=4.0, plain_share=0.5)
    said = card_texts(replace(found, summaries=(replace(found.summaries[0], deep=deep), *found.summaries[1:])))
    assert any("50% of what surrounds the face is a plain surface" in text for text in said)
    assert any(text.startswith("If the face was cut out, look for the picture") for text in said)
    assert not [text for text in said if "better copy" in text]


def test_the_card_says_so_where_no_lower_limit_could_be_set(qapp):
    reason = "The deep look's score is 0.50, below the upper limit of 3.50; for clips no lower limit could be set, so"
    looked = unsure(0.001, f"{reason} no conclusion is drawn.")
    deep = looked.model.deep
    model = replace(looked.model, deep=replace(deep, clips=replace(deep.clips, low=None)))
    said = card_texts(replace(looked, model=model))
    assert (
        "Face 1: <0.01 lies below the upper limit 0.83; no lower limit could be set, so no conclusion is drawn." in said
    )


def test_the_card_does_not_say_that_a_better_copy_could_clear_a_still(qapp):
    """Without a lower limit, as the bundled model has none for stills, a low score never leads to a conclusion."""
    looked = unsure(0.1, "The deep look's score is 0.50, below the upper limit of 3.50; for stills no lower limit")
    model = looked.model
    deep = replace(model.deep, stills=replace(model.deep.clips, low=None))
    still = replace(looked, model=replace(model, deep=deep), clip=replace(looked.clip, is_still=True))
    advice = "No copy of a still can clear it; a better one may show a manipulation."
    assert [text for text in card_texts(still) if text.startswith(advice)]
    assert not [text for text in card_texts(still) if "better copy" in text]
    above = replace(still, summaries=tuple(replace(t, fake_probability=0.95) for t in still.summaries))
    assert [text for text in card_texts(above) if text.startswith("A better copy may help")], "a mild change turned it"


def test_no_better_copy_is_said_to_help_a_clip_of_one_frame(qapp):
    looked = unsure(0.5, "Only 1 frames could be scored; at least 8 are needed.")
    looked = replace(looked, summary=replace(looked.summary, frames_decoded=1, frames_analysed=1))
    said = card_texts(looked)
    assert [text for text in said if text.startswith("Look for a longer version of the clip")]
    assert not [text for text in said if "better copy" in text]
    for setting in ({"every": 50}, {"end_seconds": 0.1}):
        said = card_texts(replace(looked, settings=replace(looked.settings, **setting)))
        assert [text for text in said if text.startswith("Analyse more of the clip")]
        assert not [text for text in said if "longer version" in text or "better copy" in text]


def test_a_stretch_that_stands_out_is_named_on_the_card(qapp):
    looked = unsure(0.5)
    segment = Segment(1, 0, 512 * 50, 0.9, 0.95, 512 * 20)
    finding = Finding("inconclusive", Significance.NOTABLE, RAW, 1, (segment,))
    said = card_texts(replace(looked, findings=(finding,)))
    when = finding_when(finding, looked.clip)
    assert when.startswith("0:00.0–")
    assert any(text.endswith(f"Examine what stands out: {when}.") for text in said)


def test_a_score_that_reads_like_a_limit_is_not_said_to_lie_between_the_limits(qapp):
    low = scores_as_probabilities(unsure(0.5))[1]
    said = card_texts(unsure(low + 1e-4))
    assert not [text for text in said if "lies between the limits" in text]
    assert f"Face 1: {RAW} for a conclusion." in said


def test_without_a_detector_no_better_copy_is_said_to_help(qapp):
    looked = unsure(0.5)
    tracks = tuple(replace(t, frames_scored=0, fake_probability=None, deep=None) for t in looked.summaries)
    summary = replace(looked.summary, reason="No model bundle was loaded, so nothing was scored.")
    said = card_texts(replace(looked, model=None, summaries=tracks, summary=summary, findings=()))
    assert "Nothing was scored" in said
    assert not [text for text in said if "better copy" in text]


def test_a_result_is_called_the_former_one_while_an_analysis_runs(analysed):
    said = "This is the former result; an analysis is running."
    assert said not in texts_in(analysed.findings)
    analysed.session.set_settings(replace(analysed.session.settings, every=3))
    assert any(text.startswith("Out of date") for text in texts_in(analysed.findings))
    analysed.session.set_job(AnalysisJob(9))
    assert said in texts_in(analysed.findings)
    assert not any(text.startswith("Out of date") for text in texts_in(analysed.findings))
    analysed.session.set_job(None)
    assert said not in texts_in(analysed.findings)


def test_the_list_of_faces_of_a_still_has_neither_shots_nor_times(analysed):
    done = analysed.session.analysis
    assert any("followed through one shot" in text for text in texts_in(analysed.findings))
    analysed.session.set_analysis(replace(done, clip=replace(done.clip, is_still=True)))
    assert not any("followed through one shot" in text for text in texts_in(analysed.findings))
    assert analysed.findings.findChildren(QTreeWidget)[-1].isColumnHidden(3)


def test_a_slow_analysis_does_not_read_as_if_it_stood_still(qapp):
    job = AnalysisJob(9, frames_done=4, frames_total=54, started=0.0, now=80.0)
    assert progress_text(job) == "4 of 54 · 20 s/frame · 17 min left"


def test_stop_is_a_word_while_an_analysis_runs(opened, qtbot):
    opened.session.set_job(AnalysisJob(9, frames_done=60, frames_total=127, started=0.0, now=60.0))
    stop = opened.toolbar.widgetForAction(opened.book["cancel"])
    qtbot.waitUntil(stop.isVisible)
    assert stop.text() == "Stop"
    assert stop.toolButtonStyle() == Qt.ToolButtonStyle.ToolButtonTextBesideIcon
    assert stop.width() >= stop.sizeHint().width()


def test_nothing_in_the_toolbar_moves_while_an_analysis_runs(opened, qtbot):
    def places():
        qtbot.wait(20)
        toolbar = opened.toolbar
        return [toolbar.widgetForAction(opened.book[name]).x() for name in ("heat_map", "compare", "export", "help")]

    before = places()
    opened.session.set_job(AnalysisJob(9, frames_done=60, frames_total=127, started=0.0, now=60.0))
    assert places() == before
    assert opened.toolbar.progress.isVisible()
    assert opened._status.text() == "Analysis: 60 of 127 · 1.0 frames/s · 67 s left"
    opened.session.set_job(AnalysisJob(9, frames_done=127, frames_total=127, started=0.0, now=60.0))
    assert opened._status.text() == "Analysis: 127 of 127 · drawing the conclusion …"


def test_the_findings_do_not_say_that_no_clip_is_open_while_one_is_being_opened(make_window):
    window = make_window()
    window.session.set_busy(Task.OPENING, "Opening a.mp4 …")
    said = [label.text() for label in window.findChild(FindingsPanel).widget().findChildren(QLabel)]
    assert said == ["A clip is being opened"]
    window.session.end_busy(Task.OPENING)
    said = [label.text() for label in window.findChild(FindingsPanel).widget().findChildren(QLabel)]
    assert said[0] == "No clip is open"


def test_the_worst_frame_is_that_of_the_selected_track(analysed, qtbot):
    board, pts = analysed.session.board, analysed.session.shown.pts
    board.tracks[2] = type(board.tracks[STRONG])(2)  # never scored
    analysed.session.set_selected_track(2)
    analysed.book["highest"].trigger()
    qtbot.wait(50)
    assert analysed.session.shown.pts == pts
    analysed.session.set_selected_track(None)
    analysed.book["highest"].trigger()
    qtbot.waitUntil(lambda: analysed.session.selected_track == STRONG)


def test_a_sticky_notice_stays_visible(opened):
    bar = opened.message_bar
    opened.session.post(Notice("Saved."))
    assert bar._timer.isActive()
    opened.session.post(Notice("Writing …", is_sticky=True))
    assert not bar._timer.isActive()
    assert bar.isVisible()


def test_the_lines_of_the_limits_sheet_have_no_gaps(opened, qtbot):
    opened.book["limits"].trigger()
    sheet = opened.findChild(LimitsSheet)
    qtbot.waitUntil(sheet.isVisible)
    sheet.resize(700, 700)
    qtbot.wait(20)
    lines = [label for label in sheet.findChildren(QLabel) if label.text().startswith("•")]
    tall = [label.height() - label.heightForWidth(label.width()) for label in lines]
    assert max(tall) <= 2
    sheet.reject()
    wait_shown(qtbot, opened, 0)
