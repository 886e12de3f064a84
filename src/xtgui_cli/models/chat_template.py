"""Finds a model's chat template and renders conversations with it.

A chat template is a stranger's program: it runs in jinja2's sandbox, in a child process with a
limit on time and memory.
"""

from __future__ import annotations

import functools
import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..runs.interpreters import run_apart

TIME_LIMIT_S = 20.0
_CHILD = Path(__file__).with_name("chat_template_child.py")


@dataclass(frozen=True)
class Probe:
    """One conversation to be rendered."""

    messages: Sequence[Mapping[str, str]]
    add_generation_prompt: bool = False


def find_chat_template(folder: Path, tokenizer_config: Mapping[str, Any]) -> str | None:
    """Give the chat template of a model folder, from the place that transformers takes it from."""
    file = folder / "chat_template.jinja"
    try:
        if file.is_file():
            return file.read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        return None
    named = _default_of(tokenizer_config.get("chat_template"))
    return named or _default_of(_from_json(folder / "chat_template.json"))


def _from_json(file: Path) -> Any:
    try:
        content = json.loads(file.read_bytes())
    except (OSError, ValueError, RecursionError):
        return None
    return content.get("chat_template") if isinstance(content, dict) else None


def _default_of(said: Any) -> str | None:
    """Give the text of a template that may be one of several, each with a name."""
    if isinstance(said, list):
        entries = [entry for entry in said if isinstance(entry, dict)]
        said = {entry.get("name"): entry.get("template") for entry in entries}
    if isinstance(said, dict):
        said = said.get("default")
    return said if isinstance(said, str) and said else None


def render(
    template: str, special_tokens: Mapping[str, str], probes: Sequence[Probe]
) -> list[str | None]:
    """Return what the template makes of each probe; None where it refuses, fails or is too slow."""
    request = {
        "template": template,
        "special_tokens": dict(special_tokens),
        "probes": [
            {"messages": list(probe.messages), "add_generation_prompt": probe.add_generation_prompt}
            for probe in probes
        ],
    }
    try:
        return list(_render(json.dumps(request)))
    except (subprocess.TimeoutExpired, ValueError):
        return [None] * len(probes)


@functools.lru_cache(maxsize=16)
def _render(request: str) -> tuple[str | None, ...]:
    """Return what a child answers; the same request has the same answer, so it is asked once.

    Raises:
        subprocess.TimeoutExpired: If the template is too slow.
        ValueError: If the child ended without an answer.
    """
    done = run_apart(
        [sys.executable, _CHILD],
        {**os.environ, "PYTHONIOENCODING": "utf-8"},
        input=request.encode(),
        timeout=TIME_LIMIT_S,
    )
    return tuple(text if isinstance(text, str) else None for text in json.loads(done.stdout))
