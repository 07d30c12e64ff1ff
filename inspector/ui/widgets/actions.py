"""The table of actions, from which menus, toolbar, transport, shortcuts and the help page are made."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMainWindow

from inspector.ui.widgets.icons import icon
from inspector.ui.widgets.labels import plain_tip
from inspector.ui.widgets.language import mark, tr_marked
from inspector.ui.widgets.theme import Theme

Keys = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ActionSpec:
    """One action. It is enabled while `MainWindow` finds `needs` ("clip", "analysis", "undo" ...); "" means always."""

    id: str
    menu: str
    text: str
    tip: str
    keys: Keys = ()
    icon: str = ""
    needs: str = ""
    is_checkable: bool = False
    starts_group: bool = False


_A = ActionSpec
ACTIONS: tuple[ActionSpec, ...] = (
    _A("open", "File", "&Open …", "Open a clip, a still or a case file", ("Ctrl+O",), "folder-open"),
    _A("open_demo", "File", "Open the &demo clip", "Open the clip that comes with the program", (), "clapperboard",
       "demo"),
    _A("export", "File", "&Export report …", "Write the evidence report into a folder", ("Ctrl+E",), "file-down",
       "report", starts_group=True),
    _A("snapshot", "File", "&Save picture …", "Save the frame's pixels as a lossless PNG that describes its source",
       ("S",), "image-down", "clip"),
    _A("snapshot_view", "File", "Save &view …", "Save the picture as shown, with overlays and zoom, as a PNG",
       ("Shift+S",), "camera", "clip"),
    _A("forget", "File", "Forget this &clip …",
       "Delete what this computer keeps of the clip: analyses, notes, decisions, and its place in the recent clips",
       needs="clip", starts_group=True),
    _A("quit", "File", "&Quit", "Close the window", ("Ctrl+Q",), starts_group=True),
    _A("undo", "Edit", "&Undo", "Undo the last note, bookmark or decision", ("Ctrl+Z",), needs="undo"),
    _A("redo", "Edit", "&Redo", "Redo what was undone", ("Ctrl+Shift+Z", "Ctrl+Y"), needs="redo"),
    _A("new_case", "Case", "&New case …",
       "Create a folder for several exhibits; the listed clips become its first exhibits", ("Ctrl+N",)),
    _A("open_case", "Case", "&Open case …", "Open the folder of a case", ("Ctrl+Shift+O",)),
    _A("add_clips", "Case", "&Add clips …", "Add clips and stills to the list", ("Ctrl+Shift+A",), starts_group=True),
    _A("analyse_all", "Case", "Anal&yse all", "Analyse all exhibits, one after another", ("Ctrl+Shift+Return",),
       needs="exhibits"),
    _A("stop_all", "Case", "&Stop all", "Stop all analyses; their results so far are kept", ("Ctrl+Shift+.",),
       needs="queue"),
    _A("next_exhibit", "Case", "Ne&xt exhibit", "Show the next exhibit", ("Ctrl+PgDown",), needs="several",
       starts_group=True),
    _A("previous_exhibit", "Case", "&Previous exhibit", "Show the previous exhibit", ("Ctrl+PgUp",), needs="several"),
    _A("find_exhibit", "Case", "&Find the exhibit's file …", "Choose the new location of the selected exhibit's file",
       needs="chosen"),
    _A("export_case", "Case", "&Export case …",
       "Write the report of each analysed exhibit and a list of all exhibits into a folder", ("Ctrl+Shift+E",),
       needs="analyses", starts_group=True),
    _A("play", "Playback", "&Play or pause", "Play or pause", ("Space", "K"), "play", "video"),
    _A("shuttle_back", "Playback", "Play &backwards", "Play backwards; press again to play faster", ("J",),
       needs="video"),
    _A("shuttle_on", "Playback", "Play &forwards", "Play forwards; press again to play faster", ("L",), needs="video"),
    _A("mute", "Playback", "&Mute", "Switch the sound off or on; it plays only forwards at 1×", ("Ctrl+M",), "volume-x",
       "sound", is_checkable=True),
    _A("frame_back", "Playback", "One frame b&ack", "One frame back", ("Left", ","), "step-back", "video",
       starts_group=True),
    _A("frame_on", "Playback", "O&ne frame forward", "One frame forward", ("Right", "."), "step-forward", "video"),
    _A("ten_back", "Playback", "Ten frames back", "Ten frames back", ("Shift+Left",), "chevrons-left", "video"),
    _A("ten_on", "Playback", "Ten frames forward", "Ten frames forward", ("Shift+Right",), "chevrons-right", "video"),
    _A("first", "Playback", "First frame", "First frame", ("Home",), "skip-back", "video"),
    _A("last", "Playback", "Last frame", "Last frame", ("End",), "skip-forward", "video"),
    _A("go_to", "Playback", "&Go to …", "Go to a frame, time, timecode or pts", ("G",), "corner-down-right", "video"),
    _A("analyse", "Analysis", "&Analyse", "Score every frame of the clip, or continue a stopped analysis",
       ("Ctrl+Return",), "scan-face", "idle"),
    _A("cancel", "Analysis", "&Stop the analysis", "Stop the analysis; its results so far are kept", ("Ctrl+.",),
       "circle-stop", "job"),
    _A("settings", "Analysis", "Se&ttings …", "Everything that can change a result: model, device, thresholds",
       ("Ctrl+,",), "settings"),
    _A("next_segment", "Analysis", "&Next suspicious segment", "Go to the peak of the next suspicious segment",
       ("PgDown",), "flag-triangle-right", "analysis", starts_group=True),
    _A("previous_segment", "Analysis", "&Previous suspicious segment",
       "Go to the peak of the previous suspicious segment", ("PgUp",), needs="analysis"),
    _A("highest", "Analysis", "&Worst frame",
       "Go to the worst frame of the selected face, which findings, list and report name, too", ("P",),
       "", "analysis"),
    _A("next_track", "Analysis", "Next &face", "Select the next face", ("N",), "users", "analysis"),
    _A("name_face", "Analysis", "Name this fa&ce …", "Give the selected face a name for lanes, card and report",
       ("Shift+N",), needs="analysis"),
    _A("bookmark", "Analysis", "Add &bookmark", "Bookmark the current frame", ("M",), "bookmark-plus", "clip",
       starts_group=True),
    _A("set_in", "Playback", "Set &in", "Start the range at the current frame", ("I",), needs="clip",
       starts_group=True),
    _A("set_out", "Playback", "Set &out", "End the range at the current frame", ("O",), needs="clip"),
    _A("clear_range", "Playback", "Clear in and out", "Remove the in and out points", ("Shift+I",), needs="clip"),
    _A("note_selection", "Analysis", "N&ote on the selection …",
       "Write a note on the selection, or on the range between in and out if nothing is selected", ("Shift+M",),
       needs="clip"),
    _A("heat_map", "View", "&Heat map", "Show where the network looked in this frame's face crop", ("H",), "flame",
       "model", is_checkable=True),
    _A("boxes", "View", "&Boxes", "Show face boxes with number and probability", ("B",), "scan-search", "clip",
       is_checkable=True),
    _A("landmarks", "View", "&Landmarks", "Landmarks: off, points, contours, mesh", ("T",), "waypoints", "clip",
       is_checkable=True),
    _A("signals", "View", "&Signal lanes", "Show the signals of the selected face in the timeline", (), "activity",
       "analysis", is_checkable=True),
    _A("filters", "View", "Filte&rs", "Levels, gamma, sharpening and views of the pixels; scores do not change",
       ("Shift+X",), "sliders-horizontal", "clip", is_checkable=True, starts_group=True),
    _A("next_filter", "View", "Ne&xt filter view",
       "Error level, high-pass residual, difference, optical flow, and back to the picture", ("X",), needs="clip"),
    _A("no_filters", "View", "Filters off", "Show the decoded picture", ("Ctrl+X",), needs="clip"),
    _A("compare", "View", "&Compare",
       "Keep the current frame as A beside the player's frame as B, or a frame of another clip of the list", ("C",),
       "columns-2", "clip", is_checkable=True),
    _A("wipe", "View", "Compare by &wipe", "Show both pictures over each other with an edge to drag, or side by side",
       ("W",), needs="clip"),
    _A("compared_back", "View", "Compared frame back",
       "One frame back on the side of the comparison that does not follow the player", ("Alt+Left",), needs="clip"),
    _A("compared_on", "View", "Compared frame forward",
       "One frame forward on the side of the comparison that does not follow the player", ("Alt+Right",),
       needs="clip"),
    _A("close_up", "View", "Close-&up of the face",
       "Show the selected face, its heat map and the neighbouring frames", ("U",), "scan-eye", "clip"),
    _A("close_up_full", "View", "Close-up in full si&ze", "Show the close-up in place of the picture, and back",
       ("Shift+U",), needs="clip"),
    _A("fit", "View", "&Fit the picture", "Fit the picture into the window", ("F",), "maximize", "clip",
       starts_group=True),
    _A("one_to_one", "View", "&1:1", "Show one screen pixel per picture pixel", ("1",), "ratio", "clip"),
    _A("zoom_in", "View", "Zoom &in", "Zoom in", ("+", "="), "zoom-in", "clip"),
    _A("zoom_out", "View", "Zoom &out", "Zoom out", ("-",), "zoom-out", "clip"),
    _A("timeline_in", "View", "Zoom timeline in", "Show a shorter time range", ("Ctrl++", "Ctrl+="), needs="video",
       starts_group=True),
    _A("timeline_out", "View", "Zoom timeline out", "Show a longer time range", ("Ctrl+-",), needs="video"),
    _A("timeline_all", "View", "Whole clip in timeline", "Show the whole clip in the timeline", ("Ctrl+0",),
       needs="video"),
    _A("theme", "View", "Next &theme", "Dark, light, or high contrast", ("Ctrl+T",), "sun-moon", starts_group=True),
    _A("help", "Help", "&Keys and controls", "All keys and controls", ("?", "F1"), "keyboard"),
    _A("keys", "Help", "&Change keys …", "Change the keys of actions"),
    _A("reading", "Help", "How to &read a result", "What each conclusion means for a publication"),
    _A("limits", "Help", "What this tool can and cannot &tell", "What a probability means and does not mean", (),
       "circle-question-mark"),
    _A("about", "Help", "&About", "Versions, model and licences", starts_group=True),
)  # fmt: skip

MENUS = (mark("File"), mark("Edit"), mark("Case"), mark("Playback"), mark("Analysis"), mark("View"), mark("Help"))
TOOLBAR = ("open", "|", "analyse", "cancel", "progress", "|", "heat_map", "opacity", "boxes", "landmarks", "|",
           "filters", "compare", "close_up", "|", "fit", "one_to_one", "|", "bookmark", "export", "spacer", "theme",
           "help")  # fmt: skip
TRANSPORT = ("first", "ten_back", "frame_back", "play", "frame_on", "ten_on", "last")


class ActionBook:
    """The QActions of one window, made from the table."""

    def __init__(self, window: QMainWindow, theme: Theme, chosen: Mapping[str, Keys]) -> None:
        self._actions: dict[str, QAction] = {}
        for spec in ACTIONS:
            action = QAction(tr_marked(spec.text), window)
            action.setObjectName(f"action_{spec.id}")
            action.setCheckable(spec.is_checkable)
            action.setIconVisibleInMenu(not spec.is_checkable)  # an icon would stand in place of its tick
            action.setStatusTip(tr_marked(spec.tip))
            window.addAction(action)
            self._actions[spec.id] = action
        self.set_keys(chosen)
        self.set_theme(theme)

    def set_keys(self, chosen: Mapping[str, Keys]) -> None:
        """Give each action the keys that the user chose, or else those of the table."""
        self.keys: dict[str, Keys] = {spec.id: chosen.get(spec.id, spec.keys) for spec in ACTIONS}
        for spec in ACTIONS:
            action = self._actions[spec.id]
            action.setShortcuts([QKeySequence(key) for key in self.keys[spec.id]])
            text = key_text(self.keys[spec.id])
            action.setToolTip(plain_tip(f"{tr_marked(spec.tip)}  ({text})" if text else tr_marked(spec.tip)))

    def __getitem__(self, action_id: str) -> QAction:
        return self._actions[action_id]

    def bind(self, handlers: dict[str, Callable[[], object]]) -> None:
        """Connect each action to its handler. Raises KeyError if an action has none."""
        for spec in ACTIONS:
            handler = handlers[spec.id]
            self._actions[spec.id].triggered.connect(lambda _checked=False, handler=handler: handler())

    def set_theme(self, theme: Theme) -> None:
        """Draw the icons in a theme's colours."""
        for spec in ACTIONS:
            if spec.icon:
                self._actions[spec.id].setIcon(icon(spec.icon, theme))

    def enable(self, present: set[str]) -> None:
        """Enable the actions whose `needs` is in `present`."""
        for spec in ACTIONS:
            self._actions[spec.id].setEnabled(not spec.needs or spec.needs in present)


def key_text(keys: Keys) -> str:
    """Keys in the notation of the operating system, separated by commas."""
    return ", ".join(QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText) for key in keys)
