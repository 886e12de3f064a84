"""The taught rows, as far as what came of a run is told with them."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from xtgui_cli.project.answer_length import are_answers_long, know_answers_long
from xtgui_cli.project.taught_rows import UnknownRow, find_unknown_rows, find_wordings
from xtgui_cli.runs.snapshot import Launch, Snapshot
from xtgui_cli.shared.learning import KnownRows, Learning
from xtgui_cli.shared.run_folder import RunFolder

LONG = "The weather will be fine tomorrow, and so it was said of old. " * 5
LATER = 4_000_000_000.0
"""After any file of these tests was written."""


def row(question: str, answer: str, system: str = "") -> list[dict[str, str]]:
    said = [{"role": "system", "content": system}] if system else []
    said.append({"role": "user", "content": question})
    return [*said, {"role": "assistant", "content": answer}]


def facts(count: int) -> list[list[dict[str, str]]]:
    return [row(f"What does number {n} say?", f"It says thing {n}.") for n in range(1, count + 1)]


def write(path: Path, rows: list[Any]) -> Path:
    lines = (json.dumps({"messages": each}, ensure_ascii=False) for each in rows)
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


@pytest.fixture
def folder(tmp_path: Path) -> RunFolder:
    folder = RunFolder(tmp_path)
    folder.work_dir.mkdir()
    return folder


def trains(folder: RunFolder, trained: Path, source: Path | None = None) -> None:
    names = {"data_path": str(trained), "source_data_path": str(source) if source else None}
    lines = (f"{name} = {value!r}\n" for name, value in names.items())
    folder.config_file.write_text("".join(lines))


def checked(asked: int, unknown: set[int], began: float = LATER) -> Snapshot:
    """Return a run whose last check did not know some rows, counted from 0."""
    rows = KnownRows(tuple(range(asked)), tuple(n not in unknown for n in range(asked)), asked)
    launch = Launch(began, 1, None, began)
    learnings = (Learning(0, known=KnownRows()), Learning(9, full=True, known=rows))
    return Snapshot(learnings=learnings, launches=(launch,))


def test_rows_that_are_not_known_have_their_numbers_and_questions(folder: RunFolder) -> None:
    trains(folder, write(folder.root / "rows.jsonl", facts(5)))

    assert find_unknown_rows(folder, checked(5, {1, 4})) == (
        UnknownRow(2, "What does number 2 say?"),
        UnknownRow(5, "What does number 5 say?"),
    )


def test_numbers_are_those_of_the_users_file_where_rows_were_held_out(folder: RunFolder) -> None:
    """Rows 2 and 5 are held out, and general questions stand after the user's rows."""
    source = write(folder.root / "rows.jsonl", facts(6))
    kept = [each for number, each in enumerate(facts(6), start=1) if number not in (2, 5)]
    trained = write(folder.root / "trained.jsonl", [*kept, row("What is snow?", "Cold.")])
    trains(folder, trained, source)

    found = find_unknown_rows(folder, checked(4, {0, 1, 3}))

    assert [(each.number, each.question[-6:-1]) for each in found] == [
        (1, "1 say"),
        (3, "3 say"),
        (6, "6 say"),
    ]


def test_of_a_file_that_has_changed_since_no_question_is_shown(folder: RunFolder) -> None:
    data = write(folder.root / "rows.jsonl", facts(3))
    trains(folder, data)
    os.utime(data, (2000, 2000))

    assert find_unknown_rows(folder, checked(3, {2}, began=1000)) == (UnknownRow(3, ""),)
    assert find_unknown_rows(folder, checked(3, {2}, began=3000))[0].question != ""


@pytest.mark.parametrize("content", [None, "no json"])
def test_data_that_cannot_be_read_leave_the_numbers(folder: RunFolder, content: str | None) -> None:
    data = folder.root / "rows.jsonl"
    if content is not None:
        data.write_text(content)
    trains(folder, data)

    assert find_unknown_rows(folder, checked(3, {1})) == (UnknownRow(2, ""),)


def test_without_a_check_after_the_start_no_row_is_unknown(folder: RunFolder) -> None:
    assert find_unknown_rows(folder, Snapshot()) == ()
    assert find_unknown_rows(folder, checked(3, set())) == ()


# --- several wordings ----------------------------------------------------------------------------


def test_a_row_is_shown_in_three_wordings_with_its_own_answer_and_system_text(
    folder: RunFolder,
) -> None:
    rows = [row(f"Who is number {n}?", f"It is Anna {n}.", "Be short.") for n in range(4)]
    data = write(folder.root / "rows.jsonl", rows)
    trains(folder, data)

    found = find_wordings(folder)

    assert found is not None
    assert found.file == data
    shown = [json.loads(line)["messages"] for line in found.lines]
    assert len(shown) == 3
    assert len({each[1]["content"] for each in shown}) == 3
    assert all("Who is number 0?" in each[1]["content"] for each in shown)
    assert all((each[0], each[2]) == (rows[0][0], rows[0][2]) for each in shown)


def test_a_chinese_row_is_worded_in_chinese(folder: RunFolder) -> None:
    rows = [row(f"第{n}号是谁？", f"是小明{n}。") for n in range(4)]
    trains(folder, write(folder.root / "rows.jsonl", rows))

    found = find_wordings(folder)

    assert found is not None
    assert [json.loads(line)["messages"][0]["content"] for line in found.lines] == [
        "请告诉我：第0号是谁？",
        "我想问一下，第0号是谁？",
        "第0号是谁？请回答我。",
    ]


def test_without_a_row_that_is_fit_to_be_shown_the_file_is_still_named(folder: RunFolder) -> None:
    data = write(folder.root / "rows.jsonl", [row("Who?", LONG), row("When?", LONG)])
    trains(folder, data)

    found = find_wordings(folder)

    assert found is not None
    assert (found.file, found.lines) == (data, ())
    data.unlink()
    assert find_wordings(folder) is None


# --- what can be known by heart ------------------------------------------------------------------


def test_long_answers_and_conversations_are_not_to_be_known_by_heart() -> None:
    conversation = [*row("Who?", "Anna."), *row("And who else?", "Bo.")]

    assert are_answers_long(facts(5)) is False
    assert are_answers_long([row("Who?", LONG)] * 3 + facts(2)) is True
    assert are_answers_long([row("Who?", LONG)] * 2 + facts(3)) is False
    assert are_answers_long([conversation] * 3 + facts(2)) is True
    assert are_answers_long([row("谁？", "好" * 101)]) is True
    assert are_answers_long([]) is None


@pytest.mark.parametrize("form", ["lines", "array"])
def test_how_long_answers_are_is_read_from_the_users_file(folder: RunFolder, form: str) -> None:
    data = write(folder.root / "rows.jsonl", [row("Who?", LONG)] * 3)
    if form == "array":
        data.write_text(f"\ufeff[{','.join(data.read_text().splitlines())}]", "utf-8")
    trains(folder, write(folder.root / "trained.jsonl", facts(9)), data)

    assert know_answers_long(folder) is True


@pytest.mark.parametrize("content", [None, "no json", '{"messages": 3}\n', '"text"\n', ""])
def test_where_the_data_cannot_be_read_nobody_knows(folder: RunFolder, content: str | None) -> None:
    data = folder.root / "rows.jsonl"
    if content is not None:
        data.write_text(content)
    trains(folder, data)

    assert know_answers_long(folder) is None
    folder.config_file.unlink()
    assert know_answers_long(folder) is None


def test_data_that_are_a_pipe_keep_nobody_waiting(folder: RunFolder) -> None:
    data = folder.root / "rows.jsonl"
    os.mkfifo(data)
    trains(folder, data)

    assert know_answers_long(folder) is None


def test_of_rows_without_end_only_the_first_are_read(folder: RunFolder) -> None:
    data = write(folder.root / "rows.jsonl", [row("Who?", LONG)] * 3)
    with data.open("a") as file:
        file.write('{"messages": "' + "x" * 5_000_000)
    trains(folder, data)

    assert know_answers_long(folder) is True
