"""Training data: rows, formats, checks, and what a tokenizer makes of them."""
