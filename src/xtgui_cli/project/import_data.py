"""A data file of one's own, whatever its format, as the file of OpenAI messages that is trained.

What is of another format is converted into the project once, beside the original, which stays.
"""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .. import __version__
from ..data.data_repair import count_faults, write_repaired
from ..data.formats.convert import Report, convert, files_in, unclear_in
from ..data.formats.data_format import ColumnMapping
from ..data.formats.recognize import Columns, is_ready
from ..data.formats.registry import Unclear
from ..settings.table import BY_KEY, Settings, Value
from ..shared.atomic import write_text
from ..shared.custom_template import CUSTOM
from ..shared.errors import Exit, XtguiError
from ..shared.json_values import items, mapping, text, texts
from ..shared.regular_file import read_json
from ..shared.run_folder import RunFolder
from ..texts import t
from ..ui import ask
from ..ui.console import ACCENT, say, talk
from ..ui.conversion_report import format_in_words, show_left_out

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
    """Give the file of OpenAI messages for *path*: itself, or converted into the project.

    Args — mapping: how the rows are read, where that is known; may_ask: whether a person can be
    asked where it is not clear. The same file, unchanged, is converted once.
    Raises — XtguiError of `convert`; GoBack.
    """
    path = path.expanduser().absolute()
    if mapping is None and (not path.exists() or is_ready(path)):
        return path
    columns: Columns = mapping or ()
    target = _target(path, folder, columns)
    if (
        may_ask
        and mapping is None
        and not target.exists()
        and (unclear := unclear_in(path)) is not None
    ):
        columns = _ask_columns(path, unclear)
        target = _target(path, folder, columns)
    if target.exists():
        say("own_data.known", style="dim", name=path.name, path=_shown(target, folder))
        return target
    report = _convert(path, target, columns)
    _remember(target, path, columns)
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


def renew(path: Path, folder: RunFolder) -> Path:
    """Return the file to train for *path*: itself, or its original converted again.

    It is converted again where it was converted into the project and the original has changed
    since; where that is gone, what was made of it stays.

    Raises:
        XtguiError: As `convert`.
    """
    original = find_changed_original(path, folder)
    if original is None:
        return path
    say("own_data.changed", style="yellow", name=original.name)
    target = _target(original, folder, _columns_of(path))
    if target != path and not target.exists():
        report = _convert(original, target, _columns_of(path))
        _remember(target, original, _columns_of(path))
        show_left_out(report)
    return target


def find_changed_original(path: Path, folder: RunFolder) -> Path | None:
    """Return what a file of the project was converted from, if that has changed since."""
    made_of = _made_of(path)
    source = text(made_of.get("source"))
    if path.parent != folder.data_dir or not source or not Path(source).exists():
        return None
    return Path(source) if made_of.get("states") != _states(Path(source)) else None


@contextmanager
def as_messages(path: Path) -> Iterator[Path]:
    """Give the file of OpenAI messages for *path* for a while: itself, or converted.

    Raises — XtguiError of `convert`.
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
    """Write a repaired copy of a file into the project, say what was done, and give its path.

    Raises — XtguiError "check_data.fix_nothing_left".
    """
    target = _target(path, folder, (("", "repaired"),))
    if not target.exists():
        repair_file(path, target, talk())
    return target


def repair_file(path: Path, target: Path, console: Console) -> None:
    """Write a repaired copy of a file and say what was changed, left out and left as it is.

    Raises — as `write_repaired`.
    """
    from ..ui.data_report import show_repairs

    repairs = write_repaired(path, target)
    show_repairs(console, target, repairs, count_faults(target))


def template_for(settings: Settings, *, is_plain_text: bool) -> dict[str, Value]:
    """Return the changes of the template, by key, that follow from the data.

    Plain text is trained as it stands, without any turns; other data never is. A template that
    somebody has chosen for other data stays.
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
    """Give a name that says which file, in which state and read how, it was made from."""
    made_of = json.dumps([__version__, _states(path), repr(columns)]).encode()
    stamp = hashlib.sha256(made_of).hexdigest()[:_STAMP]
    return folder.data_dir / f"{_stem(path)}-{stamp}.jsonl"


def _states(path: Path) -> list[list[str | int]]:
    files = files_in(path) if path.is_dir() else [path]
    states = [(str(file), file.stat()) for file in files]
    return [[name, state.st_mtime_ns, state.st_size] for name, state in states]


def _record_of(target: Path) -> Path:
    return target.with_name(f".{target.name}.made-of.json")


def _remember(target: Path, source: Path, columns: Columns) -> None:
    """Write down what a file was converted from; without that, a change is not noticed later."""
    if isinstance(columns, ColumnMapping):
        return  # a data set of a hub
    made_of = {"source": str(source), "states": _states(source), "columns": list(columns)}
    with suppress(OSError):
        write_text(_record_of(target), json.dumps(made_of) + "\n")


def _made_of(target: Path) -> Mapping[str, Any]:
    try:
        return mapping(read_json(_record_of(target)))
    except (OSError, ValueError):
        return {}


def _columns_of(target: Path) -> Columns:
    pairs = (texts(pair) for pair in items(_made_of(target).get("columns")))
    return [(pair[0], pair[1]) for pair in pairs if len(pair) == 2] or ()


def _stem(path: Path) -> str:
    return path.name if path.is_dir() else Path(path.name.removesuffix(".gz")).stem


def _shown(target: Path, folder: RunFolder) -> str:
    return str(target.relative_to(folder.root))


# --- which column is which -----------------------------------------------------------------------


def _ask_columns(path: Path, unclear: Unclear) -> list[tuple[str, str]]:
    """Show the first row and ask which column holds what. Raises — GoBack; XtguiError."""
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
    """Let a column be chosen; nothing where there is none."""
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
