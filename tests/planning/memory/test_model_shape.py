"""Shapes from config.json files, new names and old ones."""

from __future__ import annotations

from typing import Any

import pytest

from xtgui_cli.planning.memory.model_shape import read_shape
from xtgui_cli.shared.errors import XtguiError

LLAMA: dict[str, Any] = {
    "model_type": "llama",
    "hidden_size": 4096,
    "num_hidden_layers": 32,
    "intermediate_size": 11008,
    "num_attention_heads": 32,
    "vocab_size": 32000,
}
MODELS: dict[str, tuple[dict[str, Any], float]] = {
    "Llama-2-7b": (LLAMA, 6.738e9),
    "Qwen2.5-0.5B": (
        {
            "model_type": "qwen2",
            "hidden_size": 896,
            "num_hidden_layers": 24,
            "intermediate_size": 4864,
            "num_attention_heads": 14,
            "num_key_value_heads": 2,
            "vocab_size": 151936,
            "tie_word_embeddings": True,
        },
        0.494e9,
    ),
    "Qwen-7B, gate and up counted together": (
        {
            "model_type": "qwen",
            "hidden_size": 4096,
            "num_hidden_layers": 32,
            "intermediate_size": 22016,
            "num_attention_heads": 32,
            "vocab_size": 151936,
            "kv_channels": 128,
        },
        7.721e9,
    ),
    "chatglm3-6b, two groups of keys": (
        {
            "model_type": "chatglm",
            "hidden_size": 4096,
            "num_layers": 28,
            "ffn_hidden_size": 13696,
            "num_attention_heads": 32,
            "multi_query_attention": True,
            "multi_query_group_num": 2,
            "kv_channels": 128,
            "padded_vocab_size": 65024,
        },
        6.244e9,
    ),
    "Gemma-7b, heads wider than the rest": (
        {
            "model_type": "gemma",
            "hidden_size": 3072,
            "num_hidden_layers": 28,
            "intermediate_size": 24576,
            "num_attention_heads": 16,
            "num_key_value_heads": 16,
            "head_dim": 256,
            "vocab_size": 256000,
        },
        8.538e9,
    ),
    "gpt_neox, no gate": (
        {
            "model_type": "gpt_neox",
            "hidden_size": 2048,
            "num_hidden_layers": 16,
            "intermediate_size": 8192,
            "num_attention_heads": 8,
            "vocab_size": 50304,
            "tie_word_embeddings": False,
        },
        1.012e9,
    ),
}


@pytest.mark.parametrize("name", MODELS)
def test_a_config_adds_up_to_the_published_number_of_parameters(name: str) -> None:
    """Within half a percent: biases are left out."""
    config, published = MODELS[name]

    assert read_shape(config, name).parameters == pytest.approx(published, rel=0.005)


def test_a_fused_layer_has_as_many_weights_as_the_layers_that_it_is_made_of() -> None:
    apart = read_shape(LLAMA, "x")
    fused = read_shape({**LLAMA, "model_type": "phi3"}, "x")

    assert fused.linear_weights == apart.linear_weights
    assert len(fused.linears) == len(apart.linears) - 3


def test_a_multimodal_model_keeps_its_shape_one_level_deeper() -> None:
    shape = read_shape({"model_type": "gemma3", "text_config": LLAMA}, "x")

    assert (shape.hidden, shape.layers) == (4096, 32)


def test_all_that_is_missing_is_named_at_once() -> None:
    with pytest.raises(XtguiError) as error:
        read_shape({"hidden_size": 64, "num_hidden_layers": "many"}, "x")

    assert error.value.code == "estimate.no_shape"
    assert error.value.data["keys"] == "num_hidden_layers, num_attention_heads, vocab_size"


@pytest.mark.parametrize("layers", [0, -2, True, "2", 10**9, 10**400])
def test_a_number_of_layers_that_no_model_has_counts_as_missing(layers: Any) -> None:
    with pytest.raises(XtguiError) as caught:
        read_shape({**LLAMA, "num_hidden_layers": layers}, "m")

    assert caught.value.data["keys"] == "num_hidden_layers"


def test_a_mixture_of_experts_is_refused() -> None:
    with pytest.raises(XtguiError, match="experts"):
        read_shape({**LLAMA, "num_local_experts": 8}, "mixtral")
