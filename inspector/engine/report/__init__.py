"""The evidence report: PDF, JSON, CSV, exhibits, manifest."""
