"""Loads a model's tokenizer without transformers, and encodes as training does."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from ..shared.errors import Exit, XtguiError
from ..shared.regular_file import read_bytes
from ..shared.templates import Encoder
from .model_folder import ModelInfo
from .quiet_libraries import quiet_libraries
from .tokenizer_limits import require_bounded

if TYPE_CHECKING:
    from tokenizers import Tokenizer


class RowTokenizer(Protocol):
    """What encodes and counts rows: our own tokenizer, or the engine's."""

    def lengths(self, texts: Sequence[str]) -> list[int]:
        """Return how many tokens each text has."""

    def decode(self, ids: Sequence[int]) -> str:
        """Return the text of ids, special tokens written out."""

    def encoder(self, bos_ids: tuple[int, ...]) -> Encoder:
        """Return the encoder for `shared.templates`, with the BOS that training uses."""

    def special_ids(self) -> frozenset[int]:
        """Return the ids that stand for one special token each, rather than for text."""


@dataclass(frozen=True)
class ModelTokenizer:
    """A tokenizer.json and the special tokens that the model's other files name."""

    tokenizer: Tokenizer
    bos_id: int | None
    eos_id: int | None
    file: Path

    def encode(self, text: str) -> Sequence[int]:
        """Return the ids of a text; special tokens in it count as such, and none are added."""
        with _explained(self.file):
            ids: list[int] = self.tokenizer.encode(text, add_special_tokens=False).ids
        return ids

    def lengths(self, texts: Sequence[str]) -> list[int]:
        """Return how many tokens each text has; much faster than one by one."""
        with _explained(self.file):
            encoded = self.tokenizer.encode_batch_fast(list(texts), add_special_tokens=False)
        return [len(item) for item in encoded]

    def encode_all(self, texts: Sequence[str]) -> list[list[int]]:
        """Return the ids of each text, as `encode` does; much faster than one by one."""
        with _explained(self.file):
            encoded = self.tokenizer.encode_batch_fast(list(texts), add_special_tokens=False)
        return [item.ids for item in encoded]

    def decode(self, ids: Sequence[int]) -> str:
        """Return the text of ids, special tokens written out."""
        with _explained(self.file):
            text: str = self.tokenizer.decode(list(ids), skip_special_tokens=False)
        return text

    def special_ids(self) -> frozenset[int]:
        """Return the ids that stand for one special token each, rather than for text."""
        return frozenset(self.tokenizer.get_added_tokens_decoder())

    def encoder(self, bos_ids: tuple[int, ...]) -> Encoder:
        """Return the encoder for `shared.templates`, with the BOS from `choose_bos`."""
        eos_ids = () if self.eos_id is None else (self.eos_id,)
        return Encoder(self.encode, bos_ids, eos_ids)


def load_tokenizer(model: ModelInfo) -> ModelTokenizer:
    """Return the tokenizer of a checked model folder.

    Raises:
        XtguiError: "model.no_fast_tokenizer" if there is no tokenizer.json, or
            "model.broken_tokenizer".
    """
    from tokenizers import Tokenizer

    file: Path = model.path / "tokenizer.json"
    if not model.has_fast_tokenizer:
        raise XtguiError("model.no_fast_tokenizer", Exit.ANSWERS, path=model.path)
    with _explained(file):
        content = read_bytes(file)
        require_bounded(content)
        # not from_file, which only accepts UTF-8 file names
        tokenizer = Tokenizer.from_buffer(content)
    tokenizer.no_truncation()
    tokenizer.no_padding()
    tokens = model.special_tokens
    return ModelTokenizer(
        tokenizer,
        bos_id=tokenizer.token_to_id(tokens["bos_token"]) if "bos_token" in tokens else None,
        eos_id=tokenizer.token_to_id(tokens["eos_token"]) if "eos_token" in tokens else None,
        file=file,
    )


@contextlib.contextmanager
def _explained(file: Path) -> Iterator[None]:
    """Raise "model.broken_tokenizer" for everything that tokenizers raises.

    That is a bare Exception, or Rust's panic, which is not one: for instance for a pattern that
    takes too long. What Rust prints about it is not shown.
    """
    try:
        with quiet_libraries():
            yield
    except (KeyboardInterrupt, SystemExit, GeneratorExit):
        raise
    except BaseException as error:
        raise XtguiError(
            "model.broken_tokenizer", Exit.ANSWERS, path=file, reason=str(error)
        ) from None
