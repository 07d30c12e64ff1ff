"""Produces model bundles: prepare, forge, fit, evaluate, calibrate, export."""
