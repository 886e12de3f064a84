"""What `xtgui doctor` looks at: facts of this machine, and a table of checks that judge them."""
