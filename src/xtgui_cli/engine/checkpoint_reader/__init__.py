"""Reads what torch.save wrote, as data: nothing in the file is ever run or trusted.

`open_checkpoint` gives a handle. The file is parsed once, strictly (`zip_layout`), its pickle is
interpreted into plain containers and inert stand-ins (`interpreter`, `stand_ins`), and every tensor
is held to the bytes of its own record. Needs the standard library alone, so that a conversion does
not wait for torch; `engine/checkpoint_values.py` makes torch's tensors of it.
"""
