"""How fast checkpoints are read as data, compared with torch.load, which runs their content."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from spread import Row, interleave, ratios, spread

from xtgui_cli.engine.checkpoint_reader import checkpoint_file
from xtgui_cli.engine.checkpoint_values import load

LAYERS, HIDDEN, HEADS_OUT, INNER = 30, 576, 192, 1536
"""The sizes of SmolLM2-135M: 210 linear layers."""
RANK = 64
"""The rank in XTuner's own configs."""
ITERATIONS = 5000


def measure_checkpoints(rounds: int) -> list[Row]:
    """Compare reading a LoRA checkpoint with its optimizer's state until every tensor is copied."""
    import torch

    def with_torch() -> Any:
        return torch.load(path, map_location="cpu", weights_only=False)  # as mmengine resumes

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "iter_5000.pth")
        save_checkpoint(path)
        megabytes = round(path.stat().st_size / 1e6)
        # The checksums are verified once per process: in the warm-up round.
        taken = interleave(
            {
                "ours": _seconds(lambda: load(path)),
                "torch": _seconds(with_torch),
                "checksums": lambda: _checksum_seconds(path),
            },
            rounds,
        )
    name = f"checkpoint of {megabytes} MB"
    return [
        Row(
            f"reading a {name}, checksums apart / `torch.load`",
            ratios(taken["ours"], taken["torch"]),
            "×",
            "≤ 1",
        ),
        Row(f"checksums of a {name}", spread(taken["checksums"]), "s", ""),
    ]


def _seconds(read: Callable[[], Any]) -> Callable[[], float]:
    def measure() -> float:
        began = time.perf_counter()
        for tensor in _tensors(read()):
            tensor.clone()
        return time.perf_counter() - began

    return measure


def _checksum_seconds(path: Path) -> float:
    with checkpoint_file.open_checkpoint(path) as file:
        checkpoint_file._verified.discard(file.identity)
        began = time.perf_counter()
        file.verify()
        return time.perf_counter() - began


def _tensors(value: Any) -> Iterator[Any]:
    import torch

    if isinstance(value, torch.Tensor):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from _tensors(item)


def save_checkpoint(path: Path) -> None:
    """Write what mmengine saves of a run: weights, AdamW's state, and every logged value."""
    import torch
    from mmengine.logging import HistoryBuffer

    widths = {
        **{f"self_attn.{name}_proj": (HIDDEN, HIDDEN) for name in "qo"},
        **{f"self_attn.{name}_proj": (HIDDEN, HEADS_OUT) for name in "kv"},
        **{f"mlp.{name}_proj": (HIDDEN, INNER) for name in ("gate", "up")},
        "mlp.down_proj": (INNER, HIDDEN),
    }
    weights = {
        f"llm.base_model.model.model.layers.{layer}.{name}.lora_{side}.default.weight": shape
        for layer in range(LAYERS)
        for name, (inputs, outputs) in widths.items()
        for side, shape in (("A", (RANK, inputs)), ("B", (outputs, RANK)))
    }
    state = {name: torch.randn(shape) for name, shape in weights.items()}
    moments = {
        number: {"step": torch.tensor(1.0), "exp_avg": tensor + 1, "exp_avg_sq": tensor * tensor}
        for number, tensor in enumerate(state.values())
    }
    logged = [1.0] * ITERATIONS
    histories = {name: HistoryBuffer(logged, [1] * ITERATIONS) for name in ("loss", "lr", "time")}
    hub = {"log_scalars": histories, "runtime_info": {}, "resumed_keys": {}}
    content = {
        "meta": {"epoch": 3, "iter": ITERATIONS, "seed": 42, "cfg": "lr = 1e-4\n" * 200},
        "state_dict": state,
        "message_hub": hub,
        "optimizer": {"state": moments, "param_groups": [{"params": list(moments), "lr": 1e-4}]},
    }
    torch.save(content, path)
