"""Expected errors: one class per kind of problem that a user can act on."""

from inspector.domain.printable import printable


class InspectorError(Exception):
    """Base class of all expected errors. `str(error)` is one sentence: the file, the cause, what to do.

    It is one printable line, whatever the name of the file and the words of a library.
    """

    def __str__(self) -> str:
        return printable(super().__str__())


class ClipError(InspectorError):
    """The evidence cannot be opened or decoded (missing, empty, not a clip, encrypted, too large)."""


class BundleError(InspectorError):
    """A model bundle is absent, incomplete, altered, or made for another architecture."""


class PictureError(InspectorError):
    """A picture cannot be made of this frame (no previous frame, no face, too small); `str(error)` is the reason."""


class CaseError(InspectorError):
    """A case file cannot be opened, has another schema, or belongs to other evidence."""


class OutputError(InspectorError):
    """Results cannot be written (no permission, disk full, the path is a file)."""


class VerificationError(InspectorError):
    """A manifest, key, signature or time stamp cannot be read or made, or is not what it should be."""


class EngineError(InspectorError):
    """The engine process crashed, exceeded its time limit, or sent an unexpected message."""


class FaultError(InspectorError):
    """The program itself made an error; it is in the log that the sentence names. The evidence is not to blame."""


class ClusterError(InspectorError):
    """A Dask cluster cannot be used, or was lost."""


class TrainingError(InspectorError):
    """Training cannot start or continue (empty or one-class source, changed recipe, missing metadata)."""
