"""What our estimate counts, beside what torch, transformers, peft and bitsandbytes really hold.

On a CPU, whose fused attention and autocast keep what CUDA's do; only a dropout's mask is larger,
which the estimate knows.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from autograd_memory import Kept, peak_bytes
from training_runs import read_checkpoint

from xtgui_cli.planning.memory.model_shape import ModelShape, read_shape
from xtgui_cli.planning.memory.training_disk import training_disk
from xtgui_cli.planning.memory.training_memory import (
    TrainingSetup,
    kept_by_layer,
    trained_tensors,
    training_memory,
)
from xtgui_cli.shared.methods import MethodName

pytestmark = [pytest.mark.engine, pytest.mark.xdist_group("engine")]

LENGTH = 300
RANK = 8
CONFIG: dict[str, Any] = {
    "hidden_size": 256,
    "intermediate_size": 640,
    "num_hidden_layers": 3,
    "num_attention_heads": 8,
    "num_key_value_heads": 2,
    "vocab_size": 4000,
    "tie_word_embeddings": False,
}
LINEARS = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]

CPU: dict[str, Any] = {"length": LENGTH, "device": "cpu", "lora_r": RANK}
SHORT: dict[str, Any] = {"base_bytes": 2, "other_bytes": 2}
PLAIN: dict[str, Any] = {"compute_bytes": 4, "autocast": False}
CASES = {
    "lora, as xtuner has it": TrainingSetup("lora", **CPU),
    "lora, base in 16 bits": TrainingSetup("lora", **CPU, **SHORT),
    "lora, all in 32 bits": TrainingSetup("lora", **CPU, **PLAIN),
    "lora, no dropout": TrainingSetup("lora", **CPU, **PLAIN, lora_dropout=0.0),
    "qlora": TrainingSetup("qlora", **CPU),
    "full": TrainingSetup("full", **CPU),
    "full, all in 32 bits": TrainingSetup("full", **CPU, **PLAIN),
}


@pytest.fixture(scope="module")
def shape() -> ModelShape:
    return read_shape({**CONFIG, "model_type": "qwen2"}, "tiny")


@pytest.fixture(scope="module")
def build(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Any]:
    """Return a function that builds a model as xtuner would for an arrangement."""
    from peft import LoraConfig, get_peft_model, prepare_model_for_kbit_training
    from transformers import BitsAndBytesConfig, Qwen2Config, Qwen2ForCausalLM

    place = tmp_path_factory.mktemp("qwen2")
    Qwen2ForCausalLM(Qwen2Config(**CONFIG)).save_pretrained(place)

    def make(run: TrainingSetup, checkpointing: bool) -> Any:
        options: dict[str, Any] = {
            "dtype": torch.bfloat16 if run.base_bytes == 2 else torch.float32
        }
        if run.method == "qlora":
            options["dtype"] = torch.bfloat16
            options["quantization_config"] = BitsAndBytesConfig(
                load_in_4bit=True,
                bnb_4bit_quant_type="nf4",
                bnb_4bit_use_double_quant=True,
                bnb_4bit_compute_dtype=torch.bfloat16,
            )
        model = Qwen2ForCausalLM.from_pretrained(place, **options)
        model.config.use_cache = False
        if checkpointing:
            model.enable_input_require_grads()
            model.gradient_checkpointing_enable()
        if run.method == "qlora":
            model = prepare_model_for_kbit_training(model, checkpointing)
        if run.method != "full":
            model.requires_grad_(False)
            lora = LoraConfig(
                r=run.lora_r, lora_dropout=run.lora_dropout, target_modules=LINEARS, bias="none"
            )
            model = get_peft_model(model, lora)
        return model.train()

    return make


def layers_of(model: Any) -> Any:
    return next(m for name, m in model.named_modules() if name.endswith("layers"))


def loss_of(model: Any, run: TrainingSetup) -> torch.Tensor:
    ids = torch.randint(0, CONFIG["vocab_size"], (1, run.length))
    mask = torch.ones_like(ids, dtype=torch.bool)
    short = torch.autocast("cpu", dtype=torch.bfloat16) if run.autocast else None
    with short or contextlib.nullcontext():
        loss: torch.Tensor = model(input_ids=ids, attention_mask=mask, labels=ids).loss
    return loss


@pytest.mark.parametrize("name", CASES)
def test_a_layer_keeps_what_is_counted(
    name: str, build: Callable[..., Any], shape: ModelShape
) -> None:
    """To the byte."""
    run = CASES[name]
    model = build(run, checkpointing=False)
    addresses = {p.untyped_storage()._cdata for p in model.parameters()}
    kept = Kept(layers_of(model)[1], addresses)

    with kept.watching():
        loss_of(model, run)

    assert kept.bytes == kept_by_layer(shape, run)


PEAKS = ("lora, as xtuner has it", "lora, base in 16 bits", "lora, all in 32 bits", "qlora", "full")


@pytest.mark.parametrize("checkpointing", [True, False])
@pytest.mark.parametrize("name", PEAKS)
def test_the_peak_of_an_iteration_is_what_is_counted(
    name: str, checkpointing: bool, build: Callable[..., Any], shape: ModelShape
) -> None:
    """Within 6%: embeddings, position tables and labels are not counted."""
    from dataclasses import replace

    run = replace(CASES[name], checkpointing=checkpointing)
    model = build(run, checkpointing)
    loss_of(model, run).backward()  # gradients are there from now on

    peak = peak_bytes(lambda: loss_of(model, run).backward())

    memory = training_memory(shape, run)
    assert peak == pytest.approx(memory.activations + memory.work, rel=0.06)


@pytest.mark.parametrize("method", ["lora", "qlora", "full"])
def test_weights_and_trained_numbers_are_counted(
    method: MethodName, build: Callable[..., Any], shape: ModelShape
) -> None:
    """Within 1%: biases, norms that are trained, and small tensors beside the 4-bit weights."""
    run = TrainingSetup(method, **CPU)
    model = build(run, checkpointing=False)

    trained = sum(p.numel() for p in model.parameters() if p.requires_grad)
    held = sum(p.untyped_storage().nbytes() for p in model.parameters())

    memory = training_memory(shape, run)
    assert sum(trained_tensors(shape, run)) == pytest.approx(trained, rel=0.01)
    assert memory.base + memory.other + memory.adapter == pytest.approx(held, rel=0.02)


@pytest.mark.parametrize("method", ["lora", "qlora", "full"])
def test_a_checkpoint_is_as_large_as_is_said(
    method: MethodName, trained_runs: Callable[[str], Any], tiny_model: Path
) -> None:
    """One of the real xtuner's, within 20 kB and a twentieth; and its resume state."""
    import json

    run = trained_runs(method)
    config = json.loads((tiny_model / "config.json").read_text("utf-8"))
    arrangement = TrainingSetup(method, length=128, lora_r=4)
    disk = training_disk(read_shape(config, "tiny"), arrangement, 5, None)

    checkpoint = (run.folder.work_dir / "iter_27.pth").stat().st_size
    state = (run.folder.resume_dir / "iter_27.pth").stat().st_size

    assert disk.checkpoint == pytest.approx(checkpoint, rel=0.05, abs=200_000)
    assert state <= disk.resume_state + 60_000


# --- a frozen base in 16 bits ------------------------------------------------------------------

TOLERANCE = 0.03
"""By which part a loss may differ where the base computes in bfloat16: its numbers have 8 bits."""


@pytest.fixture(scope="module")
def short_model(tiny_model: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tiny model with weights that bfloat16 holds exactly: both dtypes start out equal."""
    import shutil

    from safetensors.torch import load_file, save_file

    folder = tmp_path_factory.mktemp("short") / "model"
    shutil.copytree(tiny_model, folder)
    weights = load_file(folder / "model.safetensors")
    rounded = {name: tensor.bfloat16().float() for name, tensor in weights.items()}
    save_file(rounded, folder / "model.safetensors", metadata={"format": "pt"})
    return folder


@pytest.mark.parametrize("checkpointing", [True, False])
def test_lora_on_a_16_bit_base_learns_what_it_learns_on_a_32_bit_one(
    checkpointing: bool, short_model: Path, new_run: Callable[..., Any]
) -> None:
    """xtuner casts the base to float32; we leave it as the config loads it."""
    options = {
        "pretrained_model_name_or_path": str(short_model),
        "use_activation_checkpointing": checkpointing,
        "lora_dropout": 0.0,
    }
    long, short = new_run("lora", **options), new_run("lora", torch_dtype="bfloat16", **options)

    long.train()
    short.train()

    assert "frozen_base_kept_short" in short.events("engine")[0]["fixes"]
    expected = long.losses()
    assert short.losses() == {
        number: pytest.approx(loss, rel=TOLERANCE) for number, loss in expected.items()
    }
    assert short.losses() != expected, "the base was made float32 after all"
    adapters = read_checkpoint(short, "iter_27.pth")["state_dict"]
    assert {tensor.dtype for tensor in adapters.values()} == {torch.float32}
    assert all(tensor.any() for name, tensor in adapters.items() if "lora_B" in name)


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float16], ids=str)
def test_a_frozen_base_stays_short_and_gradients_flow_through_it(
    dtype: torch.dtype, tiny_model: Path
) -> None:
    """In float16 what goes from layer to layer is float32: float16 would overflow there."""
    from peft import LoraConfig, get_peft_model
    from transformers import AutoModelForCausalLM

    from xtgui_cli.engine.compat_xtuner import freeze_short

    model: Any = AutoModelForCausalLM.from_pretrained(tiny_model, dtype=dtype)
    model.enable_input_require_grads()
    model.gradient_checkpointing_enable()

    assert freeze_short(model, has_autocast=True)

    linears = {p.dtype for n, p in model.named_parameters() if "proj" in n}
    others = {p.dtype for n, p in model.named_parameters() if "proj" not in n}
    assert linears == {dtype}
    assert others == {torch.bfloat16 if dtype == torch.bfloat16 else torch.float32}
    tuned = get_peft_model(model, LoraConfig(r=4, target_modules=LINEARS)).train()
    ids = torch.arange(20)[None]
    with torch.autocast("cpu", dtype=dtype):
        loss = tuned(input_ids=ids, labels=ids).loss
    loss.backward()
    trained = {n: p for n, p in tuned.named_parameters() if p.requires_grad}
    assert all("lora_" in name and p.dtype == torch.float32 for name, p in trained.items())
    assert all(p.grad.any() for name, p in trained.items() if "lora_B" in name)


def test_float16_without_autocast_is_left_to_peft(tiny_model: Path) -> None:
    from transformers import AutoModelForCausalLM

    from xtgui_cli.engine.compat_xtuner import freeze_short

    model: Any = AutoModelForCausalLM.from_pretrained(tiny_model, dtype=torch.float16)

    assert not freeze_short(model, has_autocast=False)
    assert {p.dtype for p in model.parameters()} == {torch.float16}


@pytest.mark.parametrize(
    ("source", "has_autocast"),
    [
        ('amp_dtype = "bfloat16"', True),
        ("amp_dtype = None\noptim_wrapper = dict(type=AmpOptimWrapper)", False),
        ("optim_wrapper = dict(type=AmpOptimWrapper)", True),
        ('optim_wrapper = dict(type="mmengine.optim.AmpOptimWrapper")', True),
        ("optim_wrapper = dict(type=OptimWrapper)", False),
    ],
)
def test_a_config_says_whether_it_trains_in_mixed_precision(
    source: str, has_autocast: bool
) -> None:
    from xtgui_cli.engine.config_facts import read_config_facts

    assert read_config_facts(source).has_autocast == has_autocast
