"""Renders conversations with a model's own chat template.

A chat template is a stranger's program: it runs in jinja2's sandbox, in a child process with limits
on time and memory. Both sides ask in the same words, so that none gets another answer.
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

from .interpreters import run_apart

CPU_LIMIT_S = 2.0
"""Seconds of one core, for all probes together; those of real models take a hundredth of it."""
TIME_LIMIT_S = 20.0
"""By the clock, for a child that has to wait for its core."""
QUESTION = "What is a tree?"
_CHILD = Path(__file__).resolve().parents[1] / "engine" / "chat_template_child.py"

_endless: set[str] = set()
"""Templates that were given up: nobody waits for them a second time."""


class EndlessTemplateError(Exception):
    """A chat template that did not come to its end in the time it may take."""


@dataclass(frozen=True)
class Probe:
    """One conversation to be rendered."""

    messages: Sequence[Mapping[str, str]]
    add_generation_prompt: bool = False


def render(
    template: str, special_tokens: Mapping[str, str], probes: Sequence[Probe]
) -> list[str | None]:
    """Return what the template makes of each probe; None where it refuses or fails.

    Raises:
        EndlessTemplateError: If it takes too long.
    """
    if template in _endless:
        raise EndlessTemplateError
    request = {
        "cpu_limit_s": CPU_LIMIT_S,
        "template": template,
        "special_tokens": dict(special_tokens),
        "probes": [
            {"messages": list(probe.messages), "add_generation_prompt": probe.add_generation_prompt}
            for probe in probes
        ],
    }
    try:
        return list(_render(json.dumps(request)))
    except EndlessTemplateError:
        _endless.add(template)
        raise
    except ValueError:
        return [None] * len(probes)


def render_question(template: str, special_tokens: Mapping[str, str]) -> str | None:
    """Return what stands before an answer to `QUESTION`; None where the template is of no use."""
    message = {"role": "user", "content": QUESTION}
    try:
        return render(template, special_tokens, [Probe([message], add_generation_prompt=True)])[0]
    except EndlessTemplateError:
        return None


def is_given_up(template: str) -> bool:
    """Return whether a template took too long here; elsewhere it may be in time."""
    return template in _endless


@functools.lru_cache(maxsize=16)
def _render(request: str) -> tuple[str | None, ...]:
    """Return what a child answers; the same request has the same answer, so it is asked once.

    Raises:
        EndlessTemplateError: If it takes too long.
        ValueError: If it ends without an answer.
    """
    try:
        done = run_apart(
            [sys.executable, _CHILD],
            {**os.environ, "PYTHONIOENCODING": "utf-8"},
            input=request.encode(),
            timeout=TIME_LIMIT_S,
        )
    except subprocess.TimeoutExpired:
        raise EndlessTemplateError from None
    if done.returncode < 0:  # killed, by its own limit
        raise EndlessTemplateError
    return tuple(text if isinstance(text, str) else None for text in json.loads(done.stdout))
