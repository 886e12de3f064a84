"""Hears of an answer's tokens as they are generated."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from .answer_text import AnswerText
from .reply import Reply

if TYPE_CHECKING:
    import torch


class Listener:
    """Hears of every new token (as one of transformers' stopping criteria) and passes it on."""

    def __init__(
        self,
        words: AnswerText,
        stop_ids: Sequence[int],
        prompt_length: int,
        reply: Reply,
        is_streaming: bool,
    ) -> None:
        self.words = words
        self._stop_ids = frozenset(stop_ids)
        self._heard = prompt_length
        self._prompt_length = prompt_length
        self._reply = reply
        self._is_streaming = is_streaming

    def __call__(self, ids: torch.Tensor, scores: Any, **_: Any) -> torch.Tensor:
        """Give for each sequence of *ids* (batch, tokens) whether it is to end: (batch,), bool."""
        import torch

        if self._is_streaming:
            self._hear(ids[0, self._heard :].tolist())
        is_over = self._reply.is_cancelled() or self.words.is_stopped
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
        """Say what was held back, and give the whole text."""
        self._hear(answer[self._heard - self._prompt_length :])
        self._say(self.words.finish())
        return self.words.text
