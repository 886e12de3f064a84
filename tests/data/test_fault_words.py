"""Every fault of a data file has its words on the screen and in the documentation."""

from __future__ import annotations

import pytest
from places import DOCS

from xtgui_cli.data.row_faults import SEVERITY
from xtgui_cli.texts import has
from xtgui_cli.texts.row_faults import TEXTS


def test_every_fault_is_named_explained_and_answered() -> None:
    wanted = [f"row_faults.{code}{part}" for code in SEVERITY for part in ("", ".name", ".does")]

    assert [key for key in wanted if not has(key)] == []
    assert all(has(f"row_faults.{code}.helps") for code in SEVERITY)


@pytest.mark.parametrize(
    ("page", "language"), [("your-own-data.md", 0), ("your-own-data.zh.md", 1)]
)
def test_the_documentation_says_of_every_fault_what_the_screen_says(
    page: str, language: int
) -> None:
    text = (DOCS / page).read_text("utf-8")

    def row(code: str) -> str:
        name, does, helps = (
            TEXTS[f"{code}.{part}"][language].format().replace("|", "\\|")
            for part in ("name", "does", "helps")
        )
        return f"| {name} (`{code}`) | {does} | {helps} |"

    of_faults = [line for line in text.splitlines() if "(`" in line and line.startswith("|")]
    assert of_faults == [row(code) for code in SEVERITY]
