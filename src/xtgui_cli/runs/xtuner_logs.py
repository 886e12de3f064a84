"""Reads xtuner's own logs as events, for runs that xtgui did not start.

Each start has its own folder (20240131_145313) with vis_data/scalars.json, one JSON object per line
(NaN bare), and vis_data/eval_outputs_iter_K.txt, where K counts from 0: the answers at iter_500.pth
are in eval_outputs_iter_499.txt. Seen with xtuner 0.2.0 and mmengine 0.10.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from ..shared.config_file import parse_config, read_file
from ..shared.custom_template import as_template
from ..shared.errors import XtguiError
from ..shared.events import Event, EventReader
from ..shared.json_values import amount, count, mapping, number, parse, required
from ..shared.regular_file import open_regular, read_bytes
from ..shared.run_folder import RunFolder, list_checkpoints
from ..shared.templates import PromptTemplate
from .progress import Progress

_START = re.compile(r"\d{8}_\d{6}")
_ANSWERS = re.compile(r"eval_outputs_iter_(\d+)\.txt")
_ITERATIONS = re.compile(rb"Iter\(train\) \[ *\d{1,18}/(\d{1,18})\]")
_END_BYTES = 64 * 1024
_INTERVAL = 10
"""How often xtuner logs: a start whose first line is later than this has resumed."""


def read_progress(folder: RunFolder) -> Progress:
    """Return what is known about a folder's run: from its events, or from xtuner's own logs."""
    progress = Progress()
    if not progress.add_all(EventReader(folder.events_file)()):
        progress.add_all(events_from_logs(folder))
    return progress


def events_from_logs(folder: RunFolder) -> Iterator[Event]:
    """Yield events from logs and checkpoints, in order.

    They are `start`, `plan`, `iter`, `evaluation` and `checkpoint` events.
    """
    if not folder.work_dir.is_dir():
        return
    config, method = _read_config(folder.config_file)
    starts = sorted(path for path in folder.work_dir.iterdir() if _START.fullmatch(path.name))
    last_at = None
    for start in starts:
        rows = list(_rows(start / "vis_data" / "scalars.json"))
        at = _began(start.name)
        if rows and at is not None:
            for event in _one_start(start, at, rows, config, method):
                last_at = event["at"]
                yield event
    if last_at is None:
        return
    there = list_checkpoints(folder.work_dir)
    for saved in there:
        yield {
            "event": "checkpoint",
            "at": last_at,
            "iter": saved.iter,
            "file": saved.name,
            "bytes": saved.path.stat().st_size if saved.path.is_file() else None,
            "kept": [each.name for each in there],
        }


def _read_config(file: Path) -> tuple[Mapping[str, Any], str]:
    """Return what a config says plainly, and its method; empty if it cannot be read."""
    try:
        config = parse_config(read_file(file), str(file))
    except (OSError, XtguiError):
        return {}, ""
    return config.all_values, config.method


def _one_start(
    start: Path,
    at: float,
    rows: Sequence[Mapping[str, Any]],
    config: Mapping[str, Any],
    method: str,
) -> Iterator[Event]:
    first, done = rows[0]["iter"], rows[0]["iter"] - 1
    yield {
        "event": "start",
        "at": at,
        "run_id": "xtuner",
        "pid": 0,
        "method": method,
        "model": config.get("pretrained_model_name_or_path"),
        "resumed_from": f"iter_{done}.pth" if first > _INTERVAL else None,
    }
    total = _total(start / f"{start.name}.log")
    if total is not None:
        yield {"event": "plan", "at": at, "total_iters": total}
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


def _total(log: Path) -> int | None:
    """Return how many iterations a start would make, according to a sentence in its log."""
    try:
        with open_regular(log) as file:
            size = file.seek(0, 2)
            file.seek(max(0, size - _END_BYTES))
            told = _ITERATIONS.findall(file.read(_END_BYTES))
    except OSError:
        return None
    return int(told[-1]) if told else None


def _began(name: str) -> float | None:
    """Return the seconds since the epoch for the name of a start's folder."""
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
        left = [str(question) for question in asked]
        for place, output in enumerate(outputs):
            question = _question_in(output, left) or f"{place + 1}"
            left = [each for each in left if each != question]
            answers.append({"question": question, "answer": _answer(output, question, template)})
        yield int(match[1]) + 1, answers


def _question_in(output: str, questions: Sequence[str]) -> str | None:
    """Return the question in a decoded conversation, or the next one.

    The config may have been written again since, with its questions in another order.
    """
    there = [question for question in questions if question.strip() in output]
    return next(iter((*there, *questions)), None)


def _answer(output: str, question: str, template: PromptTemplate | None) -> str:
    """Return what follows the question in a complete conversation; all of it if in doubt."""
    prompt = template.instruction.format(input=question, round=1) if template else question
    text = output
    for before in (prompt.strip("\n"), question.strip()):
        _, found, after = output.partition(before)
        if before and found:
            text = after
            break
    for stop_word in template.stop_words if template else ():
        text = text.removesuffix("\n").rstrip().removesuffix(stop_word)
    return text.strip()
