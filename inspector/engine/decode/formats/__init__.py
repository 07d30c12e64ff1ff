"""Readers of what files say about their pictures and FFmpeg and Pillow do not pass on. They read untrusted files."""
