"""All facts of a file in one call, for the engine process and the report."""

from __future__ import annotations

from pathlib import Path

from inspector.domain.credentials import Credentials, CredentialStatus
from inspector.domain.errors import InspectorError
from inspector.domain.file_facts import FileFacts
from inspector.engine import faults
from inspector.engine.provenance.credentials import read_credentials


def describe_file(path: Path) -> FileFacts:
    """Read the facts of a file. What fails becomes a sentence in its place: the pictures can be analysed without it."""
    credentials = faults.attempt("reading Content Credentials", lambda: read_credentials(path))
    if isinstance(credentials, InspectorError):
        credentials = Credentials(CredentialStatus.UNREADABLE, str(credentials))
    return FileFacts(credentials)
