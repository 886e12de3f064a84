"""Answers side by side, seen on a terminal that keeps what scrolls out of it."""

from __future__ import annotations

import io

import pyte
from rich.console import Console

from xtgui_cli.runs.engine_session import ModelAnswer
from xtgui_cli.ui.chat_views import ColumnsView

WIDTH, HEIGHT = 60, 10


def test_the_names_of_the_models_stand_once_above_answers_taller_than_the_screen() -> None:
    screen = pyte.HistoryScreen(WIDTH, HEIGHT, history=1000, ratio=0.5)
    stream = pyte.Stream(screen)
    written = io.StringIO()
    console = Console(file=written, force_terminal=True, width=WIDTH, height=HEIGHT)
    answer = "\n".join(f"line {number}" for number in range(3 * HEIGHT))
    view = ColumnsView(console, ["iter_75", "base"])

    for model in ("iter_75", "base"):
        view.begin(model)
        for word in answer.splitlines(keepends=True):
            view.add(word)
        view.end(ModelAnswer(model=model, text=answer, tokens=90, seconds=1.0, stop="stop"))

    stream.feed(written.getvalue().replace("\n", "\r\n"))
    lines = [
        "".join(line[column].data for column in range(WIDTH))
        for line in (*screen.history.top, *(screen.buffer[row] for row in range(HEIGHT)))
    ]
    assert sum("iter_75" in line and "base" in line for line in lines) == 1
    assert sum("line 29" in line for line in lines) == 1
