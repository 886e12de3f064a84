"""Which models are refused and why, and which are trained slowly."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import tiny

from xtgui_cli.models.model_folder import check_model
from xtgui_cli.models.untrainable import find_reason, guess_reason, is_hybrid
from xtgui_cli.shared.errors import Exit, XtguiError
from xtgui_cli.texts import LANGUAGES, in_language, t

FP8 = {"quant_method": "fp8", "activation_scheme": "dynamic"}


@pytest.mark.parametrize(
    ("config", "reason"),
    [
        ({"model_type": "llama"}, None),
        ({"model_type": "qwen3", "quantization_config": FP8}, "quantised"),
        ({"model_type": "qwen2", "quantization_config": {"quant_method": "awq"}}, "quantised"),
        ({"model_type": "llama", "quantization_config": {"quant_method": "bitsandbytes"}}, None),
        ({"model_type": "llama", "quantization_config": {}}, None),
        ({"model_type": "gemma3", "vision_config": {"hidden_size": 8}}, "multimodal"),
        ({"model_type": "gemma3n", "audio_config": {"hidden_size": 8}}, "multimodal"),
        ({"model_type": "mistral3", "vision_config": {"a": 1}, "text_config": {}}, "multimodal"),
        ({"model_type": "qwen3_5", "vision_config": {"depth": 1}, "text_config": {}}, None),
        ({"model_type": "qwen3_moe", "num_experts": 128}, "experts"),
        ({"model_type": "gpt_oss", "num_local_experts": 32}, "experts"),
        ({"model_type": "glm4_moe_lite", "n_routed_experts": 64}, "experts"),
        (
            {
                "model_type": "qwen3_5_moe",
                "vision_config": {"depth": 1},
                "text_config": {"num_experts": 256},
            },
            "multimodal",
        ),
        ({"model_type": "granitemoehybrid", "num_local_experts": 0}, None),
        ({"model_type": "hunyuan_v1_dense", "num_experts": 1}, None),
        ({"quantization_config": "fp8", "vision_config": None, "num_experts": "many"}, None),
    ],
)
def test_a_config_says_why_its_model_is_not_trained(
    config: dict[str, Any], reason: str | None
) -> None:
    assert find_reason(config) == reason


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("google/gemma-3-4b-it", "multimodal"),
        ("google/gemma-3-1b-it", None),
        ("google/gemma-3-270m-it", None),
        ("google/gemma-3n-E2B-it", "multimodal"),
        ("mistralai/Ministral-3-8B-Instruct", "multimodal"),
        ("Qwen/Qwen3-VL-4B-Instruct", "multimodal"),
        ("OpenGVLab/InternVL3-8B", "multimodal"),
        ("openbmb/MiniCPM-V-2_6", "multimodal"),
        ("Qwen/Qwen3-30B-A3B-Instruct-2507", "experts"),
        ("openai/gpt-oss-20b", "experts"),
        ("zai-org/GLM-4.7-Flash", "experts"),
        ("zai-org/GLM-4-9B-0414", None),
        ("ibm-granite/granite-4.0-h-tiny", "experts"),
        ("ibm-granite/granite-4.0-h-350m", None),
        ("deepseek-ai/DeepSeek-R1", "experts"),
        ("deepseek-ai/DeepSeek-R1-Distill-Qwen-7B", None),
        ("Qwen/Qwen3-8B-FP8", "quantised"),
        ("Qwen/Qwen2.5-7B-Instruct-GPTQ-Int4", "quantised"),
        ("Qwen/Qwen3-8B", None),
        ("mistralai/Mistral-7B-Instruct-v0.3", None),
        ("microsoft/Phi-4-mini-instruct", None),
    ],
)
def test_a_name_tells_before_gigabytes_are_downloaded(name: str, reason: str | None) -> None:
    assert guess_reason(name) == reason


def test_no_model_of_the_catalogue_is_refused_by_its_name() -> None:
    from xtgui_cli.catalogue import models

    assert [model.id for model in models() if guess_reason(model.id)] == []


@pytest.mark.parametrize(
    ("config", "expected"),
    [
        ({"model_type": "llama"}, False),
        ({"model_type": "lfm2"}, True),
        ({"model_type": "lfm2", "layer_types": ["conv", "full_attention"]}, True),
        ({"model_type": "granitemoehybrid", "layer_types": ["attention", "attention"]}, False),
        ({"model_type": "granitemoehybrid", "layer_types": ["mamba", "attention"]}, True),
        ({"model_type": "qwen3_5", "text_config": {"layer_types": ["linear_attention"]}}, True),
        ({"model_type": "gemma3_text", "layer_types": ["sliding_attention"]}, False),
        ({"model_type": "qwen3_5", "text_config": "none", "layer_types": None}, True),
    ],
)
def test_layers_that_carry_a_state_are_seen(config: dict[str, Any], expected: bool) -> None:
    assert is_hybrid(config) is expected


def change(folder: Path, **facts: Any) -> Path:
    tiny.save_model(folder)
    file = folder / "config.json"
    file.write_text(json.dumps(json.loads(file.read_text()) | facts))
    return folder


def test_a_refused_model_is_explained_in_both_languages(tmp_path: Path) -> None:
    folder = change(tmp_path / "gemma", model_type="gemma3", vision_config={"hidden_size": 8})

    with pytest.raises(XtguiError) as caught:
        check_model(folder)

    assert (caught.value.code, caught.value.exit) == ("model.untrainable_multimodal", Exit.ANSWERS)
    for language in LANGUAGES:
        words = in_language(language, lambda: t(caught.value.code, **caught.value.data))
        assert "gemma" in words
        assert in_language(language, lambda: t(f"{caught.value.code}.hint"))


def test_weights_of_8_bits_are_refused_though_the_config_is_silent(tmp_path: Path) -> None:
    folder = change(tmp_path / "model")
    weights = folder / "model.safetensors"
    content = weights.read_bytes()
    length = int.from_bytes(content[:8], "little")
    header = content[8 : 8 + length].replace(b'"F32"', b'"F8_E4M3"')
    weights.write_bytes(len(header).to_bytes(8, "little") + header + content[8 + length :])

    with pytest.raises(XtguiError) as caught:
        check_model(folder)

    assert caught.value.code == "model.untrainable_quantised"


def test_a_hybrid_is_whole_and_says_so(tmp_path: Path) -> None:
    assert check_model(change(tmp_path / "model", model_type="lfm2")).is_hybrid
    assert not check_model(change(tmp_path / "other")).is_hybrid
