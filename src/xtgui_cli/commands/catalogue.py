"""`xtgui models` and `xtgui datasets`: the catalogues, filtered, or one entry in full."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ..catalogue import Catalogue, Dataset, Model, datasets, models
from ..catalogue.lookup import Entry
from ..models.untrainable import guess_reason
from ..shared.errors import Exit, XtguiError
from ..ui.catalogue_view import show_dataset, show_datasets, show_model, show_models
from ..ui.console import say
from ..ui.json_output import print_json

_MODEL_FIELDS = (
    *("id", "family", "model_type", "is_chat", "ids", "parameters", "shape", "template", "stack"),
    *("license", "gated", "needs_remote_code", "note", "aliases", "sources", "alias_word"),
)
_DATASET_FIELDS = (
    *("id", "kind", "languages", "ids", "patterns", "bytes", "rows", "columns", "reading"),
    *("license", "gated", "about", "caution", "aliases", "sources", "alias_word"),
)
"""The fields of JSON output, in order."""


@dataclass(frozen=True, kw_only=True)
class CatalogueRequest:
    """Which entries of a catalogue to show."""

    words: Sequence[str] = ()
    """All of them occur in an entry, or together they are its name; none: every entry."""
    as_json: bool = False
    """Print JSON."""


def run_models(request: CatalogueRequest) -> Exit:
    """List the models that contain all words; show the only one, or a named one, in full.

    Raises:
        XtguiError: "catalogue.no_model" (with names that are near), "catalogue.is_a_dataset".
    """
    words, as_json = request.words, request.as_json
    found = _select(models(), words)
    if not found:
        raise _no_model(" ".join(words))
    if as_json:
        print_json([_model_facts(model) for model in found])
    elif len(found) == 1:
        _tell_of_alias(found[0], " ".join(words))
        show_model(found[0])
    else:
        show_models(found, len(models()))
    return Exit.DONE


def run_datasets(request: CatalogueRequest) -> Exit:
    """List the datasets that contain all words; show the only one, or a named one, in full.

    Raises:
        XtguiError: "catalogue.no_dataset" (with names that are near), "catalogue.is_a_model".
    """
    words, as_json = request.words, request.as_json
    found = _select(datasets(), words)
    if not found:
        raise _no_dataset(" ".join(words))
    if as_json:
        print_json([_dataset_facts(dataset) for dataset in found])
    elif len(found) == 1:
        _tell_of_alias(found[0], " ".join(words))
        show_dataset(found[0])
    else:
        show_datasets(found, len(datasets()))
    return Exit.DONE


def _select(catalogue: Catalogue[Entry], words: Sequence[str]) -> list[Entry]:
    named = catalogue.find(" ".join(words)) if words else None
    return [named] if named is not None else catalogue.matching(words)


def named_dataset(name: str) -> Dataset:
    """Return the dataset with a name, printing what there is to say about that name.

    Raises:
        XtguiError: "catalogue.no_dataset" (with names that are near), "catalogue.is_a_model".
    """
    dataset = datasets().find(name)
    if dataset is None:
        raise _no_dataset(name)
    _tell_of_alias(dataset, name)
    return dataset


def _no_model(asked: str) -> XtguiError:
    other = datasets().find(asked)
    if other is not None:
        return XtguiError("catalogue.is_a_dataset", Exit.ANSWERS, id=other.id)
    reason = guess_reason(asked)
    if reason is not None:
        return XtguiError(f"model.untrainable_{reason}", Exit.ANSWERS, name=asked)
    return _nothing("catalogue.no_model", asked, models().near(asked))


def _no_dataset(asked: str) -> XtguiError:
    other = models().find(asked)
    if other is not None:
        return XtguiError("catalogue.is_a_model", Exit.ANSWERS, id=other.id)
    return _nothing("catalogue.no_dataset", asked, datasets().near(asked))


def _nothing(code: str, words: str, near: Sequence[str]) -> XtguiError:
    if near:
        return XtguiError(f"{code}_near", Exit.ANSWERS, words=words, near=", ".join(near))
    return XtguiError(code, Exit.ANSWERS, words=words)


def _tell_of_alias(entry: Model | Dataset, asked: str) -> None:
    if entry.alias_word is not None:
        say(f"catalogue.alias_{entry.alias_word}", style="yellow", asked=asked, id=entry.id)


def _model_facts(model: Model) -> dict[str, Any]:
    facts = {name: getattr(model, name) for name in _MODEL_FIELDS}
    return facts | {"template": dataclasses.asdict(model.template)}


def _dataset_facts(dataset: Dataset) -> dict[str, Any]:
    mapping = dataset.mapping
    reading = {
        "map_fn": dataset.map_fn,
        "turns": mapping.turns,
        "user": mapping.user,
        "assistant": mapping.assistant,
        "system": mapping.system,
        "system_line": mapping.system_line,
        "layout": "" if mapping.format in ("known", "text") else mapping.format,
        "begins_after": mapping.begins_after,
    }
    return {
        name: reading if name == "reading" else getattr(dataset, name) for name in _DATASET_FIELDS
    }
