"""The user's test questions, in other words than the data's: read, checked, written."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

from ..settings.table import Settings
from ..shared.atomic import write_text
from ..shared.errors import Exit, XtguiError
from ..shared.learning import TestQuestion, TestsFileError, read_tests
from ..shared.run_folder import RunFolder

MOST = 50
"""More would hold up the run: each is answered before training, at the end and once more."""
_MOST_BYTES = 1_000_000


def require_tests(settings: Settings) -> tuple[TestQuestion, ...]:
    """Return the test questions that settings name; none if they name no file.

    Raises:
        XtguiError: Those of `read_checked_tests`.
    """
    file = settings.data.tests
    return read_checked_tests(Path(file)) if file else ()


def read_checked_tests(file: Path) -> tuple[TestQuestion, ...]:
    """Return the test questions of a file.

    Raises:
        XtguiError: "tests.missing", "tests.not_readable", "tests.too_large" or "tests.too_many";
            "tests." and the problem of a `TestsFileError` if a line cannot be used.
    """
    file = file.expanduser().absolute()
    if not file.is_file():
        raise XtguiError("tests.missing", Exit.ANSWERS, path=file)
    try:
        if file.stat().st_size > _MOST_BYTES:
            raise XtguiError("tests.too_large", Exit.ANSWERS, path=file, most=MOST)
        tests = read_tests(file)
    except OSError as error:
        raise XtguiError(
            "tests.not_readable", Exit.ANSWERS, path=file, reason=error.strerror
        ) from None
    except TestsFileError as error:
        raise XtguiError(
            f"tests.{error.problem}", Exit.ANSWERS, path=file, line=error.line
        ) from None
    if len(tests) > MOST:
        raise XtguiError("tests.too_many", Exit.ANSWERS, path=file, count=len(tests), most=MOST)
    return tests


def file_of(folder: RunFolder) -> Path:
    """Return the file for the test questions that the wizard asks for."""
    return folder.data_dir / "tests.jsonl"


def write_tests(tests: Iterable[TestQuestion], folder: RunFolder) -> Path:
    """Write a project's test questions, replacing earlier ones, and return their file.

    Raises:
        XtguiError: "tests.not_writable" if that fails.
    """
    file = file_of(folder)
    rows = ({"question": test.question, "keywords": test.keywords} for test in tests)
    try:
        write_text(file, "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows))
    except OSError as error:
        raise XtguiError(
            "tests.not_writable", Exit.FAILED, path=file, reason=error.strerror
        ) from None
    return file
