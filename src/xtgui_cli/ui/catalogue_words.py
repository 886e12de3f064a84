"""The entries of the catalogues in words: as rows of a list, and one with all that is known."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from ..catalogue.datasets import Dataset
from ..catalogue.models import Model
from ..hubs.registry import USUAL_HUB
from ..texts import language, t
from .catalogue_view import Entry
from .console import ACCENT
from .fitted_table import Column
from .units import file_size, short_count

_LETTERS = {
    "classic": "C",
    "gated": "G",
    "unknown": "?",
    "code": "R",
    "pretrain": "P",
    "caution": "!",
}
"""Marks in the order of the list, and how each is written."""


def legend(marks: Iterable[str]) -> list[str]:
    """Say what the marks mean, each once."""
    used = set(marks)
    return [t(f"catalogue.legend_{mark}") for mark in _LETTERS if mark in used]


def _letters(marks: Iterable[str]) -> str:
    used = set(marks)
    return "".join(letter for mark, letter in _LETTERS.items() if mark in used)


def model_marks(model: Model) -> Iterator[str]:
    """Give what a list marks of a model."""
    if model.stack == "classic":
        yield "classic"
    yield from _access_marks(model.gated)
    if model.needs_remote_code:
        yield "code"


def dataset_marks(dataset: Dataset) -> Iterator[str]:
    """Give what a list marks of a data set."""
    yield from _access_marks(dataset.gated)
    if dataset.kind == "pretrain":
        yield "pretrain"
    if dataset.caution:
        yield "caution"


def _access_marks(gated: bool | None) -> Iterator[str]:
    if gated is None:
        yield "unknown"
    elif gated:
        yield "gated"


def model_columns(found: Sequence[Model]) -> list[Column]:
    """Give the list of models."""
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
    """Give the list of data sets."""
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


def model_entry(model: Model) -> Entry:
    """Give all that is known of a model."""
    rows = {
        "huggingface": model.ids["huggingface"] or t("catalogue.not_there"),
        "modelscope": model.ids["modelscope"] or t("catalogue.not_there"),
        "parameters": f"{model.parameters:,} ({short_count(model.parameters)})",
        "shape": _shape(model),
        "context": _context(model),
        "template": _template(model),
        "stack": t(f"model.stack_{model.stack}"),
        "license": model.license or t("catalogue.unknown"),
        "gated": _access(model.gated, USUAL_HUB.page_of("model", model.id)),
        "remote_code": t(f"model.code_{'asked' if model.needs_remote_code else 'none'}"),
    }
    commands = [
        (f"xtgui download model {model.id}", t("catalogue.next_download")),
        (f"xtgui estimate --model {model.id}", t("catalogue.next_estimate")),
    ]
    notes = [model.note[language()]] if model.note else []
    if model.stack == "classic":
        notes.append(t("model.note_classic"))
    return _entry(model.id, "", rows, notes, model.sources, commands)


def dataset_entry(dataset: Dataset) -> Entry:
    """Give all that is known of a data set."""
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
        "gated": _access(dataset.gated, USUAL_HUB.page_of("dataset", dataset.id)),
    }
    if dataset.reading.system_line:
        rows["system_line"] = dataset.reading.system_line.strip()
    commands = [(f"xtgui download dataset {dataset.id}", t("catalogue.next_download"))]
    if dataset.kind == "chat":
        convert = f"xtgui data convert DIR OUT.jsonl --dataset {dataset.id}"
        commands.append((convert, t("catalogue.next_convert")))
    about = dataset.about[language()]
    notes = [dataset.caution[language()]] if dataset.caution else []
    return _entry(dataset.id, about, rows, notes, dataset.sources, commands)


def _entry(
    id: str,
    about: str,
    rows: Mapping[str, str],
    notes: Sequence[str],
    sources: Mapping[str, Mapping[str, str]],
    commands: Sequence[tuple[str, str]],
) -> Entry:
    where = [(_source_name(field), said[language()]) for field, said in sources.items()]
    named = [(t(f"catalogue.row_{field}"), value) for field, value in rows.items()]
    return Entry(id, about, named, notes, where, commands)


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


def _access(gated: bool | None, page: str) -> str:
    if gated is None:
        return t("catalogue.unknown")
    return t("catalogue.gated_yes", page=page) if gated else t("catalogue.gated_no")


def _reading(dataset: Dataset) -> str:
    how = dataset.reading
    if dataset.kind == "pretrain":
        return t("catalogue.reads_plain", column=dataset.columns[0])
    if how.turns:
        what = t("catalogue.reads_turns", turns=how.turns)
    elif how.assistant is None:
        what = t("catalogue.reads_text", column=how.user[0])
    else:
        what = t("catalogue.reads_pair", user=" + ".join(how.user), assistant=how.assistant)
    if how.system:
        what += t("catalogue.reads_system", system=how.system)
    return what if how.map_fn is None else f"{what} ({t('catalogue.map_fn', name=how.map_fn)})"
