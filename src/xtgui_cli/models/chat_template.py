"""Finds a model's own chat template; `shared.chat_template` renders conversations with it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ..shared.json_values import mapping
from ..shared.regular_file import read_bytes, read_json


def find_chat_template(folder: Path, tokenizer_config: Mapping[str, Any]) -> str | None:
    """Return the chat template of a model folder, looking where transformers does."""
    file = folder / "chat_template.jinja"
    try:
        if file.is_file():
            return read_bytes(file).decode("utf-8")
    except (OSError, UnicodeDecodeError):
        return None
    named = _default_of(tokenizer_config.get("chat_template"))
    return named or _default_of(_from_json(folder / "chat_template.json"))


def _from_json(file: Path) -> Any:
    try:
        return mapping(read_json(file)).get("chat_template")
    except (OSError, ValueError):
        return None


def _default_of(said: Any) -> str | None:
    """Return the text of a template that may be one of several, each with a name."""
    if isinstance(said, list):
        entries = [entry for entry in said if isinstance(entry, dict)]
        said = {entry.get("name"): entry.get("template") for entry in entries}
    if isinstance(said, dict):
        said = said.get("default")
    return said if isinstance(said, str) and said else None
