"""The models that xtgui knows by name."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ..models.model_family import Stack, stack_of_type, suggest_by_name
from .lookup import Catalogue, read_entries


@dataclass(frozen=True)
class Template:
    """The prompt template that goes with a model."""

    name: str | None
    """xtuner's name; None where none is equal: one is read off the model's own chat template."""
    basis: str
    """"config" (of xtuner's own for this model), "family", "format" (as it writes) or "own"."""


@dataclass(frozen=True)
class Model:
    """One model, field by field as in models.json. None means: not verified."""

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
    license: str | None
    gated: bool | None
    """Whether terms must be accepted on its page before it can be downloaded."""
    needs_remote_code: bool
    aliases: Mapping[str, str]
    """Other names, and what is to be said about each: `catalogue.alias_...`."""
    sources: Mapping[str, Mapping[str, str]]
    """Field to where its value is from, in each language."""
    xtuner_template: str | None = None
    """Which of xtuner's writes as it does, "" for none; None where the family says it."""
    note: Mapping[str, str] = field(default_factory=dict)
    """Language to a remark; empty for none."""
    alias_word: str | None = None
    """What is to be said about the name it was asked for by: `catalogue.alias_...`."""

    @property
    def stack(self) -> Stack:
        """The engine stack that it trains on."""
        return stack_of_type(self.model_type, needs_remote_code=self.needs_remote_code)

    @property
    def template(self) -> Template:
        """Its prompt template, and how that is known."""
        if self.xtuner_template is not None:
            name = self.xtuner_template
            return Template(name, "format") if name else Template(None, "own")
        suggestion = suggest_by_name(self.id.rpartition("/")[2], self.model_type)
        if suggestion is None:
            return Template(None, "own")
        return Template(suggestion.name, "config" if suggestion.is_same_model else "family")


@functools.cache
def models() -> Catalogue[Model]:
    """Return all models, those that people want now first."""
    entries = [Model(**entry) for entry in read_entries("models")]
    return Catalogue(entries, words=lambda one: (one.family, one.license, one.ids["modelscope"]))
