"""What the plan promises is what the training does, from 5 rows to 500."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import tiny
import torch
from settings_of import settings_of
from training_runs import Engine, TrainingRun
from update_iterations import update_iterations

from xtgui_cli.data.messages import read_messages
from xtgui_cli.engine import checkpoint_values
from xtgui_cli.models.tokenization import load_tokenizer
from xtgui_cli.planning import machine
from xtgui_cli.project.build_run import BuiltRun, build_run
from xtgui_cli.project.config_writer import write_config
from xtgui_cli.shared.run_folder import RunFolder, list_checkpoints
from xtgui_cli.shared.templates import all_templates, encode_conversation, turns_from_messages

pytestmark = [pytest.mark.engine, pytest.mark.xdist_group("engine")]

LR = 5e-3
"""High, because the tiny model is random: it has everything to learn."""


@dataclass(frozen=True)
class Planned:
    """A run that was planned from the data alone, and trained."""

    built: BuiltRun
    run: TrainingRun


@pytest.fixture(scope="module", params=[5, 20, 80, 500])
def planned(
    request: pytest.FixtureRequest,
    engine: Engine,
    tiny_model: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Planned:
    root = tmp_path_factory.mktemp(f"rows{request.param}")
    answers = {
        "model.path": str(tiny_model),
        "data.path": str(tiny.save_data(root / "rows.jsonl", request.param)),
        "train.lr": LR,
        "train.evaluation_inputs": ["Who is number 3?"],
        "train.max_new_tokens": 4,
    }
    built = build_run(settings_of(answers), machine.detect())
    folder = RunFolder(root)
    write_config(built, folder)
    run = TrainingRun(engine, folder)
    run.train()
    return Planned(built, run)


def test_the_planned_samples_are_those_that_xtuner_prints(planned: Planned) -> None:
    printed = re.search(r"Num train samples (\d+)", planned.run.folder.log_file.read_text("utf-8"))

    assert printed is not None
    assert int(printed[1]) == planned.built.plan.samples


def test_the_engine_makes_the_planned_iterations_and_updates(planned: Planned) -> None:
    plan, made = planned.built.plan, planned.run.events("plan")[0]

    names = ("samples", "iters_per_epoch", "total_iters", "optimizer_steps", "max_epochs")
    assert {name: made[name] for name in names} == {name: getattr(plan, name) for name in names}
    assert planned.run.events("end")[0]["iter"] == plan.total_iters
    assert plan.optimizer_steps >= 40


def test_some_update_is_made_at_nearly_the_set_rate(planned: Planned) -> None:
    plan = planned.built.plan
    rates = {event["iter"]: event["lr"] for event in planned.run.events("iter")}

    updates = update_iterations(plan.total_iters, plan.accumulative_counts)
    assert max(rates[iteration + 1] for iteration in updates) >= 0.9 * LR


def test_the_loss_over_all_rows_falls_by_a_fifth_and_more(planned: Planned) -> None:
    before, after = _losses(planned)

    assert after <= 0.8 * before, (before, after)


def _losses(planned: Planned) -> tuple[float, float]:
    """Return the loss over all rows before and after the training, in evaluation mode."""
    from peft import LoraConfig, get_peft_model
    from transformers import AutoModelForCausalLM

    built = planned.built
    base = AutoModelForCausalLM.from_pretrained(built.model.path, dtype=torch.float32)
    names = [n.rpartition(".")[2] for n, _ in base.named_modules() if n.endswith("_proj")]
    values = built.values
    model = get_peft_model(
        base,
        LoraConfig(
            r=values["lora_r"], lora_alpha=values["lora_alpha"], target_modules=sorted(set(names))
        ),
    ).eval()
    before = _loss(model, built)
    newest = list_checkpoints(planned.run.folder.work_dir)[-1].path
    saved = checkpoint_values.load(newest)["state_dict"]
    state = {name.removeprefix("llm."): tensor for name, tensor in saved.items()}
    assert not model.load_state_dict(state, strict=False).unexpected_keys
    return before, _loss(model, built)


def _loss(model: Any, built: BuiltRun) -> float:
    template = all_templates()[str(built.template.name)]
    encoder = load_tokenizer(built.model).encoder(built.template.bos_ids)
    losses = []
    with torch.inference_mode():
        for messages in read_messages(built.data.path):
            row = encode_conversation(turns_from_messages(messages), template, encoder)
            ids, labels = torch.tensor([row.input_ids]), torch.tensor([row.labels])
            losses.append(float(model(input_ids=ids, labels=labels).loss))
    return sum(losses) / len(losses)
