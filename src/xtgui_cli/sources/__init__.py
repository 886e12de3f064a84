"""Models and data: reading, checking, measuring."""
