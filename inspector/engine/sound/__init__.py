"""The sound of a clip: what was measured on it. Observations, never a score."""
