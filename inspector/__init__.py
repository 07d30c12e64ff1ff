"""Deepfake Inspector: an offline inspector for suspect clips."""

__version__ = "0.1.0"
