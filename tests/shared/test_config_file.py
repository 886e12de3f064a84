"""A config is read without being run, whoever wrote it."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from config_example import CONFIG, PLAIN

from xtgui_cli.shared.config_file import (
    config_templates_dir,
    method_of,
    read,
    read_file,
    read_known,
)
from xtgui_cli.shared.errors import XtguiError
from xtgui_cli.shared.methods import METHODS


def test_reading_gives_plain_values_and_leaves_out_what_is_computed() -> None:
    assert read(CONFIG) == PLAIN


def test_a_syntax_error_is_named_with_its_line() -> None:
    with pytest.raises(XtguiError) as caught:
        read("a = 1\nlr = = 2\n", file="xtuner_config.py")

    assert caught.value.code == "config.syntax"
    assert caught.value.data["line"] == 2
    assert caught.value.data["file"] == "xtuner_config.py"


@pytest.mark.parametrize(
    "change", ["lr += 1", "for lr in (1, 2): pass", "if x:\n    lr = 3", "(lr, y) = 1, 2", "del lr"]
)
def test_a_name_that_is_changed_elsewhere_has_no_known_value(change: str) -> None:
    assert "lr" not in read(f"lr = 1\n{change}\n")


def test_a_function_of_the_users_with_the_same_local_name_does_no_harm() -> None:
    assert read("lr = 1\ndef f():\n    lr = 2\nx = [lr for lr in y]\n") == {"lr": 1}


@pytest.mark.parametrize("method", METHODS)
def test_the_shipped_config_of_a_method_is_of_that_method(method: str) -> None:
    assert method_of(read_file(config_templates_dir() / f"{method}.py")) == method


@pytest.mark.parametrize(
    ("text", "method"),
    [
        ("model = dict(llm=dict(quantization_config=dict(type=B)), lora=dict(r=8))", "qlora"),
        ("model = dict(llm=dict(load_in_8bit=True), lora=dict(r=8))", "qlora"),
        ("model = dict(llm=dict(load_in_4bit=False), lora=dict(r=8))", "lora"),
        ("model = dict(llm=dict(quantization_config=None), lora=dict(r=8))", "lora"),
        ("model = dict(llm=dict(quantization_config=None), lora=None)", "full"),
        ('model = {"llm": {"quantization_config": {"type": "B"}}, "lora": {"r": 8}}', "qlora"),
        ("model = dict(llm=dict(type=A))", "full"),
    ],
)
def test_a_config_is_of_the_method_that_its_given_arguments_say(text: str, method: str) -> None:
    assert method_of(text) == method


def test_a_dumped_config_names_what_it_takes_from_tables() -> None:
    dump = (
        "prompt_template = 'xtuner.utils.PROMPT_TEMPLATE.qwen_chat'\n"
        "optim_type = 'torch.optim.AdamW'\n"
        "dataset_map_fn = 'xtuner.dataset.map_fns.openai_map_fn'\n"
        "SYSTEM = 'torch.optim.AdamW'\n"
    )

    assert read(dump) == {
        "prompt_template": "qwen_chat",
        "optim_type": "AdamW",
        "dataset_map_fn": "openai_map_fn",
        "SYSTEM": "torch.optim.AdamW",
    }


def test_an_argument_that_stands_for_none_says_nothing_of_the_method() -> None:
    text = "bits = None\nadapter = dict(r=8)\n"

    assert method_of(text + "m = dict(quantization_config=bits, lora=adapter)") == "lora"
    assert method_of(text + "bits = B()\nm = dict(quantization_config=bits)") == "qlora"


READ_BY_3_10 = pytest.mark.skipif(sys.version_info < (3, 11), reason="Python 3.10 can read it")


@pytest.mark.parametrize(
    "text",
    ["x = [" * 3000, pytest.param("x = 1" + " + 1" * 50_000, marks=READ_BY_3_10), "x = 1\0"],
)
def test_a_text_that_python_cannot_read_is_a_broken_config(text: str) -> None:
    with pytest.raises(XtguiError) as caught:
        method_of(text)

    assert caught.value.code == "config.syntax"


def test_a_config_larger_than_people_write_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "config.py").write_text("lr = 1\n" * 200_000)

    with pytest.raises(OSError, match="large"):
        read_file(tmp_path / "config.py")
    assert read_known(tmp_path / "config.py") == {}
