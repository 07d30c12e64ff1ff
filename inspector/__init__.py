"""Deepfake Inspector: an offline inspector for suspect clips."""

__version__ = "0.2.0"
