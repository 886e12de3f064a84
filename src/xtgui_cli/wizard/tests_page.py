"""Step 2, test questions: rows of the data in other words, with keywords of right answers."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ..project.test_questions import file_of, read_checked_tests, write_tests
from ..shared.errors import XtguiError
from ..shared.learning import TestQuestion
from ..texts import t
from ..ui import ask
from ..ui.console import sanitize, say, talk
from ..ui.panels import Row, show_rows
from ..ui.wrap import cut, one_line
from .session import Session

if TYPE_CHECKING:
    from ..data.rows_to_reword import RowToReword

KEEP, NONE, WRITE = "keep", "none", "write"

_SHOWN = 300
"""Cells of a question or an answer, enough to recognize it."""


def may_have_tests(session: Session) -> bool:
    """Return whether the data are questions with answers that keywords can judge."""
    if session.data is None or session.data.is_plain_text:
        return False
    return bool(session.sources.rows_to_reword(session.data))


def check_tests(_session: Session, file: Path) -> Path:
    """Return the file of test questions after reading it.

    Raises:
        XtguiError: Those of `read_checked_tests`.
    """
    read_checked_tests(file)
    return file


def ask_tests(session: Session) -> str:
    """Ask for test questions and return their file, "" for none.

    Raises:
        GoBack: On Esc.
    """
    while True:
        current = session.settings.data.tests
        file = Path(current) if current else file_of(session.folder)
        count = _count(file)
        keep = [(KEEP, t("tests.keep", count=count))] if count else []
        chosen = ask.select(
            t("tests.question"),
            [
                *keep,
                (NONE, t("tests.none")),
                (WRITE, t("tests.write_new" if count else "tests.write")),
            ],
            KEEP if count and current else NONE,
            name="data.tests",
            explain=t("settings.data.tests.help"),
            may_go_back=True,
        )
        if chosen == KEEP:
            return str(file)
        if chosen == NONE or session.data is None:
            return ""
        try:
            tests = _ask_each(session.sources.rows_to_reword(session.data))
        except ask.GoBack:
            continue
        if tests:
            file = write_tests(tests, session.folder)
            say("tests.written", style="dim", path=file.relative_to(session.folder.root))
            return str(file)
        say("tests.nothing_typed", style="dim")


def _count(file: Path) -> int:
    try:
        return len(read_checked_tests(file))
    except XtguiError:
        return 0


def _ask_each(rows: Sequence[RowToReword]) -> list[TestQuestion]:
    """Ask for other words of each row; an empty line skips a row, Esc goes back by one.

    Raises:
        GoBack: From the first row.
    """
    typed: dict[int, TestQuestion] = {}
    position = 0
    while position < len(rows):
        row, number = rows[position], position + 1
        _show(row, number, len(rows))
        try:
            test = _ask_one(row, number, typed.pop(position, None))
        except ask.GoBack:
            if position == 0:
                raise
            position -= 1
            continue
        if test is not None:
            typed[position] = test
        position += 1
    return [typed[each] for each in sorted(typed)]


def _show(row: RowToReword, number: int, count: int) -> None:
    console = talk()
    console.print()
    say("tests.row_of", style="dim", number=number, count=count, row=row.number)
    said = {"tests.asks": row.question, "tests.answers": row.answer}
    rows = [Row(t(name), [cut(one_line(text), _SHOWN)]) for name, text in said.items()]
    show_rows(console, rows)


def _ask_one(row: RowToReword, number: int, before: TestQuestion | None) -> TestQuestion | None:
    """Ask for other words and keywords; None if the row is skipped.

    Raises:
        GoBack: On Esc at the other words.
    """
    from ..data.rows_to_reword import guess_keyword, split_keywords

    question = before.question if before else ""
    while True:
        question = ask.text(
            t("tests.other_words"),
            question,
            lambda typed: t("tests.same_words") if _is_same(typed, row.question) else None,
            name=f"data.tests.question.{number}",
            explain=t("tests.other_words_explained"),
            may_go_back=True,
        ).strip()
        if not question:
            return None
        guess = sanitize(guess_keyword(row.question, row.answer))
        words = before.keywords if before else (guess,)
        try:
            keywords = ask.text(
                t("tests.keywords"),
                ", ".join(words),
                lambda typed: None if split_keywords(typed) else t("tests.keywords_needed"),
                name=f"data.tests.keywords.{number}",
                explain=t("tests.keywords_explained"),
                may_go_back=True,
            )
        except ask.GoBack:
            continue
        return TestQuestion(question, split_keywords(keywords))


def _is_same(typed: str, question: str) -> bool:
    return typed.split() == question.split()
