"""What a model has learned, as a line, a table and sentences."""

from __future__ import annotations

import pytest

from xtgui_cli.shared import learning
from xtgui_cli.shared.learning import Kept, KnownRows, Learning
from xtgui_cli.texts import set_language
from xtgui_cli.ui.learning_view import draw_learning, learning_line


def check(iteration: int, known: int, right: int, kept: int) -> Learning:
    return Learning(
        iteration,
        full=True,
        known=KnownRows(tuple(range(24)), tuple(row < known for row in range(24)), total=24),
        tests=tuple(learning.TestAnswer("Q?", "A", ("a",), right=n < right) for n in range(5)),
        kept=Kept(asked=60, right=kept, base_right=44, of_base_right=kept, lost=44 - kept),
        wording=0.01 * iteration,
        held_out=2.0 - iteration / 100,
    )


HISTORY = (check(0, 1, 0, 44), check(40, 20, 2, 43), check(80, 22, 3, 41))


@pytest.fixture(params=["en", "zh"])
def language(request: pytest.FixtureRequest) -> str:
    set_language(request.param)
    return str(request.param)


def test_the_line_says_what_the_newest_check_found(language: str) -> None:
    line = learning_line(HISTORY)

    expected = {
        "en": "at iter 80: knows 22 of 24 rows (before: 1) · other words 3 of 5"
        " · general knowledge 41 of 44 · held-out loss 1.20",
        "zh": "第 80 次迭代：答对 22/24 行（训练前 1） · 换种问法 3/5 · 原有知识 41/44"
        " · 验证 loss 1.20",
    }
    assert line == expected[language]


def test_before_any_check_there_is_no_line(language: str) -> None:
    assert learning_line(()) == ""
    assert list(draw_learning((), 80)) == []


def test_the_table_has_a_row_for_each_check_and_names_what_is_not_known(language: str) -> None:
    lines = [line.plain for line in draw_learning(HISTORY, 80)]

    assert any("iter_40" in line and "20/24" in line and "43/44" in line for line in lines)
    assert any("iter_80" in line and "22/24" in line for line in lines)
    assert any("23, 24" in line for line in lines)
    assert all(len(line) <= 80 for line in lines)


def test_what_was_not_looked_at_has_no_column(language: str) -> None:
    only_loss = (Learning(0, held_out=2.0), Learning(40, held_out=1.5))

    lines = [line.plain for line in draw_learning(only_loss, 80)]

    assert any("1.500" in line for line in lines)
    assert not any("/" in line for line in lines)


@pytest.mark.parametrize("base_right", [0, 8])
def test_general_knowledge_that_the_base_never_had_is_given_no_number(
    base_right: int, language: str
) -> None:
    guessed = Kept(asked=24, right=7, base_right=base_right, of_base_right=base_right // 2)
    history = tuple(Learning(at, full=True, kept=guessed, held_out=2.0) for at in (0, 40))

    line = learning_line(history)
    table = [each.plain.split() for each in draw_learning(history, 80) if "iter_40" in each.plain]

    expected = {
        "en": "at iter 40: general knowledge: not measurable · held-out loss 2.00",
        "zh": "第 40 次迭代：原有知识：无法衡量 · 验证 loss 2.00",
    }
    assert line == expected[language]
    assert table == [["iter_40", "-", "2.000"]]
