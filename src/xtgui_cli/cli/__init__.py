"""The command line: the entry point, options, help and completion; the only place that exits."""

from .entry import main

__all__ = ["main"]
