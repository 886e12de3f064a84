"""A merge beside xtuner's and peft's own, and its memory as models grow. Weights are random.

merging.py peft BASE ADAPTER OUT     peft's load, merge and save
merging.py xtuner BASE ADAPTER OUT   `xtuner convert merge`
merging.py ours BASE ADAPTER OUT     the engine's job, its check of 200 tokens included
merging.py layers BASE ADAPTER OUT   the same with a check of some layers, as of large models
merging.py imports                   what all of them import
"""

from __future__ import annotations

import importlib
import json
import resource
import runpy
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from spread import Row, ratios, spread

from xtgui_cli.engine.weights.safetensors_writer import TensorSpec, plan_shards, write_shards
from xtgui_cli.runs.training_process import engine_environment

ENGINE = Path(__file__).parents[1] / "src" / "xtgui_cli" / "engine" / "__main__.py"
RANK = 16
VOCABULARY = 32_000
_SURE = 64
"""How much larger embeddings are than other weights."""


@dataclass(frozen=True)
class Size:
    """A Llama of some size."""

    name: str
    hidden: int
    inner: int
    layers: int


SMALL = Size("0.13 B", 768, 2048, 13)
MIDDLE = Size("1.2 B", 2048, 8192, 18)
LARGE = Size("5 B", 4096, 14336, 22)
"""Takes 10 GB on the disk, and the result of a merge as much again."""


@dataclass(frozen=True)
class Taken:
    """What one merge took, in a process of its own."""

    seconds: float
    cpu_s: float
    """Of all its threads; says more than `seconds` on a machine that has other things to do."""
    peak_mb: float


def measure_merging(rounds: int) -> list[Row]:
    """Compare whole merges of two sizes, round after round; then memory by size."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        imported = spread([_run("imports").peak_mb for _ in range(rounds)]).middle
        compared = {
            size.name: _compare(size, folder / size.name, rounds) for size in (SMALL, MIDDLE)
        }
        compared_peaks = {
            name: [run.peak_mb for run in taken["ours"]] for name, taken in compared.items()
        }
        peaks = compared_peaks | {LARGE.name: [_peak_of(LARGE, folder / LARGE.name)]}
    rows = [row for name, taken in compared.items() for row in _rows(name, taken)]
    above = "peak memory of a merge, above what the libraries take"
    rows += [
        Row(f"{above}, {name}", spread([one - imported for one in found]), "MB", "≤ 1000")
        for name, found in peaks.items()
    ]
    return rows


def _compare(size: Size, folder: Path, rounds: int) -> dict[str, list[Taken]]:
    taken: dict[str, list[Taken]] = {"ours": [], "layers": [], "xtuner": [], "peft": []}
    base, adapter = write_base(folder / "base", size), write_adapter(folder / "adapter", size)
    for number in range(rounds + 1):
        for name, runs in taken.items():
            found = _merge(name, base, adapter, folder / "out")
            print(f"  {size.name}, {name}: {found}", file=sys.stderr, flush=True)
            if number:  # the first round fills caches
                runs.append(found)
    shutil.rmtree(folder)
    return taken


def _rows(name: str, taken: dict[str, list[Taken]]) -> list[Row]:
    """Compare whole merges, our check included: neither xtuner nor peft checks anything."""
    seconds = {which: [run.seconds for run in runs] for which, runs in taken.items()}
    memory = {which: [run.peak_mb for run in runs] for which, runs in taken.items()}
    what = f"merge of {name} weights"
    return [
        Row(
            f"{what}: `xtgui` / `xtuner convert merge`",
            ratios(seconds["ours"], seconds["xtuner"]),
            "×",
            "≤ 0.5",
        ),
        Row(
            f"{what}: `xtgui` / peft's load, merge, save",
            ratios(seconds["ours"], seconds["peft"]),
            "×",
            "< 1",
        ),
        Row(
            f"{what}: the check of 200 tokens, part of `xtgui`'s time",
            spread(_shares(seconds["ours"], seconds["layers"])),
            "×",
            "",
        ),
        Row(f"{what}: peak memory, `xtgui`", spread(memory["ours"]), "MB", ""),
        Row(f"{what}: peak memory, `xtuner`", spread(memory["xtuner"]), "MB", ""),
    ]


def _shares(whole: list[float], without: list[float]) -> list[float]:
    return [1 - one / other for one, other in zip(without, whole, strict=True)]


def _peak_of(size: Size, folder: Path) -> float:
    base, adapter = write_base(folder / "base", size), write_adapter(folder / "adapter", size)
    found = _merge("ours", base, adapter, folder / "out")
    print(f"  {size.name}: {found}", file=sys.stderr, flush=True)
    shutil.rmtree(folder)
    return found.peak_mb


def _merge(name: str, base: Path, adapter: Path, out: Path) -> Taken:
    taken = _run(name, str(base), str(adapter), str(out))
    shutil.rmtree(out)
    return taken


def _run(*arguments: str) -> Taken:
    """Run this file in a process of its own, with compiled modules as after an installation."""
    environment = engine_environment()
    environment.pop("PYTHONSAFEPATH")  # it would hide the modules beside this file
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    cpu_s, began = _cpu_of_children(), time.perf_counter()
    done = subprocess.run(
        [sys.executable, __file__, *arguments],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    seconds = time.perf_counter() - began
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:])
    return Taken(seconds, _cpu_of_children() - cpu_s, float(done.stdout.split()[-1]))


def _cpu_of_children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


# --- models that nobody has trained ----------------------------------------------------------


def write_base(folder: Path, size: Size) -> Path:
    """Write a Llama with random bfloat16 weights and a small tokenizer.

    Its embeddings are so large that it is sure of its tokens, as a trained model is of what it was
    taught: of likeliest tokens that are hardly likelier than others, rounding changes many.
    """
    import numpy
    import tiny

    folder.mkdir(parents=True)
    tiny.save_tokenizer(folder)
    config = {
        "architectures": ["LlamaForCausalLM"],
        "model_type": "llama",
        "vocab_size": VOCABULARY,
        "hidden_size": size.hidden,
        "intermediate_size": size.inner,
        "num_hidden_layers": size.layers,
        "num_attention_heads": size.hidden // 64,
        "num_key_value_heads": size.hidden // 256,
        "hidden_act": "silu",
        "rms_norm_eps": 1e-5,
        "tie_word_embeddings": False,
        "torch_dtype": "bfloat16",
    }
    (folder / "config.json").write_text(json.dumps(config))
    dice = numpy.random.default_rng(1)
    values = dice.standard_normal(1 << 22, "f4") * (0.5 / size.hidden**0.5)
    small, large = (
        ((values * scale).view("u4") >> 16).astype("<u2").tobytes() for scale in (1, _SURE)
    )

    def pieces(tensor: TensorSpec) -> Iterator[bytes]:
        if len(tensor.shape) == 1:
            yield b"\x80\x3f" * tensor.count
            return
        content = small if ".layers." in tensor.name else large
        for begin in range(0, tensor.size, len(content)):
            yield content[: tensor.size - begin]

    _write(folder, "model", _tensors(size), pieces)
    return folder


def _write(
    folder: Path,
    stem: str,
    tensors: Iterable[TensorSpec],
    content: Callable[[TensorSpec], Iterable[bytes]],
) -> None:
    shards = plan_shards(tensors, stem)
    in_order = (tensor for shard in shards for tensor in shard.tensors)
    write_shards(folder, shards, (piece for tensor in in_order for piece in content(tensor)))


def _tensors(size: Size) -> Iterator[TensorSpec]:
    yield TensorSpec("model.embed_tokens.weight", "bfloat16", (VOCABULARY, size.hidden))
    for name, (out, into) in _layers(size).items():
        yield TensorSpec(f"{name}.weight", "bfloat16", (out, into))
    for layer in range(size.layers):
        for name in ("input_layernorm", "post_attention_layernorm"):
            yield TensorSpec(f"model.layers.{layer}.{name}.weight", "bfloat16", (size.hidden,))
    yield TensorSpec("model.norm.weight", "bfloat16", (size.hidden,))
    yield TensorSpec("lm_head.weight", "bfloat16", (VOCABULARY, size.hidden))


def _layers(size: Size) -> dict[str, tuple[int, int]]:
    narrow = size.hidden // 256 * 64
    shapes = {
        **{f"self_attn.{name}_proj": (size.hidden, size.hidden) for name in "qo"},
        **{f"self_attn.{name}_proj": (narrow, size.hidden) for name in "kv"},
        **{f"mlp.{name}_proj": (size.inner, size.hidden) for name in ("gate", "up")},
        "mlp.down_proj": (size.hidden, size.inner),
    }
    return {
        f"model.layers.{layer}.{name}": shape
        for layer in range(size.layers)
        for name, shape in shapes.items()
    }


def write_adapter(folder: Path, size: Size) -> Path:
    """Write a LoRA of all linear layers that changes what the model says."""
    import numpy

    folder.mkdir(parents=True)
    dice = numpy.random.default_rng(2)
    shapes = {
        f"base_model.model.{name}.lora_{side}.weight": shape
        for name, (out, into) in _layers(size).items()
        for side, shape in (("A", (RANK, into)), ("B", (out, RANK)))
    }
    specs = [TensorSpec(name, "float32", shape) for name, shape in shapes.items()]
    _write(
        folder,
        "adapter_model",
        specs,
        lambda one: [(dice.standard_normal(one.count, "f4") * 0.03).tobytes()],
    )
    config = {
        "peft_type": "LORA",
        "task_type": "CAUSAL_LM",
        "r": RANK,
        "lora_alpha": 2 * RANK,
        "target_modules": sorted({name.rpartition(".")[2] for name in _layers(size)}),
    }
    (folder / "adapter_config.json").write_text(json.dumps(config))
    return folder


# --- in a process of its own -----------------------------------------------------------------


def _main(name: str, *paths: str) -> None:
    runpy.run_path(str(ENGINE))
    if name == "imports":
        _import_all()
    elif name == "ours":
        _merge_ours(*paths)
    elif name == "layers":
        from xtgui_cli.engine.merging import check

        check.MOST_ON_CPU = check.MOST_ON_GPU = 0
        _merge_ours(*paths)
    elif name == "xtuner":
        _merge_xtuner(*paths)
    else:
        _merge_peft(*paths)
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000)
    if name in ("ours", "layers"):
        from xtgui_cli.engine.serve import end_at_once

        end_at_once()


def _import_all() -> None:
    from xtgui_cli.engine.compat_libraries import import_peft

    importlib.import_module("transformers.models.llama.modeling_llama")
    import_peft()


def _merge_ours(base: str, adapter: str, out: str) -> None:
    from xtgui_cli.engine import merge, serve

    reply = serve.Reply(lambda event: None, threading.Event())
    merge.run({"base": base, "adapter": adapter, "out": out}, reply)


def _merge_peft(base: str, adapter: str, out: str) -> None:
    import torch
    from transformers import AutoModelForCausalLM

    from xtgui_cli.engine.compat_libraries import import_peft

    model = AutoModelForCausalLM.from_pretrained(base, dtype=torch.bfloat16)
    merged = import_peft().PeftModel.from_pretrained(model, adapter).merge_and_unload()
    merged.save_pretrained(out)


def _merge_xtuner(base: str, adapter: str, out: str) -> None:
    from xtgui_cli.engine import compat
    from xtgui_cli.engine.config_facts import ConfigFacts

    compat.apply_fixes(compat.BEFORE_XTUNER, ConfigFacts())
    sys.argv = ["merge.py", base, adapter, out, "--device", "cpu", "--safe-serialization"]
    from xtuner.tools.model_converters import merge

    merge.main()


if __name__ == "__main__":
    _main(*sys.argv[1:])
