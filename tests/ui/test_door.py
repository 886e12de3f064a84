"""The one door to the screen: what steers a terminal does not get through."""

from __future__ import annotations

import ast
import io
from pathlib import Path

import pytest
from hostile import PLANT, leaked
from prompt_toolkit.application import create_app_session
from prompt_toolkit.input import create_pipe_input
from rich.table import Table
from rich.text import Text

import xtgui_cli
from xtgui_cli.runs.engine_session import ModelAnswer
from xtgui_cli.shared.errors import Exit, XtguiError
from xtgui_cli.ui import ask, console
from xtgui_cli.ui.chat_views import FlowingView
from xtgui_cli.ui.console import out, sanitize, show_error, talk, write_plain

ROOMS = (
    "cli",
    "wizard",
    "commands",
    "project",
    "ui",
    "catalogue",
    "hubs",
    "data",
    "models",
    "runs",
)
DOORS = {"ui/console.py", "ui/json_output.py", "project/doctor/installed_packages.py"}
"""The files that may write to stdout or stderr: the last one runs as a program of its own, under
another interpreter, and its output is read as JSON."""


@pytest.fixture(autouse=True)
def coloured(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")


@pytest.mark.parametrize("wrapped", [str, Text, lambda text: Text.assemble(("a", "bold"), text)])
def test_whatever_is_printed_is_cleaned(wrapped: object, capfd: pytest.CaptureFixture[str]) -> None:
    assert callable(wrapped)

    for printer in (out(), talk()):
        printer.print(wrapped(PLANT))
        printer.print(wrapped(PLANT), soft_wrap=True, style="red")

    told = capfd.readouterr()
    assert told.out.count("visible") == told.err.count("visible") == 2
    assert not leaked(told.out + told.err)


def test_what_is_nested_in_a_table_is_cleaned(capfd: pytest.CaptureFixture[str]) -> None:
    table = Table(PLANT)
    table.add_row(Text(PLANT))

    out().print(table)
    with talk().status(PLANT) as status:
        status.update(Text(PLANT))

    told = capfd.readouterr()
    assert not leaked(told.out + told.err)


def test_plain_text_and_errors_are_cleaned(capfd: pytest.CaptureFixture[str]) -> None:
    write_plain(PLANT)
    show_error(XtguiError("cli.system", Exit.FAILED, reason=PLANT, path=Path(PLANT)))
    show_error(XtguiError("cli.unexpected", Exit.FAILED, kind=PLANT, message=PLANT))

    told = capfd.readouterr()
    assert "visible" in told.out
    assert "visible" in told.err
    assert not leaked(told.out + told.err)


def test_a_question_its_choices_and_what_is_typed_are_cleaned(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(ask, "_on_screen", lambda _: True)
    screen = io.StringIO()
    monkeypatch.setattr(screen, "fileno", lambda: 1, raising=False)
    monkeypatch.setattr(screen, "isatty", lambda: True)
    monkeypatch.setattr("sys.stdout", screen)
    with create_pipe_input() as keys, create_app_session(input=keys):
        keys.send_text("?\r\r\r")
        ask.select(PLANT, [("a", PLANT), (PLANT, f"second {PLANT}")], PLANT, explain=PLANT)
        ask.text(PLANT, PLANT)
        ask.path(PLANT, PLANT)

    assert screen.getvalue().count("visible") > 3
    assert not leaked(screen.getvalue())


def test_lone_surrogates_are_shown_and_end_nothing() -> None:
    assert sanitize("a\ud800b\udc80") == "a\ufffdb\ufffd"


def test_a_sequence_without_an_end_hides_nothing_that_follows() -> None:
    assert sanitize("\x1b]0;name is not a checkpoint") == "0;name is not a checkpoint"


def test_an_answer_whose_sequences_come_in_pieces_is_cleaned(
    capfd: pytest.CaptureFixture[str],
) -> None:
    view = FlowingView(out())

    view.begin(PLANT)
    for character in PLANT:
        view.add(character)
    view.end(ModelAnswer("base", PLANT, 3, 1.0, "stop"))

    told = capfd.readouterr().out
    assert told.count("visible") == 2
    assert not leaked(told)


def test_nothing_else_writes_to_the_screen() -> None:
    source = Path(xtgui_cli.__file__).parent
    found = [
        f"{file.relative_to(source)}:{call.lineno} {ast.unparse(call.func)}"
        for room in ROOMS
        for file in (source / room).rglob("*.py")
        if str(file.relative_to(source)) not in DOORS
        for call in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(call, ast.Call) and _writes(call)
    ]

    assert not found, f"write through {console.__name__}"


def _writes(call: ast.Call) -> bool:
    name = ast.unparse(call.func)
    is_own_console = name in ("Console", "rich.console.Console", "print", "rich.print")
    return (
        is_own_console
        or name in ("os.write", "traceback.print_exc")
        or name.startswith(("sys.stdout.write", "sys.stderr.write"))
        or name.endswith((".file.write", "_stream.write"))
    )


def test_what_nobody_sees_is_not_printed_and_joiners_are() -> None:
    unseen = "\u200b\u2028\u2029\u2060\ufeff\ufff9\U000e0041"

    assert sanitize(f"a{unseen}b👩\u200d💻") == "ab👩\u200d💻"
