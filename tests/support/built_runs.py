"""Runs that are built from rows and settings for a machine without a GPU."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from settings_of import settings_of

from xtgui_cli.planning.machine import Machine
from xtgui_cli.project import row_choice
from xtgui_cli.project.build_run import BuiltRun, build_run
from xtgui_cli.project.general_answers import BaseModel, GeneralAnswers, read_questions
from xtgui_cli.shared.run_folder import RunFolder

CPU = Machine("cpu", False, "", 0.0, 0.0, 16.0, 12.0, 2)

Build = Callable[..., BuiltRun]
"""Builds a run on rows, by default 20 of them, under some settings."""


def answer_for_bases(monkeypatch: pytest.MonkeyPatch) -> list[BaseModel]:
    """Have every base model know 20 answers; return the list of those that were asked."""
    bases: list[BaseModel] = []

    def read_answers(base: BaseModel, _: str) -> GeneralAnswers:
        bases.append(base)
        questions = read_questions(base.language)
        answers = tuple(f"Answer {number}." for number in range(20))
        return GeneralAnswers(file=Path("nowhere"), questions=questions, answers=answers)

    monkeypatch.setattr(row_choice, "read_answers", read_answers)
    return bases


def builder(data: Path, model: Path) -> Build:
    """Return what builds runs of a model on rows that it writes to a file."""

    def build(rows: list[Any] | int = 20, model: Path = model, **given: Any) -> BuiltRun:
        conversations = rows if isinstance(rows, list) else [chat(number) for number in range(rows)]
        lines = [json.dumps({"messages": messages, "id": 7}) for messages in conversations]
        data.write_text("\n".join(lines) + "\n", "utf-8")
        settings = {key.replace("__", "."): value for key, value in given.items()}
        sources = {"model.path": str(model), "data.path": str(data)}
        return build_run(settings_of(sources | settings), CPU)

    return build


def chat(number: int, system: str = "", **answer: Any) -> list[dict[str, Any]]:
    """Return the messages of a row, all of whose texts have its number."""
    said = [{"role": "system", "content": system}] if system else []
    return [
        *said,
        {"role": "user", "content": f"Who is {number}?"},
        {"role": "assistant", "content": f"Number {number} is 小明.", **answer},
    ]


def files_of(folder: RunFolder) -> set[str]:
    """Return the names of the data files of a project."""
    return {path.name for path in folder.data_dir.iterdir()}
