"""What the process of the player does for the window: frames, thumbnails and sound of one file, ahead of their use."""
