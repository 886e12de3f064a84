"""Greedy answers of a model under check, many at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch

from .checked_model import LAST, CheckedModel, log_probabilities, pad_left
from .known_models import can_keep_apart, window_of
from .prompt import stop_texts
from .shared_prefix import NOTHING_SHARED, SharedPrefix, read_prefix


@dataclass(frozen=True)
class Written:
    """The tokens of an answer, with the stop token if it reached one."""

    ids: tuple[int, ...] = ()
    log_probabilities: tuple[float, ...] = ()
    """How likely the model found each token, in nats."""

    def up_to(self, tokens: int) -> Written:
        """Return the answer as if so many tokens had been its limit."""
        return Written(self.ids[:tokens], self.log_probabilities[:tokens])


def answer_greedily(
    checked: CheckedModel,
    prompts: Sequence[Sequence[int]],
    limits: Sequence[int],
    *,
    may_pad: bool,
) -> list[Written]:
    """Return the answers in the order of the prompts.

    Args:
        checked: A model in its `undisturbed` state.
        prompts: As token ids, up to where the answer begins.
        limits: For each prompt the tokens after which its answer is cut off, at least 1.
        may_pad: Whether the model tolerates padding before a prompt and works with our caches
            (`abilities.bears_padding`). Several prompts are then answered at once, and the common
            beginning of prompts is read once by models that are known to tolerate that.

    Raises:
        CheckStoppedError: If the run is to stop.
    """
    if not may_pad:
        asked = zip(prompts, limits, strict=True)
        return [_answer_alone(checked, prompt, limit) for prompt, limit in asked]
    prefix, longest = NOTHING_SHARED, max(limits, default=0)
    if _may_pad_inside(checked, prompts, longest):
        prefix = read_prefix(checked, prompts, min(map(len, prompts), default=1) - 1)
    answers = [Written() for _ in prompts]
    widths = [max(map(len, prompts), default=0)] * len(prompts)
    for numbers in checked.batches(widths, beside=longest):
        rest = [prompts[number][prefix.length :] for number in numbers]
        found = _answer_together(checked, rest, [limits[number] for number in numbers], prefix)
        for number, answer in zip(numbers, found, strict=True):
            answers[number] = answer
    return answers


def has_ended(checked: CheckedModel, answer: Sequence[int]) -> bool:
    """Return whether an answer ended by itself, with a stop token or a stop text."""
    if answer and answer[-1] in checked.stop_ids:
        return True
    text = checked.tokenizer.decode(answer, skip_special_tokens=False)
    return any(stop in text for stop in stop_texts(checked.tokenizer, checked.template))


def answer_text(checked: CheckedModel, answer: Sequence[int]) -> str:
    """Return the text of an answer, without its end and without special tokens."""
    ended = bool(answer) and answer[-1] in checked.stop_ids
    text: str = checked.tokenizer.decode(answer[:-1] if ended else answer, skip_special_tokens=True)
    for stop in stop_texts(checked.tokenizer, checked.template):
        text = text.partition(stop)[0]
    return text.strip()


def _answer_together(
    checked: CheckedModel,
    prompts: Sequence[Sequence[int]],
    limits: Sequence[int],
    prefix: SharedPrefix,
) -> list[Written]:
    """Return the answers of one batch; those that have ended take no further time.

    Args:
        checked: It tolerates padding and works with our caches.
        prompts: What follows the prefix.
        limits: For each prompt.
        prefix: What all of them begin with.
    """
    ids: list[list[int]] = [[] for _ in prompts]
    sure: list[list[float]] = [[] for _ in prompts]
    unfinished = list(range(len(prompts)))
    read, mask = pad_left(prompts, checked.device)
    outputs = checked.forward(read, LAST, **prefix.inputs(mask))
    mask = prefix.whole_mask(mask)
    positions = mask.sum(-1, keepdim=True)
    while True:
        checked.require_going_on()
        tokens = outputs.logits[:, -1:].argmax(-1)
        chosen = log_probabilities(outputs.logits[:, -1:], tokens)
        for number, token, value in zip(
            unfinished, tokens[:, 0].tolist(), chosen[:, 0].tolist(), strict=True
        ):
            ids[number].append(token)
            sure[number].append(value)
        going = [
            at
            for at, number in enumerate(unfinished)
            if ids[number][-1] not in checked.stop_ids and len(ids[number]) < limits[number]
        ]
        if not going:
            return [Written(tuple(one), tuple(other)) for one, other in zip(ids, sure, strict=True)]
        cache = outputs.past_key_values
        if len(going) < len(unfinished):
            left = torch.tensor(going, device=checked.device)
            cache.batch_select_indices(left)
            tokens, mask, positions = tokens[left], mask[left], positions[left]
            unfinished = [unfinished[at] for at in going]
        mask = torch.cat([mask, mask.new_ones(len(unfinished), 1)], dim=1)
        outputs = checked.forward(
            tokens,
            LAST,
            attention_mask=mask,
            position_ids=positions,
            past_key_values=cache,
            use_cache=True,
        )
        positions = positions + 1


def _answer_alone(checked: CheckedModel, prompt: Sequence[int], limit: int) -> Written:
    """Return an answer by the library's own generation, which works with any kind of cache."""
    ids = torch.tensor([prompt], device=checked.device)
    outputs = checked.model.generate(
        input_ids=ids,
        attention_mask=torch.ones_like(ids),
        generation_config=_greedy(checked, limit),
        stopping_criteria=[_end_where_stopped(checked)],
    )
    checked.require_going_on()
    answer = outputs.sequences[0, ids.shape[1] :]
    values = log_probabilities(torch.cat(outputs.logits), answer)
    return Written(tuple(answer.tolist()), tuple(values.tolist()))


def _may_pad_inside(
    checked: CheckedModel, prompts: Sequence[Sequence[int]], max_new_tokens: int
) -> bool:
    """Return whether padding between a prefix and what follows it moves nothing out of sight.

    A layer that attends to the last few tokens only counts the padding among them, and attention
    that weighs distances counts it too.
    """
    if not can_keep_apart(checked.model):
        return False
    window = window_of(checked.model)
    return window is None or max(map(len, prompts), default=0) + max_new_tokens <= window


def _greedy(checked: CheckedModel, max_new_tokens: int) -> Any:
    from transformers import GenerationConfig

    pad = checked.tokenizer.pad_token_id
    return GenerationConfig(
        do_sample=False,
        max_new_tokens=max_new_tokens,
        eos_token_id=list(checked.stop_ids),
        pad_token_id=checked.stop_ids[0] if pad is None else pad,
        use_cache=True,
        return_dict_in_generate=True,
        output_logits=True,
    )


def _end_where_stopped(checked: CheckedModel) -> Any:
    def is_over(ids: torch.Tensor, scores: Any, **_: Any) -> torch.Tensor:
        stop = checked.stop_requested()
        return torch.full((ids.shape[0],), stop, dtype=torch.bool, device=ids.device)

    return is_over
