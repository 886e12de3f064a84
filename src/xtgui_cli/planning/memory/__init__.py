"""Memory and disk of a run, term by term."""
