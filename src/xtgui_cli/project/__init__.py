"""One project: its settings, files, checkpoints and conversions, and whether it is trusted."""
