"""What a model has learned, as a line, a table and sentences."""

from __future__ import annotations

from dataclasses import replace

import pytest
from rich.cells import cell_len

from xtgui_cli.shared import learning
from xtgui_cli.shared.learning import Kept, KnownRows, Learning
from xtgui_cli.texts import set_language
from xtgui_cli.ui.learning_view import draw_learning, draw_unknown, learning_line, learning_lines


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
        "en": "at iter 80: knows 22 of 24 rows (before: 1) · reworded 3 of 5"
        " · general knowledge 41 of 44 · wording +0.80 · held-out loss 1.20",
        "zh": "第 80 次迭代：逐字答对 22/24 行（训练前 1） · 换种问法 3/5 · 通用知识 41/44"
        " · 措辞变化 +0.80 · 验证 loss 1.20",
    }
    assert line == expected[language]


def test_on_a_narrow_screen_the_line_is_broken_between_what_was_measured(language: str) -> None:
    lines = learning_lines(HISTORY, 78)

    expected = {
        "en": [
            "at iter 80: knows 22 of 24 rows (before: 1) · reworded 3 of 5 ·",
            "general knowledge 41 of 44 · wording +0.80 · held-out loss 1.20",
        ],
        "zh": [
            "第 80 次迭代：逐字答对 22/24 行（训练前 1） · 换种问法 3/5 · 通用知识 41/44 ·",
            "措辞变化 +0.80 · 验证 loss 1.20",
        ],
    }
    assert lines == expected[language]
    assert learning_lines((), 78) == []


def test_the_line_says_of_how_many_rows_a_sample_was_asked(language: str) -> None:
    def asked(count: int) -> str:
        rows = KnownRows(tuple(range(count)), tuple(row > 3 for row in range(count)), total=500)
        return learning_line((Learning(40, known=rows),))

    expected = {
        "en": (
            "knows 12 of 16 sampled from 500 rows",
            "knows 60 of 64 sampled from 500 rows; 85 to 98%",
        ),
        "zh": (
            "抽问 16/500 行，逐字答对 12 行",
            "抽问 64/500 行，逐字答对 60 行（85% 至 98%）",
        ),
    }
    assert [asked(16).rpartition(": ")[2].rpartition("：")[2], asked(64)] == [
        expected[language][0],
        {"en": "at iter 40: ", "zh": "第 40 次迭代："}[language] + expected[language][1],
    ]


def test_the_line_names_faults_that_the_base_did_not_have(language: str) -> None:
    base = Learning(0, full=True, held_out=2.0, degenerate=("loops",))
    now = Learning(40, full=True, held_out=1.5, degenerate=("loops", "empty", "does_not_stop"))

    line = learning_line((base, now))

    assert line.endswith(
        {"en": "1.50 · empty · endless", "zh": "1.50 · 空回答 · 停不下来"}[language]
    )


def test_before_any_check_there_is_no_line(language: str) -> None:
    assert learning_line(()) == ""
    assert list(draw_learning(())) == []
    assert list(draw_unknown((), 80)) == []


def test_the_table_has_a_row_for_each_check_with_all_that_was_measured(language: str) -> None:
    faulty = replace(HISTORY[2], degenerate=("loops", "does_not_stop"))

    lines = [line.plain for line in draw_learning((*HISTORY[:2], faulty))]

    table = [line.split() for line in lines if "iter_" in line and "/" in line]
    fault = {"en": "loops", "zh": "重复"}[language]
    assert table == [
        ["iter_40", "20/24", "2/5", "43/44", "+0.40", "1.600"],
        ["iter_80", "22/24", "3/5", "41/44", "+0.80", "1.200", fault, "+1"],
    ]
    assert all(cell_len(line) <= 80 for line in lines)


def test_the_table_says_of_how_many_rows_a_sample_was_asked(language: str) -> None:
    rows = KnownRows(tuple(range(64)), (True,) * 60 + (False,) * 4, total=500)
    wide = replace(HISTORY[2], known=rows, degenerate=("does_not_stop", "empty"))

    lines = [line.plain for line in draw_learning((HISTORY[0], wide))]

    assert {"en": "60/64 of 500", "zh": "60/64（共 500）"}[language] in lines[-1]
    assert max(map(cell_len, lines)) <= 80


def test_up_to_five_rows_that_are_not_known_are_named_with_their_questions(language: str) -> None:
    rows = [(number, f"What is\n\x1b[31m{number}?" + " long" * 40) for number in range(3, 10)]

    lines = [line.plain for line in draw_unknown(rows, 80)]

    assert len(lines) == 7
    assert all("\x1b" not in line and cell_len(line) <= 80 for line in lines)
    assert {"en": "   row 3  What is 3? long", "zh": "   第 3 行  What is 3? long"}[
        language
    ] in lines[1]
    assert lines[6] == {"en": "   and 2 more", "zh": "   另有 2 行"}[language]


def test_what_was_not_looked_at_has_no_column(language: str) -> None:
    only_loss = (Learning(0, held_out=2.0), Learning(40, held_out=1.5))

    lines = [line.plain for line in draw_learning(only_loss)]

    assert any("1.500" in line for line in lines)
    assert not any("/" in line for line in lines)


@pytest.mark.parametrize("base_right", [0, 8])
def test_general_knowledge_that_the_base_never_had_is_given_no_number(
    base_right: int, language: str
) -> None:
    guessed = Kept(asked=24, right=7, base_right=base_right, of_base_right=base_right // 2)
    history = tuple(Learning(at, full=True, kept=guessed, held_out=2.0) for at in (0, 40))

    line = learning_line(history)
    table = [each.plain.split() for each in draw_learning(history) if "iter_40" in each.plain]

    expected = {
        "en": "at iter 40: general knowledge: cannot be measured · held-out loss 2.00",
        "zh": "第 40 次迭代：通用知识：无法衡量 · 验证 loss 2.00",
    }
    assert line == expected[language]
    assert table == [["iter_40", "-", "2.000"]]
