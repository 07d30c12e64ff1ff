"""Case files (SQLite, one per exhibit), the annotations in them, and case folders."""
