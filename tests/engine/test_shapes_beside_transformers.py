"""The layers that the memory estimate counts are those of the models that transformers builds."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
import torch
from small_models import SIZES_OF, small_config
from transformers import AutoModelForCausalLM
from transformers.pytorch_utils import Conv1D

from xtgui_cli.planning.memory.model_shape import count_experts, read_shape
from xtgui_cli.shared.packing import KEEPS_PACKS_APART

pytestmark = [pytest.mark.engine, pytest.mark.xdist_group("torch")]

OTHERWISE: dict[str, dict[str, Any]] = {
    # their attention has no grouped keys, which a config may name all the same
    "gpt_neox": {"num_key_value_heads": None},
    "persimmon": {"num_key_value_heads": None},
    "lfm2": {"layer_types": ["full_attention"] * 2, "block_multiple_of": 48},
}
TYPES = sorted(
    model_type
    for model_type in KEEPS_PACKS_APART | set(SIZES_OF) | set(OTHERWISE)
    if count_experts(small_config(model_type).to_dict()) <= 1
)


@pytest.mark.parametrize("model_type", TYPES)
def test_the_linear_layers_are_those_that_are_counted(model_type: str) -> None:
    config = small_config(model_type, **OTHERWISE.get(model_type, {}))
    with torch.device("meta"):
        model = AutoModelForCausalLM.from_config(config)
    real: Counter[tuple[int, int]] = Counter()
    for name, module in model.named_modules():
        if isinstance(module, torch.nn.Linear) and ".1." in name:  # the second layer
            real[module.in_features, module.out_features] += 1
        elif isinstance(module, Conv1D) and ".1." in name:
            real[module.weight.shape[0], module.weight.shape[1]] += 1

    shape = read_shape(config.to_dict(), model_type)

    assert Counter((linear.inputs, linear.outputs) for linear in shape.linears) == real
