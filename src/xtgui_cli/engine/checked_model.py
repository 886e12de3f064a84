"""A model that is asked in the middle of its training what it knows, and is left unchanged."""

from __future__ import annotations

import contextlib
import inspect
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import torch

from ..shared.templates import Encoder, PromptTemplate, Turn, encode_conversation
from .known_models import is_of_transformers
from .packs import IGNORED
from .prompt import prompt_ids
from .resume_state import RandomState

LAST = torch.tensor([-1])
"""The logits to keep where only the next token is asked for."""
_PADDING = 0
"""The id that fills up shorter rows of a batch; nothing attends to it."""


class CheckStoppedError(Exception):
    """A check was abandoned because the run is to stop."""


@dataclass(frozen=True)
class CheckedModel:
    """A causal language model, and the format of the questions it was trained on."""

    model: Any
    """The transformers model; an adapter is part of its layers."""
    tokenizer: Any
    template: PromptTemplate
    encoder: Encoder
    system: str = ""
    """The system text of each question; "" for none."""
    stop_ids: Sequence[int] = ()
    """The tokens that end an answer."""
    most_tokens: int = 2048
    """Tokens of a batch, padding included: a check may use as much memory as training."""
    autocast_dtype: torch.dtype | None = None
    stop_requested: Callable[[], bool] = lambda: False

    @property
    def device(self) -> torch.device:
        """The device that the model computes on."""
        device: torch.device = next(self.model.parameters()).device
        return device

    def accepts(self, name: str) -> bool:
        """Return whether the model's forward has a parameter of that name."""
        return name in inspect.signature(self.model.forward).parameters

    def prompt(self, question: str) -> list[int]:
        """Return the ids of a question, up to where the answer begins."""
        conversation = [{"input": question, "output": None}]
        return prompt_ids(conversation, self.system, self.template, self.encoder)

    def answer(self, text: str) -> list[int]:
        """Return the ids of an answer as in training, its end token included."""
        encoded = encode_conversation([Turn("", text)], self.template, self.encoder)
        return [label for label in encoded.labels if label != IGNORED]

    def require_going_on(self) -> None:
        """Raise CheckStoppedError if the run is to stop."""
        if self.stop_requested():
            raise CheckStoppedError

    def batches(self, lengths: Sequence[int], beside: int = 0) -> Iterator[list[int]]:
        """Yield the numbers of the rows of each batch, from short rows to long ones.

        Args:
            lengths: Tokens of each row.
            beside: Tokens that each row will add to its cache.

        Raises:
            CheckStoppedError: If the run is to stop.
        """
        for batch in batches_of(lengths, self.most_tokens, beside):
            self.require_going_on()
            yield batch

    def forward(self, ids: torch.Tensor, keep: torch.Tensor, **inputs: Any) -> Any:
        """Run the model on a batch and return its outputs, with logits of some tokens only.

        Args:
            ids: (rows, tokens).
            keep: (kept,): which tokens of each row need logits, in order, counted from either end.
            **inputs: Other arguments of the model.

        Returns:
            The model's outputs; `logits` is (rows, kept, vocabulary).
        """
        places = keep % ids.shape[1] - ids.shape[1]  # from the end: the beginning may be left out
        if self.accepts("logits_to_keep"):
            # Code of a model's own may know numbers only. They are slower: the end of each row is
            # a view, which is multiplied half as fast.
            is_theirs = is_of_transformers(self.model)
            inputs["logits_to_keep"] = keep if is_theirs else -int(places.min())
        outputs = self.model(input_ids=ids, **inputs)
        if outputs.logits.shape[1] != len(keep):
            outputs.logits = outputs.logits[:, places]
        return outputs

    @contextlib.contextmanager
    def undisturbed(self) -> Iterator[None]:
        """Let the model answer as it will in use, and restore everything afterwards.

        That is random states, the mode of each module and the generation config, which would fill
        the gaps in ours with its own sampling and penalties.
        """
        from transformers import GenerationConfig

        random_state = RandomState.capture()
        modes = [(module, module.training) for module in self.model.modules()]
        own = getattr(self.model, "generation_config", None)
        self.model.eval()
        self.model.generation_config = GenerationConfig()
        try:
            with torch.no_grad(), self._autocast():
                yield
        finally:
            self.model.generation_config = own
            for module, is_training in modes:
                module.training = is_training
            random_state.restore()

    @contextlib.contextmanager
    def without_adapter(self) -> Iterator[None]:
        """Skip adapters that add nothing yet: before training it changes no answer and saves time.

        Adapters that have learned something, or did not start at zero, are not skipped.
        """
        layers = [each for each in self.model.modules() if _has_adapter(each)]
        trainable = [each for each in self.model.parameters() if each.requires_grad]
        skipped = layers if all(map(_adds_nothing, layers)) else []
        try:
            for layer in skipped:
                layer.enable_adapters(enabled=False)
            yield
        finally:
            for layer in skipped:
                layer.enable_adapters(enabled=True)
            for parameter in trainable:
                parameter.requires_grad_(requires_grad=True)

    def _autocast(self) -> contextlib.AbstractContextManager[Any]:
        if self.autocast_dtype is None:
            return contextlib.nullcontext()
        cast: contextlib.AbstractContextManager[Any] = torch.autocast(
            self.device.type, dtype=self.autocast_dtype
        )
        return cast


def _has_adapter(layer: Any) -> bool:
    """Return whether a layer is one of peft's, without importing peft."""
    return hasattr(layer, "base_layer") and hasattr(layer, "enable_adapters")


def _adds_nothing(layer: Any) -> bool:
    """Return whether a layer of peft's is a LoRA layer whose second matrices are all zero."""
    ends = [getattr(each, "weight", None) for each in getattr(layer, "lora_B", {}).values()]
    return bool(ends) and all(each is not None and not bool(each.any()) for each in ends)


def batches_of(lengths: Sequence[int], most_tokens: int, beside: int = 0) -> Iterator[list[int]]:
    """Yield the numbers of the rows of each batch: of similar lengths, to pad little.

    A token that stands in the cache counts half: it has no logits.
    """
    batch: list[int] = []
    for number in sorted(range(len(lengths)), key=lambda number: lengths[number]):
        longest = lengths[number]
        is_full = (longest + beside / 2) * (len(batch) + 1) > most_tokens
        if batch and (is_full or longest > 2 * lengths[batch[0]]):
            yield batch
            batch = []
        batch.append(number)
    if batch:
        yield batch


def pad_right(
    rows: Sequence[Sequence[int]], device: torch.device
) -> tuple[torch.Tensor, torch.Tensor]:
    """Return ids and attention mask, both (rows, tokens), padded at the right."""
    width = max(map(len, rows))
    ids = [[*row, *[_PADDING] * (width - len(row))] for row in rows]
    mask = [[1] * len(row) + [0] * (width - len(row)) for row in rows]
    return torch.tensor(ids, device=device), torch.tensor(mask, device=device)


def pad_left(
    rows: Sequence[Sequence[int]], device: torch.device
) -> tuple[torch.Tensor, torch.Tensor]:
    """Return ids and attention mask, both (rows, tokens), padded at the left."""
    ids, mask = pad_right([row[::-1] for row in rows], device)
    return ids.flip(1), mask.flip(1)


def log_probabilities(logits: torch.Tensor, ids: torch.Tensor) -> torch.Tensor:
    """Return the log-probability of each id: (..., tokens), float32, in nats.

    Args:
        logits: (..., tokens, vocabulary).
        ids: (..., tokens).
    """
    logits = logits.float()
    chosen = logits.gather(-1, ids.unsqueeze(-1)).squeeze(-1)
    return chosen - logits.logsumexp(-1)
