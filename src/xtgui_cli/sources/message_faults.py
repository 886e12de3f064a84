"""What is wrong with one row of OpenAI messages, as xtuner's openai_map_fn will find out.

Source of the rules — xtuner 0.2.0, dataset/map_fns/dataset_map_fns/openai_map_fn.py, and trying.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

from ..core.templates import turns_from_messages

ROLES = ("system", "user", "assistant")

Fault = tuple[str, dict[str, Any]]


def find_faults(row: Any) -> list[Fault]:
    """Give what stops xtuner at a row: text key and data, with `field` saying where."""
    if not isinstance(row, dict):
        return [("data.not_an_object", {"found": kind_of(row)})]
    if "messages" not in row:
        return [("data.no_messages", {"fields": ", ".join(map(str, row)) or "-"})]
    messages = row["messages"]
    if not isinstance(messages, list):
        return [("data.messages_not_a_list", {"found": kind_of(messages)})]
    return [
        fault for index, message in enumerate(messages) for fault in _of_message(index, message)
    ]


def _of_message(index: int, message: Any) -> Iterator[Fault]:
    field = f"messages[{index}]"
    if not isinstance(message, dict):
        yield "data.message_not_an_object", {"field": field, "found": kind_of(message)}
        return
    role = message.get("role")
    if "role" not in message:
        yield "data.no_role", {"field": f"{field}.role"}
    elif not isinstance(role, str) or role not in ROLES:
        yield "data.unknown_role", {"field": f"{field}.role", "role": str(role)[:40]}
    if "content" not in message:
        yield "data.no_content", {"field": f"{field}.content"}
        return
    content = message["content"]
    if not isinstance(content, str) and not (role == "system" and content is None):
        yield "data.content_not_text", {"field": f"{field}.content", "found": kind_of(content)}


def find_surprises(messages: Sequence[dict[str, Any]]) -> list[str]:
    """Give the text keys of what xtuner does to a faultless row without saying so."""
    roles = [message["role"] for message in messages]
    turns = turns_from_messages(messages)
    if not turns:
        return ["data.note_no_answer"]
    found = []
    if not any(turn.trained for turn in turns):
        found.append("data.note_no_loss")
    if roles[0] == "assistant":
        found.append("data.note_leading_answer")
    if roles[-1] != "assistant":
        found.append("data.note_no_last_answer")
    neighbours = set(pairwise(roles))
    if ("user", "user") in neighbours:
        found.append("data.note_joined_questions")
    if ("system", "system") in neighbours:
        found.append("data.note_lost_system")
    if ("assistant", "assistant") in neighbours:
        found.append("data.note_answer_without_question")
    if any(not turn.output for turn in turns):
        found.append("data.note_empty_answer")
    return found


def kind_of(value: Any) -> str:
    """Give JSON's own name of a value's kind."""
    kinds = {
        type(None): "null",
        bool: "true/false",
        int: "number",
        float: "number",
        str: "string",
        list: "list",
        dict: "object",
    }
    return kinds[type(value)]
