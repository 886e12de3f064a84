"""Where a model or data set is from: a list of the hubs, this computer, or the demo."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from ..texts import t
from ..ui import ask

LIST, OWN, DEMO = "list", "own", "demo"


class BackToSource(Exception):  # noqa: N818 (a wish, not an error)
    """The user wants to choose the source again."""


@contextmanager
def back_to_source() -> Iterator[None]:
    """Let Esc in what is asked within lead back to the question where it is from."""
    try:
        yield
    except ask.GoBack:
        raise BackToSource from None


def ask_source(
    key: str,
    choices: Mapping[str, str],
    current: str | None,
    demo: str,
    *,
    folders_only: bool = False,
) -> tuple[str, Path | None]:
    """Ask where it is from, and for its path where that is this computer. Raises — GoBack.

    Args — choices: LIST, OWN, DEMO, each with its label, the usual one first; demo: the path of
    the demo's own.
    """
    is_own = current is not None and current != demo
    explain = t(f"settings.{key}.help")
    first = next(iter(choices))
    while True:
        chosen = ask.select(
            t(f"settings.{key}"),
            list(choices.items()),
            first if current is None else OWN if is_own else DEMO,
            name=f"{key}.source",
            explain=explain,
            may_go_back=True,
            echo="none",
        )
        if chosen != OWN:
            ask.answered(t(f"settings.{key}"), choices[chosen])
            return chosen, None
        try:
            path = ask.path(
                t(f"wizard.path_of_{key}"),
                str(current) if is_own else "",
                _must_exist,
                name=key,
                explain=explain,
                may_go_back=True,
                folders_only=folders_only,
            )
        except ask.GoBack:
            continue
        return OWN, path


def _must_exist(typed: str) -> str | None:
    if not typed.strip():
        return t("wizard.path_needed")
    if not ask.absolute_path(typed).exists():
        return t("wizard.path_missing", path=ask.absolute_path(typed))
    return None
