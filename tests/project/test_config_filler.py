"""Configs are filled without being run, and keep all that a person wrote in them."""

from __future__ import annotations

import pytest
from config_example import CONFIG, PLAIN
from hypothesis import given
from hypothesis import strategies as st

from xtgui_cli.project.config_filler import fill
from xtgui_cli.shared.config_file import read
from xtgui_cli.shared.errors import XtguiError
from xtgui_cli.shared.templates import all_templates


def test_filling_replaces_values_and_keeps_every_other_byte() -> None:
    filled = fill(CONFIG, {"max_length": 512, "betas": [0.8, 0.9], "prompt_template": "qwen_chat"})

    expected = (
        CONFIG.replace("max_length = 2048", "max_length = 512")
        .replace("(0.9, 0.999)", "(0.8, 0.9)")
        .replace("PROMPT_TEMPLATE.default", "PROMPT_TEMPLATE.qwen_chat")
    )
    assert filled == expected


def test_filling_in_what_is_there_already_changes_nothing() -> None:
    assert fill(CONFIG, PLAIN) == CONFIG


@pytest.mark.parametrize("newline", ["\r\n", "\r"])
def test_line_ends_of_other_systems_are_kept(newline: str) -> None:
    text = CONFIG.replace("\n", newline)

    filled = fill(text, {"SYSTEM": "a\nb"})

    assert filled == text.replace('SYSTEM = ""', 'SYSTEM = "a\\nb"')


def test_a_byte_order_mark_is_kept() -> None:
    assert fill("\ufefflr = 1\n", {"lr": 2}) == "\ufefflr = 2\n"


NASTY = st.text(
    alphabet=st.one_of(
        st.sampled_from("\"'\\\n\r\t{}#\0\u2028\ud800中文\x1b"),
        st.characters(),
    ),
    max_size=60,
)


@given(
    path=NASTY,
    system=NASTY,
    questions=st.lists(NASTY, min_size=1, max_size=5),
    lr=st.floats(0, 1, exclude_min=True),
    length=st.integers(16, 10**6),
    template=st.sampled_from(sorted(all_templates())),
)
def test_whatever_is_filled_in_is_read_back_the_same_and_the_rest_stays(
    path: str, system: str, questions: list[str], lr: float, length: int, template: str
) -> None:
    values = {
        "pretrained_model_name_or_path": path,
        "SYSTEM": system,
        "evaluation_inputs": questions,
        "lr": lr,
        "max_length": length,
        "prompt_template": template,
    }

    filled = fill(CONFIG, values)

    assert read(filled) == PLAIN | values
    assert fill(fill(filled, PLAIN), values) == filled
    assert [line for line in filled.splitlines() if line.startswith("model =")]
    assert "# 模型" in filled
    assert "computed = 3 * 4\n" in filled


@pytest.mark.parametrize(
    "value",
    ['__import__("os").system("true")', '"); import os #', "'''", '"""', "\\", "C:\\new\\table"],
)
def test_a_value_never_becomes_code(value: str) -> None:
    filled = fill(CONFIG, {"SYSTEM": value})

    assert read(filled)["SYSTEM"] == value
    assert len(filled.splitlines()) == len(CONFIG.splitlines())


@pytest.mark.parametrize("name", ["os.system", "AdamW, x", "nonsense"])
def test_a_name_outside_its_closed_table_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="one of"):
        fill(CONFIG, {"optim_type": name})


@pytest.mark.parametrize("value", [float("nan"), float("inf"), object()])
def test_a_value_without_a_literal_is_refused(value: object) -> None:
    with pytest.raises(ValueError, match="literal"):
        fill(CONFIG, {"lr": value})


def test_a_name_the_config_does_not_assign_is_reported_and_not_added() -> None:
    with pytest.raises(XtguiError) as caught:
        fill(CONFIG, {"lora_r": 8, "lora_alpha": 8})

    assert caught.value.code == "config.missing_name"
    assert caught.value.data["names"] == "lora_alpha, lora_r"


def test_a_computed_value_is_kept_and_reported() -> None:
    with pytest.raises(XtguiError) as caught:
        fill(CONFIG, {"computed": 8})

    assert caught.value.code == "config.not_plain"


def test_all_assignments_of_a_name_are_replaced() -> None:
    assert fill("lr = 1\nopt = dict(lr=lr)\nlr = 2\n", {"lr": 3}) == (
        "lr = 3\nopt = dict(lr=lr)\nlr = 3\n"
    )


def test_text_that_is_split_over_lines_is_replaced_as_one() -> None:
    assert fill('SYSTEM = ("a"\n  "b")  # keep\n', {"SYSTEM": "c"}) == 'SYSTEM = ("c")  # keep\n'


def test_long_lists_take_one_line_an_item() -> None:
    questions = ["what is this " * 4, "and what is that " * 3]

    filled = fill("evaluation_inputs = []\n", {"evaluation_inputs": questions})

    assert filled.count("\n") == 4
    assert read(filled) == {"evaluation_inputs": questions}
