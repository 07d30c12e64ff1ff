"""From a file to its frames: container, packets, frame index, seeking, colour, stills, and the evidence's SHA-256."""
