"""Floor 2: decode, find faces, score, explain, report. Never imports Qt."""
