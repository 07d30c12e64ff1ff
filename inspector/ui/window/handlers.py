"""The handlers of actions that only need the controller, and the conditions under which actions are enabled."""

from __future__ import annotations

from collections.abc import Callable

from inspector.ui.controller import Controller
from inspector.ui.session import Session

_WHOLE_CLIP = 10**9  # frames: more than any clip has

Handlers = dict[str, Callable[[], object]]


def playback_handlers(controller: Controller) -> Handlers:
    """The handlers of the Playback menu, by action id."""
    return {
        "play": controller.toggle_play,
        "shuttle_back": lambda: controller.shuttle(-1),
        "shuttle_on": lambda: controller.shuttle(1),
        "mute": controller.toggle_mute,
        "frame_back": lambda: controller.step(-1),
        "frame_on": lambda: controller.step(1),
        "ten_back": lambda: controller.step(-10),
        "ten_on": lambda: controller.step(10),
        "first": lambda: controller.step(-_WHOLE_CLIP),
        "last": lambda: controller.step(_WHOLE_CLIP),
    }


def analysis_handlers(controller: Controller) -> Handlers:
    """The handlers of the Analysis menu, of undo and redo, and of the landmarks, by action id."""
    history = controller.annotator.history
    return {
        "forget": controller.records.ask_to_forget,
        "undo": history.undo,
        "redo": history.redo,
        "analyse": controller.analyses.analyse,
        "cancel": controller.analyses.cancel,
        "next_segment": lambda: controller.step_segment(1),
        "previous_segment": lambda: controller.step_segment(-1),
        "highest": controller.show_worst,
        "next_track": controller.next_track,
        "bookmark": controller.annotator.add_bookmark,
        "landmarks": controller.cycle_landmarks,
    }


def conditions(session: Session, controller: Controller) -> set[str]:
    """The conditions that are met: the values of `ActionSpec.needs` that concern the clip and its analysis."""
    history = controller.annotator.history
    met = {name for name, is_met in (("undo", history.can_undo), ("redo", history.can_redo)) if is_met}
    if session.opened is not None:
        met.add("clip")
        if len(session.opened.pts) > 1:
            met.add("video")
        if session.opened.clip.has_audio:
            met.add("sound")
        if session.job is None:
            met |= set() if session.is_analysed else {"idle"}
        elif not session.job.is_cancelling:
            met.add("job")
        if session.model is not None:
            met.add("model")
    if session.analysis is not None:
        met.add("analysis")
    if session.can_report and not controller.analyses.is_reporting:
        met.add("report")
    return met
