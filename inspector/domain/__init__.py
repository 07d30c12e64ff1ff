"""Floor 1: the words everyone uses. Frozen values on the standard library and numpy; no I/O."""
