"""An optimizer's state from a checkpoint fits the parameters, and leaves the file."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from training_runs import NewRun, TrainingRun

from xtgui_cli.engine import checkpoint_values
from xtgui_cli.engine.optimizer_state import (
    OptimizerStateError,
    require_fitting,
    take_out_of_file,
)

pytestmark = [pytest.mark.engine, pytest.mark.xdist_group("engine")]

Trained = Callable[[str], TrainingRun]


def trained_optimizer(**options: Any) -> torch.optim.Optimizer:
    parameters = [torch.nn.Parameter(torch.zeros(8, 4)), torch.nn.Parameter(torch.zeros(3))]
    for parameter in parameters:
        parameter.grad = torch.ones_like(parameter)
    optimizer = torch.optim.AdamW(parameters, lr=0.1, **options)
    optimizer.step()
    return optimizer


def test_the_state_of_the_same_parameters_fits() -> None:
    require_fitting(trained_optimizer(), trained_optimizer(amsgrad=True).state_dict())


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("exp_avg", torch.zeros(4)),
        ("exp_avg_sq", torch.zeros(8, 4, 1)),
        ("max_exp_avg_sq", torch.zeros(())),
        ("step", torch.zeros(0)),
        ("__bnb_optimizer_quant_state__", {"state1": torch.zeros(4, dtype=torch.uint8)}),
    ],
)
def test_a_state_that_torch_would_write_past_is_refused(name: str, value: Any) -> None:
    """With `fused` in its groups, which come from the file too, this was a segmentation fault."""
    saved = trained_optimizer().state_dict()
    saved["param_groups"][0]["fused"] = True
    saved["state"][0][name] = value

    with pytest.raises(OptimizerStateError, match="parameter 0"):
        require_fitting(trained_optimizer(), saved)


def steps_after_loading(
    resumed_with: type[torch.optim.Adam], saved_by: type[torch.optim.Adam], weight_decay: float
) -> torch.Tensor:
    """Return a parameter after three steps from a checkpoint that another optimizer may have saved.

    The optimizer that resumes is made with another weight decay: the checkpoint's is what counts.
    """
    draws = torch.Generator().manual_seed(0)
    parameter = torch.nn.Parameter(torch.randn(16, generator=draws))
    optimizer: torch.optim.Optimizer = saved_by([parameter], lr=0.1, weight_decay=weight_decay)
    for turn in range(6):
        if turn == 3:
            saved = optimizer.state_dict()
            optimizer = resumed_with([parameter], lr=0.5, weight_decay=0.3)
            optimizer.load_state_dict(saved)
        parameter.grad = torch.randn(16, generator=draws)
        optimizer.step()
    return parameter.detach()


@pytest.mark.parametrize(
    ("one", "other"),
    [(torch.optim.AdamW, torch.optim.Adam), (torch.optim.Adam, torch.optim.AdamW)],
)
def test_adam_and_adamw_take_the_same_steps_where_there_is_no_weight_decay(
    one: type[torch.optim.Adam], other: type[torch.optim.Adam]
) -> None:
    expected = steps_after_loading(one, one, weight_decay=0)

    assert torch.equal(steps_after_loading(other, one, weight_decay=0), expected)


def test_adam_and_adamw_do_not_where_there_is() -> None:
    adam, adamw = (
        steps_after_loading(kind, kind, weight_decay=0.1)
        for kind in (torch.optim.Adam, torch.optim.AdamW)
    )

    assert not torch.allclose(adam, adamw)


def test_a_resumed_optimizer_holds_on_to_no_file(tmp_path: Path) -> None:
    """Else the space of a checkpoint that was rotated away would stay taken until the end."""
    torch.save(trained_optimizer().state_dict(), tmp_path / "x.pth")
    optimizer = trained_optimizer()
    optimizer.load_state_dict(checkpoint_values.load(tmp_path / "x.pth"))

    take_out_of_file(optimizer)

    maps = Path("/proc/self/maps").read_text()
    assert str(tmp_path / "x.pth") not in maps
    assert torch.equal(
        optimizer.state_dict()["state"][0]["exp_avg"],
        trained_optimizer().state_dict()["state"][0]["exp_avg"],
    )


def test_a_resume_with_a_state_of_other_shapes_ends_before_training(
    trained_runs: Trained, new_run: NewRun
) -> None:
    run = new_run("lora")
    shutil.copy(trained_runs("lora").folder.work_dir / "iter_27.pth", run.folder.work_dir)
    path = run.folder.work_dir / "iter_27.pth"
    content = torch.load(path, weights_only=False)
    state = next(iter(content["optimizer"]["state"].values()))
    state["exp_avg"] = torch.zeros(1)
    content["optimizer"]["param_groups"][0]["fused"] = True
    torch.save(content, path)

    run.start(resume="iter_27.pth")

    assert run.wait() == 1
    end = run.events("end")[-1]
    assert end["code"] == "checkpoint_unreadable"
    assert "exp_avg" in end["data"]["reason"]
