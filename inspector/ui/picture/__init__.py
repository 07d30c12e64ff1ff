"""The picture in the middle of the window: zoom, overlays, filters, comparison, snapshots."""
