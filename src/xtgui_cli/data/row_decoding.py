"""Decodes the bytes of one row, or says what is broken in them."""

from __future__ import annotations

import json
from typing import Any

import msgspec

from .row_files import Broken, broken

DECODE_ERRORS = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
MESSAGES_KEY = b'"messages"'


def decode_row(content: bytes) -> Any:
    """Give the JSON value of a row's bytes, or `Broken`."""
    try:
        content.decode("utf-8")
    except UnicodeDecodeError as error:
        before = content[max(error.start - 20, 0) : error.start].decode("utf-8", "ignore")
        broken_bytes = content[error.start : error.start + 2].decode("utf-8", "backslashreplace")
        return Broken("data.broken_utf8", before + broken_bytes)
    try:
        return msgspec.json.decode(content)
    except DECODE_ERRORS as error:
        return broken(content, error)


def has_messages_twice(content: bytes) -> bool:
    """Whether a row that is valid JSON has "messages" twice: datasets mixes up what is in them."""
    if content.count(MESSAGES_KEY) < 2:
        return False
    outermost: list[str] = []

    def take(pairs: list[tuple[str, Any]]) -> None:
        outermost[:] = [name for name, _ in pairs]

    try:
        json.loads(content, object_pairs_hook=take)  # called for the outermost object last
    except RecursionError:
        return False
    return outermost.count("messages") > 1
