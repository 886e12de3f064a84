"""The tables of docs/models-and-data are what the catalogues say, in both languages."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Sequence

import pytest
from places import DOCS

from xtgui_cli import texts
from xtgui_cli.catalogue import datasets, models
from xtgui_cli.ui.catalogue_view import dataset_columns, model_columns
from xtgui_cli.ui.fitted_table import Column


@pytest.fixture(autouse=True)
def english_again() -> Iterator[None]:
    yield
    texts.set_language("en")


def table(columns: Sequence[Column]) -> str:
    """Return the list of the command as a table of Markdown."""
    rows = [[column.head for column in columns], ["---"] * len(columns)]
    rows += [list(cells) for cells in zip(*(column.cells for column in columns), strict=True)]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in rows)


@pytest.mark.parametrize("language", texts.LANGUAGES)
@pytest.mark.parametrize(
    ("kind", "columns"),
    [
        ("models", lambda: model_columns(list(models()))),
        ("datasets", lambda: dataset_columns(list(datasets()))),
    ],
)
def test_the_table_is_what_the_command_lists(
    language: str, kind: str, columns: Callable[[], Sequence[Column]]
) -> None:
    texts.set_language(language)
    page = DOCS / ("models-and-data.md" if language == "en" else "models-and-data.zh.md")
    wanted = table(columns())
    between = re.compile(rf"(<!-- {kind}: [^\n]*\n)(.*?)(<!-- end -->)", re.DOTALL)
    text = page.read_text("utf-8")

    if os.environ.get("REWRITE_GOLDEN"):
        text = between.sub(lambda found: found[1] + wanted + found[3], text)
        page.write_text(text, "utf-8")
    (_, shown, _), *others = between.findall(text)

    assert shown == wanted
    assert others == []
