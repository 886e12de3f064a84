"""Where a model or dataset comes from: a list of the hubs, this computer, or the demo."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from ..texts import t
from ..ui import ask

LIST, OWN, DEMO = "list", "own", "demo"


class BackToSource(Exception):  # noqa: N818 (a wish, not an error)
    """The user wants to choose the source again."""


@contextmanager
def back_to_source() -> Iterator[None]:
    """Let Esc in the block lead back to the question where it comes from."""
    try:
        yield
    except ask.GoBack:
        raise BackToSource from None


@dataclass(frozen=True, kw_only=True)
class KnownPaths:
    """The paths that may be the answer."""

    current: str | None
    """The one that is set."""
    demo: str
    """The demo's own."""
    nearby: Sequence[tuple[str, str]] = ()
    """Paths that may be meant if none is set, each with its label."""


def ask_source(
    key: str,
    choices: Mapping[str, str],
    paths: KnownPaths,
    *,
    folders_only: bool = False,
) -> tuple[str, Path | None]:
    """Ask where it comes from, and for its path if it is on this computer.

    Args:
        key: "model" or "data".
        choices: LIST, OWN, DEMO, each with its label, the usual one first.
        paths: What the path may be.
        folders_only: Whether the path must be a folder.

    Raises:
        GoBack: On Esc.
    """
    current = paths.current
    is_own = current is not None and current != paths.demo
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
            known = str(current) if is_own else _choose_nearby(key, paths.nearby, explain)
            path = ask.path(
                t(f"wizard.path_of_{key}"),
                known,
                _must_exist,
                name=key,
                explain=explain,
                may_go_back=True,
                folders_only=folders_only,
            )
        except ask.GoBack:
            continue
        return OWN, path


def _choose_nearby(key: str, nearby: Sequence[tuple[str, str]], explain: str) -> str:
    """Return the only path that may be meant, or let the user choose; "" for another one.

    With several, nobody knows which is meant, so Enter alone chooses none.

    Raises:
        GoBack: On Esc.
    """
    if len(nearby) < 2:
        return nearby[0][0] if nearby else ""
    return ask.select(
        t("own_data.which_file"),
        [*nearby, ("", t("own_data.other_file"))],
        "",
        name=f"{key}.file",
        explain=explain,
        may_go_back=True,
        echo="none",
    )


def _must_exist(typed: str) -> str | None:
    if not typed.strip():
        return t("wizard.path_needed")
    if not ask.absolute_path(typed).exists():
        return t("wizard.path_missing", path=ask.absolute_path(typed))
    return None
