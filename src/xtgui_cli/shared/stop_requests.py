"""When a training counts as asked twice to stop: the second time it exits without saving."""

SAME_REQUEST_S = 3.0
"""Seconds within which two signals are one request: schedulers signal a job and each process."""
