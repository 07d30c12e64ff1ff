"""The evidence report: PDF, JSON, CSV, figures and manifest. Imports nothing itself, so that the window starts fast."""
