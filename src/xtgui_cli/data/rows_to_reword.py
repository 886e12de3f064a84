"""Chooses rows whose questions are worth rewording as tests, and guesses their keywords."""

from __future__ import annotations

import itertools
import re
import statistics
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

from rich.cells import cell_len

from ..shared.templates import turns_from_messages
from .messages import Messages

Item = TypeVar("Item")

MOST = 5
"""Number of rows that are proposed."""
FEWEST = 2
"""Fewer are not a test."""
_LOOKED_AT = 10_000
"""Number of rows that are examined, from the first on."""
_SAMPLE = 200
_LONG_ANSWER = 200
"""Cells, two for a Chinese character. Longer answers, as in a style, have no keywords."""
_LONG_QUESTION = 300
_SHORT_ANSWER = 12
"""Cells; an answer this short is its own keyword."""
_WORD = re.compile(r"[^\W\d_][\w'’-]*")
_NUMBER = re.compile(r"\d+(?:[.: ]\d+)*")
_QUOTED = re.compile("[“「《]([^”」》]{1,20})[”」》]")
_SENTENCE_END = re.compile(r"[.!?:。！？：\n]\s*$")
_SEPARATORS = re.compile("[,，、;；|｜]")
_STRUCTURED = ("{", "[", "<", "`")
"""How answers for programs begin."""
_MARKS = " \t\n.,;:!?。，；：！？…\"'“”「」"


@dataclass(frozen=True)
class RowToReword:
    """A row that asks one thing and has a short answer."""

    number: int
    """In the file, from 1."""
    question: str
    answer: str


def choose_rows_to_reword(rows: Iterable[Messages], count: int) -> tuple[RowToReword, ...]:
    """Return up to five rows, evenly spread, with guessable keywords if there are five such.

    None if answers are long, such as those that teach a style, or hardly differ.

    Args:
        rows: Rows of the data, from the first on.
        count: How many there are in all.
    """
    seen = min(count, _LOOKED_AT)
    numbers = set(_spread(range(seen), _SAMPLE))
    picked = (
        (number, row)
        for number, row in enumerate(itertools.islice(rows, seen))
        if number in numbers
    )
    sample = [found for number, row in picked for found in _as_question(number + 1, row)]
    lengths = [cell_len(row.answer) for row in sample]
    if not lengths or statistics.median(lengths) > _LONG_ANSWER:
        return ()
    short = {row.answer: row for row in reversed(sample) if cell_len(row.answer) <= _LONG_ANSWER}
    different = {row.question: row for row in short.values()}
    fitting = sorted(different.values(), key=lambda row: row.number)
    if len(fitting) < FEWEST:
        return ()
    guessed = [row for row in fitting if guess_keyword(row.question, row.answer)]
    return tuple(_spread(guessed if len(guessed) >= MOST else fitting, MOST))


def _as_question(number: int, row: Messages) -> Iterator[RowToReword]:
    turns = turns_from_messages(row)
    if len(turns) != 1 or not turns[0].trained:
        return
    question, answer = turns[0].input.strip(), (turns[0].output or "").strip()
    if not question or not answer or answer.startswith(_STRUCTURED):
        return
    if cell_len(question) <= _LONG_QUESTION:
        yield RowToReword(number, question, answer)


def _spread(items: Sequence[Item], most: int) -> list[Item]:
    count = min(len(items), most)
    return [items[number * len(items) // count] for number in range(count)]


def guess_keyword(question: str, answer: str) -> str:
    """Return the most telling words of an answer, "" if there is no good guess.

    That is a short answer as a whole; else a text in Chinese quotation marks, the longest name, or
    a number, unless it is already in the question.
    """
    whole = answer.strip(_MARKS)
    if cell_len(whole) <= _SHORT_ANSWER and not _SEPARATORS.search(whole):
        return whole
    quoted = [match.group(1) for match in _QUOTED.finditer(answer)]
    names = sorted(_names(answer), key=len, reverse=True)
    numbers = _NUMBER.findall(answer)
    asked = question.casefold()
    found = (each for each in (*quoted, *names, *numbers) if each.casefold() not in asked)
    return next((each for each in found if not _SEPARATORS.search(each)), "")


def _names(text: str) -> Iterator[str]:
    """Yield runs of capitalized words that do not begin a sentence."""
    run: list[re.Match[str]] = []
    for match in _WORD.finditer(text):
        begins = not text[: match.start()].strip() or _SENTENCE_END.search(text[: match.start()])
        is_name = match.group()[0].isupper() and len(match.group()) > 1 and not begins
        is_next = bool(run) and text[run[-1].end() : match.start()] == " "
        if run and not (is_name and is_next):
            yield text[run[0].start() : run[-1].end()]
            run = []
        if is_name and not match.group().startswith(("I'", "I’")):
            run.append(match)
    if run:
        yield text[run[0].start() : run[-1].end()]


def split_keywords(typed: str) -> tuple[str, ...]:
    """Return the keywords of a typed line, which are separated by commas of either kind."""
    parts = re.split("[,，、;；]", typed)
    return tuple(part.strip() for part in parts if part.strip(" \t|｜"))
