"""Merging an adapter into its base, tensor by tensor: planned from headers, then written, checked.

What no weight changes is copied byte for byte, so that memory does not grow with the model.
"""
