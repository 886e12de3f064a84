"""Finds all that is wrong with one decoded row, and how bad it is.

Source: xtuner 0.2.0, dataset/map_fns/dataset_map_fns/openai_map_fn.py and dataset/huggingface.py,
and experiments: a test shows xtuner's behavior for each silent fault.
"""

from __future__ import annotations

import difflib
import functools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Literal, NamedTuple

from ..shared.errors import Notice
from .formats.turn_lists import ROLE_BY_NAME

THOUGHTS = "<think>"
"""How an answer with thoughts begins, in Qwen3, SmolLM3 and DeepSeek R1."""
Severity = Literal["stop", "silent", "note"]

SEVERITY: Mapping[str, Severity] = {
    "broken_json": "stop",
    "cut_json": "stop",
    "deep_json": "stop",
    "long_row": "stop",
    "spread_json": "stop",
    "broken_utf8": "stop",
    "not_an_object": "stop",
    "no_messages": "stop",
    "messages_twice": "stop",
    "messages_not_a_list": "stop",
    "message_not_an_object": "stop",
    "no_role": "stop",
    "unknown_role": "stop",
    "tool_role": "stop",
    "no_content": "stop",
    "content_null": "stop",
    "content_list": "stop",
    "content_not_text": "stop",
    "no_rows": "stop",
    "nothing_to_train": "stop",
    "no_answer": "silent",
    "all_masked": "silent",
    "loss_null": "silent",
    "loss_odd": "silent",
    "answer_first": "silent",
    "ends_with_user": "silent",
    "ends_with_system": "silent",
    "users_joined": "silent",
    "answers_in_a_row": "silent",
    "system_lost": "silent",
    "system_later": "silent",
    "empty_answer": "silent",
    "blank_answer": "silent",
    "empty_question": "silent",
    "no_question": "silent",
    "tool_calls": "silent",
    "loss_partly": "note",
    "thoughts": "note",
    "bom": "note",
    "array_in_jsonl": "note",
    "lines_in_json": "note",
    "plain_text": "note",
    "duplicate": "note",
    "duplicates_unseen": "note",
    "unknown_field": "note",
    "unknown_message_field": "note",
}
"""Stop: training would crash. Silent: it would learn something else. Note: worth knowing."""

ROLES = ("system", "user", "assistant")
_ALIASES = {**ROLE_BY_NAME, "question": "user", "answer": "assistant"}
TOOL_ROLES = ("tool", "function", "ipython", "observation")
TOOL_FIELDS = ("tool_calls", "function_call")
MESSAGE_FIELDS = ("role", "content", "loss")
_SHOWN = 40


class Finding(NamedTuple):
    """One fault of a row: which, where in the row, and its message."""

    code: str
    """One of SEVERITY."""
    field: str
    notice: Notice

    @property
    def severity(self) -> Severity:
        """The severity of its code."""
        return SEVERITY[self.code]

    @property
    def trains_nothing(self) -> bool:
        """Whether it makes xtuner train nothing of the row."""
        return self.code in ("no_answer", "all_masked")


def finding(code: str, field: str = "", **data: Any) -> Finding:
    """Return a fault with its message, which is another one if it is known what is meant."""
    meant = ".meant" if data.get("meant") else ""
    return Finding(code, field, Notice(f"row_faults.{code}{meant}", data))


def stops(found: Iterable[Finding]) -> bool:
    """Return whether training would stop at a row with these faults."""
    return any(one.severity == "stop" for one in found)


def likely_role(role: object) -> str | None:
    """Return the role that an unknown one most likely stands for, or None."""
    return _likely_role(str(role)[:_SHOWN].strip().lower())


@functools.lru_cache(maxsize=256)
def _likely_role(name: str) -> str | None:
    if name in ROLES:
        return name
    close = difflib.get_close_matches(name, ROLES, n=1, cutoff=0.7)
    return _ALIASES.get(name) or (close[0] if close else None)


def likely_messages_field(row: Mapping[str, Any]) -> str | None:
    """Return the field with a list of role and content messages under a wrong name."""
    for name, value in row.items():
        if _are_messages(value) and _is_like_messages(name.strip().lower()):
            return name
    return None


@functools.lru_cache(maxsize=256)
def _is_like_messages(name: str) -> bool:
    is_close = difflib.SequenceMatcher(None, name, "messages").ratio() > 0.8
    return is_close or name in ("conversation", "conversations")


def _are_messages(value: object) -> bool:
    return (
        isinstance(value, list)
        and bool(value)
        and all(
            isinstance(one, dict) and likely_key(one, "role") and likely_key(one, "content")
            for one in value
        )
    )


def likely_key(message: Mapping[str, Any], name: str) -> str | None:
    """Return the key that is *name* but for case and surrounding blanks; None if there is none.

    The exact *name* takes precedence over others.
    """
    if name in message:
        return name
    return next((key for key in message if key.strip().lower() == name), None)


def find_in_row(row: Any) -> list[Finding]:
    """Return every fault of one decoded row; xtuner's behavior is judged if nothing stops it."""
    if not isinstance(row, dict):
        return [finding("not_an_object", found=kind_of(row))]
    if "messages" not in row:
        meant = likely_messages_field(row)
        fields = ", ".join(row)[:80] or "-"
        return [finding("no_messages", meant or "", fields=fields, meant=meant)]
    messages = row["messages"]
    if not isinstance(messages, list):
        return [finding("messages_not_a_list", "messages", found=kind_of(messages))]
    found = [one for index, message in enumerate(messages) for one in _in_message(index, message)]
    if not stops(found):
        found += _in_conversation(messages)
    return found


def _in_message(index: int, message: Any) -> Iterator[Finding]:
    field = f"messages[{index}]"
    if not isinstance(message, dict):
        yield finding("message_not_an_object", field, found=kind_of(message))
        return
    role = message.get("role")
    if "role" not in message:
        yield finding("no_role", f"{field}.role", meant=likely_key(message, "role"))
    elif role in TOOL_ROLES:
        yield finding("tool_role", f"{field}.role", role=role)
    elif role not in ROLES:
        meant = likely_role(role)
        yield finding("unknown_role", f"{field}.role", role=_short(role), meant=meant)
    yield from _in_content(field, role, message)
    for name in TOOL_FIELDS:
        if message.get(name) and isinstance(message.get("content"), str):
            yield finding("tool_calls", f"{field}.{name}", name=name)
    if role == "assistant" and "loss" in message:
        yield from _in_loss(f"{field}.loss", message["loss"])


def _in_content(field: str, role: object, message: Mapping[str, Any]) -> Iterator[Finding]:
    field = f"{field}.content"
    if "content" not in message:
        yield finding("no_content", field, meant=likely_key(message, "content"))
        return
    content = message["content"]
    if isinstance(content, str) or (role == "system" and content is None):
        return
    if content is None:
        yield finding("content_null", field)
    elif isinstance(content, list):
        yield finding("content_list", field)
    else:
        yield finding("content_not_text", field, found=kind_of(content))


def _in_loss(field: str, loss: object) -> Iterator[Finding]:
    if loss is None:
        yield finding("loss_null", field)
    elif str(loss).lower() not in ("true", "false"):
        yield finding("loss_odd", field, value=_short(loss))


def _in_conversation(messages: Sequence[Mapping[str, Any]]) -> Iterator[Finding]:
    roles = [message["role"] for message in messages]
    start = next((i for i, role in enumerate(roles) if role != "assistant"), len(roles))
    answers = [i for i, role in enumerate(roles) if role == "assistant" and i >= start]
    if not answers:
        yield finding("no_answer", "messages")
        return
    if not any(is_trained(messages[index]) for index in answers):
        yield finding("all_masked", f"messages[{answers[-1]}].loss")
    if start:
        yield finding("answer_first", "messages[0]")
    if roles[-1] != "assistant":
        ends = "ends_with_user" if "user" in roles[answers[-1] :] else "ends_with_system"
        yield finding(ends, f"messages[{len(roles) - 1}]")
    yield from _in_turns(messages, start, answers[-1])


def _in_turns(
    messages: Sequence[Mapping[str, Any]], start: int, last_answer: int
) -> Iterator[Finding]:
    """Walk through messages as openai_map_fn does: those since the last answer become one turn."""
    has_system = False
    has_answered = False
    users = 0
    question = ""
    for index in range(start, last_answer + 1):
        role, content = messages[index]["role"], messages[index]["content"]
        field = f"messages[{index}]"
        if role == "system":
            if has_system:
                yield finding("system_lost", field)
            elif has_answered or users:
                yield finding("system_later", field)
            has_system = True
        elif role == "user":
            if users:
                yield finding("users_joined", field)
            users, question = users + 1, question + content
        else:
            yield from _in_turn(
                field, users, question=question, answer=content, has_answered=has_answered
            )
            has_system, has_answered, users, question = False, True, 0, ""


def _in_turn(
    field: str, users: int, *, question: str, answer: str, has_answered: bool
) -> Iterator[Finding]:
    if not users:
        yield finding("answers_in_a_row" if has_answered else "no_question", field)
    elif not question.strip():
        yield finding("empty_question", field)
    if not answer:
        yield finding("empty_answer", f"{field}.content")
    elif answer.isspace():
        yield finding("blank_answer", f"{field}.content")


def is_trained(message: Mapping[str, Any]) -> bool:
    """Return whether xtuner trains on an assistant message: its own reading of `loss`."""
    return str(message.get("loss", "True")).lower() == "true"


def is_mute(row: Any) -> bool:
    """Return whether no answer of a row has a text: it teaches to say nothing."""
    messages = row.get("messages") if isinstance(row, dict) else None
    said = messages if isinstance(messages, list) else ()
    answers = [
        message.get("content")
        for message in said
        if isinstance(message, dict) and message.get("role") == "assistant"
    ]
    return not any(isinstance(answer, str) and answer.strip() for answer in answers)


def is_plain_text(row: Any) -> bool:
    """Return whether a row is a text for pre-training: an answer after an empty question."""
    messages = row.get("messages") if isinstance(row, dict) else None
    if not isinstance(messages, list) or len(messages) != 2:
        return False
    if not all(isinstance(message, dict) for message in messages):
        return False
    (question, answer) = messages
    return (question.get("role"), question.get("content"), answer.get("role")) == (
        "user",
        "",
        "assistant",
    )


def _short(value: object) -> str:
    return str(value)[:_SHOWN]


_KINDS = {
    type(None): "null",
    bool: "true/false",
    int: "number",
    float: "number",
    str: "string",
    list: "list",
    dict: "object",
}


def kind_of(value: Any) -> str:
    """Return JSON's own name for a value's type."""
    return _KINDS[type(value)]
