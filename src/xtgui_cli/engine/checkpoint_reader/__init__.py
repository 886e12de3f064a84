"""Reads files that torch.save wrote as data: nothing in them is ever run or trusted.

`open_checkpoint` returns a handle. The file is parsed once, strictly (`zip_layout`), its pickle is
interpreted into plain containers and inert stand-ins (`interpreter`, `stand_ins`), and every tensor
is confined to the bytes of its own record. It needs only the standard library, so that a conversion
does not wait for torch; `engine/checkpoint_values.py` turns it into torch's tensors.
"""
