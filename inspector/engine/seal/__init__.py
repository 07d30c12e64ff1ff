"""Manifest, signature and time stamp of a report. Imports nothing itself, so that the window starts fast."""
