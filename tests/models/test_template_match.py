"""A model's template is found by its own chat template, compared as token ids."""

from __future__ import annotations

import dataclasses
import json
import shutil
from pathlib import Path

import pytest

from xtgui_cli.models.model_folder import ModelInfo, check_model
from xtgui_cli.models.template_match import match_template
from xtgui_cli.shared.chat_template import Probe, render

SMOLLM = "You are a helpful AI assistant named SmolLM, trained by Hugging Face"
CHATML_WITH_SYSTEM = (
    "{% for message in messages %}{% if loop.first and messages[0]['role'] != 'system' %}"
    "{{ '<|im_start|>system\n" + SMOLLM + "<|im_end|>\n' }}{% endif %}"
    "{{'<|im_start|>' + message['role'] + '\n' + message['content'] + '<|im_end|>' + '\n'}}"
    "{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}"
)
LLAMA3 = (
    "{{ bos_token }}{% for m in messages %}"
    "{{ '<|start_header_id|>' + m.role + '<|end_header_id|>\n\n' }}"
    "{{ m.content | trim + '<|eot_id|>' }}"
    "{% endfor %}{% if add_generation_prompt %}"
    "{{ '<|start_header_id|>assistant<|end_header_id|>\n\n' }}{% endif %}"
)
MISTRAL = (
    "{{ bos_token }}{% for m in messages %}{% if m.role == 'user' %}{{ '[INST] ' + m.content + "
    "' [/INST]' }}{% elif m.role == 'assistant' %}{{ m.content + eos_token }}"
    "{% else %}{{ raise_exception('only user and assistant') }}{% endif %}{% endfor %}"
)


@pytest.fixture
def model(tiny_model: Path) -> ModelInfo:
    return check_model(tiny_model)


def _with(model: ModelInfo, template: str | None, bos: str = "<|endoftext|>") -> ModelInfo:
    tokens = {**model.special_tokens, "bos_token": bos}
    return dataclasses.replace(model, chat_template=template, special_tokens=tokens)


def test_chatml_is_qwen_chat_and_its_bos_is_not_doubled(model: ModelInfo) -> None:
    """SmolLM2's case: the BOS is <|im_start|>, with which the template begins already."""
    match = match_template(model)

    assert (match.name, match.exact, match.bos_ids) == ("qwen_chat", True, ())
    assert match.system_line is None


def test_a_default_system_line_is_found_and_is_no_difference(model: ModelInfo) -> None:
    match = match_template(_with(model, CHATML_WITH_SYSTEM))

    assert (match.name, match.exact) == ("qwen_chat", True)
    assert match.system_line == SMOLLM


def test_a_bos_that_the_chat_template_writes_is_kept(model: ModelInfo) -> None:
    match = match_template(_with(model, LLAMA3))

    assert (match.name, match.exact, match.bos_ids) == ("llama3_chat", True, (0,))


def test_internlm2_gets_the_template_of_its_own_family(model: ModelInfo) -> None:
    internlm = dataclasses.replace(
        model, model_type="internlm2", architecture="InternLM2ForCausalLM"
    )

    assert match_template(internlm).name == "internlm2_chat"


def test_where_none_is_equal_the_nearest_is_given_with_the_first_difference(
    model: ModelInfo,
) -> None:
    match = match_template(
        _with(
            model,
            CHATML_WITH_SYSTEM.replace("'\n' + message['content']", "': ' + message['content']"),
        )
    )

    assert match.name is not None
    assert not match.exact
    assert match.difference is not None
    assert match.difference.chat != match.difference.xtuner


def test_the_second_bos_of_mistral_is_avoided_by_a_custom_template(model: ModelInfo) -> None:
    """xtuner puts a BOS before every turn of it, the model's own chat template does not."""
    mistral = dataclasses.replace(_with(model, MISTRAL), model_type="mistral")

    match = match_template(mistral)

    assert (match.name, match.exact, match.difference) == ("custom", True, None)
    assert match.custom is not None
    assert match.custom.suffix_as_eos


@pytest.mark.parametrize("template", [None, "{{", "{{ raise_exception('never') }}"])
def test_without_a_usable_chat_template_there_is_no_match(
    model: ModelInfo, template: str | None
) -> None:
    match = match_template(_with(model, template))

    assert (match.name, match.exact, match.bos_ids) == (None, False, (0,))


@pytest.mark.parametrize(
    "template",
    [
        "{{ ''.__class__.__mro__[1].__subclasses__() }}",
        "{{ messages.append(1) }}",
        "{{ cycler.__init__.__globals__.os.popen('id').read() }}",
        "{{ 'x' * 10 ** 10 }}",
    ],
)
def test_a_template_cannot_leave_its_sandbox(template: str) -> None:
    (text,) = render(template, {}, [Probe([])])

    assert not text


def test_what_transformers_offers_to_templates_is_there() -> None:
    template = (
        "{%- for m in messages %}\n"
        "    {%- if loop.index > 1 %}{% break %}{% endif %}\n"
        "{% generation %}{{ m | tojson }}{% endgeneration %}\n"
        "{%- endfor %}{{ bos_token }}{{ strftime_now('%Y') | length }}{{ tools is none }}"
    )
    messages = [{"role": "user", "content": "<é>"}, {"role": "user", "content": "b"}]

    (text,) = render(template, {"bos_token": "<s>"}, [Probe(messages)])

    assert text == '{"role": "user", "content": "<é>"}<s>4True'


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"chat_template.jinja": "file", "chat_template.json": {"chat_template": "json"}}, "file"),
        ({"chat_template.json": {"chat_template": "json"}}, "json"),
        ({"tokenizer_config.json": {"chat_template": "config"}}, "config"),
        (
            {
                "tokenizer_config.json": {
                    "chat_template": [
                        {"name": "rag", "template": "other"},
                        {"name": "default", "template": "named"},
                    ]
                }
            },
            "named",
        ),
        ({}, None),
    ],
)
def test_a_chat_template_is_found_wherever_it_may_stand(
    tmp_path: Path, tiny_model: Path, files: dict[str, object], expected: str | None
) -> None:
    folder = tmp_path / "model"
    shutil.copytree(tiny_model, folder)
    (folder / "tokenizer_config.json").write_text("{}")
    for name, content in files.items():
        text = content if isinstance(content, str) else json.dumps(content)
        (folder / name).write_text(text, "utf-8")

    assert check_model(folder).chat_template == expected
