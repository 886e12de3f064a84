"""Answers side by side: every line fits, in both languages, and nothing steers the terminal."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as some
from rich.cells import cell_len

from xtgui_cli.ui.columns import Column, draw_columns, fit

TWO = [
    Column("base", "I am Qwen, created by Alibaba Cloud.", "12 tokens · 0.21 s · 58 tok/s · stop"),
    Column("iter_600", "我是小明的助手，很高兴认识你。", "9 tokens · 0.24 s · 51 tok/s · stop"),
]


def lines(columns: list[Column], width: int) -> list[str]:
    return [line.plain for line in draw_columns(columns, width)]


def test_two_columns_stand_side_by_side() -> None:
    assert lines(TWO, 80) == [
        " base                                   │ iter_600",
        " I am Qwen, created by Alibaba Cloud.   │ 我是小明的助手，很高兴认识你。",
        " 12 tokens · 0.21 s · 58 tok/s · stop   │ 9 tokens · 0.24 s · 51 tok/s · stop",
    ]


def test_in_a_narrow_terminal_they_stand_one_above_the_other() -> None:
    shown = lines(TWO, 59)

    assert shown[0] == " base"
    assert shown[4] == " iter_600"
    assert not any("│" in line for line in shown)


def test_the_shorter_answer_leaves_its_side_empty() -> None:
    shown = lines([Column("base", "a\nb\nc"), Column("iter_1", "d")], 60)

    assert [line.partition("│")[2].strip() for line in shown] == ["iter_1", "d", "", ""]


@given(some.text(max_size=200), some.text(max_size=200), some.integers(20, 200))
def test_no_line_is_wider_than_the_terminal(left: str, right: str, width: int) -> None:
    for line in lines([Column("base", left, "1 token"), Column("iter_600", right)], width):
        assert cell_len(line) <= width


@given(some.text(alphabet="ab 你好，。\n", max_size=120))
def test_the_bar_stands_in_the_same_cell_on_every_line(text: str) -> None:
    shown = lines([Column("base", text), Column("iter_600", text)], 80)

    assert len({cell_len(line.partition("│")[0]) for line in shown}) == 1


def test_escape_sequences_of_a_model_do_not_reach_the_terminal() -> None:
    shown = "\n".join(lines([Column("base", "\x1b[2J\x1b]0;title\x07red\u202e\x9b31m")], 80))

    assert "red" in shown
    assert not any(character in shown for character in "\x1b\x07\x9b\u202e")


def test_brackets_in_an_answer_are_text_and_no_markup() -> None:
    assert " [/bold] [red]x" in lines([Column("base", "[/bold] [red]x")], 80)


def test_indentation_of_code_is_kept_and_a_long_word_is_cut() -> None:
    assert fit("def f():\n    return 1", 20) == ["def f():", "    return 1"]
    assert fit("a" * 25, 10) == ["a" * 10, "a" * 10, "a" * 5]
