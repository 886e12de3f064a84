"""Breaks text into lines by its width in cells, where each language may be broken.

rich breaks only at spaces, which leaves Chinese lines half empty or cuts them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from rich.cells import cell_len

from .console import sanitize

_CLOSING = "，。：；、！？）》】」』”’…％%,.:;!?)]}"
_OPENING = "（《【「『“‘([{"
_WIDE = (
    "\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6"
)
_PIECE = re.compile(
    rf"[{re.escape(_OPENING)}]*(?:[{_WIDE}]|[^\s{_WIDE}{re.escape(_OPENING)}]+|\S)"
    rf"[{re.escape(_CLOSING)}]*|\s+"
)

_COMMAND = re.compile(r"(?:[A-Z_]+=\S* )*(?:xtgui|xtuner|cd) ")
_BEFORE_COMMAND = re.compile(r"(?:: +|： *)(?=(?:xtgui|xtuner) )")
_QUOTED = re.compile(r"'(?:[^'\\]|\\.)*'")
_SENTENCE = re.compile(r"[.,](?: |$)|[。，]")


def wrap(text: str, width: int) -> list[str]:
    """Return *text* as lines of at most *width* cells; its line breaks stay.

    A word that is wider than a line gets a separate line, uncut, so that a path can be copied; so
    does a command that is a line or ends one.
    """
    lines = sanitize(text).split("\n")
    return [line for part in lines for line in _wrap_part(part, max(width, 1))]


def _wrap_part(text: str, width: int) -> Iterator[str]:
    words, command = text, ""
    for found in _BEFORE_COMMAND.finditer(text) if cell_len(text) > width else ():
        if _is_command(text[found.end() :]):
            words, command = text[: found.end()].rstrip(), text[found.end() :]
            break
    if _is_command(words):
        yield words
    else:
        yield from _wrap_line(words, width)
    if command:
        yield command


def _is_command(line: str) -> bool:
    """Return whether a line is a command to copy, not a sentence that begins like one."""
    found = _COMMAND.match(line)
    return found is not None and _SENTENCE.search(_QUOTED.sub("", line)) is None


def one_line(text: str) -> str:
    """Return *text* with each line break or other run of white space replaced by a space."""
    return " ".join(sanitize(text).split())


def _wrap_line(text: str, width: int) -> Iterator[str]:
    line, gap = "", ""
    for piece in _PIECE.findall(text):
        if piece.isspace():
            gap = piece if line else ""
        elif line and cell_len(line + gap + piece) > width:
            yield line
            line, gap = piece, ""
        else:
            line, gap = line + gap + piece, ""
    yield line


def pad(text: str, width: int) -> str:
    """Return *text* padded with spaces to *width* cells; longer text is unchanged."""
    return text + " " * (width - cell_len(text))


def cut(text: str, width: int) -> str:
    """Return *text* in at most *width* cells, ending with "…" if something is left out."""
    text = sanitize(text)
    if cell_len(text) <= width:
        return text
    kept = ""
    for character in text:
        if cell_len(kept + character) > width - 1:
            break
        kept += character
    return kept + "…"
