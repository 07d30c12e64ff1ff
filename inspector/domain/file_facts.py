"""What a file says about itself, apart from its pictures: observations, which never enter a score."""

from __future__ import annotations

from dataclasses import dataclass

from inspector.domain.credentials import Credentials
from inspector.domain.structure import Structure


@dataclass(frozen=True, slots=True, eq=False)
class FileFacts:
    """The facts of one file."""

    credentials: Credentials
    structure: Structure
