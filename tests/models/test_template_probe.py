"""A template is read off a chat template where its turns do not depend on each other."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from xtgui_cli.models.model_folder import ModelInfo, check_model
from xtgui_cli.models.template_match import match_template
from xtgui_cli.models.template_probe import probe_template
from xtgui_cli.models.tokenization import load_tokenizer
from xtgui_cli.shared.custom_template import from_fields, to_fields
from xtgui_cli.shared.templates import IGNORE_INDEX, Turn, encode_conversation

pytestmark = pytest.mark.process

TURNS = (
    "{{ bos_token }}{% for m in messages %}"
    "{% if m.role == 'system' %}{{ '<sys>{' + m.content + '}</sys>\n' }}"
    "{% elif m.role == 'user' %}{{ '<user>' + m.content + '</user>\n<bot>' }}"
    "{% else %}{{ m.content + '<|im_end|>\n' }}{% endif %}{% endfor %}"
)
WITH_DEFAULT_SYSTEM = (
    "{% if messages[0].role != 'system' %}{{ '<sys>Be kind.</sys>\n' }}{% endif %}"
    "{% for m in messages %}{{ '<' + m.role.replace('system', 'sys') + '>' + m.content }}"
    "{{ '</sys>\n' if m.role == 'system' else '<|im_end|>\n' }}{% endfor %}"
    "{% if add_generation_prompt %}{{ '<assistant>' }}{% endif %}"
)
MISTRAL = (
    "{{ bos_token }}{% for m in messages %}{% if m.role == 'user' %}{{ '[INST] ' + m.content + "
    "' [/INST]' }}{% elif m.role == 'assistant' %}{{ m.content + eos_token }}"
    "{% else %}{{ raise_exception('only user and assistant') }}{% endif %}{% endfor %}"
)
THINKING = (
    "{% for m in messages %}{{ '<|im_start|>' + m.role + '\n' }}"
    "{% if m.role == 'assistant' and loop.last %}{{ '<think>\n\n</think>\n\n' }}{% endif %}"
    "{{ m.content + '<|im_end|>\n' }}{% endfor %}"
    "{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}"
)
QWEN3 = (
    "{% for m in messages %}{{ '<|im_start|>' + m.role + '\n' }}"
    "{% if m.role == 'assistant' and loop.last %}{{ '<think>\n\n</think>\n\n' }}{% endif %}"
    "{{ m.content + '<|im_end|>\n' }}{% endfor %}"
    "{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}"
    "{% if enable_thinking is defined and enable_thinking is false %}"
    "{{ '<think>\n\n</think>\n\n' }}{% endif %}{% endif %}"
)
HUNYUAN = (
    "{% set ns = namespace(system='') %}{% for m in messages if m.role == 'system' %}"
    "{% set ns.system = m.content %}{% endfor %}{{ bos_token + ns.system }}"
    "{% if ns.system %}{{ '<|end|>' }}{% endif %}"
    "{% for m in messages %}{% if m.role == 'user' %}{{ '<|U|>' + m.content + '<|A|>' }}"
    "{% elif m.role == 'assistant' %}{{ m.content + eos_token }}{% endif %}{% endfor %}"
    "{% if enable_thinking is defined and not enable_thinking %}"
    "{{ '<think>\n\n</think>\n' }}{% endif %}"
)
GEMMA = (
    "{{ bos_token }}{% for m in messages %}"
    "{% if m.role == 'system' %}{{ raise_exception('no system') }}{% endif %}"
    "{{ '<start_of_turn>' + ('model' if m.role == 'assistant' else m.role) + '\n' "
    "+ m.content + '<end_of_turn>\n' }}{% endfor %}"
    "{% if add_generation_prompt %}{{ '<start_of_turn>model\n' }}{% endif %}"
)
LLAMA2 = (
    "{% if messages[0].role == 'system' %}{% set s = '<<SYS>>\n' + messages[0].content + "
    "'\n<</SYS>>\n\n' %}{% set rest = messages[1:] %}{% else %}{% set s = '' %}"
    "{% set rest = messages %}{% endif %}{% for m in rest %}{% if m.role == 'user' %}"
    "{{ bos_token + '[INST] ' + (s if loop.first else '') + m.content + ' [/INST]' }}"
    "{% else %}{{ ' ' + m.content + ' ' + eos_token }}{% endif %}{% endfor %}"
)


@pytest.fixture
def model(tiny_model: Path) -> ModelInfo:
    return check_model(tiny_model)


_ASKED = (
    "{% for m in messages %}{% if m.role == 'user' %}<user>{{ m.content }}</user>\n<bot>"
    "{% elif m.role == 'assistant' %}{{ m.content }}<|im_end|>\n{% endif %}{% endfor %}"
)
SYSTEM_IN_QUESTION = (
    "{{ bos_token }}{% set ns = namespace(before='') %}{% for m in messages %}"
    "{% if m.role == 'system' %}{% set ns.before = m.content + '\n\n' %}"
    "{% elif m.role == 'user' %}<user>{{ ns.before }}{{ m.content }}</user>\n<bot>"
    "{% set ns.before = '' %}{% else %}{{ m.content }}<|im_end|>\n{% endif %}{% endfor %}"
)
OPENED_ANSWER = f"{_ASKED}{{% if add_generation_prompt %}}<think>{{% endif %}}"
DATED = (
    "<sys>Today: {{ strftime_now('%d %b %Y') }}\n"
    "{% if messages[0].role == 'system' %}{{ messages[0].content }}{% endif %}</sys>" + _ASKED
)


def _with(model: ModelInfo, template: str) -> ModelInfo:
    tokens = {**model.special_tokens, "bos_token": "<|endoftext|>"}
    return dataclasses.replace(model, chat_template=template, special_tokens=tokens)


def test_a_chat_template_that_xtuner_has_not_becomes_a_custom_template(model: ModelInfo) -> None:
    match = match_template(_with(model, TURNS))

    assert (match.name, match.exact, match.bos_ids) == ("custom", True, (0,))
    assert match.custom is not None
    assert to_fields(match.custom) == {
        "SYSTEM": "<sys>{{{system}}}</sys>\n",
        "INSTRUCTION": "<user>{input}</user>\n<bot>",
        "SUFFIX": "<|im_end|>",
        "SUFFIX_AS_EOS": True,
        "SEP": "\n",
        "STOP_WORDS": ["<|im_end|>"],
    }
    assert from_fields(to_fields(match.custom)) == match.custom


def test_a_system_line_of_the_models_own_stays_out_of_the_custom_template(
    model: ModelInfo,
) -> None:
    match = match_template(_with(model, WITH_DEFAULT_SYSTEM))

    assert (match.name, match.exact, match.system_line) == ("custom", True, "Be kind.")
    assert match.template is not None
    assert match.template.system == "<sys>{system}</sys>\n"
    assert match.template.instruction == "<user>{input}<|im_end|>\n<assistant>"


def test_mistrals_one_bos_is_kept_by_a_custom_template(model: ModelInfo) -> None:
    """xtuner's mistral puts a BOS before every turn, the model's own chat template only once."""
    match = match_template(_with(model, MISTRAL))

    assert match.custom is not None
    assert (match.exact, match.custom.system, match.custom.suffix_as_eos) == (True, "", True)
    assert match.custom.suffix == "<|im_end|>"


def test_a_system_text_within_the_first_question_leaves_a_template_without_one(
    model: ModelInfo,
) -> None:
    """Gemma 3: what xtuner can say is equal; data with system texts are refused with it."""
    match = match_template(_with(model, SYSTEM_IN_QUESTION))

    assert match.exact
    assert match.custom is not None
    assert (match.custom.system, match.custom.instruction) == ("", "<user>{input}</user>\n<bot>")


def test_an_end_token_after_the_last_turn_is_no_difference(model: ModelInfo) -> None:
    """Phi 4 mini: each turn ends with a token of its own, a whole conversation with EOS too."""
    ended = "{% if not add_generation_prompt %}{{ eos_token }}{% endif %}"
    match = match_template(_with(model, TURNS.replace("<|im_end|>\n", "<|im_start|>") + ended))

    assert match.exact


def test_a_custom_template_is_the_nearest_where_prompts_begin_the_answer(model: ModelInfo) -> None:
    """DeepSeek-R1: the prompt opens a thinking block that no earlier answer has."""
    match = match_template(_with(model, OPENED_ANSWER))

    assert (match.name, match.exact, match.uses_history) == ("custom", False, False)
    assert match.difference is not None
    assert match.difference.chat == "<think>"


def test_the_date_in_a_template_is_the_same_on_every_day(model: ModelInfo) -> None:
    """Llama 3.1: a header with the date stands before the system text, also before none."""
    match = match_template(_with(model, DATED))

    assert match.custom is not None
    assert match.custom.system == "<sys>Today: 26 Jul 2024\n{system}</sys>"
    assert (match.exact, match.difference is not None) == (False, True)


def test_a_template_whose_last_turn_is_different_is_said_to_use_history(model: ModelInfo) -> None:
    """Qwen3 without thoughts: an empty thinking block stands in the last answer alone."""
    match = match_template(_with(model, THINKING))

    assert (match.name, match.exact, match.uses_history) == ("qwen_chat", False, True)
    assert match.difference is not None
    assert "<think>" in match.difference.chat


def test_the_empty_thinking_block_is_part_of_the_prompt_and_not_trained(model: ModelInfo) -> None:
    """Qwen3: an answer without thoughts stands behind an empty block, and so it is asked."""
    own = _with(model, QWEN3)

    match = match_template(own)

    assert (match.name, match.uses_history, match.leaves_out_thoughts) == ("custom", True, True)
    assert match.template is not None
    assert match.template.instruction == (
        "<|im_start|>user\n{input}<|im_end|>\n<|im_start|>assistant\n<think>\n\n</think>\n\n"
    )
    encoder = load_tokenizer(own).encoder(match.bos_ids)
    encoded = encode_conversation([Turn("Who?", "Me.", "")], match.template, encoder)
    trained = [token for token in encoded.labels if token != IGNORE_INDEX]
    assert load_tokenizer(own).decode(trained) == "Me.<|im_end|>"
    assert "</think>" in load_tokenizer(own).decode(encoded.input_ids)


def test_an_empty_block_at_the_very_end_belongs_to_the_prompt(model: ModelInfo) -> None:
    """Hunyuan: the block ends every text, also one whose last answer is there."""
    match = match_template(_with(model, HUNYUAN))

    assert (match.name, match.uses_history, match.leaves_out_thoughts) == ("custom", True, True)
    assert match.template is not None
    assert match.template.instruction == "<|U|>{input}<|A|><think>\n\n</think>\n"
    assert (match.template.system, match.template.suffix) == ("{system}<|end|>", "<|im_end|>")


def test_a_model_that_does_not_think_has_no_such_block(model: ModelInfo) -> None:
    assert not match_template(_with(model, TURNS)).leaves_out_thoughts


def test_gemma_that_refuses_a_system_text_gets_a_template_without_one(model: ModelInfo) -> None:
    match = match_template(_with(model, GEMMA))

    assert match.exact
    assert match.template is not None
    assert match.custom is None or match.template.system == ""


def test_llama2_is_never_called_equal_where_the_ids_are_not(model: ModelInfo) -> None:
    """Its system text stands inside the question; it has spaces that a tokenizer may join."""
    match = match_template(_with(model, LLAMA2))

    assert match.name is not None
    assert match.exact or match.difference is not None


@pytest.mark.parametrize("template", ["{{", "nothing", "{{ messages[0].content }}"])
def test_a_chat_template_that_drops_messages_is_not_read(template: str) -> None:
    assert probe_template(template, {}) is None
