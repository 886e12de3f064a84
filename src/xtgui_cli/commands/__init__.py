"""One file per command: a request in, an exit code out."""
