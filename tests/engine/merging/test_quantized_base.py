"""Of an adapter that was trained beside 4-bit weights, the base that comes closer is merged."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from merged_models import (
    logits_of,
    merge_ours,
    save_adapter,
    save_base,
)

from xtgui_cli.engine.known import TaughtRow
from xtgui_cli.engine.merging import quantized_base
from xtgui_cli.engine.merging.asked_tokens import AskedTokens
from xtgui_cli.engine.merging.quantized_base import find_quantized_base
from xtgui_cli.engine.merging.whole_check import Compared, likeliest_tokens
from xtgui_cli.engine.weights.weight_files import open_weights

pytestmark = [pytest.mark.engine, pytest.mark.xdist_group("torch")]

CONFIG = """
model = dict(
    llm=dict(
        pretrained_model_name_or_path="base",
        quantization_config=dict(
            load_in_4bit=True, bnb_4bit_quant_type="nf4", bnb_4bit_use_double_quant=True)),
    lora=dict(r=4, lora_alpha=8))
"""
IDS = list(range(3, 259))


@pytest.fixture
def project(tmp_path: Path) -> Path:
    base = save_base(tmp_path / "base", hidden_size=128, intermediate_size=256)
    save_adapter(tmp_path / "adapter", base)
    (tmp_path / "config.py").write_text(CONFIG)
    return tmp_path


def logits_as_trained(project: Path) -> torch.Tensor:
    """Return what peft gives beside weights that bitsandbytes has made 4-bit ones."""
    from peft import PeftModel
    from transformers import AutoModelForCausalLM, BitsAndBytesConfig

    quantized = BitsAndBytesConfig(
        load_in_4bit=True,
        bnb_4bit_quant_type="nf4",
        bnb_4bit_use_double_quant=True,
        bnb_4bit_compute_dtype=torch.float32,
    )
    model = AutoModelForCausalLM.from_pretrained(
        project / "base", quantization_config=quantized, dtype=torch.float32, device_map="cpu"
    )
    model = PeftModel.from_pretrained(model, project / "adapter").eval()
    with torch.no_grad():
        return model(input_ids=torch.tensor([IDS])).logits[0]


def test_what_was_trained_is_what_the_4_bit_model_gives(project: Path) -> None:
    quantized = find_quantized_base(project / "config.py")
    asked = AskedTokens((TaughtRow(0, IDS, IDS),), 0)
    assert quantized is not None

    with open_weights(project / "base") as weights:
        compared = Compared(
            project / "base",
            weights.tensors,
            project / "adapter",
            change=quantized.as_trained,
        )
        found = likeliest_tokens(compared, asked, trust_remote_code=False)

    expected = logits_as_trained(project)[:-1].argmax(-1)
    assert float((found == expected).float().mean()) > 0.98
    assert not quantized.has("lm_head.weight")
    assert quantized.has("model.layers.0.mlp.up_proj.weight")


def test_the_base_is_merged_that_comes_closer_to_what_was_trained(project: Path) -> None:
    config = str(project / "config.py")

    done = merge_ours(
        project / "base", project / "adapter", project / "merged", config=config, quantized=True
    )

    expected = logits_as_trained(project)
    size = expected.square().mean().sqrt()
    merged = (logits_of(project / "merged", IDS) - expected).square().mean().sqrt() / size
    assert done["base"] == "dequantized"
    assert done["same"] == done["tokens"] > done["other_same"]
    assert merged < 0.01


def test_a_base_that_would_take_too_long_to_quantize_is_merged_as_it_is(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(quantized_base, "MOST_WEIGHTS", 0)

    done = merge_ours(
        project / "base",
        project / "adapter",
        project / "merged",
        config=str(project / "config.py"),
        quantized=True,
    )

    assert (done["base"], done["same"]) == ("assumed", done["tokens"])
