"""The timeline below the picture: lanes, curves, marks, filmstrip."""
