"""Folds an adapter into its base model, and proves that the result answers as both together did."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..shared.errors import Exit, XtguiError
from .adapter import Adapter, read_adapter
from .base_model import (
    check_base,
    choose_dtype,
    copy_model_code,
    copy_tokenizer,
    dtype_option,
    torch_dtype,
    weight_bytes,
)
from .compat_own_code import forget_code, load_older_code
from .serve import Reply
from .whole_folder import intact_record, made_from, whole_folder

if TYPE_CHECKING:
    from torch import Tensor

TOLERANCES = {"float32": 1e-4, "float16": 1e-2, "bfloat16": 5e-2}
"""How far the merged model's logits may be from those of base and adapter, to which comes a tenth
of what the adapter changes: root mean square of the difference, over that of the logits. A folded
weight is rounded to the dtype once more. LoRAs of SmolLM2-135M that changed the logits by 0.17 and
0.90 gave 0.016 and 0.036 in bfloat16; 0.003 and 2e-6 in float16 and float32."""
_PROBE = "Who are you? 你是谁？ 1, 2, 3: the capital of France is"


@dataclass(frozen=True)
class Proof:
    """What the comparison of the logits has shown."""

    difference: float
    """Root mean square of the difference over that of the logits; unitless."""
    tolerance: float
    """The largest difference allowed, see `TOLERANCES`."""
    effect: float
    """The same measure between the base alone and base with adapter: what the training changed."""
    agreement: float
    """Share of positions at which both find the same token likeliest."""


def fold(weight: Tensor, lora_a: Tensor, lora_b: Tensor, scale: float) -> Tensor:
    """Fold a LoRA adapter into its base weight: W + scale · B·A, summed in float32.

    Args — weight: (out, in), any float; lora_a: (rank, in); lora_b: (out, rank); scale: unitless,
    alpha / rank.
    Returns — (out, in), dtype of *weight*. Raises — XtguiError "convert.does_not_fit" when the
    shapes differ, "convert.not_finite" when a value of the sum is no finite number of that dtype.
    Source — Hu et al. 2021, arXiv:2106.09685, section 4.1.
    """
    if weight.shape != (lora_b.shape[0], lora_a.shape[1]) or lora_a.shape[0] != lora_b.shape[1]:
        shapes = f"{tuple(weight.shape)}, {tuple(lora_b.shape)}·{tuple(lora_a.shape)}"
        raise XtguiError("convert.does_not_fit", Exit.ANSWERS, reason=shapes)
    change = (lora_b.float() @ lora_a.float()) * scale
    folded = (weight.float() + change).to(weight.dtype)
    if not folded.isfinite().all():
        raise XtguiError("convert.not_finite", Exit.FAILED)
    return folded


def run(request: Mapping[str, Any], reply: Reply) -> dict[str, Any]:
    """Merge the adapter folder `adapter` into the model folder `base`, as the folder `out`.

    Also asked with — dtype: None for the base's own; trust_remote_code.
    Gives — out, dtype, reused, and the fields of `Proof`.
    """
    adapter_folder, out = Path(request["adapter"]), Path(request["out"])
    base = check_base(Path(request["base"]))
    dtype = choose_dtype(base, request.get("dtype"))
    source = made_from(adapter_folder) or {"made": "adapter", "folder": str(adapter_folder)}
    record = {**source, "made": "merge", "base": str(base), "dtype": dtype}
    made = intact_record(out)
    if made and "proof" in made and {**made, "proof": None} == {**record, "proof": None}:
        return {"out": str(out), "dtype": dtype, "reused": True, **made["proof"]}
    reply.enter("importing")
    load_older_code()
    with whole_folder(out, record, int(weight_bytes(base) * 1.1) + (64 << 20)) as folder:
        loader = _Loader(dtype, trust_remote_code=bool(request.get("trust_remote_code")))
        proof = _merge(base, adapter_folder, folder, loader=loader, reply=reply)
        record["proof"] = proof.__dict__
    return {"out": str(out), "dtype": dtype, "reused": False, **proof.__dict__}


@dataclass(frozen=True)
class _Loader:
    """How the models of a merge are loaded."""

    dtype: str
    trust_remote_code: bool

    def model(self, folder: Path) -> Any:
        from transformers import AutoModelForCausalLM

        return AutoModelForCausalLM.from_pretrained(
            folder,
            trust_remote_code=self.trust_remote_code,
            **dtype_option(torch_dtype(self.dtype)),
        ).eval()

    def probe_ids(self, base: Path) -> Tensor:
        """Give a few token ids, (1, tokens), of English, Chinese and digits."""
        import torch
        from transformers import AutoTokenizer

        tokenizer = AutoTokenizer.from_pretrained(base, trust_remote_code=self.trust_remote_code)
        return torch.tensor([tokenizer.encode(_PROBE, add_special_tokens=False)])


def _merge(
    base: Path, adapter_folder: Path, folder: Path, *, loader: _Loader, reply: Reply
) -> Proof:
    probe = loader.probe_ids(base)
    reply.enter("model")
    model = loader.model(base)
    adapter = read_adapter(adapter_folder)
    alone, expected = _logits(model, probe), _logits_with_adapter(model, adapter_folder, probe)
    reply.enter("merging")
    fold_into(model, adapter)
    reply.enter("saving")
    model.save_pretrained(folder)
    del model
    copy_model_code(base, folder)
    copy_tokenizer(base, folder)
    reply.enter("checking")
    merged = _logits(loader.model(folder), probe)
    forget_code(folder)
    return prove(merged, expected, alone, TOLERANCES[loader.dtype])


def fold_into(model: Any, adapter: Adapter) -> None:
    """Fold every pair of the adapter into the model's layer of that name, in place.

    Raises — XtguiError "convert.does_not_fit" when the model has no such layer.
    """
    import torch

    modules = dict(model.named_modules())
    with torch.no_grad():
        for name, pair in adapter.pairs.items():
            weight = getattr(modules.get(name), "weight", None)
            if weight is None:
                raise XtguiError("convert.does_not_fit", Exit.ANSWERS, reason=name)
            weight.copy_(fold(weight, pair.lora_a, pair.lora_b, adapter.scale))


def _logits(model: Any, probe: Tensor) -> Tensor:
    """Give the logits of every position, (tokens, vocabulary), float32."""
    import torch

    with torch.inference_mode():
        logits: Tensor = model(input_ids=probe).logits[0].float()
    return logits


def _logits_with_adapter(model: Any, adapter_folder: Path, probe: Tensor) -> Tensor:
    """Give the logits of base and adapter as peft computes them, and leave *model* as it was.

    peft shares nothing with `fold`: it adds B·(A·x) to each layer's output.
    """
    from .compat_libraries import import_peft

    both = import_peft().PeftModel.from_pretrained(model, adapter_folder).eval()
    logits = _logits(both, probe)
    both.unload()
    return logits


def prove(merged: Tensor, expected: Tensor, alone: Tensor, rounding: float) -> Proof:
    """Compare logits, all (tokens, vocabulary): of the merged model, of base with adapter, of the
    base alone. *rounding* is what the dtype alone may do to them.

    Raises — XtguiError "convert.not_finite", "convert.merge_differs".
    """
    if not merged.isfinite().all() or not expected.isfinite().all():
        raise XtguiError("convert.not_finite", Exit.FAILED)
    difference, effect = _distance(merged, expected), _distance(alone, expected)
    tolerance = rounding + effect / 10
    if difference > tolerance:
        raise XtguiError(
            "convert.merge_differs",
            Exit.FAILED,
            difference=f"{difference:.2%}",
            tolerance=f"{tolerance:.2%}",
        )
    agreement = float((merged.argmax(-1) == expected.argmax(-1)).float().mean())
    return Proof(round(difference, 7), round(tolerance, 7), round(effect, 7), round(agreement, 4))


def _distance(logits: Tensor, reference: Tensor) -> float:
    scale = reference.square().mean().sqrt().clamp_min(1e-30)
    return float((logits - reference).square().mean().sqrt() / scale)
