"""What a run writes."""

from __future__ import annotations

from dataclasses import replace

import pytest
from plan_example import plan_with
from published_runs import published_runs

from xtgui_cli.planning.memory.training_disk import training_disk
from xtgui_cli.planning.memory.training_memory import TrainingSetup

SHAPE = next(run.shape for run in published_runs() if run.model == "Qwen2.5-0.5B")
PLAN = plan_with()


def test_a_full_checkpoint_is_the_model_and_both_averages_in_float32() -> None:
    disk = training_disk(SHAPE, TrainingSetup("full", 128), 2, None)

    assert disk.checkpoint == pytest.approx(12 * SHAPE.parameters, rel=0.001)
    assert disk.merged == 0


def test_a_new_checkpoint_is_written_before_an_old_one_goes() -> None:
    disk = training_disk(SHAPE, TrainingSetup("lora", 128), 5, None)

    assert disk.training == 6 * (disk.checkpoint + disk.resume_state)


def test_a_short_run_saves_less_often_than_the_limit_allows() -> None:
    assert training_disk(SHAPE, TrainingSetup("lora", 128), 9, PLAN).kept == 6
    assert training_disk(SHAPE, TrainingSetup("lora", 128), -1, PLAN).kept == 6
    assert training_disk(SHAPE, TrainingSetup("lora", 128), -1, None).kept is None


def test_without_accumulation_no_gradients_are_left_to_save() -> None:
    plan = replace(PLAN, accumulative_counts=1)

    assert training_disk(SHAPE, TrainingSetup("lora", 128), 5, plan).resume_state == 0


def test_an_8_bit_optimizer_makes_smaller_checkpoints() -> None:
    usual = training_disk(SHAPE, TrainingSetup("full", 128), 2, None)
    small = training_disk(SHAPE, TrainingSetup("full", 128, optim_type="AdamW8bit"), 2, None)

    assert small.checkpoint < usual.checkpoint * 0.6
