"""Every trained token counts the same, however samples fall into micro-batches."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
import torch
from mmengine.optim import OptimWrapper

from xtgui_cli.engine.packs import IGNORED
from xtgui_cli.engine.token_loss import TokenLossHook, losses_of, mean_tokens

pytestmark = [pytest.mark.engine, pytest.mark.xdist_group("torch")]

ANSWERS = ([3, 4, 5, 6, 7, 8, 9], [10, 11], [12, 13, 14])
"""Trained tokens of three rows, each after two tokens that are not trained."""
VOCABULARY = 16


class Counting(torch.nn.Module):  # type: ignore[misc]  # mypy does not read torch
    """A language model of one layer; what it is trained on is counted as SupervisedFinetune is."""

    def __init__(self) -> None:
        super().__init__()
        torch.manual_seed(1)
        self.embedding = torch.nn.Embedding(VOCABULARY, 8)
        self.head = torch.nn.Linear(8, VOCABULARY)
        self.llm = self._forward

    def _forward(
        self, input_ids: torch.Tensor, labels: Any = None, logits_to_keep: Any = None
    ) -> Any:
        hidden = self.embedding(input_ids)
        if logits_to_keep is not None:
            return SimpleNamespace(logits=self.head(hidden[:, logits_to_keep]))
        logits = self.head(hidden)
        loss = torch.nn.functional.cross_entropy(
            logits[:, :-1].flatten(0, 1), labels[:, 1:].flatten(), ignore_index=IGNORED
        )
        return SimpleNamespace(loss=loss, logits=logits)

    def compute_loss(self, data: Any, data_samples: Any = None) -> Any:
        raise AssertionError("the counting one takes its place")


def row_of(answer: list[int]) -> dict[str, torch.Tensor]:
    ids = torch.tensor([[1, 2, *answer]])
    return {"input_ids": ids, "labels": torch.tensor([[IGNORED, IGNORED, *answer]])}


def gradients(*, accumulates: bool, answers: Any = ANSWERS) -> dict[str, torch.Tensor]:
    """Return the gradients that an optimizer step takes."""
    hook, model = TokenLossHook(), Counting()
    kind: Any = type("Model", (Counting,), {})
    hook.attach(kind)
    seen: dict[str, torch.Tensor] = {}
    optimizer = torch.optim.SGD(model.parameters(), lr=0.0)
    wrapper = OptimWrapper(optimizer, accumulative_counts=len(answers) if accumulates else 1)
    hook.unit = 1 / 3
    hook.weigh(wrapper)
    optimizer.register_step_pre_hook(
        lambda *_: seen.update({n: p.grad.clone() for n, p in model.named_parameters()})
    )
    if accumulates:
        for answer in answers:
            wrapper.update_params(kind.compute_loss(model, row_of(answer))["loss"])
    else:
        longest = max(map(len, answers))
        filled = [row_of([*a, *[0] * (longest - len(a))]) for a in answers]
        data = {
            "input_ids": torch.cat([row["input_ids"] for row in filled]),
            "labels": torch.cat([row["labels"] for row in filled]),
        }
        data["labels"][data["labels"] == 0] = IGNORED
        wrapper.update_params(kind.compute_loss(model, data)["loss"])
    return seen


def test_accumulated_rows_give_the_gradients_of_one_batch_of_them() -> None:
    together, accumulated = gradients(accumulates=False), gradients(accumulates=True)

    for name, gradient in together.items():
        assert torch.allclose(gradient, accumulated[name], atol=1e-7), name


def test_a_row_without_a_trained_token_changes_nothing() -> None:
    without, with_empty = (
        gradients(accumulates=True),
        gradients(accumulates=True, answers=(*ANSWERS, [])),
    )

    for name, gradient in without.items():
        assert torch.allclose(gradient, with_empty[name], atol=1e-7), name


def test_the_accuracy_is_that_of_the_trained_tokens() -> None:
    labels = torch.tensor([[IGNORED, IGNORED, 3, 4, 5]])
    logits = torch.zeros(1, 5, VOCABULARY)
    for place, token in ((0, 9), (1, 3), (2, 4), (3, 9)):
        logits[0, place, token] = 1.0
    outputs = SimpleNamespace(loss=torch.tensor(1.0), logits=logits)

    losses, tokens = losses_of(lambda **_: outputs, {"labels": labels})

    assert tokens == 3
    assert float(losses["token_accuracy"]) == pytest.approx(2 / 3)


def test_where_nothing_is_trained_there_is_no_accuracy_and_no_loss() -> None:
    labels = torch.full((1, 5), IGNORED)
    data = {"input_ids": torch.tensor([[1, 2, 3, 4, 5]]), "labels": labels}

    for kept in ({}, {"logits_to_keep": torch.tensor([], dtype=torch.long)}):
        losses, tokens = losses_of(Counting().llm, data | kept)
        losses["loss"].backward()

        assert (losses["loss"].item(), list(losses), tokens) == (0.0, ["loss"], 0)


def test_the_constant_is_about_what_a_mean_would_give() -> None:
    rows = [{"labels": [IGNORED, 5, 6]}, {"labels": [IGNORED, IGNORED, 7, 8, 9, 10]}]

    assert mean_tokens(rows) == 3.0
    assert mean_tokens(iter(rows)) == 0.0
