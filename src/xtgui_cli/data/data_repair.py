"""Repairs rows of OpenAI messages if only one repair is reasonable; leaves out the others.

What xtuner would drop silently is dropped here too, but counted and reported.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec

from ..shared import atomic
from ..shared.errors import Exit, XtguiError
from .data_check import DataCheck
from .formats.cells import Message
from .row_faults import (
    find_in_row,
    is_trained,
    likely_key,
    likely_messages_field,
    likely_role,
    stops,
)
from .row_files import Broken, RawRow, decode_row, has_messages_twice

_BETWEEN = "\n\n"


@dataclass
class Repairs:
    """The number of each repair, and of the rows left out for each fault."""

    changed: Counter[str] = field(default_factory=Counter)
    left_out: Counter[str] = field(default_factory=Counter)
    written: int = 0


def repaired_lines(path: Path, repairs: Repairs) -> Iterator[bytes]:
    """Yield the lines of the repaired file, one row each, and count in *repairs*.

    Raises:
        XtguiError: Those of `DataCheck`.
    """
    check = DataCheck(path)
    for row in check.file.rows():
        done = Counter(["spread_json"] * row.is_spread)
        if check.is_clean(row.content):
            repairs.changed.update(done)
            repairs.written += 1
            yield _on_one_line(row.content)
            continue
        messages = _repair_row(row, repairs, done)
        if messages is not None:
            repairs.written += 1
            yield msgspec.json.encode({"messages": messages}) + b"\n"


def _on_one_line(content: bytes) -> bytes:
    """Return a row of an array, which may be spread over lines, on one line; others unchanged."""
    if b"\n" in content or b"\r" in content:
        content = msgspec.json.format(content, indent=0)
    return content + b"\n"


def _repair_row(row: RawRow, repairs: Repairs, done: Counter[str]) -> list[Message] | None:
    value = _decode(row.content, done)
    if isinstance(value, Broken):
        repairs.left_out[value.code] += 1
        return None
    if has_messages_twice(row.content.rstrip(b",")):
        repairs.left_out["messages_twice"] += 1
        return None
    value = _name_messages(value, done)
    if isinstance(value, dict) and isinstance(value.get("messages"), list):
        if len(value) > 1:
            done["unknown_field"] += 1
        messages = [_repair_message(one, done) for one in value["messages"]]
        if not stops(find_in_row({"messages": messages})):
            messages = _repair_order(messages, done)
        value = {"messages": messages}
    worst = next(
        (one.code for one in find_in_row(value) if one.severity == "stop" or one.trains_nothing),
        None,
    )
    if worst:
        emptied = next((code for code in ("empty_answer", "blank_answer") if done[code]), worst)
        repairs.left_out[emptied if worst == "no_answer" else worst] += 1
        return None
    repairs.changed.update(done)
    return value["messages"]  # type: ignore[no-any-return]  # checked by find_in_row


def _decode(content: bytes, done: Counter[str]) -> Any:
    value = decode_row(content)
    if isinstance(value, Broken) and content.endswith(b","):
        without = decode_row(content.rstrip(b","))
        if not isinstance(without, Broken):
            done["broken_json"] += 1
            return without
    return value


def _name_messages(value: Any, done: Counter[str]) -> Any:
    if not isinstance(value, dict) or "messages" in value:
        return value
    meant = likely_messages_field(value)
    if meant is None:
        return value
    done["no_messages"] += 1
    return {"messages": value[meant]}


def _repair_message(message: Any, done: Counter[str]) -> Any:
    if not isinstance(message, dict):
        return message
    message = _name_keys(message, done)
    repaired = {name: message[name] for name in ("role", "content") if name in message}
    role = message.get("role")
    meant = likely_role(role) if "role" in message else None
    if meant and meant != role:
        repaired["role"] = meant
        done["unknown_role"] += 1
    content = _text_of(message.get("content"))
    if content is not None and content != message["content"]:
        done["content_list" if isinstance(message["content"], list) else "content_not_text"] += 1
        repaired["content"] = content
    for name in message:
        if name in ("tool_calls", "function_call"):
            done["tool_calls"] += bool(message[name])
        elif name not in ("role", "content", "loss"):
            done["unknown_message_field"] += 1
    _repair_loss(message, repaired, done)
    return repaired


_KEYS = {"role": "no_role", "content": "no_content", "loss": "unknown_message_field"}
"""The fields that are read of a message, and the fault of one that is written otherwise."""


def _name_keys(message: Message, done: Counter[str]) -> Message:
    """Return a message with its fields under the names that are read."""
    meant = {likely_key(message, name): name for name in _KEYS}
    done.update(_KEYS[name] for key, name in meant.items() if key not in (None, name))
    return {meant.get(name, name): value for name, value in message.items()}


def _text_of(content: Any) -> str | None:
    """Return the text of a content; None if it is more than a text, or none."""
    if isinstance(content, str):
        return content
    if isinstance(content, (int, float)) and not isinstance(content, bool):
        return str(content)
    if isinstance(content, list) and content:
        texts = [
            part.get("text") if isinstance(part, dict) and part.get("type") == "text" else None
            for part in content
        ]
        if all(isinstance(text, str) for text in texts):
            return _BETWEEN.join(text for text in texts if text)
    return None


def _repair_loss(message: Message, repaired: Message, done: Counter[str]) -> None:
    if message.get("role") != "assistant" and repaired.get("role") != "assistant":
        return
    loss = message.get("loss", True)
    if loss is None:
        done["loss_null"] += 1
    elif str(loss).lower() in ("true", "false"):
        if "loss" in message:
            repaired["loss"] = is_trained(message)
    elif str(loss).lower() in ("1", "1.0", "yes"):
        done["loss_odd"] += 1
    else:
        repaired["loss"] = False
        done["loss_odd"] += 1


def _repair_order(messages: list[Message], done: Counter[str]) -> list[Message]:
    rest = _without_blanks(messages, done)
    while rest and rest[0]["role"] == "assistant":
        rest.pop(0)
        done["answer_first"] += 1
    joined: list[Message] = []
    for message in rest:
        if joined and joined[-1]["role"] == message["role"] and _may_join(joined[-1], message):
            joined[-1]["content"] += _BETWEEN + message["content"]
            done[_JOINED[message["role"]]] += 1
        else:
            joined.append(message)
    while joined and joined[-1]["role"] != "assistant":
        is_user = joined.pop()["role"] == "user"
        done["ends_with_user" if is_user else "ends_with_system"] += 1
    return joined


_JOINED = {"user": "users_joined", "assistant": "answers_in_a_row", "system": "system_lost"}


def _may_join(one: Message, other: Message) -> bool:
    return one["role"] != "assistant" or is_trained(one) == is_trained(other)


def _without_blanks(messages: list[Message], done: Counter[str]) -> list[Message]:
    """Drop system messages without text, and end a conversation before its first empty answer."""
    kept = []
    for message in messages:
        if message["role"] == "system" and not message["content"]:
            continue
        if message["role"] == "assistant" and not message["content"].strip():
            done["blank_answer" if message["content"] else "empty_answer"] += 1
            break
        kept.append(message)
    return kept


def write_repaired(path: Path, target: Path) -> Repairs:
    """Write the repaired rows of *path* beside *target*, then rename the complete file.

    Raises:
        XtguiError: "check_data.fix_nothing_left", "check_data.fix_exists", "formats.not_writable".
    """
    repairs = Repairs()
    try:
        with atomic.new_file(target) as file:
            file.writelines(repaired_lines(path, repairs))
            if not repairs.written:
                raise XtguiError("check_data.fix_nothing_left", Exit.ANSWERS, path=path)
    except FileExistsError:
        raise XtguiError("check_data.fix_exists", Exit.ANSWERS, path=target) from None
    except OSError as error:
        reason = error.strerror or str(error)
        raise XtguiError("formats.not_writable", Exit.FAILED, path=target, reason=reason) from None
    return repairs


def count_faults(path: Path) -> Counter[str]:
    """Return the number of each fault in a file."""
    check = DataCheck(path)
    for _ in check.faults():
        pass
    return check.counts
