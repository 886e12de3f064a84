"""How much memory keeping a frozen base in 16 bits saves: LoRA on the demo's model, on a CPU."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from spread import Row, interleave, ratios, spread

from xtgui_cli.planning import machine
from xtgui_cli.project.build_run import build_run
from xtgui_cli.project.config_writer import write_config
from xtgui_cli.project.demo_model import demo_data_file, ensure_demo_model
from xtgui_cli.runs.training_process import engine_environment
from xtgui_cli.settings.layers import Layers
from xtgui_cli.shared.run_folder import RunFolder
from xtgui_cli.wizard.demo import demo_settings

BARE = Path(__file__).with_name("bare_engine.py")


def measure_memory(rounds: int) -> list[Row]:
    """Compare the peak memory of runs with and without the fix, both from a bfloat16 config."""
    measures = {name: lambda name=name: _peak_mb(name) for name in ("bare", "long_base")}
    taken = interleave(measures, rounds, warm_up=0)
    name = "peak memory, LoRA on a bfloat16 SmolLM2-135M"
    return [
        Row(name, spread(taken["bare"]), "MB", ""),
        Row(f"{name}, xtuner's float32 base", spread(taken["long_base"]), "MB", ""),
        Row(f"{name}: ours / xtuner's", ratios(taken["bare"], taken["long_base"]), "×", "< 1"),
    ]


def _peak_mb(which: str) -> float:
    with tempfile.TemporaryDirectory() as place:
        folder = RunFolder(Path(place) / "project")
        answers = demo_settings(folder, "lora", ensure_demo_model())
        answers |= {
            "data.path": str(demo_data_file()),
            "data.max_dataset_length": 12,  # bfloat16 is slow on a CPU that does not compute in it
            "train.max_epochs": 1,
            "train.max_new_tokens": 2,
            "train.use_activation_checkpointing": True,
        }
        folder.root.mkdir(parents=True)
        settings = Layers(answers=answers).to_plan()
        write_config(build_run(settings, machine.detect()), folder)
        config = folder.config_file
        short = re.sub(r"(?m)^torch_dtype = .*", 'torch_dtype = "bfloat16"', config.read_text())
        config.write_text(short, "utf-8")
        times = folder.root / "times.json"
        command = [sys.executable, str(BARE), which, str(config), str(times)]
        subprocess.run(
            command, env=engine_environment(), check=True, capture_output=True, cwd=folder.root
        )
        peak_mb: float = json.loads(times.read_text())["peak_mb"]
        return peak_mb
