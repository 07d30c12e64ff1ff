"""The engine process: its messages, the server that runs jobs, its client, and the scan of many files."""
