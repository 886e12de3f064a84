"""How an answer is generated; the names are those of the flags and of transformers."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Sampling:
    """How the next token is chosen, and how many there may be."""

    max_new_tokens: int = 512
    temperature: float = 0.1
    """0 takes the likeliest token always."""
    top_k: int = 40
    top_p: float = 0.75
    num_beams: int = 1
    repetition_penalty: float = 1.0
    seed: int = 0
    """The same question gets the same answer."""
