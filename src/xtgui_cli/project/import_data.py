"""Turns a user's data file, whatever its format, into the file of OpenAI messages for training.

A file of another format is converted into the project once, beside the original, which stays.
"""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from .. import __version__
from ..data.data_repair import count_faults, write_repaired
from ..data.formats.convert import Report, convert, unclear_in
from ..data.formats.data_format import ColumnMapping
from ..data.formats.recognize import Columns, is_ready
from ..data.formats.registry import Unclear
from ..settings.table import BY_KEY, Settings, Value
from ..shared.custom_template import CUSTOM
from ..shared.errors import Exit, XtguiError
from ..shared.run_folder import RunFolder
from ..texts import t
from ..ui import ask
from ..ui.console import ACCENT, say, talk
from ..ui.conversion_report import format_in_words, show_left_out
from .data_origin import (
    Origin,
    changed_original,
    find_origin,
    is_outdated,
    remember_origin,
    source_of,
    state_of,
)

if TYPE_CHECKING:
    from rich.console import Console

_PLAIN: Mapping[str, Value] = {
    "model.prompt_template": CUSTOM,
    "model.template_instruction": "{input}",
}
_STAMP = 8


def take_in(
    path: Path, folder: RunFolder, mapping: ColumnMapping | None = None, *, may_ask: bool = False
) -> Path:
    """Return the file of OpenAI messages for *path*: itself, or converted into the project.

    An unchanged file is converted only once. *path* may also be such a copy: if its original has
    changed since, the original is converted again, unless somebody has edited the copy.

    Args:
        path: The user's data, a file or a folder.
        folder: The project.
        mapping: How the rows are read, if that is known.
        may_ask: Whether to ask the user if it is not clear.

    Raises:
        XtguiError: Those of `convert`.
        GoBack: If the user goes back.
    """
    path = path.expanduser().absolute()
    if is_outdated(path, folder):
        return _take_in_again(path, folder, may_ask=may_ask)
    warn_of_change(path)
    if mapping is None and (not path.exists() or is_ready(path)):
        return path
    return _take_in(path, folder, mapping or (), may_ask=may_ask)


def _take_in_again(copy: Path, folder: RunFolder, *, may_ask: bool) -> Path:
    """Convert the user's file again, which has changed since a copy was made from it."""
    origin = find_origin(copy, folder)
    source = source_of(copy, folder)
    if origin is None or state_of(copy) != origin.copy:
        say("own_data.edited_copy", style="yellow", name=source.name, copy=_shown(copy, folder))
        return copy
    say("own_data.changed", style="yellow", name=source.name)
    if origin.is_repaired or origin.path != source or is_ready(source):
        return take_in(origin.path, folder, may_ask=may_ask)
    return _take_in(source, folder, origin.columns, may_ask=may_ask)


def _take_in(path: Path, folder: RunFolder, columns: Columns, *, may_ask: bool) -> Path:
    target = _target(path, folder, columns)
    if (
        may_ask
        and not columns
        and not target.exists()
        and (unclear := unclear_in(path)) is not None
    ):
        columns = _ask_columns(path, unclear)
        target = _target(path, folder, columns)
    if target.exists():
        say("own_data.known", style="dim", name=path.name, path=_shown(target, folder))
        return target
    state = state_of(path)
    report = _convert(path, target, columns)
    remember_origin(target, Origin(path, state, columns))
    say(
        "own_data.converted",
        style="dim",
        name=path.name,
        kind=_kinds(report),
        rows=report.written,
        path=_shown(target, folder),
    )
    show_left_out(report)
    return target


@contextmanager
def as_messages(path: Path) -> Iterator[Path]:
    """Yield the file of OpenAI messages for *path*, itself or a temporary conversion.

    Raises:
        XtguiError: Those of `convert`.
    """
    if not path.exists() or is_ready(path):
        yield path
        return
    with tempfile.TemporaryDirectory(prefix="xtgui-") as place:
        target = Path(place) / f"{_stem(path)}.jsonl"
        report = _convert(path, target, ())
        say("own_data.seen_as", style="dim", name=path.name, kind=_kinds(report))
        yield target


def repair(path: Path, folder: RunFolder) -> Path:
    """Write a repaired copy of a file into the project, say what was done, and return its path.

    Raises:
        XtguiError: "check_data.fix_nothing_left".
    """
    target = _target(path, folder, (("", "repaired"),))
    if not target.exists():
        state = state_of(path)
        repair_file(path, target, talk())
        remember_origin(target, Origin(path, state, is_repaired=True))
    return target


def warn_of_change(copy: Path) -> None:
    """Warn if the file that a copy outside of projects was made from has changed since."""
    original = changed_original(copy)
    if original is not None:
        say("own_data.original_changed", style="yellow", name=copy.name, original=original)


def repair_file(path: Path, target: Path, console: Console) -> None:
    """Write a repaired copy of a file and say what was changed, left out and left as it is.

    Raises:
        XtguiError: Those of `write_repaired`.
    """
    from ..ui.data_report import show_repairs

    repairs = write_repaired(path, target)
    show_repairs(console, target, repairs, count_faults(target))


def template_for(settings: Settings, *, is_plain_text: bool) -> dict[str, Value]:
    """Return the changes of the template, by key, that follow from the data.

    Plain text is trained as it is, without any turns; other data never is. A template that the user
    chose for other data stays.
    """
    model = settings.model
    is_plain = all(settings.value(BY_KEY[key]) == value for key, value in _PLAIN.items())
    if is_plain_text and model.prompt_template is None:
        return dict(_PLAIN)
    if not is_plain_text and is_plain:
        return dict.fromkeys(_PLAIN)
    return {}


def _convert(path: Path, target: Path, columns: Columns) -> Report:
    with talk().status(t("wizard.reading_data"), spinner_style=ACCENT):
        return convert(path, target, columns)


def _kinds(report: Report) -> str:
    return ", ".join(dict.fromkeys(map(format_in_words, report.files)))


def _target(path: Path, folder: RunFolder, columns: Columns) -> Path:
    """Return a file name that says from which file, in which state and read how, it was made."""
    made_of = json.dumps([__version__, state_of(path), repr(columns)]).encode()
    stamp = hashlib.sha256(made_of).hexdigest()[:_STAMP]
    return folder.data_dir / f"{_stem(path)}-{stamp}.jsonl"


def _stem(path: Path) -> str:
    return path.name if path.is_dir() else Path(path.name.removesuffix(".gz")).stem


def _shown(target: Path, folder: RunFolder) -> str:
    return str(target.relative_to(folder.root))


# --- which column is which -----------------------------------------------------------------------


def _ask_columns(path: Path, unclear: Unclear) -> list[tuple[str, str]]:
    """Show the first row and ask which column holds what.

    Raises:
        GoBack: If the user goes back.
        XtguiError: If the file cannot be read.
    """
    if unclear.is_text or not unclear.columns:
        raise XtguiError("formats.plain_text", Exit.ANSWERS, path=path)
    say("own_data.unclear", style="yellow", name=path.name)
    _show_row(unclear)
    rest = list(unclear.columns)
    question = _ask_column("user", rest, rest[0] if len(rest) > 1 else "", may_be_none=True)
    if not question:
        return [("text", _ask_column("text", rest, rest[0]))]
    rest.remove(question)
    answer = _ask_column("assistant", rest, rest[0])
    rest.remove(answer)
    system = _ask_column("system", rest, "", may_be_none=True) if rest else ""
    said = [("user", question), ("assistant", answer)]
    return [*said, ("system", system)] if system else said


def _ask_column(
    role: str, columns: Sequence[str], default: str, *, may_be_none: bool = False
) -> str:
    """Let the user choose a column; "" if there is none."""
    none = [("", t(f"own_data.no_{role}"))] if may_be_none else []
    return ask.select(
        t(f"own_data.which_{role}"),
        [*((column, column) for column in columns), *none],
        default,
        name=f"data.column.{role}",
        explain=t("own_data.explained"),
        may_go_back=True,
    )


def _show_row(unclear: Unclear) -> None:
    from ..ui.panels import Row, show_rows
    from ..ui.wrap import cut, one_line

    width = talk().width // 2
    rows = [
        Row(name, [cut(one_line(str(value)), width)]) for name, value in unclear.first_row.items()
    ]
    show_rows(talk(), rows)
