"""How long to wait for a hub, and how often to ask again."""

from __future__ import annotations

import os
import queue
import re
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

Answer = TypeVar("Answer")


@dataclass(frozen=True)
class Patience:
    """All in seconds except the number of attempts."""

    answer_s: float = 10
    """For the first answer of a hub."""
    page_s: float = 30
    """For each page of a listing."""
    stall_s: float = 10
    """For the next bytes of a file."""
    slow_after_s: float = 60
    """How long a file may arrive too slowly."""
    least_bytes_per_s: float = 1000
    """Below this it is too slow: a connection that trickles would never end."""
    attempts: int = 6
    """In a row without anything new."""
    first_wait_s: float = 1
    """Before the second attempt; doubled before each that follows."""
    longest_wait_s: float = 30
    longest_asked_s: float = 300
    """The longest wait that a hub may ask for; Hugging Face counts in windows of five minutes."""

    def wait_s(self, failures: int, asked_s: float | None) -> float:
        """Return how long to wait after so many failures in a row, or as long as the hub asks."""
        if asked_s is not None:
            return asked_s
        return min(self.first_wait_s * 2.0 ** (failures - 1), self.longest_wait_s)


def usual_patience() -> Patience:
    """Return the patience of a download; HF_HUB_DOWNLOAD_TIMEOUT sets how long a stall may be."""
    named = _seconds(os.environ.get("HF_HUB_DOWNLOAD_TIMEOUT", ""))
    return Patience(stall_s=named) if named else Patience()


def asked_wait_s(headers: Mapping[str, str]) -> float | None:
    """Return the seconds that a hub asks to wait; None if it names none, or a date.

    They are in Retry-After, or in Hugging Face's RateLimit header if that says that nothing is
    left.
    """
    named = _seconds(headers.get("Retry-After", ""))
    if named is not None or "RateLimit" not in headers:
        return named
    from huggingface_hub.utils import (  # type: ignore[attr-defined]  # documented, not in __all__
        parse_ratelimit_headers,
    )

    try:
        limit = parse_ratelimit_headers(headers)
    except ValueError:  # thousands of digits
        return None
    return limit.reset_in_seconds + 1.0 if limit and limit.remaining == 0 else None


def _seconds(text: str) -> float | None:
    """Return a whole number of seconds; None for anything else, such as digits of other scripts."""
    return float(text) if re.fullmatch(r"[0-9]{1,9}", text.strip()) else None


class NoAnswerError(Exception):
    """Nothing came in time."""


def within(seconds: float, work: Callable[[], Answer]) -> Answer:
    """Return what *work* returns or raise what it raises; NoAnswerError if it takes too long.

    A time limit of the HTTP client does not cover name resolution, nor trying one address after
    another. A thread that still waits is left behind; it ends with the process.
    """
    answers: queue.SimpleQueue[tuple[Answer | None, BaseException | None]] = queue.SimpleQueue()

    def run() -> None:
        try:
            answers.put((work(), None))
        except BaseException as error:  # passed to the caller, whatever it is
            answers.put((None, error))

    threading.Thread(target=run, daemon=True).start()
    try:
        answer, error = answers.get(timeout=seconds)
    except queue.Empty:
        raise NoAnswerError from None
    if error is not None:
        raise error
    result: Any = answer
    return result  # type: ignore[no-any-return]
