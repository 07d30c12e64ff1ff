"""What a trained network is worth: calibration, thresholds, error rates, figures and plots of held-out people."""
