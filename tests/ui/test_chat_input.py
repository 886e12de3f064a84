"""The line that questions are written on, with real keys."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from prompt_toolkit.input import PipeInput, create_pipe_input
from prompt_toolkit.output import DummyOutput

from xtgui_cli.ui.chat_input import ChatInput

CTRL_C, CTRL_D, ALT_ENTER, UP = "\x03", "\x04", "\x1b\r", "\x1b[A"


@pytest.fixture
def keys() -> Iterator[PipeInput]:
    with create_pipe_input() as pipe:
        yield pipe


@pytest.fixture
def ask(keys: PipeInput) -> ChatInput:
    return ChatInput(["/help", "/exit"], input=keys, output=DummyOutput())


def test_a_line_is_given_as_it_was_typed(ask: ChatInput, keys: PipeInput) -> None:
    keys.send_text("你是谁？\r")

    assert ask() == "你是谁？"


def test_ctrl_c_empties_a_line_that_has_text(ask: ChatInput, keys: PipeInput) -> None:
    keys.send_text(f"no{CTRL_C}yes\r")

    assert ask() == "yes"


def test_ctrl_c_at_an_empty_line_is_an_interrupt(ask: ChatInput, keys: PipeInput) -> None:
    keys.send_text(CTRL_C)

    with pytest.raises(KeyboardInterrupt):
        ask()


def test_ctrl_d_is_the_end(ask: ChatInput, keys: PipeInput) -> None:
    keys.send_text(CTRL_D)

    with pytest.raises(EOFError):
        ask()


def test_alt_enter_begins_a_new_line(ask: ChatInput, keys: PipeInput) -> None:
    keys.send_text(f"one{ALT_ENTER}two\r")

    assert ask() == "one\ntwo"


def test_tab_completes_a_command(ask: ChatInput, keys: PipeInput) -> None:
    keys.send_text("/ex\t\r")

    assert ask() == "/exit"


def test_an_earlier_question_comes_back(ask: ChatInput, keys: PipeInput) -> None:
    keys.send_text("Who are you?\r")
    ask()

    keys.send_text(f"{UP}\r")

    assert ask() == "Who are you?"
