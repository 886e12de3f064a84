"""Limits the size of a hub's answers to a listing: what answers need not be a hub.

Both libraries read an answer to its end before they look at it, so one without an end would fill
the memory.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import httpx2

LONGEST_ANSWER = 8 * 2**20
"""Bytes of one answer. A page of a listing has 1,000 files of about 300 bytes each."""
_PIECE = 2**16
LONGEST_LISTING = 128 * 2**20
"""Bytes of all answers of one listing together."""


class TooLongAnswerError(Exception):
    """A hub's answer is too long."""


class AnswerLimit:
    """How many more bytes the answers of a listing may have."""

    def __init__(self) -> None:
        self._left = LONGEST_LISTING

    def pieces(self, coming: Iterator[bytes]) -> Iterator[bytes]:
        """Yield the pieces of an answer as long as they stay within the limit.

        Raises:
            TooLongAnswerError: If they do not.
        """
        left = min(self._left, LONGEST_ANSWER)
        for piece in coming:
            left -= len(piece)
            self._left -= len(piece)
            if left < 0:
                raise TooLongAnswerError
            yield piece


def limit_huggingface(limit: AnswerLimit) -> None:
    """Have huggingface_hub use a client of ours, whose answers are limited."""
    import httpx2
    from huggingface_hub import set_client_factory
    from huggingface_hub.utils._http import default_client_factory

    class LimitedStream(httpx2.SyncByteStream):
        def __init__(self, stream: httpx2.SyncByteStream) -> None:
            self._stream = stream

        def __iter__(self) -> Iterator[bytes]:
            return limit.pieces(iter(self._stream))

        def close(self) -> None:
            self._stream.close()

    def limit_answer(answer: httpx2.Response) -> None:
        _require_plain(answer.headers.get("Content-Encoding", ""))
        if isinstance(answer.stream, httpx2.SyncByteStream):  # always, for a client that waits
            answer.stream = LimitedStream(answer.stream)

    def client() -> httpx2.Client:
        made = default_client_factory()
        # a few bytes can stand for gigabytes if an answer may be compressed
        made.headers["Accept-Encoding"] = "identity"
        made.event_hooks = {**made.event_hooks, "response": [limit_answer]}
        return made

    set_client_factory(client)


def limit_modelscope(api: Any, limit: AnswerLimit) -> None:
    """Limit the answers that one `modelscope_hub.HubApi` reads."""

    def pieces(answer: Any, coming: Iterator[bytes]) -> Iterator[bytes]:
        with _closed_if_refused(answer):
            yield from limit.pieces(coming)

    def limit_answer(answer: Any, **_: object) -> None:
        with _closed_if_refused(answer):
            _require_plain(answer.headers.get("Content-Encoding", ""))
        # all of its content comes through one of these two; an older urllib3 lacks the second
        coming, read1 = answer.iter_content, getattr(answer.raw, "read1", None)
        answer.iter_content = lambda size=1, **options: pieces(answer, coming(size, **options))
        if read1 is not None:
            left = pieces(answer, iter(partial(read1, _PIECE), b""))
            answer.raw.read1 = lambda *_, **__: next(left, b"")

    for session in (api.legacy._session, api.legacy._read_session):  # it has no public name
        session.headers["Accept-Encoding"] = "identity"
        session.hooks["response"].append(limit_answer)


@contextmanager
def _closed_if_refused(answer: Any) -> Iterator[None]:
    """Close the connection of an answer that is not read to its end; requests leaves it open."""
    try:
        yield
    except (TooLongAnswerError, ValueError):
        answer.close()
        raise


def _require_plain(encoding: str) -> None:
    """Raise an error if an answer is compressed although a plain one was requested."""
    if encoding.strip().lower() not in ("", "identity"):
        raise ValueError(encoding)
