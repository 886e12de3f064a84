"""Conversions by the engine's job, in this process, and what they write."""

from __future__ import annotations

import json
import struct
import threading
from pathlib import Path
from typing import Any

from checkpoint_files import LORA

from xtgui_cli.engine import convert
from xtgui_cli.engine.serve import Reply

CONFIG = """
model = dict(
    llm=dict(pretrained_model_name_or_path={base!r}),
    lora=dict(lora_alpha=16, lora_dropout=0.1, r=2, type='peft.LoraConfig'))
"""
MODULE = LORA.removeprefix("llm.")


def save_base_config(folder: Path) -> Path:
    """Return a base model's folder without weights."""
    folder.mkdir()
    (folder / "config.json").write_text('{"torch_dtype": "bfloat16"}')
    (folder / "tokenizer.json").write_text("{}")
    return folder


def config_of(base: Path) -> str:
    return CONFIG.format(base=str(base))


def do_convert(**request: Any) -> dict[str, Any]:
    texts = {name: str(value) for name, value in request.items()}
    return convert.run(texts, Reply(lambda _: None, threading.Event()))


def read_tensors(file: Path) -> dict[str, tuple[str, list[int], bytes]]:
    whole = file.read_bytes()
    begin = 8 + int.from_bytes(whole[:8], "little")
    header = json.loads(whole[8:begin])
    del header["__metadata__"]
    return {
        name: (
            one["dtype"],
            one["shape"],
            whole[begin + one["data_offsets"][0] : begin + one["data_offsets"][1]],
        )
        for name, one in header.items()
    }


def float_bytes(*numbers: float) -> bytes:
    return struct.pack(f"<{len(numbers)}f", *numbers)
