"""A resume state whose checksums are right, and which is none of ours all the same."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch

from xtgui_cli.engine.checkpoint_reader.errors import CheckpointError
from xtgui_cli.engine.resume_state import RandomState, ResumeState, put_gradients
from xtgui_cli.shared.checkpoint_faults import CheckpointFault

pytestmark = [pytest.mark.engine, pytest.mark.xdist_group("engine")]


def state(**changes: Any) -> ResumeState:
    now = ResumeState(RandomState.capture(), {"weight": torch.ones(2)}, 3, 0.5, 27)
    return replace(now, **changes)


def with_numpy(keys: list[int], position: int) -> ResumeState:
    numpy_state = ("MT19937", keys, position, 0, 0.0)
    return state(random=replace(RandomState.capture(), numpy=numpy_state))


def test_a_state_comes_back_as_it_was_saved(tmp_path: Path) -> None:
    before = state()

    before.save(tmp_path / "iter_3.pth")
    after = ResumeState.load(tmp_path / "iter_3.pth")

    assert (after.random.python, after.random.numpy) == (before.random.python, before.random.numpy)
    assert torch.equal(after.random.torch, before.random.torch)
    assert torch.equal(after.gradients["weight"], torch.ones(2))
    assert (after.cycle_tokens, after.token_unit, after.samples) == (3, 0.5, 27)


@pytest.mark.parametrize(
    "strange",
    [
        with_numpy([1] * 624, 10**6),
        with_numpy([1] * 624, -1),
        with_numpy([1] * 574, 0),
        with_numpy([1] * 1000, 900),
        with_numpy([-1] * 624, 0),
        state(random=replace(RandomState.capture(), python=(3, (1, 2), None))),
        state(random=replace(RandomState.capture(), torch=torch.zeros(16, dtype=torch.uint8))),
        state(gradients={"weight": 1.0}),
        state(token_unit=float("nan")),
        state(samples="27"),
    ],
)
def test_a_state_that_could_not_be_restored_is_none_of_ours(
    strange: ResumeState, tmp_path: Path
) -> None:
    """numpy itself takes a position far behind its numbers, and reads there."""
    strange.save(tmp_path / "iter_3.pth")

    with pytest.raises(CheckpointError) as caught:
        ResumeState.load(tmp_path / "iter_3.pth")

    assert caught.value.fault is CheckpointFault.FOREIGN


@pytest.mark.parametrize("gradients", [{"weight": torch.ones(3)}, {"other": torch.ones(1)}])
def test_gradients_of_another_model_are_not_set(gradients: dict[str, torch.Tensor]) -> None:
    model = torch.nn.LayerNorm(2, bias=False)

    with pytest.raises(CheckpointError):
        put_gradients(model, {"weight": torch.ones(2)} | gradients)

    assert model.weight.grad is None
