"""Memory and disk space of a run, term by term."""
