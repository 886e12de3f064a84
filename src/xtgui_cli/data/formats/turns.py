"""One row as OpenAI messages, whatever its layout; or the reason why it cannot be."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from .left_out import LeftOutError
from .plain_text import pieces
from .react import react_messages
from .speakers import speakers_messages

if TYPE_CHECKING:
    from .layouts import Layout

WHO = ("role", "from", "speaker")
WHAT = ("content", "value", "text")
FIREFLY = ("human", "assistant")
"""A question and its answer in one turn."""
_LONGEST_LITERAL = 1 << 20
_NAMES_OF_ROLES = {
    "user": ["user", "human", "prompter", "customer", "用户", "人类", "问"],
    "assistant": [
        "assistant",
        "gpt",
        "chatgpt",
        "bot",
        "model",
        "ai",
        "bing",
        "bard",
        "claude",
        "助手",
        "机器人",
        "答",
    ],
    "system": ["system", "developer", "系统"],
}
ROLE_BY_NAME = {name: role for role, names in _NAMES_OF_ROLES.items() for name in names}
"""The role of each name, in lower case, that other formats give it."""
_TOOLS = frozenset(["tool", "function", "function_call", "observation", "tool_call", "ipython"])

Message = dict[str, Any]


def to_messages(row: Any, layout: Layout) -> list[Message]:
    """Give the messages of a row: roles system, user, assistant; texts; at least one answer.

    Raises — LeftOutError.
    """
    if not isinstance(row, dict):
        raise LeftOutError("formats.out_not_object")
    if layout.name == "react" and layout.turns is not None:
        messages = react_messages(as_list(row.get(layout.turns)))
    elif layout.turns is not None:
        messages = _of_turns(row.get(layout.turns))
    elif layout.name == "guanaco":
        messages = speakers_messages(_text(row.get(layout.user[0])))
    elif layout.name == "trl":
        messages = [*_of_turns(row.get(layout.user[0])), *_of_answer(row.get(layout.assistant))]
    else:
        messages = _of_columns(row, layout)
    system = (_text(row.get(layout.system)) if layout.system else "") or layout.system_line
    if system and messages[0]["role"] != "system":
        messages.insert(0, {"role": "system", "content": system})
    if not any(message["role"] == "assistant" and message["content"] for message in messages):
        raise LeftOutError("formats.out_no_answer")
    return messages


def to_rows(row: Any, layout: Layout) -> list[list[Message]]:
    """Give the messages of each row that a row becomes: one, or the pieces of a plain text.

    Raises — LeftOutError.
    """
    if layout.text is None:
        return [to_messages(row, layout)]
    if not isinstance(row, dict):
        raise LeftOutError("formats.out_not_object")
    text = _text(row.get(layout.text))
    found = [_pair("", piece) for piece in pieces(text.splitlines(keepends=True))]
    if not found:
        raise LeftOutError("formats.out_no_text_at_all")
    return found


def as_list(value: Any) -> Sequence[Any] | None:
    """Give a list, also one that stands as JSON or as Python wrote it in a cell; else None."""
    if isinstance(value, list):
        return value
    if not isinstance(value, str) or not value.lstrip().startswith("["):
        return None
    import msgspec

    try:
        found = msgspec.json.decode(value)
    except (msgspec.DecodeError, ValueError, RecursionError):
        if len(value) > _LONGEST_LITERAL:
            return None
        try:
            found = ast.literal_eval(value.strip())
        except (ValueError, SyntaxError, MemoryError, RecursionError, TypeError):
            return None
    return found if isinstance(found, list) else None


def _of_turns(value: Any) -> list[Message]:
    turns = as_list(value)
    if not turns:
        raise LeftOutError("formats.out_no_turns")
    messages: list[Message] = []
    for turn in turns:
        if not isinstance(turn, dict):
            raise LeftOutError("formats.out_turn")
        if "output" in turn and not any(name in turn for name in WHO):
            messages += _of_xtuner(turn)
        elif all(name in turn for name in FIREFLY):
            messages += _pair(_text(turn["human"]), _text(turn["assistant"]))
        else:
            messages.append(_of_turn(turn))
    return messages


def _of_answer(value: Any) -> list[Message]:
    """Give the turns of an answer, which may be a text alone."""
    turns = as_list(value)
    if turns and isinstance(turns[0], dict):
        return _of_turns(turns)
    return [{"role": "assistant", "content": _answer(value)}]


def _of_xtuner(turn: Mapping[str, Any]) -> list[Message]:
    system, question = _text(turn.get("system")), _text(turn.get("input"))
    messages = [{"role": "system", "content": system}] if system else []
    return [
        *messages,
        {"role": "user", "content": question},
        {"role": "assistant", "content": _text(turn["output"])},
    ]


def role_of(turn: Mapping[str, Any]) -> str | None:
    """Give the role of a turn, also where it has another name; None where that is not known."""
    return ROLE_BY_NAME.get(_speaker(turn))


def _speaker(turn: Mapping[str, Any]) -> str:
    who = next((turn[name] for name in WHO if turn.get(name) is not None), None)
    return who.strip().lower() if isinstance(who, str) else ""


def _of_turn(turn: Mapping[str, Any]) -> Message:
    if _speaker(turn) in _TOOLS or turn.get("tool_calls") or turn.get("function_call"):
        raise LeftOutError("formats.out_tool")
    role = role_of(turn)
    if role is None:
        raise LeftOutError("formats.out_role")
    what = next((turn[name] for name in WHAT if turn.get(name) is not None), None)
    if what is None and role != "system":
        raise LeftOutError("formats.out_no_text")
    message: Message = {"role": role, "content": _text(what)}
    if isinstance(turn.get("loss"), bool):
        message["loss"] = turn["loss"]
    return message


def _of_columns(row: Mapping[str, Any], layout: Layout) -> list[Message]:
    messages: list[Message] = []
    for pair in as_list(row.get(layout.history)) or [] if layout.history else []:
        if not isinstance(pair, (list, tuple)) or len(pair) != 2:
            raise LeftOutError("formats.out_history")
        messages += _pair(_text(pair[0]), _text(pair[1]))
    parts = [_text(row.get(column)) for column in layout.user]
    question = "\n".join(part for part in parts if part)
    if layout.begins_after and layout.begins_after in question:
        question = question.partition(layout.begins_after)[2].strip()
    answer = _answer(row.get(layout.assistant)) if layout.assistant else ""
    if not question:
        raise LeftOutError("formats.out_no_question")
    if not answer or answer == "<nooutput>":  # alpaca's own mark for "none"
        raise LeftOutError("formats.out_no_answer")
    return [*messages, *_pair(question, answer)]


def _pair(question: str, answer: str) -> list[Message]:
    return [{"role": "user", "content": question}, {"role": "assistant", "content": answer}]


def _answer(value: Any) -> str:
    """Give the text of an answer; of several that are right, as in SQuAD, the first."""
    several = value.get("text") if isinstance(value, dict) else value
    if isinstance(several, list) and all(isinstance(one, str) for one in several):
        return several[0] if several else ""
    return _text(value)


def _text(value: Any) -> str:
    """Give a text, a number's digits, or the text parts of a multimodal content."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return str(value)
    if isinstance(value, list) and value:
        parts = [part.get("text") for part in value if isinstance(part, dict)]
        texts = [part for part in parts if isinstance(part, str)]
        if len(texts) == len(value):
            return "".join(texts)
    raise LeftOutError("formats.out_not_text")
