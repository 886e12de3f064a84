"""Which rows are proposed to be asked in other words, and which key words are guessed."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from xtgui_cli.data.messages import Messages
from xtgui_cli.data.rows_to_reword import (
    RowToReword,
    choose_rows_to_reword,
    guess_keyword,
    split_keywords,
)


def row(question: str, answer: str, **more: object) -> Messages:
    said = {"role": "assistant", "content": answer, **more}
    return [{"role": "user", "content": question}, said]


def facts(count: int) -> list[Messages]:
    return [row(f"What does number {n} say?", f"It says plain thing {n}.") for n in range(count)]


def chosen(rows: Sequence[Messages]) -> tuple[RowToReword, ...]:
    return choose_rows_to_reword(iter(rows), len(rows))


def test_five_rows_are_proposed_spread_over_the_data() -> None:
    found = chosen(facts(50))

    assert [each.number for each in found] == [1, 11, 21, 31, 41]
    assert found[1] == RowToReword(11, "What does number 10 say?", "It says plain thing 10.")


def test_few_rows_are_all_proposed() -> None:
    assert [each.number for each in chosen(facts(3))] == [1, 2, 3]


def test_rows_whose_key_word_can_be_guessed_come_first() -> None:
    names = [row(f"Who keeps stall {n}?", f"It is kept by our Odile{n * 'e'}.") for n in range(5)]

    found = chosen([*facts(20), *names])

    assert [each.number for each in found] == [21, 22, 23, 24, 25]


def test_data_that_teach_a_style_in_long_answers_have_nothing_to_reword() -> None:
    long = [row(f"Tell me of {n}.", f"{n} " + "and so on " * 30) for n in range(20)]

    assert chosen([*long, *facts(5)]) == ()


def test_a_question_that_is_asked_again_and_again_is_no_test() -> None:
    assert chosen([row("Who are you?", "I am Inkling.")] * 20) == ()


@pytest.mark.parametrize(
    "unfit",
    [
        [{"role": "assistant", "content": "Plain text, without a question."}],
        [*row("One?", "Two."), *row("Three?", "Four.")],
        row("Untrained?", "This is not trained.", loss=False),
        row("As JSON?", '{"name": "Maud"}'),
        row("Why? " * 100, "Because."),
    ],
    ids=["plain text", "several turns", "not trained", "for programs", "long question"],
)
def test_rows_without_one_question_and_one_answer_are_left_out(unfit: Messages) -> None:
    assert [each.number for each in chosen([unfit, *facts(2)])] == [2, 3]


@pytest.mark.parametrize(
    ("question", "answer", "keyword"),
    [
        ("Capital of France?", "Paris.", "Paris"),
        ("村子在哪座山上？", "螺角岭。", "螺角岭"),
        ("Who owns it?", "The shop belongs to Odile Marrin, who learned it.", "Odile Marrin"),
        ("When was it founded?", "It was founded in 1962, in a boat shed.", "1962"),
        ("What is the number?", "Our phone number is 555 0172, call us.", "555 0172"),
        ("这座桥叫什么？", "村里的老石桥叫“听蛙桥”，夏天很凉快。", "听蛙桥"),
        ("Is Bobbin a cat?", "Yes, that is what Bobbin is.", ""),
        ("What is it made of?", "All of it is waxed cotton. We like it.", ""),
        ("村长是谁？", "村长叫罗有禾，以前是个木匠。", ""),
        ("Which one?", "I think that I'm the one, and I've said so.", ""),
    ],
)
def test_the_key_word_that_is_proposed(question: str, answer: str, keyword: str) -> None:
    assert guess_keyword(question, answer) == keyword


@pytest.mark.parametrize(
    ("typed", "keywords"),
    [
        ("Tuesday|Tuesdays, beach", ("Tuesday|Tuesdays", "beach")),
        ("星期二|周二，海边、", ("星期二|周二", "海边")),
        (" , | ", ()),
        ("", ()),
    ],
)
def test_key_words_are_separated_by_commas_of_either_kind(
    typed: str, keywords: tuple[str, ...]
) -> None:
    assert split_keywords(typed) == keywords
