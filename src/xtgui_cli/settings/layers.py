"""Layers of settings, each from another source, resolved into the `Settings` in force."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ..shared.methods import DEFAULT_METHOD, METHODS
from .table import BY_KEY, SECTIONS, SETTINGS, Origin, Setting, Settings, Value

Layer = Mapping[str, Value]
"""Checked values by key ("train.lr") from one source. None cancels what lower layers say."""


@dataclass(frozen=True, kw_only=True)
class Layers:
    """Everything that is said about a project's settings, by source."""

    planned: Layer = field(default_factory=dict)
    """What the plan decided when the config was written, read from the config."""
    saved: Layer = field(default_factory=dict)
    """Those of xtgui.toml."""
    edited: Layer = field(default_factory=dict)
    """Changes that a person made in the config."""
    answers: Layer = field(default_factory=dict)
    """Those of the `--answers` file."""
    flags: Layer = field(default_factory=dict)
    """Those of `--set` and other flags."""

    def in_force(self) -> Settings:
        """Return the settings in force.

        What was planned for another method than the present one does not count.
        """
        to_plan = self.to_plan()
        planned_for = self.planned.get("train.method", to_plan.train.method)
        if to_plan.is_given(BY_KEY["train.method"]) and planned_for != to_plan.train.method:
            return to_plan
        return resolve({Origin.PLANNED: self.planned, **self._given()})

    def to_plan(self) -> Settings:
        """Return the settings for a plan: those that nobody has set are open again."""
        return resolve(self._given())

    def _given(self) -> dict[Origin, Layer]:
        return {
            Origin.SAVED: self.saved,
            Origin.EDITED: self.edited,
            Origin.ANSWERS: self.answers,
            Origin.FLAG: self.flags,
        }


def resolve(layers: Mapping[Origin, Layer]) -> Settings:
    """Return the settings that follow from layers: the highest layer that has a key decides.

    Args:
        layers: By origin. None in a layer hides all layers below it, so that the default applies,
            or the plan decides.
    """
    values: dict[str, Value] = {}
    origins: dict[str, Origin] = {}
    for origin in sorted(layers):
        for key, value in layers[origin].items():
            values.pop(key, None)
            origins.pop(key, None)
            if value is not None:
                values[key], origins[key] = value, origin
    name = values.get("train.method", DEFAULT_METHOD)
    method = next((each for each in METHODS.values() if each.name == name), METHODS[DEFAULT_METHOD])
    sections: dict[str, dict[str, Any]] = {section: {} for section in SECTIONS}
    for setting in SETTINGS:
        default = setting.default_for(method)
        sections[setting.section][setting.name] = values.get(setting.key, default)
    built = {name: SECTIONS[name](**fields) for name, fields in sections.items()}
    return Settings(**built, origins=origins)


def replace_values(settings: Settings, layer: Layer, origin: Origin) -> Settings:
    """Return the settings with some values replaced; a value that stays keeps its origin."""
    changed: dict[str, dict[str, Value]] = {}
    origins = dict(settings.origins)
    for key, value in layer.items():
        setting = BY_KEY[key]
        if value is not None and value != settings.value(setting):
            changed.setdefault(setting.section, {})[setting.name] = value
            origins[key] = origin
    sections = {
        section: dataclasses.replace(getattr(settings, section), **fields)
        for section, fields in changed.items()
    }
    return dataclasses.replace(settings, **sections, origins=origins)


def given(settings: Settings) -> dict[str, Value]:
    """Return the settings that people have set, by key."""
    return {
        setting.key: settings.value(setting) for setting in SETTINGS if settings.is_given(setting)
    }


def differing(settings: Settings) -> list[Setting]:
    """Return the settings that somebody set to something other than the default."""
    return [
        setting
        for setting in SETTINGS
        if settings.is_given(setting)
        and settings.value(setting) != setting.default_for(settings.method)
    ]
