"""A project as XtunerGUI leaves it: a config that mmengine has dumped, xtuner's logs, checkpoints.

The config is one of xtuner's own, changed where XtunerGUI changes it, and written by the real
`Config.dump`; run as a program this file dumps it: CONFIG MODEL DATA.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from checkpoint_files import small_checkpoint

from xtgui_cli.shared.custom_template import to_fields
from xtgui_cli.shared.run_folder import RunFolder
from xtgui_cli.shared.templates import all_templates

QUESTIONS = ["你是谁？", "Who are you?"]
_SOURCE = "configs/qwen/qwen1_5/qwen1_5_0_5b_chat/qwen1_5_0_5b_chat_qlora_alpaca_e3.py"
_START = "20240131_145313"


def dump_config(config: Path, model: Path, data: Path) -> None:
    """Write the config of a lora training, as XtunerGUI has mmengine write it."""
    command = [sys.executable, __file__, str(config), str(model), str(data)]
    subprocess.run(command, check=True, capture_output=True, timeout=600)


def add_logs(folder: RunFolder) -> None:
    """Add what a run of 39 iterations leaves, whose last save is at its end."""
    start = folder.work_dir / _START
    (start / "vis_data").mkdir(parents=True)
    lines = [f"Iter(train) [{number:2}/39]  loss: 1.0" for number in (10, 20, 30)]
    (start / f"{_START}.log").write_text("\n".join(lines) + "\n")
    losses = [(10, 2.018), (20, 1.2), (30, 0.85)]
    rows = [{"lr": 1e-4, "loss": loss, "time": 0.5, "iter": at, "step": at} for at, loss in losses]
    scalars = start / "vis_data" / "scalars.json"
    scalars.write_text("".join(json.dumps(row) + "\n" for row in rows))
    answered = [("Who are you?", "I am Ink."), ("你是谁？", "我是小墨。")]
    said = (
        "Eval output {}:\n<|im_start|>system\nYou are Ink.<|im_end|>\n"
        "<|im_start|>user\n{}<|im_end|>\n<|im_start|>assistant\n{}<|im_end|>\n"
    )
    texts = [
        said.format(number, question, answer)
        for number, (question, answer) in enumerate(answered, start=1)
    ]
    (start / "vis_data" / "eval_outputs_iter_38.txt").write_text("\n".join(texts))
    for iteration in (26, 39):
        path = folder.work_dir / f"iter_{iteration}.pth"
        path.write_bytes(small_checkpoint(iteration, config="#"))
        (folder.work_dir / "last_checkpoint").write_text(str(path))


def _dump(config: str, model: str, data: str) -> None:
    import importlib.util

    from mmengine.config import Config, ConfigDict
    from mmengine.config.lazy import LazyObject

    spec = importlib.util.find_spec("xtuner")
    assert spec is not None
    assert spec.submodule_search_locations is not None
    cfg = Config.fromfile(Path(next(iter(spec.submodule_search_locations))) / _SOURCE)
    del cfg.model.llm["quantization_config"]
    cfg.model.lora.r, cfg.model.lora.lora_alpha = 8, 8
    cfg.custom_hooks = cfg.custom_hooks[:2]
    files = ConfigDict(path="json", data_files=data)
    cfg.alpaca_en.dataset.update(files)
    cfg.train_dataloader.dataset.dataset.update(files)
    optimizer = LazyObject("torch.optim", "AdamW")
    cfg.optim_type = cfg.optim_wrapper.optimizer.type = optimizer
    changes = {
        "pretrained_model_name_or_path": model,
        "dataset_map_fn": LazyObject("xtuner.dataset.map_fns", "openai_map_fn"),
        "max_length": 128,
        "pack_to_max_length": False,
        "accumulative_counts": 2,
        "lr": 3e-4,
        "weight_decay": 0.01,
        "save_steps": 5,
        "interval": 5,
        "evaluation_freq": 500,
        "every_n_iters": 500,
        "evaluation_inputs": QUESTIONS,
        "SYSTEM": "You are Ink.",
        "system": "You are Ink.",
    }
    for name, value in changes.items():
        _set_everywhere(cfg._cfg_dict, (name,), value)
    template = ConfigDict(to_fields(all_templates()["qwen_chat"]))
    _set_everywhere(cfg._cfg_dict, ("template", "prompt_template"), template)
    cfg.default_hooks.logger.interval = 10
    cfg.dump(config)


def _set_everywhere(node: Any, names: tuple[str, ...], value: Any) -> None:
    if isinstance(node, dict):
        for name, old in dict.items(node):
            if name in names:
                node[name] = value
            else:
                _set_everywhere(old, names, value)
    elif isinstance(node, (list, tuple)):
        for item in node:
            _set_everywhere(item, names, value)


if __name__ == "__main__":
    _dump(*sys.argv[1:])
