"""One project: its settings, files, checkpoints and conversions, and whom it trusts."""
