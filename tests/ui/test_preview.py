"""Rows and figures on the screen, in both languages, with and without color."""

from __future__ import annotations

import io
import os
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some
from plan_example import plan_with
from rich.cells import cell_len
from rich.console import Console

from xtgui_cli.data.survey import Survey
from xtgui_cli.data.token_runs import TokenRow, split_runs
from xtgui_cli.planning.length_stats import Bar, histogram
from xtgui_cli.planning.packing import Measured
from xtgui_cli.shared.templates import (
    Encoder,
    Turn,
    all_templates,
    encode_conversation,
)
from xtgui_cli.texts import set_language
from xtgui_cli.ui import preview_figures, preview_rows
from xtgui_cli.ui.preview_figures import Figures

GOLDEN = Path(__file__).with_name("golden")
MARKS = ("<|im_start|>", "<|im_end|>")
FIRST_MARK = 0x110000
"""Characters are their own ids; the special tokens come after the last of them."""


@pytest.fixture(autouse=True)
def english_again() -> Iterator[None]:
    yield
    set_language("en")


def encode(text: str) -> list[int]:
    """A tokenizer of one token a character, and one for each mark."""
    for number, mark in enumerate(MARKS):
        before, found, after = text.partition(mark)
        if found:
            return [*encode(before), FIRST_MARK + number, *encode(after)]
    return [ord(character) for character in text]


def decode(ids: Sequence[int]) -> str:
    return "".join(chr(i) if i < FIRST_MARK else MARKS[i - FIRST_MARK] for i in ids)


def row_of(*turns: Turn, number: int = 1, max_length: int = 2048) -> TokenRow:
    encoded = encode_conversation(turns, all_templates()["qwen_chat"], Encoder(encode))
    special = frozenset({FIRST_MARK, FIRST_MARK + 1})
    runs = tuple(split_runs(encoded, max_length, special, decode))
    return TokenRow(number, encoded, max_length, runs)


CODE = "It gives 1:\n\n```python\nif f():\n\tprint('好')\n```"
ROWS = [
    row_of(
        Turn("def f():\n    return 1\n\nWhat does it give?", CODE, "Be brief."),
        Turn("谢谢\r\n \x1b[31mred", "不客气！" * 24),
    ),
    row_of(Turn("Tell me a story.", "once upon a time " * 120), number=7, max_length=200),
    replace(row_of(number=12), dropped=1),
    replace(row_of(Turn("And?", "Yes."), number=13), dropped=2),
]
PLAN = plan_with(
    samples=112,
    lost_share=0.0312,
    cut_rows=2,
    vanished_rows=12,
    iters_per_epoch=112,
    total_iters=336,
    optimizer_steps=42,
    max_length=2048,
    pack_to_max_length=True,
    accumulative_counts=8,
    warmup_ratio=0.03,
    warmup_iters=10,
    save_steps=112,
    evaluation_freq=112,
)
LENGTHS = sorted([*range(20, 2000, 7), *range(20, 700, 3), 2049, 3120])
SURVEY = Survey(
    Measured(len(LENGTHS), LENGTHS, first_trained=LENGTHS),
    trained=98_000,
    trained_cut=1073,
    cut_rows=2,
    vanishing=range(3, 15),
)
FIGURES = Figures(SURVEY, PLAN, limit=2048)
ADVICE = [
    "The longest row has 3,120 tokens. --set train.max_length=3136 keeps all of it",
    "Rows without a trained answer teach nothing. To see why, run `xtgui check data`.",
]


def show_rows(console: Console) -> None:
    preview_rows.show_head(
        data="data.jsonl",
        model="SmolLM2-135M-Instruct",
        template="qwen_chat",
        max_length=2048,
        console=console,
    )
    for row in ROWS:
        preview_rows.show_row(row, in_full=False, console=console)
    preview_rows.show_cut_rows_end(5, 2, 2048, console)


def show_figures(console: Console) -> None:
    preview_figures.show_figures(FIGURES, ADVICE, console)


def screen_of(show: object, colored: bool, width: int = 80) -> str:
    file = io.StringIO()
    assert callable(show)
    show(
        Console(
            file=file,
            width=width,
            force_terminal=colored,
            color_system="standard" if colored else None,
            no_color=not colored,
            markup=False,
            highlight=False,
            emoji=False,
        )
    )
    return file.getvalue()


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("colored", [True, False])
@pytest.mark.parametrize("part", [show_rows, show_figures])
def test_the_screen_looks_as_it_was_read(part: object, colored: bool, language: str) -> None:
    set_language(language)
    name = getattr(part, "__name__", "").removeprefix("show_")
    file = GOLDEN / f"preview-{name}-{'color' if colored else 'plain'}-80-{language}.txt"

    screen = screen_of(part, colored)

    if os.environ.get("REWRITE_GOLDEN"):
        file.write_text(screen, "utf-8")
    assert screen == file.read_text("utf-8")


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("width", [40, 61, 80, 200])
def test_no_line_is_wider_than_the_terminal(width: int, language: str) -> None:
    set_language(language)
    for row in ROWS:
        for line in preview_rows.draw_row(row, width, in_full=True, colored=False):
            assert line.cell_len <= width
    for line in preview_figures.draw_histogram(histogram(LENGTHS, 2048), 2048, width):
        assert line.cell_len <= width


def test_trained_text_can_be_told_without_color() -> None:
    row = row_of(Turn("Who are you?", "An assistant."))

    lines = [line.plain for line in preview_rows.draw_row(row, 80, in_full=True, colored=False)]

    assert lines[2:] == [
        "   ‹<|im_start|>›user↵",
        "   Who are you?‹<|im_end|>›↵",
        "   ‹<|im_start|>›assistant↵",
        " ┃ An assistant.‹<|im_end|>›",
        "   ↵",
    ]


def test_a_row_that_is_left_out_says_so() -> None:
    row = row_of(Turn("a long question", "an answer"), max_length=10)

    lines = [line.plain for line in preview_rows.draw_row(row, 80, in_full=True, colored=False)]

    assert lines[2] == " ! This row has no token to train, so it is left out."


def test_a_long_stretch_is_shortened_unless_the_row_is_asked_for() -> None:
    row = row_of(Turn("q", "word " * 1000), number=3)

    few = preview_rows.draw_row(row, 80, in_full=False, colored=False)
    all_lines = preview_rows.draw_row(row, 80, in_full=True, colored=False)

    assert len(few) <= 24 < len(all_lines)
    assert any("--row 3" in line.plain for line in few)


@given(some.text(max_size=300), some.text(max_size=300), some.integers(1, 400))
def test_no_text_steers_the_terminal_or_leaves_the_screen(
    question: str, answer: str, max_length: int
) -> None:
    row = row_of(Turn(question, answer), max_length=max_length)

    for line in preview_rows.draw_row(row, 60, in_full=True, colored=False):
        assert cell_len(line.plain) <= 60
        assert not any(ord(c) < 32 or 127 <= ord(c) < 160 for c in line.plain)


def test_the_smallest_bar_is_seen_and_an_empty_one_is_not() -> None:
    bars = [Bar(1, 10, 100_000), Bar(11, 20, 1), Bar(21, 30, 0)]

    lines = [line.plain for line in preview_figures.draw_histogram(bars, 30, 80)]

    assert lines[1].count("#") > 40
    assert lines[2].count("#") == 1
    assert lines[3].count("#") == 0
