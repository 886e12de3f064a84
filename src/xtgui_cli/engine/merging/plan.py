"""What a merge will write, from headers alone: every tensor, its source and its change."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from ...shared.errors import Exit, XtguiError
from ..weights.dtypes import DTYPES
from ..weights.safetensors_writer import Shard, TensorSpec, plan_shards, planned_bytes
from ..weights.weight_files import StoredTensor, Weights
from .adapter_folder import AdapterFolder, LoraPair

_WEIGHT = ".weight"
_HEADS = ("lm_head", "embed_out", "output")
"""Names of output heads."""
_EMBEDDINGS = ("embed_tokens", "wte", "word_embeddings", "embed_in", "tok_embeddings")
_CONV1D_MODELS = ("gpt2", "openai-gpt", "imagegpt", "decision_transformer")
"""Model types with transformers' Conv1D layers, which store weights as (in, out)."""


@dataclass(frozen=True)
class Change:
    """The change of a weight: scale · left·right."""

    lora_a: StoredTensor
    lora_b: StoredTensor
    scale: float
    is_transposed: bool
    """Whether the weight is stored as (in, out), so that (B·A) is added transposed."""


@dataclass(frozen=True)
class PlannedTensor:
    """A result tensor."""

    spec: TensorSpec
    source: StoredTensor
    """Its source: the base model's tensor, or the adapter's replacement."""
    change: Change | None = None


@dataclass(frozen=True)
class MergePlan:
    """The result of a merge, before anything is written."""

    tensors: Mapping[str, PlannedTensor]
    """In the order of the base model."""
    shards: tuple[Shard, ...]
    dtype: str
    """The most common dtype, by bytes."""
    is_untied: bool
    """Whether embedding and output head were tied and are separate now."""
    targets: Mapping[str, str]
    """Names of result weights by the adapter's names of their layers."""

    @property
    def needed_bytes(self) -> int:
        """Size of the weights on disk."""
        return planned_bytes(self.shards)


def plan_merge(
    base: Weights, config: Mapping[str, Any], adapter: AdapterFolder, dtype: str | None
) -> MergePlan:
    """Return what merging will write.

    Args:
        base: The base model's weights.
        config: Its config.json.
        adapter: The adapter to fold in.
        dtype: Dtype of floating-point tensors in the result; None to keep each tensor's own.

    Raises:
        XtguiError: "convert.base_quantized", "convert.does_not_fit".
    """
    if config.get("quantization_config"):
        method = config["quantization_config"]
        name = method.get("quant_method", "?") if isinstance(method, Mapping) else "?"
        raise XtguiError("convert.base_quantized", Exit.ANSWERS, how=str(name)[:40])
    sources = dict(base.tensors)
    tied = _tied_pair(sources, config, adapter)
    if tied is not None:
        head, embedding = tied
        old = sources[embedding]
        sources[head] = replace(old, spec=replace(old.spec, name=head))
    names = WeightNames(sources)
    targets = {module: names.of(module + _WEIGHT) for module in adapter.pairs}
    if len({*targets.values()}) < len(targets):
        raise _misfit(", ".join(sorted(targets)[:3]))
    changes = {
        targets[module]: _change(module, sources[targets[module]].spec, pair, adapter, config)
        for module, pair in adapter.pairs.items()
    }
    replaced = {names.of(name): tensor for name, tensor in adapter.replaced.items()}
    for name, tensor in replaced.items():
        if tensor.spec.shape != sources[name].spec.shape or not tensor.spec.is_float:
            raise _misfit(f"{name}: {sources[name].spec.shape}, {tensor.spec.shape}")
    tensors = {
        name: PlannedTensor(
            TensorSpec(name, _dtype(source.spec, dtype), source.spec.shape),
            replaced.get(name, source),
            changes.get(name),
        )
        for name, source in sources.items()
    }
    shards = plan_shards(planned.spec for planned in tensors.values())
    return MergePlan(
        tensors, tuple(shards), _main_dtype(tensors.values()), tied is not None, targets
    )


class WeightNames:
    """Finds the weights of a base model by the names that its layers have once it is loaded.

    If transformers wraps the model (GPT-2's file says `h.0`, the model `transformer.h.0`), all
    names differ by the same prefix.
    """

    def __init__(self, known: Iterable[str]) -> None:
        self._known = frozenset(known)
        self._swap: tuple[str, str] | None = None

    def of(self, name: str) -> str:
        """Return a weight's name in the file.

        Raises:
            XtguiError: "convert.does_not_fit" if there is none.
        """
        found = self.find(name)
        if found is None:
            raise _misfit(name)
        return found

    def find(self, name: str) -> str | None:
        """Return a weight's name in the file; None if it has none."""
        if name in self._known:
            return name
        if self._swap is None:
            self._swap = self._find_swap(name)
        if self._swap is not None and name.startswith(self._swap[0]):
            swapped = self._swap[1] + name.removeprefix(self._swap[0])
            if swapped in self._known:
                return swapped
        return None

    def _find_swap(self, name: str) -> tuple[str, str] | None:
        """Return the prefix of a name, and that of the only weight with the same end.

        The layer number belongs to the end, so that other layers do not match.
        """
        parts = name.split(".")
        numbers = [at for at, part in enumerate(parts) if part.isdigit()]
        for cut in range(1, min([len(parts) - 2, *numbers]) + 1):
            ending = ".".join(parts[cut:])
            found = [each for each in self._known if each == ending or each.endswith(f".{ending}")]
            if len(found) == 1:
                return name.removesuffix(ending), found[0].removesuffix(ending)
            if found:
                return None
        return None


def _tied_pair(
    sources: Mapping[str, StoredTensor],
    config: Mapping[str, Any],
    adapter: AdapterFolder,
) -> tuple[str, str] | None:
    """Return head and embedding if they are tied and the adapter changes only one of them.

    The adapter changes one and leaves the other, so the result needs both.
    """
    heads = [name for name in sources if _last(name) in _HEADS and "layers." not in name]
    says_tied = config.get("tie_word_embeddings")
    if says_tied is False or (says_tied is not True and heads):
        return None
    touched = {*adapter.pairs, *(name.removesuffix(_WEIGHT) for name in adapter.replaced)}
    both = {name for name in touched if name.rpartition(".")[2] in (*_HEADS, *_EMBEDDINGS)}
    if not both:
        return None
    embeddings = [name for name in sources if _last(name) in _EMBEDDINGS]
    if len(embeddings) != 1 or config.get("text_config"):
        raise XtguiError("convert.tied_unclear", Exit.ANSWERS, names=", ".join(sorted(both)))
    return (heads[0] if heads else "lm_head.weight"), embeddings[0]


def _last(name: str) -> str:
    """Return the layer's own name: "lm_head" of "model.lm_head.weight"."""
    return name.removesuffix(_WEIGHT).rpartition(".")[2]


def _change(
    module: str,
    weight: TensorSpec,
    pair: LoraPair,
    adapter: AdapterFolder,
    config: Mapping[str, Any],
) -> Change:
    """Return what a pair adds to a weight, after checking that its shape fits."""
    out, into = pair.lora_b.spec.shape[0], pair.lora_a.spec.shape[1]
    shapes = f"{module}: {weight.shape}, {pair.lora_b.spec.shape}·{pair.lora_a.spec.shape}"
    if pair.is_embedding:
        is_transposed = True
    elif out == into:
        is_transposed = config.get("model_type") in _CONV1D_MODELS or adapter.fan_in_fan_out
        is_transposed = is_transposed and _last(weight.name) not in _HEADS
    else:
        is_transposed = weight.shape == (into, out)
    if weight.shape != ((into, out) if is_transposed else (out, into)):
        raise _misfit(shapes)
    if not weight.is_float:
        raise XtguiError("convert.base_quantized", Exit.ANSWERS, how=weight.dtype)
    return Change(pair.lora_a, pair.lora_b, pair.scale, is_transposed)


def _dtype(own: TensorSpec, asked: str | None) -> str:
    return asked if asked and own.is_float else own.dtype


def _main_dtype(tensors: Iterable[PlannedTensor]) -> str:
    sizes = dict.fromkeys(DTYPES, 0)
    for tensor in tensors:
        sizes[tensor.spec.dtype] += tensor.spec.size
    return max(sizes, key=lambda name: sizes[name])


def _misfit(reason: str) -> XtguiError:
    return XtguiError("convert.does_not_fit", Exit.ANSWERS, reason=reason[:300])
