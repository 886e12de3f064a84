"""Checks every row of a data file of OpenAI messages, in bounded memory.

Most rows are fine: one typed decode and a look at the order of the roles shows that. Only the
others are decoded a second time, as plain JSON, and examined.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Literal, NamedTuple

import msgspec

from ..shared.errors import Exit, Notice
from .errors import NotUtf8Error
from .row_faults import (
    MESSAGE_FIELDS,
    SEVERITY,
    THOUGHTS,
    TOOL_FIELDS,
    Finding,
    Severity,
    find_in_row,
    finding,
    is_mute,
    is_plain_text,
    likely_key,
    stops,
)
from .row_files import (
    DECODE_ERRORS,
    MESSAGES_KEY,
    Broken,
    RawRow,
    decode_row,
    has_messages_twice,
    is_too_long,
    open_row_file,
)

ROWS_REMEMBERED = 400_000
"""How many different rows are remembered to find duplicates (about 100 bytes each)."""
_FIELDS_REMEMBERED = 32
_PLAIN_NAME = re.compile(r'[^"\\\x00-\x1f]*')


class _Message(msgspec.Struct, gc=False, forbid_unknown_fields=True):
    role: Literal["system", "user", "assistant"]
    content: str


class Fault(NamedTuple):
    """One fault, where it is, and its message."""

    code: str
    """One of SEVERITY."""
    row: int | None
    """From 1, blank lines not counted; None if the fault concerns the whole file."""
    line: int | None
    field: str
    notice: Notice

    @property
    def severity(self) -> Severity:
        """The severity of its code."""
        return SEVERITY[self.code]

    def with_place(self) -> Notice:
        """Return the sentence with row, line and field before it."""
        if self.row is None:
            return self.notice
        place = {"row": self.row, "line": self.line, "field": self.field}
        return Notice("data.at_field" if self.field else "data.at", {**place, "what": self.notice})


class DataCheck:
    """One pass over a data file. Its counts are complete when `faults` has been exhausted."""

    def __init__(self, path: Path) -> None:
        """Open the file.

        Raises:
            FaultyDataError: If it cannot be opened.
            NotUtf8Error: If it is not UTF-8 text at all.
        """
        self.file = open_row_file(path)
        self.counts: Counter[str] = Counter()
        """Number of faults by code."""
        self.rows = 0
        self.has_system = False
        """Whether any row has a system text."""
        self.trained_rows = 0
        """Rows that teach an answer, including those at which training would stop."""
        self.encoding_error: NotUtf8Error | None = None
        """The error of the first row that is not UTF-8."""
        self._seen: dict[int, int] | None = {}
        self._fields: list[str] = []
        self._message_fields: set[str] = set()
        self._decode = _typed_decoder(())
        self._plain_rows = 0
        self._begins_plain = False
        self._answers_with_loss = self._answers_without_loss = 0
        self._rows_with_thoughts = 0

    @property
    def is_plain_text(self) -> bool:
        """Whether every row is a text without a question, as for pre-training."""
        return bool(self.rows) and self._plain_rows == self.rows

    def severities(self) -> Counter[str]:
        """Return the number of faults by severity."""
        found: Counter[str] = Counter({"stop": 0, "silent": 0, "note": 0})
        for code, count in self.counts.items():
            found[SEVERITY[code]] += count
        return found

    def faults(self) -> Iterator[Fault]:
        """Read the file and yield its faults, in the order of its rows."""
        for fault in self._all_faults():
            self.counts[fault.code] += 1
            yield fault

    def _all_faults(self) -> Iterator[Fault]:
        for row in self.file.rows():
            if not self.rows:
                yield from self._of_file(row)
            self.rows = row.number
            if row.is_spread:
                lines = row.content.count(b"\n") + 1
                yield _fault(finding("spread_json", lines=lines), row)
            if self.is_clean(row.content):
                self.trained_rows += 1
                self._answers_without_loss += 1
            else:
                yield from self._of_row(row)
            if (first := self._first_seen(row)) is not None:
                yield _fault(finding("duplicate", first=first), row)
        yield from self._of_whole()

    def _of_file(self, first: RawRow) -> Iterator[Fault]:
        if self.file.has_bom:
            yield _file_fault("bom")
        suffix = self.file.path.suffix.lower()
        if self.file.format == "array" and suffix == ".jsonl":
            yield _file_fault("array_in_jsonl")
        if self.file.format == "lines" and suffix == ".json" and not first.is_spread:
            yield _file_fault("lines_in_json")

    def _of_whole(self) -> Iterator[Fault]:
        if not self.rows:
            yield _file_fault("no_rows")
        elif not self.trained_rows:
            yield _file_fault("nothing_to_train")
        if self.is_plain_text:
            yield _file_fault("plain_text")
        elif self._begins_plain:
            yield _file_fault("empty_question")
        if self._rows_with_thoughts:
            yield _file_fault("thoughts", rows=self._rows_with_thoughts)
        if self._answers_with_loss and self._answers_without_loss:
            yield _file_fault("loss_partly")
        if self._seen is None:
            yield _file_fault("duplicates_unseen", limit=ROWS_REMEMBERED)
        self._seen = None

    def _first_seen(self, row: RawRow) -> int | None:
        is_whole = row.content[:1] == b"{" and row.content[-1:] == b"}"
        if self._seen is None or not is_whole:  # the lines of a broken row are alike by nature
            return None
        first = self._seen.setdefault(hash(row.content), row.number)
        if len(self._seen) > ROWS_REMEMBERED:
            self._seen = None
        return None if first == row.number else first

    def is_clean(self, content: bytes) -> bool:
        """Return whether a row's bytes have no fault, apart from unread fields reported before."""
        if is_too_long(content):
            return False
        if content.count(MESSAGES_KEY) > 1:  # perhaps it is there twice, or inside another field
            return False
        try:
            messages = self._decode(content).messages
            if self._fields and not content.isascii():
                content.decode("utf-8")  # msgspec does not decode fields that it skips
        except DECODE_ERRORS:
            return False
        if messages and messages[0].role == "system" and messages[0].content:
            self.has_system = True
        if THOUGHTS.encode() in content:
            self._count_thoughts((message.role, message.content) for message in messages)
        return is_orderly(messages)

    def _count_thoughts(self, messages: Iterable[tuple[Any, Any]]) -> None:
        self._rows_with_thoughts += any(
            role == "assistant" and isinstance(said, str) and said.lstrip().startswith(THOUGHTS)
            for role, said in messages
        )

    def _of_row(self, row: RawRow) -> Iterator[Fault]:
        value = decode_row(row.content)
        if isinstance(value, Broken):
            self.trained_rows += 1
            if value.encoding and self.encoding_error is None:
                self.encoding_error = self._encoding_error(row, value)
            yield _fault(finding(value.code, near=value.near), row)
            return
        found = self._inspect_row(row, value)
        if has_messages_twice(row.content):
            found.append(finding("messages_twice", "messages"))
        for one in found:
            yield _fault(one, row)
        is_empty = any(one.code == "empty_answer" for one in found) and is_mute(value)
        self.trained_rows += not is_empty and not any(one.trains_nothing for one in found)
        if isinstance(value, dict):
            for one in self._new_fields(value):
                yield _fault(one, row)

    def _encoding_error(self, row: RawRow, broken: Broken) -> NotUtf8Error:
        return NotUtf8Error(
            "data.encoding",
            Exit.ANSWERS,
            path=self.file.path,
            line=row.line + broken.lines_before,
            guess=broken.encoding,
        )

    def _inspect_row(self, row: RawRow, value: Any) -> list[Finding]:
        found = find_in_row(value)
        if not stops(found):
            self._count_thoughts((each["role"], each["content"]) for each in value["messages"])
            self.has_system = self.has_system or any(
                message["role"] == "system" and message["content"] for message in value["messages"]
            )
        if is_plain_text(value):
            self._plain_rows += 1
            self._begins_plain = self._begins_plain or row.number == 1
            if self._begins_plain:
                found = [one for one in found if one.code != "empty_question"]
        return found

    def _new_fields(self, row: dict[str, Any]) -> Iterator[Finding]:
        """Yield the fields that nothing reads, each name once per file."""
        messages = row.get("messages")
        if not isinstance(messages, list):
            return
        for name in row:
            is_new = name != "messages" and name not in self._fields
            if is_new and len(self._fields) < _FIELDS_REMEMBERED:
                self._fields.append(name)
                self._decode = _typed_decoder(self._fields)
                yield finding("unknown_field", name, name=name)
        for index, message in enumerate(messages):
            if isinstance(message, dict):
                self._count_loss(message)
                yield from self._new_message_fields(index, message)

    def _new_message_fields(self, index: int, message: dict[str, Any]) -> Iterator[Finding]:
        for name in message:
            is_known = name in (*MESSAGE_FIELDS, *TOOL_FIELDS, *self._message_fields)
            is_meant = name in (likely_key(message, "role"), likely_key(message, "content"))
            if not (is_known or is_meant) and len(self._message_fields) < _FIELDS_REMEMBERED:
                self._message_fields.add(name)
                yield finding("unknown_message_field", f"messages[{index}].{name}", name=name)

    def _count_loss(self, message: dict[str, Any]) -> None:
        if message.get("role") == "assistant":
            self._answers_with_loss += "loss" in message
            self._answers_without_loss += "loss" not in message


def is_orderly(messages: list[Any]) -> bool:
    """Return whether no text is blank and roles go: an optional system, then user, assistant..."""
    first = 1 if messages and messages[0].role == "system" else 0
    if len(messages) == first or (len(messages) - first) % 2:
        return False
    expected = "user"
    for message in messages[first:] if first else messages:
        content = message.content
        if message.role != expected or not content or content.isspace():
            return False
        expected = "assistant" if expected == "user" else "user"
    return True


def _typed_decoder(fields: tuple[str, ...] | list[str]) -> Any:
    """Return a decoder of rows that have no other fields than these.

    Names that msgspec cannot use for a field are left out: rows with them are examined one by one.
    """
    plain = filter(_PLAIN_NAME.fullmatch, fields)
    names = {f"field_{number}": name for number, name in enumerate(plain)}
    row = msgspec.defstruct(
        "Row",
        [("messages", list[_Message]), *((name, msgspec.Raw, msgspec.Raw()) for name in names)],
        rename=names,
        gc=False,
        forbid_unknown_fields=True,
    )
    return msgspec.json.Decoder(row).decode


def _fault(one: Finding, row: RawRow) -> Fault:
    return Fault(one.code, row.number, row.line, one.field, one.notice)


def _file_fault(code: str, **data: Any) -> Fault:
    return Fault(code, None, None, "", finding(code, **data).notice)
