"""Weights as bytes: their dtypes, rounding from one to another, and the files that hold them.

It needs the standard library and, to round, numpy: converting and merging do not wait for torch,
and hold only a few megabytes of a model at a time.
"""
