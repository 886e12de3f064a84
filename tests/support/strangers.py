"""Files of a stranger: what steers a terminal is in every field, name and answer of them."""

from __future__ import annotations

import json
import shutil
import struct
from pathlib import Path
from typing import Any

from hostile import PLANT, planted
from hostile_events import EVENTS
from places import CONFIGS

from xtgui_cli.project.config_filler import fill
from xtgui_cli.shared.run_folder import RunFolder

NAME = PLANT.replace("/", "").replace("\ud800", "\udcff")
"""As much of it as the name of a file may hold."""
UNICODE_NAME = NAME.replace("\udcff", "")
"""The same without bytes that are no UTF-8, for names that settings hold."""
KEPT = frozenset({"event", "run_id", "resumed_from"})
"""What has to be right for the events of a run to belong together."""


def toml_text(text: str) -> str:
    """Return a text as TOML writes it, every character escaped."""
    whole = "".join(character for character in text if not "\ud800" <= character <= "\udfff")
    return '"' + "".join(f"\\u{ord(character):04X}" for character in whole) + '"'


def events(*, with_known_words: bool) -> list[dict[str, Any]]:
    """Return a run's events; with known words, the statuses and codes that have sentences stay."""
    words = {"status", "code", "name", "method"} if with_known_words else set()
    return [planted(event, keep=KEPT | words) for event in EVENTS]


def write_events(folder: RunFolder, *, with_known_words: bool, pid: int = 7) -> None:
    """Write them as far as the fake process *pid* has come; the end too where it is nobody's."""
    folder.state_dir.mkdir(parents=True, exist_ok=True)
    said = events(with_known_words=with_known_words)
    said[0] |= {"pid": pid, "resumed_from": None}
    more = [said[3] | {"iter": number, "loss": 2.5 - number / 10} for number in range(2, 8)]
    lines = [*said[:4], *more, *said[4:]]
    lines = [one for one in lines if pid == 7 or one["event"] not in ("end", "stopping")]
    text = "".join(json.dumps(line) + "\n" for line in lines)
    folder.events_file.write_text(text, "utf-8")


def write_run(folder: RunFolder, model: Path, data: Path) -> None:
    """Write a project with a run that has ended."""
    folder.state_dir.mkdir(parents=True, exist_ok=True)
    text = (CONFIGS / "lora.py").read_text("utf-8")
    values = {
        "pretrained_model_name_or_path": str(model),
        "data_path": str(data),
        "SYSTEM": UNICODE_NAME,
        "evaluation_inputs": [UNICODE_NAME, "Who?"],
    }
    folder.config_file.write_text(fill(text, values), "utf-8")
    folder.settings_file.write_text(
        f"[model]\npath = {toml_text(str(model))}\n[data]\npath = {toml_text(str(data))}\n"
        f"[train]\nmethod = 'lora'\nSYSTEM = {toml_text(PLANT)}\n"
        f"evaluation_inputs = [{toml_text(PLANT)}, 'Who?']\n"
    )
    for name in ("iter_1.pth", f"iter_2{NAME}.pth", NAME):
        (folder.work_dir / name).write_bytes(b"PK")
    (folder.work_dir / "last_checkpoint").write_text(PLANT, errors="replace")
    folder.log_file.write_text(f"{PLANT}\n--- xtgui train {PLANT}\n{PLANT}\n" * 9, errors="replace")
    written = planted({"method": "lora", "lr": 1e-4, "SYSTEM": "", PLANT: PLANT})
    (folder.state_dir / "written.json").write_text(json.dumps(written))
    holder = planted({"pid": 7, "host": "", "run_id": ""})
    folder.lock_file.write_text(json.dumps(holder))


def write_model(folder: Path, tiny_model: Path) -> Path:
    """Write a model whose files hold it everywhere that does not keep it from being read."""
    shutil.copytree(tiny_model, folder)
    config = json.loads((folder / "config.json").read_text("utf-8"))
    (folder / "config.json").write_text(json.dumps(planted(config)))
    tokenizer = json.loads((folder / "tokenizer_config.json").read_text("utf-8"))
    tokenizer["chat_template"] = (
        f"{{% for m in messages %}}{PLANT.replace(chr(0xD800), '')}{{{{ m['content'] }}}}"
        "{% endfor %}<|im_end|>"
    )
    tokenizer[PLANT] = PLANT
    (folder / "tokenizer_config.json").write_text(json.dumps(tokenizer))
    return folder


def write_broken_model(folder: Path, tiny_model: Path) -> Path:
    """Write a model whose every file is broken, with it where it breaks."""
    shutil.copytree(tiny_model, folder)
    for name in ("config.json", "tokenizer_config.json"):
        (folder / name).write_text(f'{{"a": {PLANT}', errors="replace")
    index = {"weight_map": {"a": PLANT, "b": "model.safetensors"}}
    (folder / "model.safetensors.index.json").write_text(json.dumps(index))
    head = json.dumps({PLANT: {"dtype": PLANT, "shape": [1], "data_offsets": [0, 9999]}}).encode()
    (folder / "model.safetensors").write_bytes(struct.pack("<Q", len(head)) + head)
    return folder


ROWS: tuple[Any, ...] = (
    {"messages": [{"role": "user", "content": "x"}, {"role": "assistant", "content": "y"}]},
    {"messages": [{"role": "x", "content": "x"}, {"role": "assistant", "content": "y"}]},
    {"messages": [{"role": "user", "content": "x"}, {"role": "user", "content": "y"}]},
    {"messages": [{"role": "system", "content": "x"}, {"role": "system", "content": "y"}]},
    {"messages": [{"role": "user", "content": {"a": "b"}}, {"role": "assistant", "content": 1}]},
    {"messages": [{"from": "human", "value": "x"}, {"from": "gpt", "value": "y"}]},
    {"messages": "x"},
    {"conversations": [{"from": "human", "value": "x"}, {"from": "gpt", "value": "y"}]},
    {"instruction": "x", "input": "", "output": "y"},
    "x",
)


def write_data(path: Path) -> Path:
    """Write rows with every kind of fault, and it in all their texts and names."""
    rows = [*planted(list(ROWS)), *planted(list(ROWS), keep=frozenset({"role"})), *ROWS]
    named = [{f"{PLANT}{key}": "x", **row} for row in rows if isinstance(row, dict) for key in row]
    lines = [json.dumps(row) for row in (*rows, *named)]
    broken = [f'{{"messages": {PLANT}', f'{{"messages": [{{"role": "user{PLANT}']
    text = "\n".join([*lines, *broken]) + "\n"
    path.write_bytes(text.encode("utf-8", "surrogateescape" if "\udcff" in text else "replace"))
    return path


def write_good_data(path: Path) -> Path:
    """Write rows that can be trained, with it in all their texts."""
    text = PLANT.replace("\ud800", "")
    rows = [
        {
            "messages": [
                {"role": "system", "content": f"Be {text}."},
                {"role": "user", "content": f"{number} {text}?"},
                {"role": "assistant", "content": f"{text} {number}."},
            ],
            text: text,
        }
        for number in range(20)
    ]
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf-8")
    return path


def write_table(path: Path) -> Path:
    """Write a table with it in its columns' names and cells."""
    text = PLANT.replace("\ud800", "").replace("\r", "")
    cells = [f'"{text} {name}"' for name in ("question", "answer", "other")]
    path.write_text("\n".join(",".join(cells) for _ in range(5)) + "\n", "utf-8", newline="")
    return path
