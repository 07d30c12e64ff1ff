"""The progress of a scan: one bar per input on a terminal, lines elsewhere, and a table of the results."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from rich.progress import BarColumn, Progress, ProgressColumn, Task, TaskID, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from inspector.console import SafeConsole
from inspector.domain.printable import printable
from inspector.domain.scores import rounded
from inspector.engine.process import summary_page
from inspector.engine.process.scanned import ScannedClip, ScanSummary
from inspector.engine.report.text import count, whole

_MOST_REASONS = 20
_LEAST_FRAMES = 100  # from one line about an input's frames to the next: a short clip is not ten lines
_FRAMES_OF_UNKNOWN = 1000  # the same, where nothing says how many there are


class _SpeedColumn(ProgressColumn):
    """Frames per second, once the speed is known."""

    def render(self, task: Task) -> Text:
        return Text("" if task.speed is None else f"{task.speed:.1f} frames/s", justify="right")


class ScanProgress:
    """Draws a scan's progress on a console; the calls may come from any thread."""

    def __init__(self, console: SafeConsole) -> None:
        self._lock = threading.Lock()
        self._tasks: dict[Path, TaskID] = {}
        self._faces: dict[Path, int] = {}
        self._quarters: dict[tuple[Path, str], int] = {}  # of each stage that were said
        self._frames: dict[Path, tuple[int, int | None]] = {}  # analysed, and in all
        self._bars = Progress(
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            TextColumn("{task.completed:.0f} frames"),
            TextColumn("{task.fields[faces]} faces"),
            _SpeedColumn(),
            TimeRemainingColumn(),
            console=console,
            transient=True,
        )

    def __enter__(self) -> Self:
        if self._bars.console.is_terminal:  # elsewhere rich would write an empty line at the end
            self._bars.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bars.live.is_started:
            self._bars.stop()

    def stage(self, path: Path, what: str, percent: int | None = None) -> None:
        """Say what is done with an input, and how much of that; on a pipe as lines of their own, at every quarter."""
        if percent is None or self._bars.console.is_terminal:
            self._say(path, what if percent is None else f"{what}, {percent} %")
            return
        with self._lock:
            quarter, before = percent // 25, self._quarters.get((path, what), 0)
            self._quarters[path, what] = quarter
        if quarter > before:
            self._say(path, f"{what}, {percent} %")

    def _say(self, path: Path, what: str) -> None:
        if not self._bars.console.is_terminal:
            self._bars.console.print(f"{path.name}: {what}", soft_wrap=True)
            return
        with self._lock:
            if path not in self._tasks:
                self._tasks[path] = self._bars.add_task("", total=None, faces=0)
                self._faces[path] = 0
            self._bars.update(self._tasks[path], description=printable(f"{path.name}: {what}"))

    def started(self, path: Path, frames_total: int | None, frames_done: int) -> None:
        """Show how far an input is."""
        what = "analysing" if frames_total is None else f"analysing {count(frames_total, 'frame')}"
        self._say(path, f"{what}, {whole(frames_done)} of them done before" if frames_done else what)
        with self._lock:
            self._frames[path] = frames_done, frames_total
            if path in self._tasks:
                self._bars.update(self._tasks[path], total=frames_total, completed=frames_done)

    def advanced(self, path: Path, frames: int, faces: int) -> None:
        """Move an input's bar; on a pipe say so at every tenth of the clip. At its last frame, say what follows."""
        with self._lock:
            before, total = self._frames.get(path, (0, None))
            done = before + frames
            self._frames[path] = done, total
            if path in self._tasks:
                self._faces[path] += faces
                self._bars.update(self._tasks[path], faces=self._faces[path])
                self._move(path, done)
        step = _FRAMES_OF_UNKNOWN if total is None else max(total // 10, _LEAST_FRAMES)
        if total is not None and done >= total:
            if before < total:
                self._say(path, "drawing the conclusion")
        elif done // step > before // step and not self._bars.console.is_terminal:
            self._say(
                path, f"{count(done, 'frame')} analysed" + ("" if total is None else f", {100 * done // total} %")
            )

    def worked(self, path: Path, frames: float) -> None:
        """Move an input's bar by frames whose batch is not done yet: one of many faces takes a minute."""
        with self._lock:
            if path in self._tasks and path in self._frames:
                done, total = self._frames[path]
                self._move(path, done + frames if total is None else min(done + frames, total))

    def _move(self, path: Path, reached: float) -> None:
        """Move a bar forwards only: frames of a batch that is being stored are neither ahead nor done."""
        bar = self._bars.tasks[self._bars.task_ids.index(self._tasks[path])]
        self._bars.update(self._tasks[path], completed=max(reached, bar.completed))

    def warned(self, path: Path, sentence: str) -> None:
        """Print a warning above the bars."""
        self._bars.console.print(f"{path.name}: {sentence}", soft_wrap=True)

    def finished(self, clip: ScannedClip) -> None:
        """Remove an input's bar; print its reason if it failed."""
        with self._lock:
            for path in [p for p in self._tasks if str(p) == clip.path]:
                self._bars.remove_task(self._tasks.pop(path))
            if not self._bars.console.is_terminal and not clip.reason:
                self._bars.console.print(f"{Path(clip.path).name}: {clip.conclusion}", soft_wrap=True)
            if clip.status == "failed":
                self._bars.console.print("failed ", style="red", end="")
                self._bars.console.print(clip.reason, soft_wrap=True)
            elif clip.reason:
                self._bars.console.print(f"{Path(clip.path).name}: {clip.reason}", soft_wrap=True)

    def stopping(self) -> None:
        """Say that the scan ends soon, and what it waits for."""
        self._bars.console.print("Stopping: reports that are being written end first; what is done is kept.")

    def print_table(self, summary: ScanSummary, out: Path) -> None:
        """Print the result of each input, why some have none, and where the results are; `out` is the output folder."""
        table = Table()
        for heading in ("input", "conclusion", "probability", "report"):
            table.add_column(heading, overflow="fold")  # a shortened name finds no file
        for clip in summary.clips:
            value = "" if clip.fake_probability is None else rounded(clip.fake_probability)
            table.add_row(clip.path, clip.conclusion or "failed", value, clip.folder)
        console = SafeConsole()
        console.print(table)
        analysed = sum(c.status == "analysed" for c in summary.clips)
        console.print(f"{analysed} of {count(len(summary.clips), 'input')} analysed.")
        if len(summary.clips) > 1:  # the reason of a single one stands just above
            failed = [(clip.path, clip.reason) for clip in summary.clips if clip.status != "analysed"]
            same = Counter(reason for _path, reason in failed)  # of those that the scan did not come to
            _print_reasons(console, "not analysed", [each for each in failed if same[each[1]] == 1])
            for reason, times in same.items():
                if times > 1:
                    console.print(f"not analysed: {count(times, 'input')}: {reason}", soft_wrap=True)
        _print_reasons(console, "left out", [(unused.path, unused.reason) for unused in summary.left_out])
        if any(clip.fake_probability is not None for clip in summary.clips):
            console.print("Read each probability together with the error rates in its report.")
        reports = [out / clip.folder / "report.pdf" for clip in summary.clips if clip.status == "analysed"]
        if len(reports) == 1 and reports[0].is_file():
            console.print(f"The evidence report: {reports[0]}", soft_wrap=True)
        if len(summary.clips) > 1:
            console.print(f"All results, with links to the reports: {out / summary_page.FILE}", soft_wrap=True)


def _print_reasons(console: SafeConsole, heading: str, reasons: Sequence[tuple[str, str]]) -> None:
    for path, reason in reasons[:_MOST_REASONS]:
        console.print(f"{heading}: {path}: {reason.removeprefix(f'{path}: ')}", soft_wrap=True)
    if len(reasons) > _MOST_REASONS:
        console.print(f"{heading}: {len(reasons) - _MOST_REASONS} more; the summary has the reasons.")
