"""Before training an adapter adds nothing, and the model is checked without going through it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import tiny
import torch
from checked import checked_model
from peft import LoraConfig, get_peft_model

from xtgui_cli.engine.checked_model import CheckedModel

pytestmark = [pytest.mark.engine, pytest.mark.xdist_group("torch")]

IDS = torch.tensor([[1, 5, 6, 7, 8, 9]])


@pytest.fixture
def adapted(tmp_path: Path) -> CheckedModel:
    """A model with a new adapter on all its linear layers."""
    checked = checked_model(tiny.save_model(tmp_path / "model"))
    get_peft_model(checked.model, LoraConfig(r=4, target_modules="all-linear"))
    return checked


def passes(checked: CheckedModel) -> list[Any]:
    """Return a list that grows with every pass through a part of the adapter."""
    seen: list[Any] = []
    for name, module in checked.model.named_modules():
        if "lora_A" in name and isinstance(module, torch.nn.Linear):
            module.register_forward_hook(lambda *_: seen.append(1))
    return seen


def logits(checked: CheckedModel) -> torch.Tensor:
    answer: torch.Tensor = checked.model(input_ids=IDS).logits
    return answer


def test_a_new_adapter_is_skipped_and_the_answer_is_the_same(adapted: CheckedModel) -> None:
    seen = passes(adapted)

    with adapted.undisturbed():
        through = logits(adapted)
        with_adapter = len(seen)
        with adapted.without_adapter():
            around = logits(adapted)

    assert with_adapter > 0
    assert len(seen) == with_adapter
    assert torch.equal(through, around)


def test_an_adapter_that_has_learned_is_not_skipped(adapted: CheckedModel) -> None:
    [first, *_] = [each for name, each in adapted.model.named_parameters() if "lora_B" in name]
    with torch.no_grad():
        first[0, 0] = 0.5
    seen = passes(adapted)

    with adapted.undisturbed(), adapted.without_adapter():
        logits(adapted)

    assert seen


def test_what_is_trained_is_as_before(adapted: CheckedModel) -> None:
    [*parameters] = adapted.model.named_parameters()
    some = next(each for name, each in parameters if "norm" in name)
    some.requires_grad_(requires_grad=True)
    before = [name for name, each in parameters if each.requires_grad]

    with adapted.without_adapter():
        logits(adapted)
    seen = passes(adapted)
    logits(adapted)

    assert [name for name, each in parameters if each.requires_grad] == before
    assert seen


def test_a_model_without_an_adapter_is_asked_as_it_is(tmp_path: Path) -> None:
    checked = checked_model(tiny.save_model(tmp_path / "model"))

    with checked.without_adapter():
        assert logits(checked).shape[1] == IDS.shape[1]
