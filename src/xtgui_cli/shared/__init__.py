"""Everything that the engine imports besides itself: standard library only, Python 3.10 syntax."""
