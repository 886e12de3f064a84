"""Questions in real terminals: arrow keys where the cursor moves, numbers where it does not."""

from __future__ import annotations

import functools
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from terminal import BACKSPACE, CTRL_C, CTRL_U, DOWN, ENTER, ESCAPE, Terminal

from xtgui_cli.texts import LANGUAGES

pytestmark = pytest.mark.process

SERVER = """
import os
from rich.text import Text
from xtgui_cli.texts import set_language
from xtgui_cli.ui import ask
while True:
    language, _, expression = input("READY ").partition(" ")
    print("\\x1b[2J\\x1b[H", end="", flush=True)
    set_language(language)
    try:
        print("GOT", repr(eval(expression)))
    except ask.GoBack:
        print("BACK")
    except KeyboardInterrupt:
        print("INTERRUPTED")
"""
SELECT = (
    "ask.select('方法 Method', [('a', 'one 一'), ('b', 'two 二'), ('c', 'three')], 'b',"
    " explain='It means 这个.', may_go_back=True)"
)
CONFIRM = "ask.confirm('Sure?', default=True)"
TEXT = "ask.text('Rate', '1e-4', lambda typed: None if typed else 'needed', explain='A rate.')"
PATH = "str(ask.path('Folder', '', may_go_back=True))"

Start = Callable[..., Terminal]


@pytest.fixture(scope="module")
def terminals(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Terminal]]:
    """One program for each kind of terminal, which asks what it is told to ask."""
    folder = tmp_path_factory.mktemp("home")
    environment = {"HOME": "/home/somebody"}

    @functools.cache
    def get(kind: str) -> Terminal:
        return Terminal(["-c", SERVER], folder, environment | {"TERM": kind})

    yield get
    for kind in ("xterm-256color", "dumb"):
        get(kind).kill()


@pytest.fixture
def start(terminals: Callable[[str], Terminal]) -> Start:
    """Return a function that has a question asked in a terminal, and gives the terminal."""

    def go(expression: str, language: str = "en", kind: str = "xterm-256color") -> Terminal:
        terminal = terminals(kind)
        terminal.wait_for("READY")
        terminal.send(f"{language} {expression}\r")
        terminal.wait_until_gone("READY")
        return terminal

    return go


def test_a_choice_is_made_with_arrows_and_enter(start: Start) -> None:
    terminal = start(SELECT)
    terminal.wait_for("❯ two 二")

    terminal.send(DOWN, ENTER)

    shown = terminal.wait_for("GOT 'c'")
    assert "✓ 方法 Method  three" in shown
    assert "❯" not in shown


def test_what_is_typed_narrows_a_long_list(start: Start) -> None:
    names = "[(f'model-{n}', f'model-{n} 模型') for n in range(60)]"
    terminal = start(f"ask.select('Model', {names}, 'model-3', explain='e', filterable=True)")
    terminal.wait_for("❯ model-3")

    terminal.send("-57x", ENTER)  # there is none of that name: nothing is chosen
    terminal.wait_for('Nothing matches "-57x".')
    terminal.send(BACKSPACE)
    assert "❯ model-57 模型" in terminal.wait_until_gone("Nothing matches")
    terminal.send(ENTER)

    terminal.wait_for("GOT 'model-57'")


def test_a_note_is_seen_below_a_list_that_is_longer_than_the_screen(start: Start) -> None:
    rows = "[(str(n), f'row {n}') for n in range(60)]"
    note = "Text('Too big for this machine', 'red')"
    terminal = start(f"ask.select('Parameters', {rows}, explain='It means this.', note={note})")

    assert "Too big for this machine" in terminal.wait_for("❯ row 0")
    terminal.send("?")
    assert "Too big" not in terminal.wait_for("It means this.")
    terminal.send("?", ENTER)

    terminal.wait_for("GOT '0'")


def test_a_folder_is_completed_with_its_slash_and_a_second_tab_goes_on(
    start: Start, tmp_path: Path
) -> None:
    (tmp_path / "models" / "small").mkdir(parents=True)
    terminal = start(PATH)
    terminal.wait_for("Folder")

    terminal.send(f"{tmp_path}/mod", "\t")
    terminal.wait_for("models/")
    terminal.send("\t")
    terminal.wait_for("models/small")
    terminal.send(ENTER)

    shown = terminal.wait_for("READY")
    assert f"GOT'{tmp_path}/models/small'" in "".join(shown.split())


@pytest.mark.parametrize(
    ("language", "keys"),
    [
        ("en", "(↑↓, Enter; ? help; Esc back)"),
        ("zh", "(↑↓ 选择，回车确认，? 说明，Esc 返回)"),
    ],
)
def test_the_keys_are_named_in_both_languages(start: Start, language: str, keys: str) -> None:
    terminal = start(SELECT, language)

    assert keys in terminal.wait_for("❯").replace("\n", " ")
    terminal.send(ENTER)


def test_a_question_mark_explains_and_asks_on(start: Start) -> None:
    terminal = start(SELECT)
    terminal.wait_for("❯")

    terminal.send("?")

    terminal.wait_for("It means 这个.")
    terminal.send(ENTER)
    terminal.wait_for("GOT 'b'")


def test_the_explanation_is_seen_beside_a_list_that_fills_the_screen_and_goes_again(
    start: Start,
) -> None:
    names = "[(f'model-{n}', f'model-{n}') for n in range(60)]"
    words = "'The base model. ' * 8"
    terminal = start(f"ask.select('Model', {names}, 'model-30', explain={words})")
    terminal.wait_for("❯ model-30")

    terminal.send("?")
    shown = terminal.wait_for("The base model.")
    assert "❯ model-30" in shown
    assert " ".join(shown.split()).count("The base model.") == 8
    terminal.send("?")
    terminal.wait_until_gone("The base model.")
    terminal.send("?")
    terminal.wait_for("The base model.")
    terminal.send(ENTER)

    assert "The base model." not in terminal.wait_for("GOT 'model-30'")


@pytest.mark.parametrize("expression", [SELECT, PATH])
def test_escape_goes_back(start: Start, expression: str) -> None:
    terminal = start(expression)
    terminal.wait_for("Esc back")

    terminal.send(ESCAPE)

    terminal.wait_for("BACK")


@pytest.mark.parametrize("expression", [SELECT, CONFIRM, TEXT, PATH])
def test_ctrl_c_interrupts_without_a_word_of_its_own(start: Start, expression: str) -> None:
    terminal = start(expression)
    terminal.wait_for("(")

    terminal.send(CTRL_C)

    shown = terminal.wait_for("INTERRUPTED")
    assert "ancelled" not in shown


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("key", "answer"), [("y", True), ("n", False), (ENTER, True)])
def test_yes_and_no_take_one_key(start: Start, language: str, key: str, *, answer: bool) -> None:
    terminal = start(CONFIRM, language)
    terminal.wait_for("Sure?")
    terminal.wait_for("❯")

    terminal.send(key)

    terminal.wait_for(f"GOT {answer}")


def test_a_wrong_text_is_refused_at_once_and_can_be_mended(start: Start) -> None:
    terminal = start(TEXT)
    terminal.wait_for("1e-4")

    terminal.send(CTRL_U, ENTER)

    terminal.wait_for("needed")
    terminal.send("2e-4", ENTER)
    terminal.wait_for("GOT '2e-4'")


def test_a_question_mark_in_a_text_is_a_letter(start: Start) -> None:
    terminal = start(TEXT)
    terminal.wait_for("1e-4")

    terminal.send("?")
    terminal.wait_for("A rate.")
    terminal.send(CTRL_U, "W", "?", ENTER)

    terminal.wait_for("GOT 'W?'")


def test_a_path_may_begin_with_the_home_folder_or_stand_in_quotes(start: Start) -> None:
    terminal = start(PATH)
    terminal.wait_for("Folder")
    terminal.send("~/a b", ENTER)
    terminal.wait_for("GOT '/home/somebody/a b'")

    terminal = start(PATH)
    terminal.wait_for("Folder")
    terminal.send("'/a b/模型'", ENTER)
    terminal.wait_for("GOT '/a b/模型'")


# --- where the cursor cannot be moved --------------------------------------------------------


def test_a_dumb_terminal_numbers_the_choices(start: Start) -> None:
    terminal = start(SELECT, kind="dumb")
    terminal.wait_for("2) two 二")

    terminal.send("9\r")
    terminal.wait_for("from 1 to 3")
    terminal.send("?\r")
    terminal.wait_for("It means 这个.")
    terminal.send("\r")

    terminal.wait_for("GOT 'b'")


def test_a_dumb_terminal_goes_back_too(start: Start) -> None:
    terminal = start(SELECT, kind="dumb")
    terminal.wait_for("1) one 一")

    terminal.send("<\r")

    terminal.wait_for("BACK")


def test_a_dumb_terminal_takes_text(start: Start) -> None:
    terminal = start(TEXT, kind="dumb")
    terminal.wait_for("Rate (? help) [1e-4]")

    terminal.send("3e-4\r")

    terminal.wait_for("GOT '3e-4'")


@pytest.mark.parametrize("expression", [SELECT, CONFIRM, TEXT, PATH])
def test_without_a_terminal_the_flags_that_answer_are_named(expression: str) -> None:
    script = f"from xtgui_cli.ui import ask; {expression}"
    script = (
        "from xtgui_cli.shared.errors import XtguiError\n"
        "from xtgui_cli.ui import ask, console\n"
        f"try:\n {expression}\nexcept XtguiError as error:\n console.show_error(error)\n"
    )

    done = subprocess.run(
        [sys.executable, "-c", script],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=True,
        timeout=30,
    )

    assert "--yes" in done.stderr
    assert "--set" in done.stderr
