"""What is observed in a file beside the scores."""
