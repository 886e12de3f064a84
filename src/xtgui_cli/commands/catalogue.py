"""`xtgui models` and `xtgui datasets`: the catalogues, filtered, or one entry in full."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from ..catalogue import find_dataset, find_model, near_datasets, near_models
from ..catalogue.datasets import Dataset, datasets, datasets_with
from ..catalogue.models import Model, models, models_with
from ..shared.errors import Exit, XtguiError
from ..texts import t
from ..ui.catalogue_view import show_entry, show_list
from ..ui.catalogue_words import (
    dataset_columns,
    dataset_entry,
    dataset_marks,
    legend,
    model_columns,
    model_entry,
    model_marks,
)
from ..ui.console import say
from ..ui.json_output import print_json

One = TypeVar("One", Model, Dataset)


def run_models(words: Sequence[str], as_json: bool) -> Exit:
    """List the models in which all words stand; the only one, or one that is named, in full.

    Raises — XtguiError "catalogue.no_model" (with names that are near), "catalogue.is_a_dataset".
    """
    found = _select(words, find_model, models_with)
    if not found:
        raise _no_model(" ".join(words))
    if as_json:
        _print_json(found)
    elif len(found) == 1:
        _tell_of_alias(found[0], " ".join(words))
        show_entry(model_entry(found[0]))
    else:
        marks = legend(mark for model in found for mark in model_marks(model))
        _show_list("models", len(found), len(models()), model_columns(found), marks)
    return Exit.DONE


def run_datasets(words: Sequence[str], as_json: bool) -> Exit:
    """List the data sets in which all words stand; the only one, or one that is named, in full.

    Raises — XtguiError "catalogue.no_dataset" (with names that are near), "catalogue.is_a_model".
    """
    found = _select(words, find_dataset, datasets_with)
    if not found:
        raise _no_dataset(" ".join(words))
    if as_json:
        _print_json(found)
    elif len(found) == 1:
        _tell_of_alias(found[0], " ".join(words))
        show_entry(dataset_entry(found[0]))
    else:
        marks = legend(mark for one in found for mark in dataset_marks(one))
        _show_list("datasets", len(found), len(datasets()), dataset_columns(found), marks)
    return Exit.DONE


def _select(
    words: Sequence[str],
    find: Callable[[str], One | None],
    having: Callable[[Sequence[str]], list[One]],
) -> list[One]:
    named = find(" ".join(words)) if words else None
    return [named] if named is not None else having(words)


def named_dataset(name: str) -> Dataset:
    """Give the data set of a name, and say what there is to say about that name.

    Raises — XtguiError "catalogue.no_dataset" (with names that are near), "catalogue.is_a_model".
    """
    dataset = find_dataset(name)
    if dataset is None:
        raise _no_dataset(name)
    _tell_of_alias(dataset, name)
    return dataset


def _no_model(asked: str) -> XtguiError:
    other = find_dataset(asked)
    if other is not None:
        return XtguiError("catalogue.is_a_dataset", Exit.ANSWERS, id=other.id)
    return _nothing("catalogue.no_model", asked, near_models(asked))


def _no_dataset(asked: str) -> XtguiError:
    other = find_model(asked)
    if other is not None:
        return XtguiError("catalogue.is_a_model", Exit.ANSWERS, id=other.id)
    return _nothing("catalogue.no_dataset", asked, near_datasets(asked))


def _nothing(code: str, words: str, near: Sequence[str]) -> XtguiError:
    if near:
        return XtguiError(f"{code}_near", Exit.ANSWERS, words=words, near=", ".join(near))
    return XtguiError(code, Exit.ANSWERS, words=words)


def _tell_of_alias(entry: Model | Dataset, asked: str) -> None:
    if entry.alias_word is not None:
        say(f"catalogue.alias_{entry.alias_word}", style="yellow", asked=asked, id=entry.id)


def _show_list(
    kind: str, shown: int, of_all: int, columns: Sequence[Any], marks: Sequence[str]
) -> None:
    show_list(
        t(f"catalogue.title_{kind}"),
        t("catalogue.count", shown=shown, all=of_all),
        columns,
        marks,
        t(f"catalogue.see_{kind.removesuffix('s')}"),
    )


def _print_json(found: Sequence[Model | Dataset]) -> None:
    content = [dataclasses.asdict(entry) for entry in found]
    print_json(content)
