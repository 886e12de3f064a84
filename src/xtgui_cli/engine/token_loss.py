"""Gives every trained token the same weight, however samples are batched; counts correct ones.

xtuner takes the mean over each micro-batch and then the mean of those means, so that a short answer
weighs as much as a long one next to it in an accumulation cycle. The number of tokens in a cycle is
known only at its end. So each micro-batch's summed loss is back-propagated times a constant, and
the gradients are scaled once, by the cycle's count, before they are clipped and applied.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from typing import Any

import torch
from mmengine.dist import all_reduce, get_world_size
from mmengine.hooks import Hook
from mmengine.optim import OptimWrapper
from torch.nn.functional import cross_entropy

from .packs import IGNORED

PER_TOKEN, PER_SAMPLE = "token", "sample"
_LOOKED_AT = 64
"""Samples that the constant is estimated from."""


class TokenLossHook(Hook):  # type: ignore[misc]
    """Counts the trained tokens of each iteration and weights losses and gradients by them."""

    def __init__(self) -> None:
        self.cycle_tokens = 0
        """Trained tokens since the last optimizer step, on this rank."""
        self.unit = 1.0
        """The factor of one token's loss in back-propagation; the same on every rank and for the
        whole run, and about what a mean would give it."""
        self._tokens = 0

    def attach(self, model_class: Any) -> None:
        """Have SupervisedFinetune count the tokens that it trains on, and those predicted right."""
        compute_loss = model_class.compute_loss

        @functools.wraps(compute_loss)
        def compute_and_count(model: Any, data: Any, data_samples: Any = None) -> Any:
            from xtuner.parallel.sequence import get_sequence_parallel_world_size

            if get_sequence_parallel_world_size() > 1:
                return compute_loss(model, data, data_samples)
            losses, self._tokens = losses_of(model.llm, data)
            return losses

        model_class.compute_loss = compute_and_count

    def before_train(self, runner: Any) -> None:
        """Change the loss to a mean over tokens if the config wants it and gradients accumulate."""
        wrapper = runner.optim_wrapper
        accumulates = wrapper._accumulative_counts * get_world_size() > 1
        wants = runner.cfg.get("loss_per", PER_SAMPLE) == PER_TOKEN
        if wants and accumulates and isinstance(wrapper, OptimWrapper):
            loader = runner.train_loop.dataloader
            self.unit = 1 / max(1, mean_tokens(loader.dataset) * (loader.batch_size or 1))
            self.weigh(wrapper)

    def weigh(self, wrapper: Any) -> None:
        """Have an mmengine OptimWrapper take the mean over all tokens of a cycle."""
        step = wrapper.step

        def scale_loss(loss: torch.Tensor) -> torch.Tensor:
            self.cycle_tokens += self._tokens
            return loss * (self._tokens * self.unit)

        @functools.wraps(step)  # mmengine's schedulers see by its attributes that it is counted
        def scale_gradients_and_step(**options: Any) -> None:
            tokens = torch.tensor(float(self.cycle_tokens))
            all_reduce(tokens, op="sum")
            if tokens:
                # Gradients are averaged over ranks, so each holds the sum divided by their number.
                factor = get_world_size() / (self.unit * float(tokens))
                for group in wrapper.optimizer.param_groups:
                    for parameter in group["params"]:
                        if parameter.grad is not None:
                            parameter.grad.mul_(factor)
            self.cycle_tokens = 0
            step(**options)

        wrapper.scale_loss = scale_loss
        wrapper.step = scale_gradients_and_step


def losses_of(llm: Any, data: Mapping[str, Any]) -> tuple[dict[str, torch.Tensor], int]:
    """Return what mmengine logs and trains on, and how many tokens were trained.

    Args:
        llm: A causal language model.
        data: Its arguments. `labels`, (batch, tokens), are -100 where nothing is trained; with
            `logits_to_keep`, the positions that predict a trained token, no other logits are
            computed.

    Returns:
        "loss", and "token_accuracy": the share of the trained tokens, from 0 to 1, that are the
        likeliest next token. Without a trained token the loss is 0 and there is no accuracy.
    """
    targets = data["labels"][..., 1:]
    kept = data.get("logits_to_keep")
    if kept is None:
        outputs = llm(**data)
        logits, mean = outputs.logits[..., :-1, :], outputs.loss
    else:
        targets = targets[..., kept]
        logits = llm(**{name: each for name, each in data.items() if name != "labels"}).logits
        mean = cross_entropy(logits.float().flatten(0, -2), targets.flatten())
    is_trained = targets != IGNORED
    tokens = int(is_trained.sum())
    if not tokens:
        return {"loss": logits.sum() * 0.0}, 0
    right = ((logits.detach().argmax(-1) == targets) & is_trained).sum()
    return {"loss": mean, "token_accuracy": right / tokens}, tokens


def mean_tokens(dataset: Any) -> float:
    """Return how many tokens a sample trains on average, from the first samples; 0 if unknown."""
    try:
        rows = [dataset[number] for number in range(min(_LOOKED_AT, len(dataset)))]
    except TypeError:
        return 0.0
    counts = [_count(row) for row in rows]
    return sum(counts) / len(counts) if counts else 0.0


def _count(row: Any) -> int:
    labels = row.get("labels") if isinstance(row, Mapping) else None
    return sum(label != IGNORED for label in labels[1:]) if labels is not None else 0
