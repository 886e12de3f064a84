"""`shared/` holds what both processes load: what the engine's modules import, and no more."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from places import PACKAGE


def imported(file: Path) -> Iterator[Path]:
    """Return the modules of our own that a file imports, anywhere in it."""
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.level:
            base = file.parents[node.level - 1].joinpath(*(node.module or "").split("."))
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("xtgui_cli."):
            base = PACKAGE.joinpath(*(node.module or "").split(".")[1:])
        else:
            continue
        names = [base.with_suffix(".py"), *(base / f"{alias.name}.py" for alias in node.names)]
        yield from (name for name in names if name.is_file())


def loaded_from(files: list[Path]) -> set[Path]:
    """Return what files import, and what that imports in turn."""
    loaded: set[Path] = set()
    waiting = files
    while waiting:
        new = set(imported(waiting.pop())) - loaded
        loaded |= new
        waiting += new
    return loaded


def test_shared_is_exactly_what_the_engine_loads() -> None:
    engine = list((PACKAGE / "engine").rglob("*.py"))

    loaded = {path for path in loaded_from(engine) if path.parent == PACKAGE / "shared"}

    assert {path.name for path in loaded} == {
        path.name for path in (PACKAGE / "shared").glob("*.py") if path.name != "__init__.py"
    }


def test_the_engine_loads_nothing_else_of_ours() -> None:
    loaded = loaded_from(list((PACKAGE / "engine").rglob("*.py")))

    assert {path.relative_to(PACKAGE).parts[0] for path in loaded} == {"engine", "shared"}
