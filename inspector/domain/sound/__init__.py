"""Values about the sound of a clip."""
