"""The wizard in order: typed answers, ask, run."""
