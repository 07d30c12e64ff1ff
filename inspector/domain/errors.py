"""The small error tree: one class per thing that a user can act on, each carrying one clear sentence."""


class InspectorError(Exception):
    """Root of all expected failures. `str(error)` is one sentence: the file, the cause, what to do."""


class ClipError(InspectorError):
    """The evidence cannot be opened or decoded at all (missing, empty, not a picture, encrypted, too large)."""


class BundleError(InspectorError):
    """A model bundle is absent, incomplete, altered, or made for another architecture."""


class CaseError(InspectorError):
    """A case file cannot be opened, is of another schema, or speaks of other evidence."""


class OutputError(InspectorError):
    """Results cannot be written (no permission, disk full, the path is a file)."""


class EngineError(InspectorError):
    """The engine process crashed, stalled beyond its time limit, or answered out of turn."""


class TrainingError(InspectorError):
    """Training cannot start or go on (empty or one-class source, changed recipe, missing metadata)."""
