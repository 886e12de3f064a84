"""Exactly what the engine loads besides itself: standard library only, Python 3.10 syntax."""
