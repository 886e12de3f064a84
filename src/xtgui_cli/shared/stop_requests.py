"""What counts as asking a training twice to stop: the second time it leaves without saving."""

SAME_REQUEST_S = 3.0
"""Seconds within which two requests are one: a scheduler asks a job and each of its processes."""
