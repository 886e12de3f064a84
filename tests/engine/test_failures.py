"""What can go wrong in a run, and the code that tells the user why."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import tiny
from conftest import NewRun, TrainingRun

from xtgui_cli.engine.hook_progress import NOT_FINITE_IN_A_ROW, ProgressHook

pytestmark = [pytest.mark.engine, pytest.mark.xdist_group("engine")]


def test_a_config_that_is_not_python_is_a_broken_config(new_run: NewRun) -> None:
    run = new_run("lora")
    run.folder.config_file.write_text("lr = = 1\n", "utf-8")

    end = run.fail()

    assert (end["status"], end["code"]) == ("failed", "config_broken")
    assert end["data"]["reason"].startswith("SyntaxError")


def test_a_model_that_is_gone_is_an_unreadable_model(new_run: NewRun, tmp_path: Path) -> None:
    run = new_run("lora", pretrained_model_name_or_path=str(tmp_path / "gone"))

    assert run.fail()["code"] == "model_unreadable"


@pytest.mark.parametrize("pack_to_max_length", [True, False])
def test_data_without_an_answer_to_learn_is_empty(
    pack_to_max_length: bool, new_run: NewRun, tmp_path: Path
) -> None:
    """The prompt alone is longer than max_length, so that xtuner drops every row."""
    rows = tmp_path / "rows.jsonl"
    question = {"role": "user", "content": "Who is number 3? " * 50}
    answer = {"role": "assistant", "content": "Anna."}
    rows.write_text(json.dumps({"messages": [question, answer]}) + "\n", "utf-8")
    run = new_run("lora", data_path=str(rows), pack_to_max_length=pack_to_max_length)

    assert run.fail()["code"] == "data_empty"


def test_a_tokenizer_without_bos_trains(new_run: NewRun, tiny_model: Path, tmp_path: Path) -> None:
    """xtuner alone adds None to a list."""
    model = Path(shutil.copytree(tiny_model, tmp_path / "model"))
    settings = json.loads((model / "tokenizer_config.json").read_text("utf-8"))
    del settings["bos_token"]
    (model / "tokenizer_config.json").write_text(json.dumps(settings), "utf-8")
    run = new_run("lora", pretrained_model_name_or_path=str(model))

    assert run.train()[-1]["status"] == "finished"


def test_a_chat_template_that_never_ends_keeps_nobody_from_training(
    new_run: NewRun, tiny_model: Path, tmp_path: Path
) -> None:
    model = Path(shutil.copytree(tiny_model, tmp_path / "model"))
    forever = "{% for x in range(99999) %}{% for y in range(99999) %}{% endfor %}{% endfor %}"
    (model / "chat_template.jinja").write_text(tiny.CHATML + forever, "utf-8")
    run = new_run("lora", pretrained_model_name_or_path=str(model))

    assert run.train()[-1]["status"] == "finished"
    assert run.events("evaluation")


def test_our_own_code_makes_no_library_warn(trained_runs: Callable[[str], TrainingRun]) -> None:
    log = trained_runs("lora").log()

    warned = [line for line in log.splitlines() if "Warning" in line and "xtgui_cli" in line]
    assert warned == []


def test_a_loss_that_stays_nan_is_worth_one_warning() -> None:
    said: list[dict[str, Any]] = []

    class Talk:
        iter = 12

        def say(self, name: str, **data: Any) -> None:
            said.append({"event": name, **data})

    hook = ProgressHook(Talk())  # type: ignore[arg-type]
    for loss in [1.0, *[float("nan")] * (NOT_FINITE_IN_A_ROW + 3)]:
        hook._watch(loss)

    assert [event["code"] for event in said] == ["loss_not_finite"]
