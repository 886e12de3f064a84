"""The memory of a training run, term by term, from the shape of the model and the settings.

What a layer keeps for its backward pass was observed in transformers 5.23, peft 0.21 and torch 2.9
(autocast included), with every tensor that autograd saved listed for a layer of a Qwen2
(tests/engine/test_memory_for_real.py repeats it). The idea of counting saved tensors layer by layer
is from Korthikanti et al. 2022, arXiv:2205.05198, section 4; the size of a 4-bit weight is from
Dettmers et al. 2023, arXiv:2305.14314, section 3. Nothing here was fitted to a measured total.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ...shared.methods import METHODS, MethodName
from .model_shape import Linear, ModelShape

GIB = 1 << 30
NF4_BYTES = 0.5 + 1 / 64 + 4 / (64 * 256)
"""A weight in nf4, quantized twice: 4 bits, a byte for each 64, a float for 256 of those."""
LOSS_BYTES = 12
"""For each logit at the loss: log-softmax, its gradient and the logits' gradient, in float32."""
CUDA_BYTES = GIB // 2
"""GPU memory that CUDA and its libraries take before anything is computed: estimated, not
measured."""
ALLOCATOR_SHARE = 0.08
"""Memory that PyTorch's allocator holds beyond what is in use: the median of the seven runs in
tests/planning/memory/vram_published.json that give both figures (2 to 25 %)."""
PROCESS_BYTES = int(1.3 * GIB)
"""Python with torch, transformers and xtuner loaded, on a CPU; measured on Linux."""

_PAGED_FROM = 100_000
"""bitsandbytes pages the state of tensors with at least this many numbers (optimizer.py:383)."""
_EIGHT_BIT = 2 * (1 + 4 / 256)
"""Both of Adam's averages in 8 bits, with a float for each 256 numbers."""

Moment = Literal["loss", "layer", "step"]


@dataclass(frozen=True)
class TrainingSetup:
    """How a trainer holds a model and what it trains; `..._bytes` are bytes per number."""

    method: MethodName
    length: int
    """Tokens in the longest sample."""
    batch_size: int = 1
    """Samples in one forward pass."""
    device: str = "cuda"
    base_bytes: int = 4
    """For the linear layers of the base; with qlora they are in nf4 instead."""
    other_bytes: int = 4
    """For embedding, output head and norms, and so for what layers pass on."""
    compute_bytes: int = 2
    """For matrix products."""
    autocast: bool = True
    """Whether autocast converts other dtypes for them."""
    trained_bytes: int = 4
    """For what is trained, and for its gradients."""
    optim_type: str = "AdamW"
    lora_r: int = 64
    lora_dropout: float = 0.1
    adapts_inner: bool = True
    """Whether all linear layers have adapters, or only those of the attention."""
    checkpointing: bool = True
    loss_bytes: int = LOSS_BYTES
    logit_tokens: int | None = None
    """Tokens of one forward pass that logits are computed for; None: all."""
    kept_logit_bytes: int = 0
    """For logits that the training loop itself holds during the backward pass; xtuner's does
    not."""
    has_fused_attention: bool = True
    """Whether the attention never writes out its square matrix. CUDA's fused kernels for grouped
    queries require 16 bits and an Ampere card (github.com/huggingface/transformers/pull/46960);
    otherwise it silently falls back to the plain computation."""

    @property
    def trains_adapter(self) -> bool:
        """Whether small adapters are trained beside a frozen base."""
        return METHODS[self.method].trains_adapter

    @property
    def quantizes_base(self) -> bool:
        """Whether the base is held in 4 bits."""
        return METHODS[self.method].quantizes_base

    @property
    def tokens(self) -> int:
        """Tokens in one forward pass."""
        return self.length * self.batch_size


@dataclass(frozen=True)
class Memory:
    """What is held at the moment of the peak, in bytes."""

    base: int
    """The base model's linear layers."""
    other: int
    """Embedding, output head and norms."""
    adapter: int
    gradients: int
    optimizer: int
    activations: int
    """What the layers keep for the backward pass at that moment."""
    work: int
    """What that moment itself needs: the logits and the loss, a recomputed layer, a step."""
    overhead: int
    """CUDA and the allocator, or the process itself."""
    paged: int
    """The part of the optimizer's state that may move to main memory; not in the sum."""
    moment: Moment

    @property
    def in_use(self) -> int:
        """Memory of tensors: the figure that torch calls allocated."""
        held = self.base + self.other + self.adapter + self.gradients + self.optimizer
        return held + self.activations + self.work

    @property
    def total(self) -> int:
        """Memory that the device must have."""
        return self.in_use + self.overhead


def training_memory(shape: ModelShape, run: TrainingSetup) -> Memory:
    """Return the memory of the most demanding moment of a training iteration."""
    base = shape.linear_weights * (NF4_BYTES if run.quantizes_base else run.base_bytes)
    other = shape.other_weights * run.other_bytes
    trained = trained_tensors(shape, run)
    count = sum(trained)
    adapter = count * run.trained_bytes if run.trains_adapter else 0
    gradients = count * run.trained_bytes
    optimizer, paged = _optimizer_bytes(trained, run)
    activations, work, moment = _peak(shape, run, count)
    in_use = base + other + adapter + gradients + optimizer + activations + work
    overhead = PROCESS_BYTES if run.device == "cpu" else CUDA_BYTES + ALLOCATOR_SHARE * in_use
    return Memory(
        base=int(base),
        other=int(other),
        adapter=adapter,
        gradients=gradients,
        optimizer=optimizer,
        activations=int(activations),
        work=int(work),
        overhead=int(overhead),
        paged=paged,
        moment=moment,
    )


def trained_tensors(shape: ModelShape, run: TrainingSetup) -> list[int]:
    """Return how many numbers each trained tensor has."""
    if not run.trains_adapter:
        inside = [linear.weights for linear in shape.linears] * shape.layers
        return [*inside, *[shape.head_weights] * (1 if shape.is_tied else 2)]
    return [
        run.lora_r * width
        for linear in [*_adapted(shape, run) * shape.layers, *shape.adapted_head]
        for width in (linear.inputs, linear.outputs)
    ]


def _adapted(shape: ModelShape, run: TrainingSetup) -> list[Linear]:
    return [linear for linear in shape.linears if linear.is_attention or run.adapts_inner]


def state_bytes(run: TrainingSetup) -> float:
    """Return the bytes of optimizer state per trained number.

    As config and library say: SGD has a momentum, Adam two averages.
    """
    if run.optim_type.endswith("8bit"):
        return _EIGHT_BIT
    averages = {"SGD": 1, "AdamW": 2, "Adam": 2, "PagedAdamW32bit": 2}[run.optim_type]
    return averages * run.trained_bytes


def _optimizer_bytes(trained: list[int], run: TrainingSetup) -> tuple[int, int]:
    """Return what the optimizer keeps on the device, and how much of it may be paged out."""
    each = state_bytes(run)
    is_paged = run.optim_type.startswith("Paged") and run.device != "cpu"
    paged = sum(count for count in trained if is_paged and count >= _PAGED_FROM)
    return int((sum(trained) - paged) * each), int(paged * each)


# --- the moments that may be the peak --------------------------------------------------------


def _peak(shape: ModelShape, run: TrainingSetup, trained: int) -> tuple[float, float, Moment]:
    """Return activations and work of the most demanding moment.

    The gradients exist all the time: they are accumulated over iterations.
    """
    layer = kept_by_layer(shape, run)
    passed_on = shape.layers * run.tokens * shape.hidden * run.other_bytes
    kept = passed_on if run.checkpointing else shape.layers * layer
    head_copy = shape.head_weights * run.compute_bytes if _copies_weights(run, "other") else 0
    predicting = run.tokens if run.logit_tokens is None else run.logit_tokens
    logits = predicting * shape.vocabulary * (run.loss_bytes + run.kept_logit_bytes)
    moments: list[tuple[float, float, Moment]] = [(kept, logits + head_copy, "loss")]
    if run.checkpointing and run.autocast and run.compute_bytes < run.trained_bytes:
        # autocast keeps a 16-bit copy of every trained weight until the forward pass has ended; the
        # logits exist twice then, beside their log-softmax
        copies = trained * run.compute_bytes + (head_copy if run.trains_adapter else 0)
        twice = run.tokens * shape.vocabulary * (run.compute_bytes + 2 * 4)
        moments.append((kept, twice + copies, "loss"))
    if run.checkpointing:
        moments.append((kept, layer + _backward_work(shape, run), "layer"))
    if run.device != "cpu" and run.optim_type in ("AdamW", "Adam"):
        # torch computes the step of all tensors at once and needs their size again
        moments.append((0, trained * run.trained_bytes, "step"))
    return max(moments, key=lambda moment: moment[0] + moment[1])


def kept_by_layer(shape: ModelShape, run: TrainingSetup) -> float:
    """Return the bytes that one layer keeps for its backward pass, copies of weights included."""
    queries, keys = shape.heads * shape.head_dim, shape.kv_heads * shape.head_dim
    compute = run.compute_bytes
    # bitsandbytes returns its results in the dtype of its input
    inner_bytes = run.other_bytes if run.quantizes_base else compute
    norms = 2 * 4 * (shape.hidden + 1)
    attention = compute * 2 * (queries + keys) + 4 * shape.heads
    if _writes_matrix(shape, run):  # scaled queries and repeated keys and values, in float32
        attention = 4 * 3 * queries + 4 * shape.heads * run.length
    inner = inner_bytes * shape.inner * (3 if shape.is_gated else 2)
    kept = run.tokens * (norms + attention + inner + _kept_inputs(shape, run))
    if _copies_weights(run, "base"):
        kept += compute * sum(linear.weights for linear in shape.linears)
    if run.trains_adapter and run.autocast and compute < run.trained_bytes:
        kept += (
            compute
            * run.lora_r
            * sum(linear.inputs + linear.outputs for linear in _adapted(shape, run))
        )
    return kept


def _writes_matrix(shape: ModelShape, run: TrainingSetup) -> bool:
    return not run.has_fused_attention and shape.kv_heads < shape.heads


def _copies_weights(run: TrainingSetup, which: Literal["base", "other"]) -> bool:
    """Return whether autocast computes with 16-bit copies of the weights, kept for the backward."""
    if which == "base":
        return run.autocast and not run.quantizes_base and run.compute_bytes < run.base_bytes
    return run.autocast and run.compute_bytes < run.other_bytes


def _kept_inputs(shape: ModelShape, run: TrainingSetup) -> float:
    """Return, per token, how much is kept of the inputs of the linear layers that are trained."""
    is_cast = run.autocast and run.compute_bytes < run.trained_bytes
    if not run.trains_adapter:
        before_norm_weights = 2 * run.other_bytes * shape.hidden
        linears = shape.linears if is_cast else _distinct(shape.linears)
        # the attention's own output is kept already
        widths = sum(linear.inputs for linear in linears) - shape.attended
        return before_norm_weights + run.compute_bytes * widths
    linears = _adapted(shape, run)
    each = run.compute_bytes if run.autocast else run.trained_bytes
    ranks = each * run.lora_r * len(linears)
    if run.lora_dropout > 0:
        mask = 1 if run.device != "cpu" else 4
        return ranks + (each + mask) * sum(linear.inputs for linear in linears)
    widths = sum(linear.inputs for linear in (linears if is_cast else _distinct(linears)))
    if not is_cast and not _writes_matrix(shape, run):
        widths -= shape.attended  # the attention's own output, kept already
    return ranks + each * widths


def _distinct(linears: list[Linear]) -> list[Linear]:
    """Return one layer for each tensor that is read."""
    return list({linear.reads: linear for linear in linears}.values())


def _backward_work(shape: ModelShape, run: TrainingSetup) -> float:
    """Return what the backward pass of one layer needs besides what the layer keeps.

    It is three gradients of the inner width, in float32, and with 4-bit weights the largest matrix,
    dequantized.
    """
    work = 3 * 4 * shape.inner * run.tokens
    if _writes_matrix(shape, run):
        work += 2 * 4 * shape.heads * run.length * run.tokens
    if run.quantizes_base:
        work += run.compute_bytes * max(linear.weights for linear in shape.linears)
    return work
