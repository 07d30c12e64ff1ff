"""Decoding for the screen: the viewer thread, prefetching, sound, thumbnails."""
