"""Files of test questions: read before anything else happens, and written by the wizard."""

from __future__ import annotations

from pathlib import Path

import pytest

from xtgui_cli.project.test_questions import read_checked_tests, write_tests
from xtgui_cli.shared import learning
from xtgui_cli.shared.errors import Exit, XtguiError
from xtgui_cli.shared.run_folder import RunFolder
from xtgui_cli.texts import LANGUAGES, set_language
from xtgui_cli.ui.console import in_words

GOOD = '{"question": "When are you closed?", "keywords": ["Tuesday"]}\n'


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "tests.jsonl"


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    tests = (
        learning.TestQuestion("哪天不营业？", ("星期二|周二", "海边")),
        learning.TestQuestion('Who is "Odile"?', ("owner",)),
    )

    file = write_tests(tests, RunFolder(tmp_path))

    assert file == tmp_path / "data" / "tests.jsonl"
    assert read_checked_tests(file) == tests


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("content", "code", "line"),
    [
        ("", "tests.empty", 1),
        ("nothing\n", "tests.not_json", 1),
        ("[" * 100_000, "tests.not_json", 1),
        (GOOD + '["a", "b"]\n', "tests.not_an_object", 2),
        (GOOD + "\n" + '{"keywords": ["a"]}\n', "tests.no_question", 3),
        (GOOD + '{"question": "Who?"}\n', "tests.no_keywords", 2),
        (GOOD + '{"question": "Who?", "keywords": []}\n', "tests.no_keywords", 2),
        (GOOD + '{"question": "Who?", "keywords": "Odile"}\n', "tests.no_keywords", 2),
        (GOOD + '{"question": "Who?", "keywords": [" | "]}\n', "tests.no_keywords", 2),
    ],
)
def test_a_line_that_cannot_be_used_is_named(
    file: Path, language: str, content: str, code: str, line: int
) -> None:
    file.write_text(content, "utf-8")
    set_language(language)

    with pytest.raises(XtguiError) as caught:
        read_checked_tests(file)

    error = caught.value
    assert (error.code, error.exit, error.data["line"]) == (code, Exit.ANSWERS, line)
    said = in_words(error.notice)
    assert str(file) in said
    assert code == "tests.empty" or str(line) in said


def test_more_than_fifty_questions_are_refused(file: Path) -> None:
    file.write_text(GOOD * 50, "utf-8")
    assert len(read_checked_tests(file)) == 50
    file.write_text(GOOD * 51, "utf-8")

    with pytest.raises(XtguiError) as caught:
        read_checked_tests(file)

    assert (caught.value.code, caught.value.data["count"]) == ("tests.too_many", 51)


def test_a_file_that_cannot_be_one_is_refused(tmp_path: Path, file: Path) -> None:
    file.write_bytes(b" " * 2_000_000)

    for wrong, code in (
        (tmp_path / "nowhere", "tests.missing"),
        (tmp_path, "tests.missing"),
        (file, "tests.too_large"),
    ):
        with pytest.raises(XtguiError) as caught:
            read_checked_tests(wrong)
        assert (caught.value.code, caught.value.exit) == (code, Exit.ANSWERS)
