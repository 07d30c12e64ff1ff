"""Pixel filters that an examiner can lay over a frame, and the table of their parameters."""
