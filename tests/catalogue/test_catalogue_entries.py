"""The catalogues hold what they promise: names that lead somewhere, shapes that add up, sources."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from xtgui_cli import catalogue, texts
from xtgui_cli.catalogue import Dataset, Model, datasets, models
from xtgui_cli.planning.memory.model_shape import read_shape
from xtgui_cli.shared.templates import all_templates

SHAPE = {
    "hidden_size",
    "num_hidden_layers",
    "intermediate_size",
    "num_attention_heads",
    "num_key_value_heads",
    "head_dim",
    "vocab_size",
    "tie_word_embeddings",
    "torch_dtype",
    "max_position_embeddings",
}
LATENT = {"q_lora_rank", "kv_lora_rank", "qk_nope_head_dim", "qk_rope_head_dim", "v_head_dim"}
"""Sizes of latent attention, for the models that have it."""
DATA = Path(catalogue.__file__).parent

PUBLISHED_BILLIONS = {
    "Qwen/Qwen2.5-0.5B": 0.49,
    "Qwen/Qwen2.5-1.5B": 1.54,
    "Qwen/Qwen2.5-3B": 3.09,
    "Qwen/Qwen2.5-7B": 7.61,
    "Qwen/Qwen2.5-14B": 14.7,
    "Qwen/Qwen3-4B": 4.0,
    "Qwen/Qwen3-8B": 8.2,
    "Qwen/Qwen3-14B": 14.8,
    "Qwen/Qwen-7B": 7.7,
    "meta-llama/Llama-3.1-8B-Instruct": 8.03,
    "meta-llama/Llama-3.2-1B-Instruct": 1.23,
    "meta-llama/Llama-3.2-3B-Instruct": 3.21,
    "meta-llama/Llama-2-7b-hf": 6.74,
    "meta-llama/Llama-2-70b-hf": 69.0,
    "deepseek-ai/DeepSeek-R1-Distill-Qwen-1.5B": 1.78,
    "internlm/internlm-20b": 20.1,
    "internlm/internlm2_5-7b-chat": 7.74,
    "internlm/internlm2_5-1_8b-chat": 1.89,
    "internlm/internlm2_5-20b-chat": 19.9,
    "internlm/internlm3-8b-instruct": 8.80,
    "google/gemma-2-2b-it": 2.61,
    "google/gemma-2-9b-it": 9.24,
    "google/gemma-3-270m-it": 0.268,
    "google/gemma-3-1b-it": 1.00,
    "mistralai/Mistral-7B-v0.3": 7.25,
    "microsoft/Phi-3-mini-4k-instruct": 3.82,
    "microsoft/Phi-4-mini-instruct": 3.84,
    "HuggingFaceTB/SmolLM2-135M-Instruct": 0.135,
    "HuggingFaceTB/SmolLM2-360M-Instruct": 0.362,
    "HuggingFaceTB/SmolLM2-1.7B-Instruct": 1.71,
    "HuggingFaceTB/SmolLM3-3B": 3.08,
    "baidu/ERNIE-4.5-0.3B-PT": 0.36,
    "zai-org/GLM-4-9B-0414": 9.4,
    "openbmb/MiniCPM5-1B": 1.080632832,
    "openbmb/MiniCPM5-2B": 2.52,
    "ibm-granite/granite-3.3-2b-instruct": 2.53353984,
    "ibm-granite/granite-3.3-8b-instruct": 8.17086464,
    "ibm-granite/granite-4.0-350m": 0.352379904,
    "ibm-granite/granite-4.0-1b": 1.631750144,
    "ibm-granite/granite-4.0-micro": 3.40283648,
    "ibm-granite/granite-4.1-3b": 3.40283648,
    "ibm-granite/granite-4.1-8b": 8.79159296,
    "microsoft/phi-4": 14.6595072,
    "tencent/Hunyuan-0.5B-Instruct": 0.539010048,
    "tencent/Youtu-LLM-2B": 1.961560064,
    "swiss-ai/Apertus-8B-Instruct-2509": 8.05,
    "openbmb/MiniCPM3-4B": 4.07,
    "openbmb/MiniCPM-2B-sft-bf16": 2.72,
    "openbmb/MiniCPM-1B-sft-bf16": 1.36,
    "THUDM/chatglm3-6b": 6.24,
    "01-ai/Yi-6B": 6.06,
    "01-ai/Yi-34B": 34.4,
    "01-ai/Yi-1.5-9B-Chat": 8.83,
    "baichuan-inc/Baichuan-13B-Base": 13.26,
    "baichuan-inc/Baichuan2-13B-Chat": 13.9,
}
"""As cards, reports and the hub's own count of the weights say, rounded as there."""


@pytest.mark.parametrize("model", list(models()), ids=lambda model: model.id)
def test_a_models_shape_adds_up_to_its_parameters(model: Model) -> None:
    """As the estimator reads it, which reads a config.json so too."""
    shape = read_shape({"model_type": model.model_type, **model.shape}, model.id)

    assert set(model.shape) in (SHAPE, SHAPE | LATENT)
    # recurrent layers have sizes of their own
    if model.sources["parameters"]["en"].startswith("Counted from the shape"):
        assert shape.parameters == pytest.approx(model.parameters, rel=0.002)


@pytest.mark.parametrize("name", PUBLISHED_BILLIONS)
def test_parameters_are_those_that_are_published(name: str) -> None:
    model = models().find(name)

    assert model is not None
    assert model.parameters / 1e9 == pytest.approx(PUBLISHED_BILLIONS[name], rel=0.01)


def test_every_known_field_has_its_source_and_no_unknown_one_has() -> None:
    for entry in (*models(), *datasets()):
        fields = ("license", "gated", *(("patterns", "bytes", "rows") * (entry in datasets())))
        for field in fields:
            assert (getattr(entry, field) is not None) == (field in entry.sources), entry.id
        assert entry.sources["ids"]
        assert all(set(said) == set(texts.LANGUAGES) for said in entry.sources.values())


@pytest.mark.parametrize("file", ["models.json", "datasets.json"])
def test_no_source_is_spelled_out_in_vain(file: str) -> None:
    data = json.loads((DATA / file).read_text("utf-8"))
    entries = data[file.removesuffix(".json")]

    assert set(data["sources"]) == {name for one in entries for name in one["sources"].values()}


def test_templates_are_xtuners_and_remarks_are_there_in_both_languages() -> None:
    for model in models():
        assert model.template.name is None or model.template.name in all_templates()
        assert (model.template.name is None) == (model.template.basis == "own")
        assert not model.note or set(model.note) == set(texts.LANGUAGES)
    for dataset in datasets():
        assert set(dataset.about) == set(texts.LANGUAGES)
        assert not dataset.caution or set(dataset.caution) == set(texts.LANGUAGES)


def test_names_lead_to_one_entry_only() -> None:
    for entries in (models(), datasets()):
        ids = [entry.id.lower() for entry in entries]
        aliases = [name.lower() for entry in entries for name in entry.aliases]

        assert len(set(ids)) == len(ids)
        assert len(set(aliases)) == len(aliases)
        assert not set(ids) & set(aliases) - {"baichuan-inc/baichuan-7b"}  # its name elsewhere
        assert all(
            texts.has(f"catalogue.alias_{word}") for one in entries for word in one.aliases.values()
        )


@pytest.mark.parametrize(
    ("asked", "id", "word"),
    [
        ("internlm/internlm-7b", "internlm/internlm-7b", None),
        ("internlm/internlm-20b", "internlm/internlm-20b", None),
        ("internlm/internlm-chat-7b", "internlm/internlm-chat-7b", None),
        ("internlm/internlm-chat-20b", "internlm/internlm-chat-20b", None),
        ("meta-llama/Llama-2-7b-chat", "meta-llama/Llama-2-7b-chat-hf", "format"),
        ("meta-llama/llama2-70b", "meta-llama/Llama-2-70b-hf", "never"),
        ("meta-llama/Llama-2-7b", "meta-llama/Llama-2-7b-hf", "format"),
        ("huggyllama/llama-7b", "huggyllama/llama-7b", None),
        ("baichuan-inc/Baichuan-7B-Chat", "baichuan-inc/Baichuan2-7B-Chat", "never"),
        ("baichuan-inc/Baichuan-13B-Base", "baichuan-inc/Baichuan-13B-Base", None),
        ("baichuan-inc/baichuan-7B", "baichuan-inc/Baichuan-7B", None),
        ("baichuan-inc/Baichuan2-13B-Chat", "baichuan-inc/Baichuan2-13B-Chat", None),
        ("baichuan-inc/Baichuan2-7B-Chat", "baichuan-inc/Baichuan2-7B-Chat", None),
        ("baichuan-inc/Baichuan2-13B-Base", "baichuan-inc/Baichuan2-13B-Base", None),
        ("THUDM/chatglm3-6b", "THUDM/chatglm3-6b", None),
        ("THUDM/chatglm2-6b", "THUDM/chatglm2-6b", None),
        ("THUDM/chatglm3-6b-base", "THUDM/chatglm3-6b-base", None),
        ("01-ai/Yi-24B", "01-ai/Yi-34B", "never"),
        ("01-ai/Yi-6B", "01-ai/Yi-6B", None),
        ("Qwen/Qwen-7B-Chat", "Qwen/Qwen-7B-Chat", None),
        ("Qwen/Qwen-7B", "Qwen/Qwen-7B", None),
        # Their names on ModelScope.
        ("OpenLMLab/internlm-7b", "internlm/internlm-7b", "hub"),
        ("shakechen/Llama-2-7b-chat", "meta-llama/Llama-2-7b-chat-hf", "format"),
        ("skyline2006/llama-7b", "huggyllama/llama-7b", "hub"),
        ("ZhipuAI/chatglm3-6b", "THUDM/chatglm3-6b", "hub"),
        ("01ai/Yi-6B", "01-ai/Yi-6B", "hub"),
        # As people write names.
        ("qwen2.5-7b-instruct", "Qwen/Qwen2.5-7B-Instruct", None),
        (" https://huggingface.co/Qwen/Qwen3-4B/tree/main ", "Qwen/Qwen3-4B", None),
    ],
)
def test_each_model_of_xtunergui_leads_to_one_that_exists(
    asked: str, id: str, word: str | None
) -> None:
    model = models().find(asked)

    assert model is not None
    assert (model.id, model.alias_word) == (id, word)


@pytest.mark.parametrize(
    ("asked", "id"),
    [
        ("tatsu-lab/alpaca", "tatsu-lab/alpaca"),
        ("WizardLM/WizardLM_evol_instruct_V2_196k", "WizardLMTeam/WizardLM_evol_instruct_V2_196k"),
        ("iic/MSAgent-Bench", "damo/MSAgent-Bench"),
        ("AI-ModelScope/OpenOrca", "Open-Orca/OpenOrca"),
        ("https://huggingface.co/datasets/openai/gsm8k", "openai/gsm8k"),
    ],
)
def test_data_sets_are_found_by_all_their_names(asked: str, id: str) -> None:
    dataset = datasets().find(asked)

    assert dataset is not None
    assert dataset.id == id


def test_a_model_that_xtunergui_listed_as_data_is_a_model() -> None:
    assert datasets().find("mistralai/Mistral-7B-v0.1") is None
    assert models().find("mistralai/Mistral-7B-v0.1") is not None


def test_a_name_with_a_slip_leads_to_near_ones() -> None:
    assert models().near("qwen2.5-7b-intruct")[0] == "Qwen/Qwen2.5-7B-Instruct"
    assert datasets().near("tatsulab/alpaka")[0] == "tatsu-lab/alpaca"
    assert models().near("zzzzzz") == []


def test_words_find_whatever_their_case_and_punctuation() -> None:
    assert {model.family for model in models().matching(["QWEN 2.5", "instruct"])} == {"Qwen2.5"}
    assert models().matching(["qwen25"]) == models().matching(["Qwen-2_5"]) != []
    assert all(model.license == "mit" for model in models().matching(["mit", "phi"]))
    assert [one.id for one in datasets().matching(["对联"])] == ["YeungNLP/firefly-train-1.1M"]


@pytest.mark.parametrize("entry", [*models(), *datasets()], ids=lambda entry: entry.id)
def test_every_value_has_the_type_of_its_field(entry: Model | Dataset) -> None:
    assert msgspec.convert(msgspec.to_builtins(entry), type(entry)) == entry


def test_the_engine_stack_follows_from_the_kind_of_model() -> None:
    classic = {model.family for model in models() if model.stack == "classic"}

    assert classic == {"InternLM", "InternLM2.5", "Baichuan", "Baichuan2", "ChatGLM", "Qwen"} | {
        "InternLM3",
        "MiniCPM",
    }


def test_both_catalogues_are_read_in_a_few_milliseconds() -> None:
    """Measured 2 to 4 ms on two cores; 40 allow for a busy machine."""
    code = (
        "import time; from xtgui_cli.catalogue import models, datasets;"
        "start = time.perf_counter(); models(); datasets(); print(time.perf_counter() - start)"
    )
    took = min(
        float(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout)
        for _ in range(2)
    )

    assert took < 0.04
    assert models() is models()
