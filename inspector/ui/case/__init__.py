"""Exhibits, case files and annotations of the open case, read and written off the UI thread."""
