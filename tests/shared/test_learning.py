"""What a check found is judged by rules that can be worked out by hand."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest

from xtgui_cli.shared import learning
from xtgui_cli.shared.events import decode, encode
from xtgui_cli.shared.learning import (
    Kept,
    KnownRows,
    Learning,
    has_keywords,
    is_forgotten,
    mcnemar_p,
    recommended,
    wilson,
)


def check(
    iteration: int,
    known: float,
    wording: float | None = 0.0,
    held_out: float | None = None,
) -> Learning:
    """Return a check of 20 rows of which a share is known."""
    flags = tuple(number < round(known * 20) for number in range(20))
    rows = KnownRows(tuple(range(20)), flags, total=20)
    return Learning(iteration, known=rows, wording=wording, held_out=held_out)


@pytest.mark.parametrize(
    ("answer", "keywords"),
    [
        ("It opens at NINE.", ["nine"]),
        ("It opens at 9 sharp.", ["nine|9"]),
        ("It opens at 9:20.", ["nine|9"]),
        ("at  twenty\npast   nine", ["twenty past nine"]),
        ("１４ Ｈｅｒｒｉｎｇ Ｓｔｅｐｓ", ["14", "herring steps"]),
        ("村里一共有八十七户人家。", ["八十七|87"]),
        ("村里有87户。", ["八十七｜87"]),
        ("上午9点开门", ["9点"]),
        ("C++ it is", ["c++"]),
        ("(no)", ["no"]),
        ("anything", []),
    ],
)
def test_an_answer_with_every_keyword_is_right(answer: str, keywords: list[str]) -> None:
    assert has_keywords(answer, keywords)


@pytest.mark.parametrize(
    ("answer", "keywords"),
    [
        ("I know.", ["no"]),
        ("at 19 o'clock", ["9"]),
        ("room 9b", ["9"]),
        ("nine", ["nine", "Tuesday"]),
        ("八十六", ["八十七|87"]),
        ("", ["nine"]),
        ("anything", ["|"]),
    ],
)
def test_an_answer_without_a_keyword_is_wrong(answer: str, keywords: list[str]) -> None:
    assert not has_keywords(answer, keywords)


@pytest.mark.parametrize(
    ("lost", "gained", "expected"),
    [
        (0, 0, 1.0),
        (0, 3, 1.0),
        (5, 0, 1 / 32),
        (4, 0, 1 / 16),
        (6, 1, 8 / 128),
        (7, 1, 9 / 256),
        (8, 2, 56 / 1024),
    ],
)
def test_the_chance_of_the_losses_is_that_of_tossed_coins(
    lost: int, gained: int, expected: float
) -> None:
    assert mcnemar_p(lost, gained) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("base_right", "lost", "gained", "expected"),
    [(34, 5, 0, True), (34, 4, 0, False), (34, 6, 1, False), (60, 5, 0, False), (0, 0, 0, False)],
)
def test_forgetting_has_to_be_sure_and_a_tenth(
    base_right: int, lost: int, gained: int, *, expected: bool
) -> None:
    kept = Kept(asked=60, base_right=base_right, lost=lost, p_value=mcnemar_p(lost, gained))

    assert is_forgotten(kept) is expected


@pytest.mark.parametrize(
    ("known", "of", "low", "high"),
    [(0, 0, 0.0, 1.0), (10, 10, 0.7225, 1.0), (0, 10, 0.0, 0.2775), (5, 10, 0.2366, 0.7634)],
)
def test_the_interval_is_wilsons(known: int, of: int, low: float, high: float) -> None:
    """The figures are those of published tables, to four digits."""
    assert wilson(known, of) == pytest.approx((low, high), abs=5e-5)


# --- the recommended checkpoint ------------------------------------------------------------------


def test_the_checkpoint_that_knows_most_is_recommended() -> None:
    assert recommended([check(0, 0.0), check(10, 0.5), check(20, 0.9), check(30, 0.8)]) == 20


def test_within_five_points_the_one_that_changed_its_wording_least_is_recommended() -> None:
    history = [check(10, 0.95, 0.10), check(20, 1.0, 0.30), check(30, 1.0, 0.50)]

    assert recommended(history) == 10


def test_more_than_five_points_are_worth_another_wording() -> None:
    assert recommended([check(10, 0.9, 0.0), check(20, 1.0, 0.9)]) == 20


def test_of_equal_wordings_the_later_one_is_recommended() -> None:
    history = [check(10, 1.0, 0.10), check(20, 1.0, 0.12), check(30, 1.0, 0.121)]

    assert recommended(history) == 20


def test_the_model_before_training_is_never_recommended() -> None:
    assert recommended([check(0, 1.0), check(10, 0.5)]) == 10
    assert recommended([check(0, 1.0)]) is None
    assert recommended([]) is None


def test_the_last_of_several_checks_of_a_checkpoint_counts() -> None:
    assert recommended([check(10, 1.0), check(20, 0.9), check(10, 0.5)]) == 20


def test_a_check_without_wording_comes_after_those_with_one() -> None:
    assert recommended([check(10, 1.0, 0.4), check(20, 1.0, None)]) == 10
    assert recommended([check(10, 1.0, None), check(20, 1.0, None)]) == 20


def test_a_check_that_failed_says_nothing() -> None:
    assert recommended([check(10, 1.0), Learning(20, failed="RuntimeError")]) == 10


def test_where_no_row_is_known_word_for_word_the_held_out_rows_decide() -> None:
    history = [check(10, 0.0, 0.0, 2.0), check(20, 0.05, 0.2, 1.5), check(30, 0.0, 0.3, 1.8)]

    assert recommended(history) == 20
    assert recommended([check(10, 0.0, 0.0), check(20, 0.0, 0.3)]) == 20


# --- events --------------------------------------------------------------------------------------


def test_a_check_comes_through_an_event_as_it_was() -> None:
    found = Learning(
        iter=27,
        full=True,
        known=KnownRows((3, 0, 7), (True, False, True), total=80, loss=0.25),
        tests=(learning.TestAnswer("When?", "At nine.", ("nine|9",), right=True),),
        kept=Kept(60, 33, 34, 32, 2, 0.5),
        wording=0.125,
        held_out=math.inf,
        degenerate=("loops",),
        seconds=1.5,
    )

    event = decode(encode({"event": "learning", "at": 1.0, **found.to_event()}))

    assert event is not None
    assert Learning.from_event(event) == found


def test_fields_that_are_unknown_or_missing_change_nothing() -> None:
    event = {"iter": 5, "mood": "good", "known": {"rows": [1, "x"], "known": [True, True]}}

    assert Learning.from_event(event) == Learning(5, known=KnownRows((1,), (True,), total=1))
    assert Learning.from_event({"iter": 5, "kept": 3, "tests": {}, "wording": "?"}) == Learning(5)
    assert Learning.from_event({"full": True}) is None


def test_the_rows_that_are_not_known_are_named_in_the_order_of_the_data() -> None:
    rows = KnownRows((9, 2, 5), (False, True, False), total=30)

    assert (rows.asked, rows.count, rows.unknown) == (3, 1, (5, 9))
    assert rows.share == pytest.approx(1 / 3)
    assert KnownRows().share == 0.0


# --- the user's test questions -------------------------------------------------------------------


def test_test_questions_are_read_with_their_keywords(tmp_path: Path) -> None:
    file = tmp_path / "tests.jsonl"
    rows = [
        {"question": "When do you open?", "keywords": ["nine|9"]},
        {"question": "村长是谁？", "keywords": ["罗有禾", "村长"]},
    ]
    text = "\n\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
    file.write_text("\ufeff" + text + "\n", "utf-8")

    tests = learning.read_tests(file)

    assert [(test.question, list(test.keywords)) for test in tests] == [
        (row["question"], row["keywords"]) for row in rows
    ]


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ("{", "not_json"),
        ("[]", "not_an_object"),
        ('{"keywords": ["a"]}', "no_question"),
        ('{"question": " ", "keywords": ["a"]}', "no_question"),
        ('{"question": "Q?"}', "no_keywords"),
        ('{"question": "Q?", "keywords": "a"}', "no_keywords"),
        ('{"question": "Q?", "keywords": []}', "no_keywords"),
        ('{"question": "Q?", "keywords": ["a", " | "]}', "no_keywords"),
        ('{"question": "Q?", "keywords": [9]}', "no_keywords"),
    ],
)
def test_a_test_question_that_cannot_be_used_is_named_by_its_line(
    row: str, problem: str, tmp_path: Path
) -> None:
    file = tmp_path / "tests.jsonl"
    file.write_text('{"question": "Q?", "keywords": ["a"]}\n\n' + row + "\n", "utf-8")

    with pytest.raises(learning.TestsFileError) as error:
        learning.read_tests(file)

    assert (error.value.problem, error.value.line) == (problem, 3)


def test_a_file_without_a_test_question_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "tests.jsonl"
    file.write_text("\n", "utf-8")

    with pytest.raises(learning.TestsFileError) as error:
        learning.read_tests(file)

    assert error.value.problem == "empty"
