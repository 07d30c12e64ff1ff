"""The fake/real network: bundles and their cards, network constructors, scoring, calibration and CAMs."""
