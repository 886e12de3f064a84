"""Merges an adapter into its base model, tensor by tensor: plans from headers, writes, checks.

Unchanged tensors are copied byte for byte; memory does not grow with the size of the model.
"""
