"""What a file stores of its video stream, and when each of its pictures is displayed."""
