"""Weights as bytes: their dtypes, rounding from one to another, and the files that hold them.

Needs the standard library and, to round, numpy: converting and merging wait for no torch, and hold
a few megabytes of a model at a time.
"""
