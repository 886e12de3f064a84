"""The configs without us: xtuner's own trainer accepts them, for every device."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from mmengine.config import Config
from places import CONFIGS
from training_runs import NewRun

from xtgui_cli.engine.config_facts import read_config_facts
from xtgui_cli.project.config_filler import fill

pytestmark = [pytest.mark.engine, pytest.mark.xdist_group("engine")]

METHODS = ("lora", "qlora", "full")
AMPERE = {"torch_dtype": "bfloat16", "amp_dtype": "bfloat16", "dist_backend": "nccl"}
TURING = {"torch_dtype": "float16", "amp_dtype": "float16", "dist_backend": "nccl"}


def load(method: str, tmp_path: Path, **values: Any) -> Any:
    path = tmp_path / f"{method}.py"
    path.write_text(fill((CONFIGS / f"{method}.py").read_text("utf-8"), values), "utf-8")
    return Config.fromfile(path)


@pytest.mark.parametrize("method", METHODS)
def test_xtuner_itself_trains_the_config_unchanged(method: str, new_run: NewRun) -> None:
    run = new_run(method)

    run.start_plain()
    code = run.wait()

    assert code == 0, run.log()
    assert len(list(run.folder.work_dir.glob("iter_*.pth"))) == 1
    assert not run.folder.events_file.exists()


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("device", [AMPERE, TURING], ids=["bf16", "fp16"])
def test_a_config_for_cuda_trains_in_mixed_precision(
    method: str, device: dict[str, str], tmp_path: Path
) -> None:
    config = load(method, tmp_path, **device)

    wrapper = config.optim_wrapper
    assert wrapper["type"].__name__ == "AmpOptimWrapper"
    assert (wrapper["dtype"], wrapper["loss_scale"]) == (device["amp_dtype"], "dynamic")
    assert config.env_cfg.dist_cfg.backend == "nccl"


@pytest.mark.parametrize("method", METHODS)
def test_without_a_warm_up_there_is_only_the_cosine(method: str, tmp_path: Path) -> None:
    short = load(method, tmp_path, warmup_iters=1)
    long = load(method, tmp_path, warmup_iters=2, warmup_ratio=0.1, max_epochs=3)

    assert [scheduler["begin"] for scheduler in short.param_scheduler] == [0]
    assert [scheduler["begin"] for scheduler in long.param_scheduler] == [0, pytest.approx(0.3)]


@pytest.mark.parametrize(
    ("optim_type", "names"),
    [("AdamW", {"betas"}), ("SGD", {"momentum"}), ("PagedAdamW8bit", {"betas"})],
)
def test_an_optimizer_gets_the_arguments_that_it_has(
    optim_type: str, names: set[str], tmp_path: Path
) -> None:
    config = load("lora", tmp_path, optim_type=optim_type)

    assert config.optim_wrapper.optimizer.keys() - {"type", "lr", "weight_decay"} == names


@pytest.mark.parametrize(
    ("method", "optim_type", "needed"),
    [
        ("lora", "AdamW", False),
        ("full", "SGD", False),
        ("qlora", "AdamW", True),
        ("lora", "AdamW8bit", True),
    ],
)
def test_bitsandbytes_is_imported_only_where_it_is_used(
    method: str, optim_type: str, needed: bool
) -> None:
    text = fill((CONFIGS / f"{method}.py").read_text("utf-8"), {"optim_type": optim_type})

    facts = read_config_facts(text)

    assert (facts.method, facts.needs_bitsandbytes) == (method, needed)
