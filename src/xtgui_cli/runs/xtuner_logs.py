"""The logs that xtuner itself leaves, as events: for runs that xtgui did not start.

Each start has a folder of its own (20240131_145313) with vis_data/scalars.json, one JSON object a
line (NaN bare), and vis_data/eval_outputs_iter_K.txt, where K counts from 0: the answers at
iter_500.pth are in eval_outputs_iter_499.txt. Seen with xtuner 0.2.0 and mmengine 0.10.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from ..shared.config_file import read_known
from ..shared.custom_template import as_template
from ..shared.events import Event
from ..shared.json_values import amount, count, mapping, number, parse, required
from ..shared.regular_file import read_bytes
from ..shared.run_folder import RunFolder
from ..shared.templates import PromptTemplate

_START = re.compile(r"\d{8}_\d{6}")
_ANSWERS = re.compile(r"eval_outputs_iter_(\d+)\.txt")
_INTERVAL = 10
"""How often xtuner logs: a start whose first line is later than this has resumed."""


def events_from_logs(folder: RunFolder) -> Iterator[Event]:
    """Give what the logs tell as `start`, `iter` and `evaluation` events, in order."""
    config = read_known(folder.config_file)
    if not folder.work_dir.is_dir():
        return
    starts = sorted(path for path in folder.work_dir.iterdir() if _START.fullmatch(path.name))
    for start in starts:
        rows = list(_rows(start / "vis_data" / "scalars.json"))
        at = _began(start.name)
        if rows and at is not None:
            yield from _one_start(start, at, rows, config)


def _one_start(
    start: Path, at: float, rows: Sequence[Mapping[str, Any]], config: Mapping[str, Any]
) -> Iterator[Event]:
    first, done = rows[0]["iter"], rows[0]["iter"] - 1
    yield {
        "event": "start",
        "at": at,
        "run_id": "xtuner",
        "pid": 0,
        "method": "",
        "model": config.get("pretrained_model_name_or_path"),
        "resumed_from": f"iter_{done}.pth" if first > _INTERVAL else None,
    }
    answers = dict(_answers(start / "vis_data", config))
    for row in rows:
        iteration, time_s = row["iter"], amount(row.get("time"))
        memory = amount(row.get("memory"))
        at += (time_s or 0.0) * (iteration - done)
        done = iteration
        yield {
            "event": "iter",
            "at": at,
            "iter": iteration,
            "loss": row["loss"],
            "lr": row.get("lr", 0.0),
            "time_s": time_s,
            "memory_gib": memory / 1024 if memory else None,
        }
    for iteration, texts in sorted(answers.items()):
        yield {"event": "evaluation", "at": at, "iter": iteration, "answers": texts}


def _began(name: str) -> float | None:
    """Give the seconds since the epoch that the folder of a start is called by."""
    try:
        return time.mktime(time.strptime(name, "%Y%m%d_%H%M%S"))
    except (ValueError, OverflowError):
        return None


def _rows(file: Path) -> Iterator[dict[str, Any]]:
    try:
        lines = read_bytes(file).splitlines()
    except OSError:
        return
    for line in lines:
        try:
            row = dict(mapping(parse(line)))
            row["iter"] = required(count(row.get("iter", row.get("step"))))
            row["loss"] = required(number(row.get("loss")))
        except ValueError:
            continue
        yield row


def _answers(vis_data: Path, config: Mapping[str, Any]) -> Iterator[tuple[int, list[Event]]]:
    questions = config.get("evaluation_inputs")
    asked = questions if isinstance(questions, list) else []
    template = as_template(config.get("prompt_template"))
    for file in vis_data.glob("eval_outputs_iter_*.txt"):
        match = _ANSWERS.fullmatch(file.name)
        if match is None:
            continue
        try:
            text = read_bytes(file).decode("utf-8", errors="replace")
        except OSError:
            continue
        outputs = re.split(r"^Eval output \d+:\n", text, flags=re.MULTILINE)[1:]
        answers = []
        for place, output in enumerate(outputs):
            question = str(asked[place]) if place < len(asked) else f"{place + 1}"
            answers.append({"question": question, "answer": _answer(output, question, template)})
        yield int(match[1]) + 1, answers


def _answer(output: str, question: str, template: PromptTemplate | None) -> str:
    """Give what follows the question in a whole decoded conversation; all of it if in doubt."""
    prompt = template.instruction.format(input=question, round=1) if template else question
    _, found, after = output.partition(prompt.strip("\n"))
    text = after if found else output
    for stop_word in template.stop_words if template else ():
        text = text.removesuffix("\n").rstrip().removesuffix(stop_word)
    return text.strip()
