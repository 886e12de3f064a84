"""The tokenizer of a model without a tokenizer.json, queried through the engine."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..runs.engine_session import EngineSession
from ..shared.events import Event
from ..shared.templates import Encoder


@dataclass(frozen=True)
class EngineTokenizer:
    """A tokenizer that the engine has loaded; every call is a request to it."""

    engine: EngineSession
    bos_ids: tuple[int, ...]
    """What xtuner puts before a conversation, by its own rule for this tokenizer."""
    eos_ids: tuple[int, ...]
    special: frozenset[int]

    def lengths(self, texts: Sequence[str]) -> list[int]:
        """Return how many tokens each text has."""
        lengths: list[int] = self.engine.result("count_tokens", texts=list(texts))["lengths"]
        return lengths

    def decode(self, ids: Sequence[int]) -> str:
        """Return the text of ids, special tokens written out."""
        text: str = self.engine.result("decode_ids", ids=list(ids))["text"]
        return text

    def special_ids(self) -> frozenset[int]:
        """Return the ids that stand for one special token each, rather than for text."""
        return self.special

    def encoder(self, bos_ids: tuple[int, ...]) -> Encoder:
        """Return the encoder for `shared.templates`."""
        return Encoder(self._encode, bos_ids, self.eos_ids)

    def _encode(self, text: str) -> Sequence[int]:
        ids: list[int] = self.engine.result("encode_texts", texts=[text])["ids"][0]
        return ids


def tokenizer_of(engine: EngineSession, loaded: Event) -> EngineTokenizer:
    """Return the tokenizer that the "load_tokenizer" request of an engine has loaded."""
    return EngineTokenizer(
        engine,
        tuple(loaded["bos_ids"]),
        tuple(loaded["eos_ids"]),
        frozenset(loaded["special_ids"]),
    )
