"""Conversations as a list of turns in one column: OpenAI messages, ShareGPT, XTuner, Firefly."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .cells import Conversation, LeftOutError, Message, list_in, pair, text_in
from .data_format import SYSTEM, ColumnMapping, DataFormat, Sample

_WHO = ("role", "from", "speaker")
_WHAT = ("content", "value", "text")
_FIREFLY = ("human", "assistant")
"""A question and its answer in one turn."""
_USUAL = ("messages", "conversations", "conversation", "dialogue", "dialog", "turns", "chat")
_NAMES_OF_ROLES = {
    "user": {"user", "human", "prompter", "customer", "用户", "人类", "问"},
    "assistant": {"assistant", "gpt", "chatgpt", "bot", "model", "ai", "bing", "bard", "claude"}
    | {"助手", "机器人", "答"},
    "system": {"system", "developer", "系统"},
}
ROLE_BY_NAME = {name: role for role, names in _NAMES_OF_ROLES.items() for name in names}
"""The role of each name, in lower case, in other formats."""
_TOOLS = frozenset(["tool", "function", "function_call", "observation", "tool_call", "ipython"])


@dataclass(frozen=True)
class _TurnShape:
    """The keys of one turn in a list."""

    format: DataFormat
    fits: Callable[[Mapping[str, Any]], bool]
    read: Callable[[Mapping[str, Any]], Sequence[Message]]


def turns_column(rows: Sequence[Mapping[str, Any]], columns: Sequence[str]) -> str | None:
    """Return the column that has lists of turns, preferably one with a usual name."""
    found = [name for name in columns if any(_are_turns(list_in(row.get(name))) for row in rows)]
    usual = [name for name in _USUAL if name in found]
    if usual:
        return usual[0]
    return found[0] if len(found) == 1 else None


def _are_turns(value: Sequence[Any] | None) -> bool:
    return bool(value) and all(_shape_of(turn) is not None for turn in value or ())


def turn_messages(value: Any) -> Conversation:
    """Return the messages of a list of turns, each in any shape.

    Raises:
        LeftOutError: If there are none, or one of them is not a turn.
    """
    turns = list_in(value)
    if not turns:
        raise LeftOutError("formats.out_no_turns")
    messages: Conversation = []
    for turn in turns:
        if not isinstance(turn, dict):
            raise LeftOutError("formats.out_turn")
        shape = _shape_of(turn)
        messages += _read_role_turn(turn) if shape is None else shape.read(turn)
    return messages


def has_answer(value: Any) -> bool:
    """Return whether one of the turns in a list is already an answer."""
    return any(
        isinstance(turn, dict) and ("output" in turn or _role_of(turn) == "assistant")
        for turn in list_in(value) or []
    )


def _read(row: Mapping[str, Any], mapping: ColumnMapping) -> Iterator[Conversation]:
    yield turn_messages(row.get(mapping.turns or ""))


def _recognize_as(name: str) -> Callable[[Sample], ColumnMapping | None]:
    """Return a function that recognizes lists most of which begin with a turn of one format."""

    def recognize(sample: Sample) -> ColumnMapping | None:
        if sample.turns is None:
            return None
        lists = (list_in(row.get(sample.turns)) for row in sample.rows)
        first_turns = (turns[0] for turns in lists if turns)
        shapes = Counter(_shape_of(turn) for turn in first_turns if isinstance(turn, dict))
        shape = shapes.most_common(1)[0][0]
        if name != (OPENAI if shape is None else shape.format).name:
            return None
        return ColumnMapping(name, turns=sample.turns, system=sample.only(SYSTEM))

    return recognize


def _shape_of(turn: Any) -> _TurnShape | None:
    if not isinstance(turn, dict):
        return None
    return next((shape for shape in _SHAPES if shape.fits(turn)), None)


# --- the shapes of turns -------------------------------------------------------------------------


def _is_role_turn(turn: Mapping[str, Any]) -> bool:
    return any(name in turn for name in _WHO) and any(
        name in turn for name in (*_WHAT, "tool_calls")
    )


def _read_role_turn(turn: Mapping[str, Any]) -> list[Message]:
    if _speaker(turn) in _TOOLS or turn.get("tool_calls") or turn.get("function_call"):
        raise LeftOutError("formats.out_tool")
    role = _role_of(turn)
    if role is None:
        raise LeftOutError("formats.out_role")
    what = next((turn[name] for name in _WHAT if turn.get(name) is not None), None)
    if what is None and role != "system":
        raise LeftOutError("formats.out_no_text")
    message: Message = {"role": role, "content": text_in(what)}
    if isinstance(turn.get("loss"), bool):
        message["loss"] = turn["loss"]
    return [message]


def _role_of(turn: Mapping[str, Any]) -> str | None:
    """Return the role of a turn, also under another name; None if that is not known."""
    return ROLE_BY_NAME.get(_speaker(turn))


def _speaker(turn: Mapping[str, Any]) -> str:
    who = next((turn[name] for name in _WHO if turn.get(name) is not None), None)
    return who.strip().lower() if isinstance(who, str) else ""


def _read_xtuner_turn(turn: Mapping[str, Any]) -> list[Message]:
    system, question = text_in(turn.get("system")), text_in(turn.get("input"))
    messages = [{"role": "system", "content": system}] if system else []
    return [*messages, *pair(question, text_in(turn["output"]))]


def _read_firefly_turn(turn: Mapping[str, Any]) -> list[Message]:
    return pair(text_in(turn["human"]), text_in(turn["assistant"]))


OPENAI = DataFormat("openai", "formats.layout_openai", _read, _recognize_as("openai"))
SHAREGPT = DataFormat("sharegpt", "formats.layout_sharegpt", _read, _recognize_as("sharegpt"))
XTUNER = DataFormat("xtuner", "formats.layout_xtuner", _read, _recognize_as("xtuner"))
FIREFLY = DataFormat("firefly", "formats.layout_firefly", _read, _recognize_as("firefly"))

_SHAPES = (
    _TurnShape(OPENAI, lambda turn: "role" in turn and _is_role_turn(turn), _read_role_turn),
    _TurnShape(SHAREGPT, _is_role_turn, _read_role_turn),
    _TurnShape(
        XTUNER,
        lambda turn: "output" in turn and not any(name in turn for name in _WHO),
        _read_xtuner_turn,
    ),
    _TurnShape(FIREFLY, lambda turn: all(name in turn for name in _FIREFLY), _read_firefly_turn),
)
