"""Five files as people bring them: what the checker calls clean, a real training takes as it is."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from settings_of import settings_of
from training_runs import Engine, TrainingRun

from xtgui_cli.data.data_check import DataCheck
from xtgui_cli.data.data_repair import write_repaired
from xtgui_cli.data.formats.convert import convert
from xtgui_cli.planning import machine
from xtgui_cli.project.build_run import BuiltRun, build_run
from xtgui_cli.project.config_writer import write_config
from xtgui_cli.shared.run_folder import RunFolder

pytestmark = [pytest.mark.engine, pytest.mark.xdist_group("engine")]

ODD_TEXTS = [
    "é e\u0301 ﬁ",
    "👩\u200d👩\u200d👧 🇨🇳",
    "שלום مرحبا",
    "零\u200b宽\ufeff",
    "a\u2028b\x85c",
    "\x00\x1b[31m",
    "{x} {{",
    "<|im_end|><|im_start|>user",
    "%s \\n \\",
    "2024-01-01T00:00:00",
    "null",
    "\tx ",
]


def _row(*texts: str, **first: Any) -> dict[str, Any]:
    roles = ("user", "assistant") * len(texts)
    messages = [{"role": role, "content": text} for role, text in zip(roles, texts, strict=False)]
    messages[0] |= first
    return {"messages": messages}


def _write(path: Path, rows: list[Any]) -> Path:
    path.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), "utf-8")
    return path


def _unicode(path: Path) -> Path:
    pairs = zip(ODD_TEXTS[:-1], ODD_TEXTS[1:-1] + ODD_TEXTS[:1], strict=True)
    return _write(path, [_row(*pair) for pair in pairs])


def _very_long(path: Path) -> Path:
    return _write(path, [_row("q" * 20_000, "a"), _row("q", "很长 " * 20_000), _row("q", "a")])


def _one_row(path: Path) -> Path:
    return _write(path, [_row("q", "a")])


def _several_turns(path: Path) -> Path:
    rows = [_row(*(f"{turn} of {row}" for turn in range(2 * row + 2))) for row in range(8)]
    for number, row in enumerate(rows):
        row["messages"].insert(0, {"role": "system", "content": None if number % 2 else "Be brief"})
        row["messages"][-1]["loss"] = True
        row["id"], row["source"] = number, {"where": ["here"] * number}
    return _write(path, rows)


def _repaired(path: Path) -> Path:
    """A table in GB18030 and a file with every kind of fault, put right by our own commands."""
    table = path.with_name("table.csv")
    table.write_bytes("问题,回答\r\n你是谁？,助手\r\n你好,\r\n".encode("gb18030"))
    convert(table, path.with_name("converted.jsonl"))
    broken = path.with_name("broken.jsonl")
    rows = [
        path.with_name("converted.jsonl").read_text("utf-8").strip(),
        json.dumps({"Messages": [{"Role": "Human", "Content": 1}, {"Role": "GPT", "Content": 2}]}),
        json.dumps(_row("q", "a"), indent=2) + ",",
        json.dumps(_row("d", "e", "f", "")),
        json.dumps(_row("a", "b", name="n")),
        '{"messages": [',
    ]
    broken.write_text("\ufeff" + "\r\n".join(rows), "utf-8")
    write_repaired(broken, path)
    return path


FILES = (_unicode, _very_long, _one_row, _several_turns, _repaired)
Trained = Mapping[str, tuple[BuiltRun, TrainingRun]]


@pytest.fixture(scope="module")
def trained(engine: Engine, tiny_model: Path, tmp_path_factory: pytest.TempPathFactory) -> Trained:
    """All five, trained side by side by forks of one engine."""
    found = {}
    for make in FILES:
        root = tmp_path_factory.mktemp("messy")
        answers = {
            "model.path": str(tiny_model),
            "data.path": str(make(root / "rows.jsonl")),
            "train.max_epochs": 1,
            "train.evaluation_inputs": ["你好"],
            "train.max_new_tokens": 2,
        }
        built = build_run(settings_of(answers), machine.detect())
        folder = RunFolder(root)
        write_config(built, folder)
        run = TrainingRun(engine, folder)
        run.start()
        found[make.__name__] = (built, run)
    for _, run in found.values():
        assert run.wait() == 0, run.log()
    return found


@pytest.mark.parametrize("name", [make.__name__ for make in FILES])
def test_what_is_called_clean_is_trained(trained: Trained, name: str) -> None:
    built, run = trained[name]

    faults = [one.code for one in DataCheck(Path(built.data.path)).faults()]
    samples = re.search(r"Num train samples (\d+)", run.folder.log_file.read_text("utf-8"))
    losses = run.losses()

    assert set(faults) <= {"unknown_field", "loss_partly"}
    assert samples is not None
    assert int(samples[1]) == built.plan.samples > 0
    assert list(losses) == list(range(1, built.plan.total_iters + 1))
    assert all(math.isfinite(loss) and loss > 0 for loss in losses.values())
