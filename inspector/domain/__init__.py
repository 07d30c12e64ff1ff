"""The data types that all packages share: frozen dataclasses on the standard library and numpy, without any I/O."""
