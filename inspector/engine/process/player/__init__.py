"""The process that decodes for the window: messages, shared memory, the process itself, and the window's side of it."""
