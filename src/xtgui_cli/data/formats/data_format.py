"""What a data format is: how its rows are recognized, and which column has what."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .cells import Conversation

USER = frozenset(
    {"prompt", "question", "query", "input", "instruction", "user", "human", "ask", "q", "problem"}
    | {"问题", "提问", "用户", "输入", "指令", "问", "题目"}
)
ASSISTANT = frozenset(
    {"response", "answer", "answers", "ideal", "output", "completion", "reply", "assistant", "gpt"}
    | {"bot", "target", "a", "solution", "回答", "答案", "回复", "输出", "响应", "答"}
)
SYSTEM = frozenset({"system", "system_prompt", "系统", "系统提示", "系统提示词"})
FURTHER = frozenset({"input", "输入"})
"""Columns that continue the question of another column."""
BEFORE = frozenset({"context", "passage", "上下文", "背景"})
"""Columns that precede a question: what it is about, as in xtuner's sql_map_fn."""
HISTORY = frozenset({"history", "历史"})
COLUMN_NAMES = USER | ASSISTANT | SYSTEM | FURTHER | BEFORE | HISTORY


@dataclass(frozen=True)
class ColumnMapping:
    """Which column of a row has what, and in which format."""

    format: str
    """The name of a `DataFormat`."""
    turns: str | None = None
    """The column with a list of turns; then the others except `system` are empty."""
    user: tuple[str, ...] = ()
    """Columns of the question; their contents are joined by newlines."""
    assistant: str | None = None
    system: str | None = None
    history: str | None = None
    text: str | None = None
    """The column of plain text, as for pre-training; then all others are empty."""
    system_line: str = ""
    """The system text of rows without one."""
    begins_after: str = ""
    """The question begins after the first of these characters; "": at once."""

    @property
    def columns(self) -> list[str]:
        """The columns that are read."""
        columns = (self.turns, *self.user, self.assistant, self.system, self.history, self.text)
        return [column for column in columns if column is not None]


@dataclass(frozen=True)
class Sample:
    """The first rows of a file, by which its format is recognized."""

    rows: Sequence[Mapping[str, Any]]
    columns: Sequence[str]
    turns: str | None
    """The column with lists of turns."""

    @property
    def by_name(self) -> Mapping[str, str]:
        """Columns by name in lower case, without surrounding blanks."""
        return {name.strip().lower(): name for name in self.columns}

    def only(self, wanted: Iterable[str]) -> str | None:
        """Return the only column with one of the names; None if there is none, or a choice."""
        by_name = self.by_name
        found = [
            by_name[name] for name in by_name if name in wanted and by_name[name] != self.turns
        ]
        return found[0] if len(found) == 1 else None

    def question_and_answer(self) -> tuple[str, str] | None:
        """Return the columns of a question and its answer; None unless both are clear."""
        question = self.only(USER - FURTHER) or self.only(USER)
        answer = self.only(ASSISTANT)
        if question is None and answer is None:
            question, answer = self._likely(USER), self._likely(ASSISTANT)
            if question == answer:
                return None
        return None if question is None or answer is None else (question, answer)

    def _likely(self, wanted: Iterable[str]) -> str | None:
        """Return the only column whose name contains one of the names: user_question, 客户问题."""
        found = [
            column
            for name, column in self.by_name.items()
            if not name.endswith("id") and any(_stands_in(word, name) for word in wanted)
        ]
        return found[0] if len(found) == 1 else None


def _stands_in(word: str, name: str) -> bool:
    """Return whether a word is part of a name; short ones are part of too many."""
    return len(word) >= (4 if word.isascii() else 2) and word in name


@dataclass(frozen=True)
class DataFormat:
    """One data format: everything that the program knows of it, except its text."""

    name: str
    """As in JSON output."""
    text_key: str
    read: Callable[[Mapping[str, Any], ColumnMapping], Iterable[Conversation]]
    """Yields the conversations of a row: one, except for plain text. Raises LeftOutError."""
    recognize: Callable[[Sample], ColumnMapping | None] = lambda _: None
    """Returns how rows of this format are read; None for other rows."""
