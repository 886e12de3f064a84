"""Plain text, as for pre-training, cut into pieces that fit a sample.

xtuner cuts each row at max_length and drops the rest, so a long text must be split before.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from .cells import Conversation, LeftOutError, pair, text_in
from .data_format import ColumnMapping, DataFormat, Sample

LONGEST = 1000
"""Characters of a piece: under 2,048 tokens with every tokenizer, also for Chinese with Llama 2's,
which takes about two per character."""
_SHORTEST = LONGEST // 2
_COLUMNS = frozenset({"text", "content", "正文", "文本"})
_SENTENCE_END = re.compile(r"[.!?…](?=\s)|[。！？；]")


def _recognize(sample: Sample) -> ColumnMapping | None:
    (*further, column) = sample.columns or ("",)
    if further or column.strip().lower() not in _COLUMNS:
        return None
    return ColumnMapping("text", text=column)


def _read(row: Mapping[str, Any], mapping: ColumnMapping) -> Iterator[Conversation]:
    text = text_in(row.get(mapping.text or ""))
    found = [pair("", piece) for piece in pieces(text.splitlines(keepends=True))]
    if not found:
        raise LeftOutError("formats.out_no_text_at_all")
    yield from found


TEXT = DataFormat("text", "formats.layout_text", _read, _recognize)


def pieces(lines: Iterable[str]) -> Iterator[str]:
    """Yield the text of lines (with their ends) in pieces, cut between paragraphs if possible.

    Next best are ends of lines, of sentences, then of words. White space around a piece is removed.
    """
    gathered = ""
    for line in lines:
        is_paragraph_end = not line.strip()
        for part in _parts(line):
            if len(gathered) + len(part) > LONGEST:
                yield from _stripped(gathered)
                gathered = ""
            gathered += part
        if is_paragraph_end and len(gathered) >= _SHORTEST:
            yield from _stripped(gathered)
            gathered = ""
    yield from _stripped(gathered)


def _stripped(text: str) -> Iterator[str]:
    if text := text.strip():
        yield text


def _parts(line: str) -> Iterator[str]:
    begin = 0
    while len(line) - begin > LONGEST:
        end = begin + _place(line[begin : begin + LONGEST])
        yield line[begin:end]
        begin = end
    yield line[begin:]


def _place(text: str) -> int:
    """Return the best place to cut a text that is too long, from _SHORTEST on."""
    ends = [found.end() for found in _SENTENCE_END.finditer(text, _SHORTEST)]
    if ends:
        return ends[-1]
    space = text.rfind(" ", _SHORTEST)
    return space + 1 if space >= 0 else len(text)
