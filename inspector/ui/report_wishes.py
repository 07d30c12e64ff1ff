"""What an examiner wants of a report: what is left out of it, and the key that signs it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from inspector.domain.errors import InspectorError
from inspector.engine.report.parts import ReportPart
from inspector.ui.widgets.engine_text import shown
from inspector.ui.widgets.language import tr

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey


@dataclass(frozen=True, slots=True, eq=False)
class ReportWishes:
    """The private key stays in the window process: the engine process, which reads hostile files, never has it."""

    left_out: tuple[ReportPart, ...] = ()
    key: Ed25519PrivateKey | None = None

    @property
    def public_key(self) -> str:
        """The public part as PEM, "" without a key."""
        if self.key is None:
            return ""
        from inspector.engine.seal.keys import public_pem

        return public_pem(self.key)

    def seal(self, folder: Path) -> str:
        """Sign the report in a folder, if there is a key; returns one sentence on the problem, or ""."""
        if self.key is None:
            return ""
        from inspector.engine.seal.keys import sign_manifest

        try:
            sign_manifest(folder, self.key)
        except InspectorError as error:
            return tr("It is not signed: {error}", error=shown(str(error)))
        return ""


EVERYTHING = ReportWishes()
