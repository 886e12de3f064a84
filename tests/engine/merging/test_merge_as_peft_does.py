"""Merges of tiny models beside peft's own: the same numbers, or a reason why not."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from merged_models import LINEAR, logits_beside, logits_of, merge_ours, save_adapter, save_base

from xtgui_cli.shared.errors import Exit, XtguiError

pytestmark = [pytest.mark.engine, pytest.mark.xdist_group("torch")]


RIGHT: dict[str, tuple[str, dict[str, Any], dict[str, Any]]] = {
    "plain": ("llama", {}, {}),
    "rslora": ("llama", {}, {"use_rslora": True}),
    "patterns": (
        "llama",
        {},
        {
            "rank_pattern": {
                "q_proj": 2,
                r"layers\.1\.mlp\.up_proj": 6,
                "^model.layers.0.*v_proj": 3,
            },
            "alpha_pattern": {"down_proj": 3, "q_proj": 5},
        },
    ),
    "modules to save": ("llama", {}, {"modules_to_save": ["lm_head", "embed_tokens", "norm"]}),
    "tied, head trained": (
        "llama",
        {"tie_word_embeddings": True},
        {"target_modules": [*LINEAR, "lm_head"]},
    ),
    "tied, head saved": ("llama", {"tie_word_embeddings": True}, {"modules_to_save": ["lm_head"]}),
    "tied, nothing of it": ("llama", {"tie_word_embeddings": True}, {}),
    "embeddings": ("llama", {}, {"target_modules": [*LINEAR, "embed_tokens"]}),
    "tied, embeddings": (
        "llama",
        {"tie_word_embeddings": True},
        {"target_modules": ["q_proj", "embed_tokens"]},
    ),
    "transposed": ("gpt2", {}, {"target_modules": ["c_attn", "c_proj", "c_fc"]}),
    "transposed and square alone": ("gpt2", {}, {"target_modules": ["attn.c_proj"]}),
    "fused qkv": ("phi3", {}, {"target_modules": ["qkv_proj", "o_proj", "gate_up_proj"]}),
    "gaussian": ("llama", {}, {"init_lora_weights": "gaussian"}),
    "biases of its own": ("qwen2", {}, {}),
}


@pytest.mark.parametrize("name", RIGHT)
def test_the_merged_model_is_what_peft_makes_of_base_and_adapter(tmp_path: Path, name: str) -> None:
    """Logits within 2e-5 of their size in float32, where the adapter changes them by a tenth."""
    model_type, changes, settings = RIGHT[name]
    base = save_base(tmp_path / "base", model_type, **changes)
    adapter = save_adapter(tmp_path / "adapter", base, **settings)

    done = merge_ours(base, adapter, tmp_path / "merged")

    expected, alone = logits_beside(base, adapter), logits_of(base)
    merged = logits_of(tmp_path / "merged")
    size = expected.abs().max()
    assert (merged - expected).abs().max() < 2e-5 * size
    assert (alone - expected).abs().max() > 0.05 * size
    assert done["of"] == "text"
    assert done["same"] == done["tokens"] >= 200


REFUSED: dict[str, tuple[Callable[[Path, Path], None], str, str]] = {}


def refused(code: str, said: str) -> Callable[[Callable[[Path, Path], None]], Any]:
    def add(spoil: Callable[[Path, Path], None]) -> Any:
        REFUSED[spoil.__name__] = (spoil, code, said)
        return spoil

    return add


def set_in(path: Path, **values: Any) -> None:
    path.write_text(json.dumps(json.loads(path.read_text()) | values))


def set_adapter(adapter: Path, **values: Any) -> None:
    set_in(adapter / "adapter_config.json", **values)


@refused("convert.adapter_setting", "use_dora = True")
def dora(base: Path, adapter: Path) -> None:
    save_adapter(adapter, base, use_dora=True)


@refused("convert.adapter_setting", "peft_type = IA3")
def another_kind(base: Path, adapter: Path) -> None:
    set_adapter(adapter, peft_type="IA3")


@refused("convert.adapter_setting", "bias = all")
def biases(base: Path, adapter: Path) -> None:
    set_adapter(adapter, bias="all")


@refused("convert.adapter_setting", "init_lora_weights = pissa")
def another_base(base: Path, adapter: Path) -> None:
    set_adapter(adapter, init_lora_weights="pissa")


@refused("convert.adapter_setting", "use_tomorrow = 3")
def a_setting_of_a_later_peft(base: Path, adapter: Path) -> None:
    set_adapter(adapter, use_tomorrow=3)


@refused("convert.adapter_setting", "pattern")
def a_pattern_that_never_ends(base: Path, adapter: Path) -> None:
    set_adapter(adapter, rank_pattern={r"(\w+)*x": 4})


@refused("convert.adapter_strange", "r = 5")
def another_rank(base: Path, adapter: Path) -> None:
    set_adapter(adapter, r=5)


@refused("convert.adapter_setting", "lora_alpha = None")
def no_alpha(base: Path, adapter: Path) -> None:
    set_adapter(adapter, lora_alpha=None)


@refused("convert.does_not_fit", "model.layers.0.")
def a_base_of_another_width(base: Path, adapter: Path) -> None:
    save_base(base, hidden_size=32, head_dim=8)


@refused("convert.does_not_fit", "layers.1.")
def a_base_with_fewer_layers(base: Path, adapter: Path) -> None:
    save_base(base, num_hidden_layers=1)


@refused("convert.base_quantized", "gptq")
def a_quantized_base(base: Path, adapter: Path) -> None:
    set_in(base / "config.json", quantization_config={"quant_method": "gptq"})


@refused("convert.adapter_missing", "adapter")
def no_adapter(base: Path, adapter: Path) -> None:
    (adapter / "adapter_config.json").unlink()


@refused("convert.weights_missing", "adapter_model.safetensors")
def no_matrices(base: Path, adapter: Path) -> None:
    (adapter / "adapter_model.safetensors").unlink()


@refused("convert.weights_missing", "model.safetensors")
def no_weights(base: Path, adapter: Path) -> None:
    (base / "model.safetensors").unlink()


@refused("convert.weights_cut_off", "model.safetensors")
def weights_cut_off(base: Path, adapter: Path) -> None:
    path = base / "model.safetensors"
    path.write_bytes(path.read_bytes()[:-100])


@refused("convert.base_missing", "base")
def no_base(base: Path, adapter: Path) -> None:
    (base / "config.json").unlink()


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_merged_is_refused_before_anything_is_written(
    tmp_path: Path, name: str
) -> None:
    spoil, code, said = REFUSED[name]
    base = save_base(tmp_path / "base")
    adapter = save_adapter(tmp_path / "adapter", base)
    spoil(base, adapter)

    with pytest.raises(XtguiError) as caught:
        merge_ours(base, adapter, tmp_path / "merged")

    assert (caught.value.code, caught.value.exit) == (code, Exit.ANSWERS)
    assert said in str(caught.value.data)
    assert {path.name for path in tmp_path.iterdir()} == {"base", "adapter"}


def test_a_bin_is_merged_as_safetensors_are(tmp_path: Path) -> None:
    import torch
    from safetensors.torch import load_file

    base = save_base(tmp_path / "base")
    adapter = save_adapter(tmp_path / "adapter", base)
    merge_ours(base, adapter, tmp_path / "merged")
    for folder, name, new in (
        (base, "model.safetensors", "pytorch_model.bin"),
        (adapter, "adapter_model.safetensors", "adapter_model.bin"),
    ):
        torch.save(load_file(folder / name), folder / new)
        (folder / name).unlink()

    merge_ours(base, adapter, tmp_path / "of_bin")

    one, other = (load_file(tmp_path / name / "model.safetensors") for name in ("merged", "of_bin"))
    assert one.keys() == other.keys()
    assert all(torch.equal(one[name], other[name]) for name in one)


@pytest.mark.parametrize("dtype", [None, "bfloat16", "float16"])
def test_what_the_adapter_leaves_alone_is_copied_byte_for_byte(
    tmp_path: Path, dtype: str | None
) -> None:
    import torch
    from safetensors.torch import load_file

    base = save_base(tmp_path / "base", hidden_act="silu")
    adapter = save_adapter(tmp_path / "adapter", base, target_modules=["q_proj"])

    merge_ours(base, adapter, tmp_path / "merged", dtype=dtype)

    own, merged = (
        load_file(folder / "model.safetensors") for folder in (base, tmp_path / "merged")
    )
    config = json.loads((tmp_path / "merged" / "config.json").read_text())
    wanted = getattr(torch, dtype or "float32")
    assert config.get("dtype", config.get("torch_dtype")) == (dtype or "float32")
    assert list(own) == list(merged)
    for name, tensor in own.items():
        same = torch.equal(merged[name].view(torch.uint8), tensor.to(wanted).view(torch.uint8))
        assert same == ("q_proj" not in name), name
