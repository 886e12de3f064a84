"""Other processes as the user interface sees them: start, stop, follow, read logs."""
