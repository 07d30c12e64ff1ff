"""Opens the file of a clip: its properties come from the player's process, its SHA-256 is taken here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from inspector.domain.case import CaseExhibit
from inspector.domain.clip import Clip
from inspector.domain.errors import CaseError, ClipError
from inspector.engine.case.case_folder import other_file_text
from inspector.engine.decode.evidence import check_file, hash_file
from inspector.engine.percent import Tell
from inspector.ui.player.players import PLAYERS


@dataclass(frozen=True, slots=True)
class Opening:
    """One opening of a file, by its number: whether it is still wanted, and whom it tells the percentage hashed."""

    number: int
    is_newest: Callable[[int], bool]
    advanced: Callable[[int, int], None]

    def is_wanted(self) -> bool:
        """Whether no other file is to be opened instead by now."""
        return self.is_newest(self.number)

    def tell(self, percent: int) -> None:
        """So much of the file is hashed."""
        self.advanced(self.number, percent)


def open_known(
    known: CaseExhibit,
    path: Path,
    is_wanted: Callable[[], bool],
    stream: int | None = None,
    tell: Tell | None = None,
) -> Clip:
    """Open the file of an exhibit; `tell` gets the percentage that is hashed.

    Raises ClipError, and CaseError if it is another file, even one of no clip.
    """
    try:
        clip = open_clip(path, is_wanted, stream, tell)
    except ClipError:
        if path.is_file() and hash_file(path, is_wanted, tell) != known.sha256:
            raise CaseError(other_file_text(path, known)) from None
        raise
    if clip.sha256 != known.sha256:
        raise CaseError(other_file_text(path, known))
    return clip


def open_clip(path: Path, is_wanted: Callable[[], bool], stream: int | None = None, tell: Tell | None = None) -> Clip:
    """Open a clip, by default its main stream, and take its SHA-256 while it `is_wanted`. Raises ClipError."""
    # The player's process may be taken over by the file: what identifies the evidence is taken here.
    size = check_file(path).st_size
    clip = PLAYERS.read_clip(path, stream)
    return replace(clip, sha256=hash_file(path, is_wanted, tell), size_bytes=size)
