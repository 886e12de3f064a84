"""Answers become checked sources, a plan and a config that says the same."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
import tiny
from built_runs import CPU
from settings_of import settings_of

from xtgui_cli.planning.machine import Machine
from xtgui_cli.project.build_run import build_run
from xtgui_cli.shared.config_file import read
from xtgui_cli.shared.errors import Exit, XtguiError
from xtgui_cli.shared.methods import METHODS

AMPERE = Machine("cuda", True, "RTX 3090", 24, 23, 64, 60, 16)
TURING = Machine("cuda", False, "RTX 2080 Ti", 11, 10, 64, 60, 16)


@pytest.fixture
def answers(tmp_path: Path, tiny_model: Path) -> dict[str, Any]:
    data = tiny.save_data(tmp_path / "rows.jsonl", 20)
    return {"model.path": str(tiny_model), "data.path": str(data)}


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("machine", [CPU, AMPERE, TURING], ids=["cpu", "ampere", "turing"])
def test_the_config_says_every_value(
    answers: dict[str, Any], method: str, machine: Machine
) -> None:
    built = build_run(
        settings_of(answers | {"train.method": method, "train.betas": [0.8, 0.9]}), machine
    )

    said = read(built.config_text)
    assert {name: said[name] for name in built.values} == dict(built.values)
    assert said["betas"] == [0.8, 0.9]
    assert said["prompt_template"] == "qwen_chat"


@pytest.mark.parametrize(
    ("machine", "method", "dtypes"),
    [
        (CPU, "full", ("float32", None, "gloo")),
        (CPU, "qlora", ("float32", None, "gloo")),
        (AMPERE, "lora", ("bfloat16", "bfloat16", "nccl")),
        (AMPERE, "full", ("float32", "bfloat16", "nccl")),
        (TURING, "qlora", ("float16", "float16", "nccl")),
        (TURING, "full", ("float32", "float16", "nccl")),
    ],
)
def test_the_device_decides_the_dtypes(
    answers: dict[str, Any], machine: Machine, method: str, dtypes: tuple[str, ...]
) -> None:
    values = build_run(settings_of(answers | {"train.method": method}), machine).values

    assert (values["torch_dtype"], values["amp_dtype"], values["dist_backend"]) == dtypes


def test_missing_sources_are_named_all_at_once() -> None:
    with pytest.raises(XtguiError) as caught:
        build_run(settings_of({"train.lr": 1e-4}), CPU)

    assert caught.value.exit == Exit.ANSWERS
    assert caught.value.data["keys"] == "model.path, data.path"


def test_a_path_with_quotes_newlines_and_code_stays_a_path(
    tmp_path: Path, answers: dict[str, Any]
) -> None:
    folder = tmp_path / """a"b'c\n__import__("os") 中文 \\"""
    folder.mkdir()
    data = shutil.copy(answers["data.path"], folder / "rows.jsonl")

    built = build_run(settings_of(answers | {"data.path": str(data)}), CPU)

    assert read(built.config_text)["data_path"] == str(data)


def test_a_model_that_brings_code_is_refused_until_it_is_trusted(
    tmp_path: Path, answers: dict[str, Any]
) -> None:
    model = tmp_path / "model"
    shutil.copytree(answers["model.path"], model)
    config = json.loads((model / "config.json").read_text("utf-8"))
    config["auto_map"] = {"AutoModelForCausalLM": "modeling_x.X"}
    (model / "config.json").write_text(json.dumps(config), "utf-8")
    mine = answers | {"model.path": str(model)}

    with pytest.raises(XtguiError) as caught:
        build_run(settings_of(mine), CPU)

    assert caught.value.code == "model.remote_code"
    assert build_run(settings_of(mine | {"model.trust_remote_code": True}), CPU).values[
        "trust_remote_code"
    ]


def test_a_model_without_chat_template_needs_an_answer(
    tmp_path: Path, answers: dict[str, Any]
) -> None:
    model = tmp_path / "base"
    shutil.copytree(answers["model.path"], model)
    config = json.loads((model / "tokenizer_config.json").read_text("utf-8"))
    del config["chat_template"]
    (model / "tokenizer_config.json").write_text(json.dumps(config), "utf-8")
    mine = answers | {"model.path": str(model)}

    with pytest.raises(XtguiError) as caught:
        build_run(settings_of(mine), CPU)

    assert caught.value.code == "model.unknown_template"
    built = build_run(settings_of(mine | {"model.prompt_template": "default"}), CPU)
    assert built.values["prompt_template"] == "default"
    assert built.template.bos_ids == (1,)


def test_system_texts_are_refused_under_a_template_without_a_place_for_them(
    tmp_path: Path, answers: dict[str, Any]
) -> None:
    data = tmp_path / "system.jsonl"
    messages = [("system", "Be brief."), ("user", "a"), ("assistant", "b")]
    row = {"messages": [{"role": role, "content": text} for role, text in messages]}
    data.write_text(json.dumps(row), "utf-8")

    with pytest.raises(XtguiError) as caught:
        build_run(
            settings_of(answers | {"data.path": str(data), "model.prompt_template": "minicpm"}), CPU
        )

    assert caught.value.code == "data.system_has_no_place"


def test_data_of_which_nothing_is_left_is_refused(answers: dict[str, Any]) -> None:
    with pytest.raises(XtguiError) as caught:
        build_run(settings_of(answers | {"train.max_length": 16}), CPU)

    assert caught.value.code == "plan.no_samples"


def test_a_file_that_changed_is_read_again(answers: dict[str, Any]) -> None:
    assert build_run(settings_of(answers), CPU).data.rows == 20

    tiny.save_data(Path(answers["data.path"]), 30)

    assert build_run(settings_of(answers), CPU).data.rows == 30


def test_a_custom_template_of_the_answers_is_counted_with_and_written_out(
    answers: dict[str, Any],
) -> None:
    own = {
        "model.prompt_template": "custom",
        "model.template_instruction": "### Q: {input}\n### A: ",
        "model.template_suffix": "<|im_end|>",
        "model.template_suffix_as_eos": True,
    }

    built = build_run(settings_of(answers | own), CPU)

    said = read(built.config_text)["prompt_template"]
    assert said == {
        "SYSTEM": "",
        "INSTRUCTION": "### Q: {input}\n### A: ",
        "SUFFIX": "<|im_end|>",
        "SUFFIX_AS_EOS": True,
    }
    assert built.template.bos_ids == (1,)


@pytest.mark.parametrize(
    ("own", "code"),
    [
        ({"model.prompt_template": "custom"}, "model.no_custom_template"),
        ({"model.prompt_template": "no_such"}, "model.no_such_template"),
        (
            {"model.prompt_template": "custom", "model.template_instruction": "no place"},
            "settings.template_wrong",
        ),
    ],
)
def test_a_template_that_cannot_be_used_is_refused_with_its_reason(
    answers: dict[str, Any], own: dict[str, Any], code: str
) -> None:
    with pytest.raises(XtguiError) as caught:
        build_run(settings_of(answers | own), CPU)

    assert (caught.value.code, caught.value.exit) == (code, Exit.ANSWERS)
