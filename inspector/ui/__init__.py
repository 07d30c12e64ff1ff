"""Floor 3: the window."""

from inspector.ui import _constants_guard

_constants_guard.keep()
