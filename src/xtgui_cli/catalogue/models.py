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
    """xtuner's name; None if none is equal: it is derived from the model's chat template."""
    basis: str
    """"config" (xtuner's own config for this model), "family", "format" or "own"."""


@dataclass(frozen=True)
class Model:
    """One model, with the fields of models.json. None means "not verified"."""

    id: str
    """Its name on Hugging Face."""
    family: str
    model_type: str
    """Its `model_type` in transformers."""
    is_chat: bool
    """Whether it was trained to chat."""
    ids: Mapping[str, str | None]
    """Its names on "huggingface" and "modelscope"."""
    parameters: int
    shape: Mapping[str, Any]
    """Sizes, named as in a Hugging Face config.json."""
    license: str | None
    gated: bool | None
    """Whether terms must be accepted on its page before it can be downloaded."""
    needs_remote_code: bool
    aliases: Mapping[str, str]
    """Other names, each with the end of its `catalogue.alias_...` key."""
    sources: Mapping[str, Mapping[str, str]]
    """Source of each field, per language."""
    xtuner_template: str | None = None
    """The equal template of xtuner, "" for none; None if the family decides."""
    note: Mapping[str, str] = field(default_factory=dict)
    """A remark per language; empty if none."""
    alias_word: str | None = None
    """The end of the `catalogue.alias_...` key for the name it was found by."""

    @property
    def stack(self) -> Stack:
        """The engine stack that it trains on."""
        return stack_of_type(self.model_type, needs_remote_code=self.needs_remote_code)

    @property
    def template(self) -> Template:
        """Its prompt template, and the evidence for it."""
        if self.xtuner_template is not None:
            name = self.xtuner_template
            return Template(name, "format") if name else Template(None, "own")
        suggestion = suggest_by_name(self.id.rpartition("/")[2], self.model_type)
        if suggestion is None:
            return Template(None, "own")
        return Template(suggestion.name, "config" if suggestion.is_same_model else "family")


@functools.cache
def models() -> Catalogue[Model]:
    """Return all models, the most wanted first."""
    entries = [Model(**entry) for entry in read_entries("models")]
    return Catalogue(entries, words=lambda one: (one.family, one.license, one.ids["modelscope"]))
