"""Small models with an adapter, merged by us and computed beside peft."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from small_models import small_model

from xtgui_cli.engine import merge, serve

IDS = range(3, 60)
LINEAR = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]


def save_base(folder: Path, model_type: str = "llama", **changes: Any) -> Path:
    """Write a small random model with a tokenizer, in float32."""
    import tiny

    model = small_model(model_type, vocab_size=tiny.VOCABULARY, **changes)
    model.save_pretrained(folder)
    tiny.save_tokenizer(folder)
    return folder


def save_adapter(folder: Path, base: Path, **settings: Any) -> Path:
    """Write an adapter with loud random matrices, as peft writes it."""
    import torch
    from peft import LoraConfig, get_peft_model
    from transformers import AutoModelForCausalLM

    options = {"r": 4, "lora_alpha": 8, "target_modules": LINEAR, "task_type": "CAUSAL_LM"}
    model = get_peft_model(
        AutoModelForCausalLM.from_pretrained(base, dtype=torch.float32),
        LoraConfig(**{**options, **settings}),
    )
    dice = torch.Generator().manual_seed(3)
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            if "lora_" in name or "modules_to_save" in name:
                parameter += 0.1 * torch.randn(parameter.shape, generator=dice)
    model.save_pretrained(folder)
    return folder


def merge_ours(base: Path, adapter: Path, out: Path, **request: Any) -> dict[str, Any]:
    reply = serve.Reply(lambda event: None, threading.Event())
    return merge.run(
        {"base": str(base), "adapter": str(adapter), "out": str(out), **request}, reply
    )


def logits_beside(base: Path, adapter: Path) -> Any:
    """Return what base and adapter give, not merged."""
    import torch
    from peft import PeftModel
    from transformers import AutoModelForCausalLM

    model = AutoModelForCausalLM.from_pretrained(base, dtype=torch.float32)
    return _logits(PeftModel.from_pretrained(model, adapter).eval())


def logits_of(folder: Path, ids: Sequence[int] = IDS) -> Any:
    import torch
    from transformers import AutoModelForCausalLM

    return _logits(AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32).eval(), ids)


def _logits(model: Any, ids: Sequence[int] = IDS) -> Any:
    import torch

    with torch.no_grad():
        return model(input_ids=torch.tensor([list(ids)])).logits[0]
