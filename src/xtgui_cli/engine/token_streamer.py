"""Turns the tokens of an answer into text, piece by piece, as they are generated."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from .serve import Reply

if TYPE_CHECKING:
    import torch

_UNFINISHED = "\N{REPLACEMENT CHARACTER}"
_LOOP_TOKENS, _LOOP_TIMES, _LONGEST_PERIOD = 48, 4, 32
"""An answer is cut off if its last tokens, at least this many, say one thing this often in a
row."""


def ends_in_loop(ids: Sequence[int]) -> bool:
    """Return whether an answer has started to repeat itself: 4 times in a row, over 48 tokens."""
    for period in range(1, _LONGEST_PERIOD + 1):
        length = max(_LOOP_TIMES * period, _LOOP_TOKENS)
        tail = ids[-length:]
        if len(tail) == length and tail[period:] == tail[:-period]:
            return True
    return False


class AnswerText:
    """Turns token ids into text piece by piece; the pieces joined are the whole answer.

    A character may be spread over several tokens, and a stop word too: text that may still become
    either is held back.
    """

    def __init__(self, decode: Callable[[Sequence[int]], str], stop_texts: Sequence[str]) -> None:
        self._decode = decode
        self._stop_texts = stop_texts
        self._ids: list[int] = []
        self._context = 0
        self._read = 0
        self._held = ""
        self.text = ""
        self.is_stopped = False

    def add(self, token: int) -> str:
        """Add one token and return the text that it settles, "" while none is sure."""
        if self.is_stopped:
            return ""
        self._ids.append(token)
        return self._settle(self._new_text(is_last=False), is_last=False)

    def finish(self) -> str:
        """Return what was held back."""
        return "" if self.is_stopped else self._settle(self._new_text(is_last=True), is_last=True)

    def _new_text(self, *, is_last: bool) -> str:
        """Decode from a little before the new tokens: some tokenizers write spaces by context.

        The length of that context keeps long answers linear.
        """
        before = self._decode(self._ids[self._context : self._read])
        text = self._decode(self._ids[self._context :])
        if not is_last and text.endswith(_UNFINISHED):
            return ""
        self._context, self._read = self._read, len(self._ids)
        return text[len(before) :]

    def _settle(self, new: str, *, is_last: bool) -> str:
        pending = self._held + new
        found = [pending.find(stop) for stop in self._stop_texts if stop in pending]
        if found:
            self.is_stopped = True
            settled, self._held = pending[: min(found)], ""
        else:
            keep = 0 if is_last else self._may_become_stop(pending)
            settled, self._held = pending[: len(pending) - keep], pending[len(pending) - keep :]
        self.text += settled
        return settled

    def _may_become_stop(self, text: str) -> int:
        """Return how many characters at the end may be the beginning of a stop word."""
        longest = max((len(stop) for stop in self._stop_texts), default=0)
        for length in range(min(longest - 1, len(text)), 0, -1):
            if any(stop.startswith(text[-length:]) for stop in self._stop_texts):
                return length
        return 0


class TokenStreamer:
    """Receives every new token (as one of transformers' stopping criteria) and passes it on."""

    def __init__(
        self,
        words: AnswerText,
        stop_ids: Sequence[int],
        prompt_length: int,
        reply: Reply,
        *,
        is_streaming: bool,
    ) -> None:
        self.words = words
        self._stop_ids = frozenset(stop_ids)
        self._heard = prompt_length
        self._prompt_length = prompt_length
        self._reply = reply
        self._is_streaming = is_streaming
        self.is_looping = False

    def __call__(self, ids: torch.Tensor, scores: Any, **_: Any) -> torch.Tensor:
        """Return whether each sequence of *ids* (batch, tokens) ends: (batch,), bool."""
        import torch

        if self._is_streaming:
            self._hear(ids[0, self._heard :].tolist())
            longest = _LOOP_TIMES * _LONGEST_PERIOD
            self.is_looping = ends_in_loop(ids[0, self._prompt_length :][-longest:].tolist())
        is_over = self._reply.is_cancelled() or self.words.is_stopped or self.is_looping
        return torch.full((ids.shape[0],), is_over, dtype=torch.bool, device=ids.device)

    def _hear(self, tokens: list[int]) -> None:
        for token in tokens:
            self._heard += 1
            if token not in self._stop_ids:
                self._say(self.words.add(token))

    def _say(self, piece: str) -> None:
        if piece:
            self._reply("text", text=piece)

    def finish(self, answer: list[int]) -> str:
        """Send what was held back, and return the complete text."""
        self._hear(answer[self._heard - self._prompt_length :])
        self._say(self.words.finish())
        return self.words.text
