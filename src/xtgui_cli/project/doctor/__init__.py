"""The checks of `xtgui doctor`: facts of this machine, and a table of checks that judge them."""
