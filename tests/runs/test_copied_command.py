"""A printed command can be copied: a real shell reads back what was meant."""

from __future__ import annotations

import os
import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xtgui_cli.runs.copied_command import join, quote
from xtgui_cli.ui.console import sanitize

STRANGE = [
    "",
    "plain-name",
    "two words",
    "it's, you know",
    "new\nline",
    "\u202egnp.exe",
    "\x1b[31mred\x1b[0m7",
    "微调\u200b模型",
    '$HOME `id` "quoted" \\ end\'',
    os.fsdecode(b"caf\xe9"),
    "tab\tand\rreturn",
]


def words_in(command: str) -> list[str]:
    printed = subprocess.run(
        ["bash", "-c", f"printf '%s\\0' {command}"], capture_output=True, check=True, timeout=60
    ).stdout
    return [os.fsdecode(word) for word in printed.split(b"\0")[:-1]]


def test_a_shell_reads_back_every_word() -> None:
    assert words_in(join(STRANGE)) == STRANGE


@pytest.mark.parametrize("word", [*STRANGE, "half a pair \ud800"])
def test_the_screen_takes_nothing_from_a_word(word: str) -> None:
    assert sanitize(quote(word)) == quote(word)
    assert "\n" not in quote(word)


@given(st.lists(st.text(st.characters(exclude_characters="\0", codec="utf-8")), min_size=1))
def test_whatever_words_hold_a_shell_reads_them_back(words: list[str]) -> None:
    assert words_in(join(words)) == words
    assert sanitize(join(words)) == join(words)
