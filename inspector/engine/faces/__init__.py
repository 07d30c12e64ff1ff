"""From a frame to its faces: detection, face mesh, tracks, crops, quality and the landmark signals."""
