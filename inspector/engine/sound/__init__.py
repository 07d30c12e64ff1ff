"""The sound of a clip: what was measured on it, and whether mouths follow it. Observations, never a score."""
