"""Refuses a tokenizer.json that needs excessive memory.

It is a stranger's program: a `Replace` that makes a text longer, forty times in a row, fills any
memory, and tokenizers aborts the process if there is none left.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator, Mapping
from typing import Any

from ..shared.json_values import items, mapping, text

_MOST_GROWTH = 100_000
"""How many times longer a text may become; with real models it is below 10."""
_WORD = 4
"""Bytes of the length at the beginning of a sentencepiece charsmap."""


def require_bounded(content: bytes) -> None:
    """Raise an error unless the result of tokenizing a text is bounded.

    Args:
        content: The content of tokenizer.json; tokenizers itself reports other faults.

    Raises:
        ValueError: With the step that is not bounded.
    """
    import msgspec

    class Steps(msgspec.Struct):
        """What changes a text; the vocabulary, nearly all of the file, is skipped."""

        normalizer: Any = None
        pre_tokenizer: Any = None
        decoder: Any = None

    try:
        said = msgspec.json.decode(content, type=Steps)
    except (msgspec.MsgspecError, RecursionError):
        return
    for steps in (said.normalizer, said.pre_tokenizer, said.decoder):
        growth = 1.0
        for step in _steps(steps):
            growth *= _growth(step)
            _require_charsmap(step)
        if growth > _MOST_GROWTH:
            raise ValueError(f"a text would become {growth:.0g} times longer")


def _steps(said: Any) -> Iterator[Mapping[str, Any]]:
    waiting = [said]
    while waiting:
        step = mapping(waiting.pop())
        yield step
        for name in ("normalizers", "pretokenizers", "decoders"):
            waiting += items(step.get(name))


def _growth(step: Mapping[str, Any]) -> float:
    """Return how many times longer a step can make a text."""
    if step.get("type") != "Replace":
        return 1
    put = len(text(step.get("content")) or "")
    found = len(text(mapping(step.get("pattern")).get("String")) or "")
    # a regular expression, or an empty text, can match between any two letters
    return max(1.0, put / found) if found else 1 + put


def _require_charsmap(step: Mapping[str, Any]) -> None:
    """Raise an error unless a charsmap has its stated length, which is allocated first."""
    if step.get("type") != "Precompiled":
        return
    try:
        charsmap = base64.b64decode(text(step.get("precompiled_charsmap")) or "")
    except (binascii.Error, ValueError):
        charsmap = b""
    if len(charsmap) < _WORD + int.from_bytes(charsmap[:_WORD], "little"):
        raise ValueError("precompiled_charsmap")
