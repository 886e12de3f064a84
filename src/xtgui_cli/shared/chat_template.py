"""Renders conversations with a model's own chat template.

A chat template is a stranger's program: it runs in jinja2's sandbox, in a child process with limits
on processor time and memory. UI and engine send the same requests, so that they get the same
replies. On a busy machine, or if the child is killed from outside, there is none: that is an error.
"""

from __future__ import annotations

import functools
import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from .errors import Exit, XtguiError
from .interpreters import run_apart

CPU_LIMIT_S = 2.0
"""Seconds of one core, for all probes together; real templates take a hundredth of it."""
TIME_LIMIT_S = 600.0
"""By the clock, for a child that gets no core; it says nothing about its template."""
QUESTION = "What is a tree?"
_CHILD = Path(__file__).resolve().parents[1] / "engine" / "chat_template_child.py"

_ENDED_FROM_OUTSIDE = frozenset(
    -getattr(signal, name, 0) for name in ("SIGKILL", "SIGTERM", "SIGINT", "SIGHUP")
)
"""By the OOM killer, a scheduler or the user; its own limit ends a child with SIGXCPU."""

_endless: set[str] = set()
"""Templates that took too long; they are not tried a second time."""


class EndlessTemplateError(Exception):
    """A chat template did not finish within the allowed processor time."""


class TemplateUnansweredError(XtguiError):
    """A chat template could not be rendered, through no fault of its own."""

    def __init__(self, reason: str) -> None:
        super().__init__("faults.template_unanswered", Exit.FAILED, reason=reason)


@dataclass(frozen=True)
class Probe:
    """A conversation to render."""

    messages: Sequence[Mapping[str, str]]
    add_generation_prompt: bool = False


def render(
    template: str, special_tokens: Mapping[str, str], probes: Sequence[Probe]
) -> list[str | None]:
    """Return each probe as the template writes it; None if the template refuses or fails.

    Raises:
        EndlessTemplateError: If it takes too long.
        TemplateUnansweredError: If it could not be asked.
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


def render_question(template: str, special_tokens: Mapping[str, str]) -> str | None:
    """Return the text before an answer to `QUESTION`; None if the template is of no use.

    Raises:
        TemplateUnansweredError: If it could not be asked.
    """
    message = {"role": "user", "content": QUESTION}
    try:
        return render(template, special_tokens, [Probe([message], add_generation_prompt=True)])[0]
    except EndlessTemplateError:
        return None


def is_given_up(template: str) -> bool:
    """Return whether a template took too long in this process; elsewhere it may finish in time."""
    return template in _endless


@functools.lru_cache(maxsize=16)
def _render(request: str) -> tuple[str | None, ...]:
    """Return a child's reply; a request is sent only once, since the reply is always the same.

    Raises:
        EndlessTemplateError: If it takes too long.
        TemplateUnansweredError: If it ends, or is ended, without an answer.
    """
    try:
        done = run_apart(
            [sys.executable, _CHILD],
            {**os.environ, "PYTHONIOENCODING": "utf-8"},
            input=request.encode(),
            timeout=TIME_LIMIT_S,
        )
    except subprocess.TimeoutExpired:
        raise TemplateUnansweredError(f"no answer in {TIME_LIMIT_S:.0f} s") from None
    if done.returncode in _ENDED_FROM_OUTSIDE:
        raise TemplateUnansweredError(signal.Signals(-done.returncode).name)
    if done.returncode < 0:
        raise EndlessTemplateError
    try:
        texts = json.loads(done.stdout)
    except ValueError:
        last = done.stderr.decode(errors="replace").strip().rpartition("\n")[2]
        raise TemplateUnansweredError(last or f"exit code {done.returncode}") from None
    return tuple(text if isinstance(text, str) else None for text in texts)
