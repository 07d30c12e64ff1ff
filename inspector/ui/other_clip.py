"""A second clip beside the open one, for a comparison: its frames, and what its analysis found."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from inspector.domain.analysis import Analysis
from inspector.domain.answer import NO_NAMES, FaceNames
from inspector.domain.clip import Clip
from inspector.domain.model_card import ModelCard
from inspector.ui.heat_maps import HeatMaps
from inspector.ui.series import ScoreBoard
from inspector.ui.state import OpenedClip


class ScoredClip(Protocol):
    """What a side of a comparison needs of its clip: the session has it of the open one, `OtherClip` of another."""

    @property
    def opened(self) -> OpenedClip | None: ...  # noqa: D102
    @property
    def case_path(self) -> Path | None: ...  # noqa: D102
    @property
    def analysis_id(self) -> int | None: ...  # noqa: D102
    @property
    def board(self) -> ScoreBoard: ...  # noqa: D102
    @property
    def face_names(self) -> FaceNames: ...  # noqa: D102
    @property
    def heat_maps(self) -> HeatMaps: ...  # noqa: D102
    @property
    def model(self) -> ModelCard | None: ...  # noqa: D102
    @property
    def is_screened(self) -> bool: ...  # noqa: D102
    @property
    def can_explain(self) -> bool: ...  # noqa: D102

    def track_at(self, pts: int) -> int | None:
        """The track whose heat map belongs on the screen."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class OtherClip:
    """An exhibit that is not the open one, or a file of no list. Its heat maps are kept as long as it is compared."""

    opened: OpenedClip
    case_path: Path
    label: str  # of the exhibit; "" for a file of no list
    open_label: str  # of the open clip in the same list
    analysis_id: int | None = None  # the analysis in the case file that the scores are from
    analysis: Analysis | None = None  # None while it is not finished
    imported: str = ""  # where that one comes from if this installation did not make it
    board: ScoreBoard = field(default_factory=ScoreBoard)
    face_names: FaceNames = field(default_factory=lambda: NO_NAMES)
    heat_maps: HeatMaps = field(default_factory=HeatMaps)

    @property
    def clip(self) -> Clip:
        """The clip itself."""
        return self.opened.clip

    @property
    def model(self) -> ModelCard | None:
        """The card that the numbers come from."""
        return None if self.analysis is None else self.analysis.model

    @property
    def is_screened(self) -> bool:
        """Whether a deep look decides; of an analysis under way the session knows more than the scores say."""
        has_deep = self.model is not None and self.model.deep is not None
        is_used = self.analysis is not None and self.analysis.settings.deep != "off"
        return self.board.is_deep or (has_deep and is_used)

    @property
    def can_explain(self) -> bool:
        """Whether the engine can compute heat maps."""
        return self.analysis is not None and self.analysis.is_complete

    def track_at(self, pts: int) -> int | None:
        """The track with the highest probability in the frame at exactly that pts, or None."""
        return self.board.strongest_at(pts)
