"""The models that xtgui knows by name."""

from __future__ import annotations

import dataclasses
import functools
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..models.model_family import Stack, stack_of_type, suggest_by_name
from .names import Index, matches


@dataclass(frozen=True)
class Template:
    """The prompt template that goes with a model."""

    name: str | None
    """xtuner's name; None where none is equal: one is read off the model's own chat template."""
    basis: str
    """"config" (of xtuner's own for this model), "family", "format" (as it writes) or "own"."""


@dataclass(frozen=True)
class Model:
    """One model. None means: not verified."""

    id: str
    """Its name on Hugging Face."""
    family: str
    model_type: str
    """What transformers calls its kind."""
    is_chat: bool
    """Whether it was taught to converse."""
    ids: Mapping[str, str | None]
    """"huggingface" and "modelscope" to its name there."""
    parameters: int
    shape: Mapping[str, Any]
    """Sizes under the names that a Hugging Face config.json has for them."""
    template: Template
    stack: Stack
    license: str | None
    gated: bool | None
    """Whether terms must be accepted on its page before it can be downloaded."""
    needs_remote_code: bool
    note: Mapping[str, str]
    """Language to a remark; empty for none."""
    aliases: Mapping[str, str]
    sources: Mapping[str, Mapping[str, str]]
    """Field to where its value is from, in each language."""
    alias_word: str | None = None
    """What is to be said about the name it was asked for by: `catalogue.alias_...`."""


def models() -> Sequence[Model]:
    """Give all models, those that people want now first."""
    return _catalogue()[0]


def find_model(name: str) -> Model | None:
    """Give the model with a name: of any hub, an old one, without its owner, a page's address.

    `alias_word` of the model says what there is to say about that name.
    """
    entries, index = _catalogue()
    found = index.find(name)
    if found is None:
        return None
    model = next(model for model in entries if model.id == found[0])
    return dataclasses.replace(model, alias_word=found[1])


def near_models(name: str) -> list[str]:
    """Give the ids whose names look most like *name*."""
    return _catalogue()[1].near(name)


def models_with(words: Sequence[str]) -> list[Model]:
    """Give the models in whose names, family or licence all words stand."""
    return [
        model
        for model in models()
        if matches(words, model.id, model.family, model.license, model.ids["modelscope"])
    ]


@functools.cache
def _catalogue() -> tuple[Sequence[Model], Index]:
    data = json.loads(Path(__file__).with_name("models.json").read_text("utf-8"))
    entries = tuple(_model(entry, data["sources"]) for entry in data["models"])
    return entries, Index(entries)


def _model(entry: Mapping[str, Any], sources: Mapping[str, Mapping[str, str]]) -> Model:
    own_code = entry["remote_code"]
    return Model(
        id=entry["id"],
        family=entry["family"],
        model_type=entry["model_type"],
        is_chat=entry["chat"],
        ids=entry["ids"],
        parameters=entry["parameters"],
        shape=entry["shape"],
        template=_template(entry),
        stack=stack_of_type(entry["model_type"], needs_remote_code=own_code),
        license=entry["license"],
        gated=entry["gated"],
        needs_remote_code=own_code,
        note=entry.get("note", {}),
        aliases=entry["aliases"],
        sources={field: sources[name] for field, name in entry["sources"].items()},
    )


def _template(entry: Mapping[str, Any]) -> Template:
    if "template" in entry:
        name = entry["template"]
        return Template(name, "format") if name else Template(None, "own")
    suggestion = suggest_by_name(entry["id"].rpartition("/")[2], entry["model_type"])
    if suggestion is None:
        return Template(None, "own")
    return Template(suggestion.name, "config" if suggestion.is_same_model else "family")
