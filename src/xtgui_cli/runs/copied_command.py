"""Quotes commands that are printed to be copied: whatever they contain, a shell reads them back."""

from __future__ import annotations

import shlex
from collections.abc import Iterable

_SHORT = {"\\": r"\\", "'": r"\'", "\n": r"\n", "\t": r"\t", "\r": r"\r"}


def quote(word: object) -> str:
    """Return a word to paste into a shell, with nothing in it that a terminal would lose.

    Characters that are invisible, or would change how a line is read (line breaks, escape
    sequences, marks of writing direction, bytes that are not UTF-8), are written as escapes of
    `$'...'`, which bash, zsh and ksh know.
    """
    text = str(word)
    if text.isprintable():
        return shlex.quote(text)
    return f"$'{''.join(map(_escaped, text))}'"


def join(words: Iterable[object]) -> str:
    """Return a command to paste into a shell."""
    return " ".join(map(quote, words))


def _escaped(letter: str) -> str:
    if letter in _SHORT:
        return _SHORT[letter]
    if letter.isprintable():
        return letter
    is_byte = "\udc80" <= letter <= "\udcff"  # a byte that is not UTF-8, as Python keeps it
    code = letter.encode("utf-8", "surrogateescape" if is_byte else "surrogatepass")
    # three digits each, so that the next character is never taken for another one
    return "".join(f"\\{byte:03o}" for byte in code)
