"""Forged versions of faces, and the augmentation that originals and forgeries share."""
