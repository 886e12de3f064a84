"""Which column of a row says what: recognised from the first rows, or said by the user."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from .speakers import begins_with_a_speaker
from .turns import FIREFLY, WHAT, WHO, as_list, role_of

USER = frozenset(
    [
        "prompt",
        "question",
        "query",
        "input",
        "instruction",
        "user",
        "human",
        "ask",
        "q",
        "problem",
        "问题",
        "提问",
        "用户",
        "输入",
        "指令",
        "问",
        "题目",
    ]
)
ASSISTANT = frozenset(
    [
        "response",
        "answer",
        "answers",
        "ideal",
        "output",
        "completion",
        "reply",
        "assistant",
        "gpt",
        "bot",
        "target",
        "a",
        "solution",
        "回答",
        "答案",
        "回复",
        "输出",
        "响应",
        "答",
    ]
)
SYSTEM = frozenset({"system", "system_prompt", "系统", "系统提示", "系统提示词"})
FURTHER = frozenset({"input", "输入"})
"""Columns that go on with a question which another column begins."""
BEFORE = frozenset({"context", "passage", "上下文", "背景"})
"""Columns that stand before a question: what it is about, as in xtuner's sql_map_fn."""
HISTORY = frozenset({"history", "历史"})
TEXT = frozenset({"text", "content", "正文", "文本"})
KNOWN = USER | ASSISTANT | SYSTEM | FURTHER | BEFORE | HISTORY
ROLES = ("user", "assistant", "system", "text")
_MOST_COLUMNS = 50
"""More are no columns: an object with a name for each of many things, where "bot" is a language."""
_TURNS = ("messages", "conversations", "conversation", "dialogue", "dialog", "turns", "chat")


@dataclass(frozen=True)
class Layout:
    """How a row becomes messages."""

    name: str
    """"openai", "sharegpt", "xtuner", "firefly", "alpaca", "pairs", "trl", "text", "guanaco" (one
    text with marks for the speakers), "react" (tools, for MSAgent), "columns" (said by the user) or
    "known" (said by the catalogue)."""
    turns: str | None = None
    """The column with a list of turns; the others but `system` are empty then."""
    user: tuple[str, ...] = ()
    """Columns of the question; what they hold is joined by newlines."""
    assistant: str | None = None
    system: str | None = None
    history: str | None = None
    text: str | None = None
    """The column of plain text, as for pre-training; all others are empty then."""
    system_line: str = ""
    """The system text of a row that brings none."""
    begins_after: str = ""
    """The question begins behind the first of these characters; "" for at once."""


@dataclass(frozen=True)
class Unclear:
    """Why no layout was found."""

    columns: tuple[str, ...]
    first_row: Mapping[str, Any] = field(default_factory=dict)
    is_text: bool = False
    """It is plain text by its content, but not by its name: more likely something is broken."""


def recognise(rows: Sequence[Mapping[str, Any]]) -> Layout | Unclear:
    """Tell the layout of rows by their columns and by what stands in them."""
    columns = tuple(dict.fromkeys(str(name) for row in rows for name in row))
    by_name = {name.strip().lower(): name for name in columns}
    system = _only(by_name, SYSTEM)
    turns = _turns_column(rows, columns)
    if turns is not None:
        answer = _only({n: c for n, c in by_name.items() if c != turns}, ASSISTANT)
        if answer and not any(_has_answer(row.get(turns)) for row in rows):
            return Layout("trl", user=(turns,), assistant=answer, system=system)
        return Layout(_kind_of_turns(rows, turns), turns=turns, system=system)
    if len(columns) > _MOST_COLUMNS:
        return Unclear(columns, rows[0])
    if "instruction" in by_name and "output" in by_name:
        question = tuple(by_name[name] for name in ("instruction", "input") if name in by_name)
        history = _only(by_name, HISTORY)
        return Layout(
            "alpaca", user=question, assistant=by_name["output"], system=system, history=history
        )
    before, further = _only(by_name, BEFORE), _only(by_name, FURTHER)
    user = _only(by_name, USER - FURTHER) or _only(by_name, USER)
    assistant = _only(by_name, ASSISTANT)
    if user is None and assistant is None:
        user, assistant = _likely(by_name, USER), _likely(by_name, ASSISTANT)
        if user == assistant:
            user = assistant = None
    if user is None or assistant is None:
        if len(columns) == 1 and columns[0].strip().lower() in TEXT:
            if all(begins_with_a_speaker(row.get(columns[0])) for row in rows):
                return Layout("guanaco", user=columns)
            return Layout("text", text=columns[0])
        return Unclear(columns, rows[0] if rows else {})
    if any(as_list(row.get(user)) and as_list(row.get(assistant)) for row in rows):
        return Layout("trl", user=(user,), assistant=assistant)
    question = tuple(dict.fromkeys(column for column in (before, user, further) if column))
    history = _only(by_name, HISTORY)
    return Layout("pairs", user=question, assistant=assistant, system=system, history=history)


def said(roles: Sequence[tuple[str, str]]) -> Layout:
    """Give the layout that the user has said: (role, column), the same role more than once."""
    columns = {role: [column for name, column in roles if name == role] for role in ROLES}
    if columns["text"]:
        return Layout("text", text=columns["text"][-1])
    return Layout(
        "columns",
        user=tuple(columns["user"]),
        assistant=columns["assistant"][-1],
        system=columns["system"][-1] if columns["system"] else None,
    )


def columns_of(layout: Layout) -> list[str]:
    """Give the columns that a layout reads."""
    columns = (layout.turns, *layout.user, layout.assistant, layout.system, layout.history)
    return [column for column in (*columns, layout.text) if column is not None]


def _only(by_name: Mapping[str, str], wanted: frozenset[str]) -> str | None:
    """Give the one column with one of the names; None where there is none, or a choice."""
    found = [column for name, column in by_name.items() if name in wanted]
    return found[0] if len(found) == 1 else None


def _likely(by_name: Mapping[str, str], wanted: frozenset[str]) -> str | None:
    """Give the one column whose name has one of the names in it: user_question, 客户问题."""
    found = [
        column
        for name, column in by_name.items()
        if not name.endswith("id") and any(_stands_in(word, name) for word in wanted)
    ]
    return found[0] if len(found) == 1 else None


def _stands_in(word: str, name: str) -> bool:
    """Whether a word is part of a name; short ones are part of too many."""
    return len(word) >= (4 if word.isascii() else 2) and word in name


def _turns_column(rows: Sequence[Mapping[str, Any]], columns: Sequence[str]) -> str | None:
    """Give the column that holds lists of turns; one with a usual name before others."""
    found = [name for name in columns if any(_is_turns(as_list(row.get(name))) for row in rows)]
    usual = [name for name in _TURNS if name in found]
    if usual:
        return usual[0]
    return found[0] if len(found) == 1 else None


def _is_turns(value: Sequence[Any] | None) -> bool:
    if not value:
        return False
    return all(isinstance(turn, dict) and bool(_kind_of_turn(turn)) for turn in value)


def _has_answer(value: Any) -> bool:
    """Whether one of the turns is an answer already."""
    return any(
        isinstance(turn, dict) and ("output" in turn or role_of(turn) == "assistant")
        for turn in as_list(value) or []
    )


def _kind_of_turn(turn: Mapping[str, Any]) -> str:
    if any(name in turn for name in WHO) and any(name in turn for name in (*WHAT, "tool_calls")):
        return "openai" if "role" in turn else "sharegpt"
    if all(name in turn for name in FIREFLY):
        return "firefly"
    return "xtuner" if "output" in turn else ""


def _kind_of_turns(rows: Sequence[Mapping[str, Any]], column: str) -> str:
    kinds = Counter(
        _kind_of_turn(turns[0])
        for row in rows
        if (turns := as_list(row.get(column))) and isinstance(turns[0], dict)
    )
    return kinds.most_common(1)[0][0] or "openai"
