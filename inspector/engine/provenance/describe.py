"""All facts of a file in one call, for the engine process and the report."""

from __future__ import annotations

from pathlib import Path

from inspector.domain.credentials import Credentials, CredentialStatus
from inspector.domain.errors import InspectorError
from inspector.domain.file_facts import FileFacts
from inspector.domain.structure import Structure
from inspector.engine import faults
from inspector.engine.provenance.credentials import read_credentials
from inspector.engine.provenance.structure.read import CREDENTIAL_BYTES, OTHER, read_structure


def describe_file(path: Path) -> FileFacts:
    """Read the facts of a file. What fails becomes a sentence in its place: the pictures can be analysed without it."""
    structure = faults.attempt("reading the structure of the file", lambda: read_structure(path))
    if isinstance(structure, InspectorError):
        structure = Structure(OTHER, 0, problems=(str(structure),))
    stored = sum(int(tag.value) for tag in structure.tags if (tag.group, tag.name) == CREDENTIAL_BYTES)
    credentials = faults.attempt("reading Content Credentials", lambda: read_credentials(path, stored))
    if isinstance(credentials, InspectorError):
        credentials = Credentials(CredentialStatus.UNREADABLE, str(credentials))
    return FileFacts(credentials, structure)
