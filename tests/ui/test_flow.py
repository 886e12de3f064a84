"""Words are broken as they come in, wherever the pieces begin and end."""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as some
from rich.cells import cell_len

from xtgui_cli.ui.flow import FlowingText


def flow(pieces: list[str], width: int = 20) -> str:
    written: list[str] = []
    text = FlowingText(written.append, width)
    for piece in pieces:
        text.add(piece)
    text.finish()
    return "".join(written)


def test_a_line_is_broken_between_words() -> None:
    assert flow(["The capital of Fra", "nce is Paris."]) == " The capital of\n France is Paris.\n"


def test_chinese_is_broken_where_the_line_is_full() -> None:
    assert flow(["一二三四五六七八九十甲"]) == " 一二三四五六七八九\n 十甲\n"


def test_line_breaks_and_indentation_of_the_answer_are_kept() -> None:
    assert flow(["if x:\n", "    y\n\nz"]) == " if x:\n     y\n\n z\n"


@example(pieces=["\t000", "000"], width=10)
@given(some.lists(some.text(max_size=30), max_size=8), some.integers(10, 60))
def test_no_line_is_wider_than_the_terminal(pieces: list[str], width: int) -> None:
    assert all(cell_len(line) <= width for line in flow(pieces, width).split("\n"))


@given(some.text(alphabet="ab 你\n", max_size=60), some.integers(0, 60))
def test_it_does_not_matter_where_a_piece_ends(text: str, cut: int) -> None:
    assert flow([text[:cut], text[cut:]]) == flow([text])
