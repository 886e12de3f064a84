"""A checkpoint of SmolLM2-135M in Hugging Face form: `xtgui convert` beside xtuner's own."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil
from checkpoints import ITERATIONS, RANK, save_checkpoint
from spread import Row, ratios, spread

from xtgui_cli.planning import machine
from xtgui_cli.project.build_run import build_run
from xtgui_cli.project.config_writer import write_config
from xtgui_cli.project.demo_model import demo_data_file, ensure_demo_model
from xtgui_cli.runs.training_process import engine_environment
from xtgui_cli.settings.layers import Layers
from xtgui_cli.shared.methods import MethodName
from xtgui_cli.shared.run_folder import Checkpoint, RunFolder
from xtgui_cli.wizard.demo import demo_settings

BIN = Path(sys.executable).parent
XTUNER = Path(__file__).parents[1] / "tests" / "support" / "xtuner_converter.py"
_EVERY_S = 0.005


@dataclass(frozen=True)
class Taken:
    """What one conversion took."""

    seconds: float
    peak_mb: float
    """The most memory that all its processes had together; 0 if nobody looked."""


def measure_conversion(rounds: int) -> list[Row]:
    """Compare whole conversions, round after round, of a LoRA checkpoint and of all weights."""
    return [*_measure("lora", rounds), *_measure("full", rounds)]


def _measure(method: MethodName, rounds: int) -> list[Row]:
    with tempfile.TemporaryDirectory() as place:
        folder = RunFolder(Path(place) / "project")
        checkpoint = _write_project(folder, method)
        megabytes = round(checkpoint.path.stat().st_size / 1e6)
        ours: list[float] = []
        theirs: list[float] = []
        peaks: list[float] = []
        for number in range(rounds + 1):
            for taken, convert in ((ours, _with_xtgui), (theirs, _with_xtuner)):
                found = convert(folder, checkpoint, is_watched=not number)
                print(f"  {method}, {convert.__name__}: {found}", file=sys.stderr, flush=True)
                if number:
                    taken.append(found.seconds)
                else:  # it fills caches
                    peaks.append(found.peak_mb)
    name = f"{method} checkpoint of {megabytes} MB"
    return [
        Row(
            f"{name}: `xtuner convert pth_to_hf` / `xtgui convert`",
            ratios(theirs, ours),
            "×",
            "≥ 10",
        ),
        Row(f"{name}: `xtgui convert`", spread(ours), "s", ""),
        Row(f"peak memory of it, {method}", spread(peaks[:1]), "MB", "< 300"),
        Row(
            f"peak memory, {method}, `xtuner convert pth_to_hf`",
            spread(peaks[1:]),
            "MB",
            "",
        ),
    ]


def _with_xtgui(folder: RunFolder, checkpoint: Checkpoint, *, is_watched: bool) -> Taken:
    command = [str(BIN / "xtgui"), "convert", "--checkpoint", str(checkpoint.path), "--no-merge"]
    command += ["--trust", "--root", str(folder.root)]
    environment = os.environ | {"XTGUI_CONFIG_DIR": str(folder.root / "config")}
    taken = _run(command, environment, folder.root, is_watched=is_watched)
    (out,) = folder.work_dir.glob("xtuner_*_hf")
    shutil.rmtree(out)
    return taken


def _with_xtuner(folder: RunFolder, checkpoint: Checkpoint, *, is_watched: bool) -> Taken:
    out = folder.root / "theirs"
    command = [sys.executable, str(XTUNER), str(folder.config_file), str(checkpoint.path), str(out)]
    taken = _run(command, engine_environment(), folder.root, is_watched=is_watched)
    shutil.rmtree(out)
    return taken


def _run(
    command: Sequence[str], environment: dict[str, str], folder: Path, *, is_watched: bool
) -> Taken:
    """Run a command to its end, and look at the memory of all its processes if wanted.

    Looking takes a good part of a core, which would count as the command's time.
    """
    began = time.perf_counter()
    process = subprocess.Popen(
        command,
        env=environment,
        cwd=folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    peak = 0
    while is_watched and process.poll() is None:
        peak = max(peak, _memory(process.pid))
        time.sleep(_EVERY_S)
    said = process.communicate()[1]
    seconds = time.perf_counter() - began
    if process.returncode:
        raise RuntimeError(said.decode()[-2000:])
    return Taken(seconds, peak / 1e6)


def _memory(pid: int) -> int:
    """Return the resident bytes of a process and all that it has started."""
    try:
        first = psutil.Process(pid)
        processes = [first, *first.children(recursive=True)]
    except psutil.Error:
        return 0
    return sum(map(_resident, processes))


def _resident(process: psutil.Process) -> int:
    try:
        return int(process.memory_info().rss)
    except psutil.Error:  # it has just ended
        return 0


def _write_project(folder: RunFolder, method: MethodName) -> Checkpoint:
    """Write the demo's project with a checkpoint that nobody has trained."""
    base = ensure_demo_model()
    answers = demo_settings(folder, method, base)
    answers["data.path"] = str(demo_data_file())
    folder.root.mkdir(parents=True)
    write_config(build_run(Layers(answers=answers).to_plan(), machine.detect()), folder)
    config = folder.config_file
    text = re.sub(r"(?m)^lora_r = .*", f"lora_r = {RANK}", config.read_text("utf-8"))
    config.write_text(text, "utf-8")
    checkpoint = Checkpoint.at(ITERATIONS, folder.work_dir)
    if method == "lora":
        save_checkpoint(checkpoint.path)
    else:
        _save_all_weights(checkpoint.path, Path(base))
    return checkpoint


def _save_all_weights(path: Path, base: Path) -> None:
    """Write what a full training saves of a model whose output layer is its embedding.

    Without the optimizer's state: xtuner would read it into memory, and we would not.
    """
    import torch
    from safetensors.torch import load_file

    weights = {
        name: tensor.float() for name, tensor in load_file(base / "model.safetensors").items()
    }
    weights["lm_head.weight"] = weights["model.embed_tokens.weight"]
    state = {f"llm.{name}": tensor for name, tensor in weights.items()}
    torch.save({"meta": {"iter": ITERATIONS}, "state_dict": state}, path)
