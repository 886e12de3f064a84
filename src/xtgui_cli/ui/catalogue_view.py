"""Draws a catalogue: its list as a table with marks, and everything known about one entry."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from rich.cells import cell_len
from rich.text import Text

from ..catalogue import Dataset, Model
from ..hubs.registry import USUAL_HUB
from ..texts import language, t
from .console import ACCENT, out
from .fitted_table import Column, show_table
from .panels import Row, show_notes, show_rows, show_title
from .units import file_size, short_count
from .wrap import wrap

_LETTERS = {
    "classic": "C",
    "gated": "G",
    "unknown": "?",
    "code": "R",
    "pretrain": "P",
    "caution": "!",
}
"""Marks in the order of the list, and their letters."""


# --- the lists -----------------------------------------------------------------------------------


def show_models(found: Sequence[Model], total: int) -> None:
    """Print a list of models to stdout, followed by the meaning of its marks."""
    marks = {mark for one in found for mark in model_marks(one)}
    _show_list("model", (len(found), total), model_columns(found), marks)


def show_datasets(found: Sequence[Dataset], total: int) -> None:
    """Print a list of datasets to stdout, followed by the meaning of its marks."""
    marks = {mark for one in found for mark in dataset_marks(one)}
    _show_list("dataset", (len(found), total), dataset_columns(found), marks)


def _show_list(
    kind: str, count: tuple[int, int], columns: Sequence[Column], marks: Iterable[str]
) -> None:
    console = out()
    shown, total = count
    title = t(f"catalogue.title_{kind}s")
    show_title(console, title, t("catalogue.count", shown=shown, all=total))
    console.print()
    show_table(console, columns)
    console.print()
    legend = [t(f"catalogue.legend_{mark}") for mark in _LETTERS if mark in marks]
    for line in (line for mark in legend for line in wrap(mark, console.width - 2)):
        console.print(f" {line}", style="dim", soft_wrap=True)
    console.print(f" {t(f'catalogue.see_{kind}')}", style="dim", soft_wrap=True)


def _letters(marks: Iterable[str]) -> str:
    used = set(marks)
    return "".join(letter for mark, letter in _LETTERS.items() if mark in used)


def model_marks(model: Model) -> Iterator[str]:
    """Yield the marks of a model in a list."""
    if model.stack == "classic":
        yield "classic"
    yield from _access_marks(model)
    if model.needs_remote_code:
        yield "code"


def dataset_marks(dataset: Dataset) -> Iterator[str]:
    """Yield the marks of a dataset in a list."""
    yield from _access_marks(dataset)
    if dataset.kind == "pretrain":
        yield "pretrain"
    if dataset.caution:
        yield "caution"


def _access_marks(entry: Model | Dataset) -> Iterator[str]:
    if entry.gated is None:
        yield "unknown"
    elif entry.gated:
        yield "gated"


def model_columns(found: Sequence[Model]) -> list[Column]:
    """Return the columns for a list of models."""
    unknown = t("catalogue.unknown")
    return [
        Column(t("catalogue.head_id"), [one.id for one in found], style=ACCENT),
        Column(
            t("catalogue.head_parameters"),
            [short_count(one.parameters, unknown) for one in found],
            is_number=True,
        ),
        Column(t("catalogue.head_marks"), [_letters(model_marks(one)) for one in found]),
        Column(t("catalogue.head_template"), [_template_name(one) for one in found], 1),
        Column(t("catalogue.head_license"), [one.license or unknown for one in found], 2),
    ]


def dataset_columns(found: Sequence[Dataset]) -> list[Column]:
    """Return the columns for a list of datasets."""
    unknown = t("catalogue.unknown_mark")
    return [
        Column(t("catalogue.head_id"), [one.id for one in found], style=ACCENT),
        Column(
            t("catalogue.head_rows"),
            [short_count(one.rows, unknown) for one in found],
            is_number=True,
        ),
        Column(
            t("catalogue.head_bytes"),
            [file_size(one.bytes, unknown) for one in found],
            2,
            is_number=True,
        ),
        Column(t("catalogue.head_marks"), [_letters(dataset_marks(one)) for one in found]),
        Column(t("catalogue.head_languages"), [_languages(one) for one in found], 3),
        Column(
            t("catalogue.head_license"),
            [one.license or t("catalogue.unknown") for one in found],
            1,
        ),
    ]


def _template_name(model: Model) -> str:
    return model.template.name or t("catalogue.template_own")


def _languages(dataset: Dataset) -> str:
    return t("catalogue.between").join(t(f"catalogue.language_{one}") for one in dataset.languages)


# --- one entry -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Entry:
    """The content of one entry's page."""

    id: str
    rows: Mapping[str, str]
    """Field to its value in words."""
    sources: Mapping[str, Mapping[str, str]]
    notes: Sequence[str]
    """What to know before using it."""
    commands: Sequence[tuple[str, str]]
    """What to type next, and what it does."""
    about: str = ""


def show_model(model: Model) -> None:
    """Print everything known about a model to stdout."""
    rows = {
        "huggingface": model.ids["huggingface"] or t("catalogue.not_there"),
        "modelscope": model.ids["modelscope"] or t("catalogue.not_there"),
        "parameters": f"{model.parameters:,} ({short_count(model.parameters)})",
        "shape": _shape(model),
        "context": _context(model),
        "template": _template(model),
        "stack": t(f"model.stack_{model.stack}"),
        "license": model.license or t("catalogue.unknown"),
        "gated": _access(model, USUAL_HUB.page_of("model", model.id)),
        "remote_code": t("model.code_asked" if model.needs_remote_code else "model.code_none"),
    }
    commands = [
        (f"xtgui download model {model.id}", t("catalogue.next_download")),
        (f"xtgui estimate --model {model.id}", t("catalogue.next_estimate")),
    ]
    notes = [model.note[language()]] if model.note else []
    if model.stack == "classic":
        notes.append(t("model.note_classic"))
    _show_entry(_Entry(model.id, rows, model.sources, notes, commands))


def show_dataset(dataset: Dataset) -> None:
    """Print everything known about a dataset to stdout."""
    unknown = t("catalogue.unknown")
    rows = {
        "huggingface": dataset.ids["huggingface"] or t("catalogue.not_there"),
        "modelscope": dataset.ids["modelscope"] or t("catalogue.not_there"),
        "languages": _languages(dataset),
        "rows": unknown if dataset.rows is None else f"{dataset.rows:,}",
        "bytes": file_size(dataset.bytes, unknown),
        "patterns": ", ".join(dataset.patterns or ()) or t("catalogue.patterns_none"),
        "columns": ", ".join(dataset.columns),
        "reading": _reading(dataset),
        "license": dataset.license or unknown,
        "gated": _access(dataset, USUAL_HUB.page_of("dataset", dataset.id)),
    }
    if dataset.mapping.system_line:
        rows["system_line"] = dataset.mapping.system_line.strip()
    commands = [(f"xtgui download dataset {dataset.id}", t("catalogue.next_download"))]
    if dataset.kind == "chat":
        convert = f"xtgui data convert DIR OUT.jsonl --dataset {dataset.id}"
        commands.append((convert, t("catalogue.next_convert")))
    about = dataset.about[language()]
    notes = [dataset.caution[language()]] if dataset.caution else []
    _show_entry(_Entry(dataset.id, rows, dataset.sources, notes, commands, about))


def _source_name(field: str) -> str:
    return t("catalogue.head_id" if field == "ids" else f"catalogue.row_{field}")


def _shape(model: Model) -> str:
    tied = "tied" if model.shape["tie_word_embeddings"] else "untied"
    dtype = model.shape["torch_dtype"] or t("catalogue.unknown")
    return t("catalogue.shape", **model.shape) + t(f"catalogue.shape_{tied}", dtype=dtype)


def _context(model: Model) -> str:
    longest = model.shape["max_position_embeddings"]
    return t("catalogue.tokens", count=longest) if longest else t("catalogue.unknown")


def _template(model: Model) -> str:
    template = model.template
    if template.name is None:
        return t("catalogue.template_read_off")
    return t(f"catalogue.template_{template.basis}", name=template.name)


def _access(entry: Model | Dataset, page: str) -> str:
    if entry.gated is None:
        return t("catalogue.unknown")
    return t("catalogue.gated_yes", page=page) if entry.gated else t("catalogue.gated_no")


def _reading(dataset: Dataset) -> str:
    how, map_fn = dataset.mapping, dataset.map_fn
    if how.text:
        return t("catalogue.reads_plain", column=how.text)
    if how.turns:
        what = t("catalogue.reads_turns", turns=how.turns)
    elif how.assistant is None:
        what = t("catalogue.reads_text", column=how.user[0])
    else:
        what = t("catalogue.reads_pair", user=" + ".join(how.user), assistant=how.assistant)
    if how.system:
        what += t("catalogue.reads_system", system=how.system)
    return what if map_fn is None else f"{what} ({t('catalogue.map_fn', name=map_fn)})"


def _show_entry(entry: _Entry) -> None:
    """Print the facts of an entry, what to know, what to type next, and the sources."""
    console = out()
    show_title(console, entry.id)
    if entry.about:
        show_notes(console, [entry.about], mark=" ", style="dim")
    console.print()
    show_rows(
        console, [Row(t(f"catalogue.row_{field}"), [value]) for field, value in entry.rows.items()]
    )
    if entry.notes:
        console.print()
        show_notes(console, entry.notes, style="yellow")
    if entry.commands:
        console.print()
        _show_commands(entry.commands)
    console.print()
    console.print(f" {t('catalogue.sources_title')}", style="dim", soft_wrap=True)
    show_notes(console, _gathered(entry.sources), mark="·", style="dim")


def _show_commands(commands: Sequence[tuple[str, str]]) -> None:
    console = out()
    console.print(f" {t('catalogue.next_title')}", style=f"bold {ACCENT}", soft_wrap=True)
    width = max(len(command) for command, _ in commands)
    widest = max(cell_len(what) for _, what in commands)
    is_beside = 3 + width + 2 + widest <= console.width
    for command, what in commands:
        if not is_beside:
            console.print(f"   {what}", style="dim", soft_wrap=True)
        line = Text.assemble("   ", command.ljust(width), "  ", (what * is_beside, "dim"))
        line.rstrip()
        console.print(line, soft_wrap=True)


def _gathered(sources: Mapping[str, Mapping[str, str]]) -> list[str]:
    """Return each source once, preceded by all the values that it is for."""
    names: dict[str, list[str]] = {}
    for field, source in sources.items():
        names.setdefault(source[language()], []).append(_source_name(field))
    between = t("catalogue.between")
    return [
        t("catalogue.source", names=between.join(all_names), source=source)
        for source, all_names in names.items()
    ]
