"""Run by the training interpreter; never imports what draws or asks."""
