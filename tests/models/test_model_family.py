"""What a model's family says: the engine stack, and the template of a model that says none."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from xtgui_cli.models.model_family import _table, stack_of, suggest_template
from xtgui_cli.models.model_folder import ModelInfo, check_model
from xtgui_cli.shared.templates import all_templates


@pytest.fixture
def model(tiny_model: Path) -> ModelInfo:
    return check_model(tiny_model)


def test_only_models_that_bring_code_which_transformers_has_not_need_the_classic_engine(
    model: ModelInfo,
) -> None:
    def of(model_type: str, *, code: bool) -> str:
        changed = dataclasses.replace(model, model_type=model_type, needs_remote_code=code)
        return stack_of(changed)

    assert of("internlm2", code=True) == "classic"
    assert of("deepseek_v3", code=True) == "modern"
    assert of("llama", code=False) == "modern"


@pytest.mark.parametrize(
    ("name", "model_type", "template", "is_same_model"),
    [
        ("Qwen1.5-7B", "qwen2", "default", True),
        ("internlm2-chat-7b", "internlm2", "internlm2_chat", True),
        ("my-qwen-chat", "qwen2", "qwen_chat", False),
        ("my-qwen", "qwen2", "default", False),
        ("somebody-gemma-it", "gemma", "gemma", False),
    ],
)
def test_a_template_is_suggested_by_name_then_by_family(
    model: ModelInfo, name: str, model_type: str, template: str, *, is_same_model: bool
) -> None:
    found = suggest_template(dataclasses.replace(model, name=name, model_type=model_type))

    assert found is not None
    assert (found.name, found.is_same_model) == (template, is_same_model)


def test_nothing_is_suggested_for_a_family_that_xtuner_has_no_config_for(model: ModelInfo) -> None:
    assert suggest_template(dataclasses.replace(model, name="x", model_type="unheard_of")) is None


def test_every_suggestion_is_a_template() -> None:
    pairs = _table()["families"].values()
    named = {*_table()["models"].values(), *(name for pair in pairs for name in pair)}

    assert named <= all_templates().keys()
