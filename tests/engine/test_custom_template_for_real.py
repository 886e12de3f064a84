"""Training with a prompt template that is written out in the config."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from training_runs import NewRun, TrainingRun

from xtgui_cli.shared.custom_template import to_fields
from xtgui_cli.shared.templates import all_templates

pytestmark = [pytest.mark.engine, pytest.mark.xdist_group("engine")]


def test_a_template_written_out_trains_as_the_one_that_is_named(
    trained_runs: Callable[[str], TrainingRun], new_run: NewRun
) -> None:
    """The same text by another way: every loss is the same to the bit, and it answers."""
    named = trained_runs("lora")
    written_out = new_run("lora", prompt_template=to_fields(all_templates()["qwen_chat"]))

    events = written_out.train()

    assert written_out.losses() == named.losses()
    assert [event for event in events if event["event"] == "answer" or "answers" in event]


def test_a_template_that_xtuner_has_not_trains(new_run: NewRun) -> None:
    fields = {
        "SYSTEM": "### System: {system}\n",
        "INSTRUCTION": "### Question {{1}}: {input}\n### Answer: ",
        "SUFFIX": "<|im_end|>",
        "SUFFIX_AS_EOS": True,
        "SEP": "\n",
        "STOP_WORDS": ["<|im_end|>"],
    }
    run = new_run("lora", prompt_template=fields, SYSTEM="You count {things}.")

    run.train()

    losses = list(run.losses().values())
    assert sum(losses[-5:]) < sum(losses[:5])
