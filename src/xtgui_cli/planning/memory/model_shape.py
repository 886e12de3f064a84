"""A model's shape, read from the keys of a Hugging Face config.json, and what it adds up to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

from ...shared.errors import Exit, XtguiError

# The usual name last: it is the one reported as missing if there is none.
_NAMES = {
    "hidden": ("n_embd", "d_model", "model_dim", "hidden_size"),
    "layers": ("n_layer", "num_layers", "n_layers", "num_hidden_layers"),
    "heads": ("n_head", "n_heads", "num_heads", "num_attention_heads"),
    "vocabulary": ("padded_vocab_size", "vocab_size"),
}
_INNER = ("ffn_hidden_size", "intermediate_size", "n_inner", "ffn_dim")
_LARGEST = 1 << 20
"""No width, vocabulary or number of layers is larger: a config.json may say anything."""
_EXPERTS = ("num_local_experts", "num_experts", "n_routed_experts", "moe_num_experts")

_UNGATED = frozenset(
    [
        "apertus",
        "arcee",
        "gpt2",
        "gpt_neo",
        "gpt_neox",
        "gptj",
        "gpt_bigcode",
        "bloom",
        "codegen",
        "falcon",
        "mpt",
        "nemotron",
        "opt",
        "persimmon",
        "phi",
        "starcoder2",
    ]
)
"""Model types whose inner layer is two linear layers, not a gate and two."""
_TIED = frozenset(
    ["gemma", "gemma2", "gemma3", "gemma3_text", "gpt2", "falcon", "bloom", "gpt_bigcode", "opt"]
)
"""Model types that share embedding and output head if their config does not say."""
_FUSED_ATTENTION = frozenset(
    [
        "baichuan",
        "bloom",
        "chatglm",
        "codegen",
        "falcon",
        "gpt2",
        "gpt_bigcode",
        "gpt_neox",
        "internlm2",
        "mpt",
        "persimmon",
        "phi3",
        "qwen",
    ]
)
"""Model types with one linear layer for query, key and value."""
_FUSED_INNER = frozenset(("chatglm", "glm", "glm4", "granitemoehybrid", "phi3"))
"""Model types with one linear layer for gate and up."""
_ADAPTED_HEAD = frozenset(("internlm2",))
"""Model types whose output head has a name that xtuner does not exclude from adapters
(xtuner/model/utils.py:47-58 excludes lm_head and output_layer)."""


Reads = Literal["before_attention", "queries", "keys_values", "attention", "before_inner", "inner"]


class Linear(NamedTuple):
    """One linear layer."""

    inputs: int
    outputs: int
    reads: Reads
    """The tensor that it reads, which others may read too."""

    @property
    def is_attention(self) -> bool:
        """Whether it belongs to the attention."""
        return self.reads not in ("before_inner", "inner")

    @property
    def weights(self) -> int:
        """Numbers in its matrix; biases are too few to count."""
        return self.inputs * self.outputs


@dataclass(frozen=True)
class LatentAttention:
    """Attention whose keys and values come from a short vector (DeepSeek-V2, MiniCPM3, Youtu)."""

    queries: int
    """The width of the vector that queries are made of; 0 where they have none."""
    keys_values: int
    """The width of the one that keys and values are made of."""
    turned: int
    """The part of a key's width that carries its position; all heads share one key of it."""
    value: int
    """The width of a value, for each head."""


@dataclass(frozen=True)
class ModelShape:
    """What the memory of a causal language model depends on."""

    hidden: int
    layers: int
    heads: int
    kv_heads: int
    head_dim: int
    """The width of a query, for each head."""
    inner: int
    """Width of the feed-forward part of a layer."""
    vocabulary: int
    is_tied: bool
    """Whether the output head is the embedding itself."""
    is_gated: bool
    model_type: str
    dtype: str
    """As in its config: float32, bfloat16, float16; "" if it does not say."""
    latent: LatentAttention | None = None

    @property
    def attended(self) -> int:
        """The width of what attention gives to the layer after it."""
        return self.heads * (self.latent.value if self.latent else self.head_dim)

    @property
    def linears(self) -> list[Linear]:
        """The linear layers of one transformer layer, in order."""
        into_inner = [self.inner] * (2 if self.is_gated else 1)
        if self.model_type in _FUSED_INNER:
            into_inner = [sum(into_inner)]
        return [
            *self._into_attention(),
            Linear(self.attended, self.hidden, "attention"),
            *(Linear(self.hidden, outputs, "before_inner") for outputs in into_inner),
            Linear(self.inner, self.hidden, "inner"),
        ]

    def _into_attention(self) -> list[Linear]:
        queries, keys = self.heads * self.head_dim, self.kv_heads * self.head_dim
        latent = self.latent
        if latent is not None:
            keys_values = queries - self.heads * latent.turned + self.attended
            of_keys_values = [
                Linear(self.hidden, latent.keys_values + latent.turned, "before_attention"),
                Linear(latent.keys_values, keys_values, "keys_values"),
            ]
            if not latent.queries:
                return [Linear(self.hidden, queries, "before_attention"), *of_keys_values]
            return [
                Linear(self.hidden, latent.queries, "before_attention"),
                Linear(latent.queries, queries, "queries"),
                *of_keys_values,
            ]
        outputs = [queries, keys, keys]
        if self.model_type in _FUSED_ATTENTION:
            outputs = [sum(outputs)]
        return [Linear(self.hidden, each, "before_attention") for each in outputs]

    @property
    def linear_weights(self) -> int:
        """Numbers in the linear layers of all layers: what qlora holds in 4 bits."""
        return self.layers * sum(linear.weights for linear in self.linears)

    @property
    def head_weights(self) -> int:
        """Numbers in either embedding or output head."""
        return self.vocabulary * self.hidden

    @property
    def other_weights(self) -> int:
        """Numbers in embedding, output head and norms: what is never held in 4 bits."""
        return self.head_weights * (1 if self.is_tied else 2) + self.hidden * (2 * self.layers + 1)

    @property
    def parameters(self) -> int:
        """All numbers except biases."""
        return self.linear_weights + self.other_weights

    @property
    def adapted_head(self) -> list[Linear]:
        """The output head, if xtuner adapts it too."""
        if self.model_type in _ADAPTED_HEAD:
            return [Linear(self.hidden, self.vocabulary, "inner")]
        return []


def read_shape(config: Mapping[str, Any], name: str) -> ModelShape:
    """Return the shape that a config.json, or a mapping with its keys, describes.

    Args:
        config: The content of config.json.
        name: The model's, for errors.

    Raises:
        XtguiError: "estimate.no_shape" with the keys that are missing or not a possible size,
            "estimate.experts" for a mixture of experts, which is not counted here.
    """
    inner_config = config.get("text_config")
    facts = {**config, **(inner_config if isinstance(inner_config, dict) else {})}
    if count_experts(config) > 1:
        raise XtguiError("estimate.experts", Exit.ANSWERS, model=name)
    found = {what: _integer(facts, *names) for what, names in _NAMES.items()}
    missing = [_NAMES[what][-1] for what, value in found.items() if not value]
    if missing:
        raise XtguiError("estimate.no_shape", Exit.ANSWERS, model=name, keys=", ".join(missing))
    hidden, layers, heads, vocabulary = (int(found[what] or 0) for what in _NAMES)
    model_type = str(config.get("model_type") or facts.get("model_type") or "")
    inner = _inner(facts, hidden)
    latent = _latent_attention(facts)
    head_dim = _integer(facts, "head_dim", "kv_channels") or hidden // heads
    if latent is not None:
        head_dim = (_integer(facts, "qk_nope_head_dim") or 0) + latent.turned
    return ModelShape(
        hidden=hidden,
        layers=layers,
        heads=heads,
        kv_heads=heads if latent else _kv_heads(facts, heads),
        head_dim=head_dim,
        # Qwen 1 counts gate and up together in its config.json; shapes here count one
        inner=inner // 2 if model_type == "qwen" and inner > 4 * hidden else inner,
        vocabulary=vocabulary,
        is_tied=_is_tied(facts, model_type),
        is_gated=model_type not in _UNGATED,
        model_type=model_type,
        dtype=str(facts.get("torch_dtype") or facts.get("dtype") or "").removeprefix("torch."),
        latent=latent,
    )


def count_experts(config: Mapping[str, Any]) -> int:
    """Return how many experts a config.json names, 0 if it names none."""
    inner_config = config.get("text_config")
    facts = {**config, **(inner_config if isinstance(inner_config, dict) else {})}
    return max(_integer(facts, key) or 0 for key in _EXPERTS)


def _kv_heads(facts: Mapping[str, Any], heads: int) -> int:
    if "multi_query_group_num" in facts and facts.get("multi_query_attention"):  # ChatGLM
        return _integer(facts, "multi_query_group_num") or heads
    if facts.get("multi_query") is True:  # Falcon, StarCoder
        return 1
    return _integer(facts, "num_key_value_heads", "num_kv_heads", "n_head_kv") or heads


def _inner(facts: Mapping[str, Any], hidden: int) -> int:
    inner = _integer(facts, *_INNER) or 4 * hidden
    if facts.get("block_auto_adjust_ff_dim") is not True:
        return inner
    # LFM2 names a width of which it takes two thirds, rounded up (its modeling_lfm2.py, Lfm2MLP)
    step = _integer(facts, "block_multiple_of") or 1
    return -(-(2 * inner // 3) // step) * step


def _latent_attention(facts: Mapping[str, Any]) -> LatentAttention | None:
    keys_values = _integer(facts, "kv_lora_rank")
    turned = _integer(facts, "qk_rope_head_dim")
    value = _integer(facts, "v_head_dim")
    if keys_values is None or turned is None or value is None:
        return None
    return LatentAttention(_integer(facts, "q_lora_rank") or 0, keys_values, turned, value)


def _is_tied(facts: Mapping[str, Any], model_type: str) -> bool:
    tied = facts.get("tie_word_embeddings")
    return tied if isinstance(tied, bool) else model_type in _TIED


def _integer(facts: Mapping[str, Any], *names: str) -> int | None:
    for name in names:
        value = facts.get(name)
        if isinstance(value, int) and not isinstance(value, bool) and 0 < value <= _LARGEST:
            return value
    return None
