"""The part of xtgui that the training interpreter runs; it never imports the user interface."""
