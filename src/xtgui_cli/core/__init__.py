"""What both processes share: standard library only, Python 3.10 syntax, prints nothing."""
