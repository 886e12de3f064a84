"""One file for each command: what was asked for in, an exit code out."""
