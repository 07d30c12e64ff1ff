"""The engine process as seen from the window: its client, and the queue of analyses."""
