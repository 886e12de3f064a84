"""Training data: rows, formats, checks, and their tokens."""
