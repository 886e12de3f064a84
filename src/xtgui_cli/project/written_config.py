"""The config of a project as it is on disk: what xtgui wrote, and what a person changed.

The config is what trains. Beside it is a record of the values that xtgui wrote last; a value that
differs from the record is an edit. It stays until the user gives another answer.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from ..settings.layers import Layers, resolve
from ..settings.table import BY_CONFIG_NAME, Origin, Settings, Value
from ..settings.values import check_all
from ..settings.written_template import as_settings
from ..shared.config_file import method_of, read, read_file
from ..shared.custom_template import as_template
from ..shared.errors import Exit, XtguiError
from ..shared.json_values import mapping
from ..shared.regular_file import read_json
from ..shared.run_folder import RunFolder
from . import settings_file

METHOD = "method"
"""The record's key for the method, for which a config has no name."""
_XTUNERS_QUESTIONS = ("请给我介绍五个上海的景点", "Please tell me five scenic spots in Shanghai")
SOURCE = "source_data_path"
"""A config's name for the user's file, if `data_path` was made from it."""


@dataclass(frozen=True, kw_only=True)
class WrittenConfig:
    """A config and the record of what xtgui wrote in it."""

    text: str
    values: Mapping[str, Any]
    """By name, those that are plain; the method among them."""
    record: Mapping[str, Any] = field(default_factory=dict)
    """The same as xtgui wrote them; empty if it wrote none."""

    def is_edited(self, name: str) -> bool:
        """Return whether a person changed the value of a name."""
        if name == METHOD and self.record:  # a record from an older version has no method
            return bool(self.record.get(METHOD, self.values[METHOD]) != self.values[METHOD])
        return name not in self.record or not is_equal(self.record[name], self.values[name])


def read_written_config(folder: RunFolder) -> WrittenConfig | None:
    """Return the config of a project with its record; None if there is none.

    Raises:
        XtguiError: "config.syntax" or "config.not_text".
    """
    if not folder.config_file.is_file():
        return None
    text = read_file(folder.config_file)
    return WrittenConfig(
        text=text,
        values=_read_values(text, folder.config_file),
        record=_read_record(record_file(folder)),
    )


def read_layers(folder: RunFolder) -> Layers:
    """Return what a project's files say about its settings: xtgui.toml and the config.

    Raises:
        XtguiError: For faults of xtgui.toml, "config.syntax", "config.not_text", and
            "settings.file_wrong" for impossible values in the config.
    """
    saved = settings_file.load(folder.settings_file)
    saved.pop("paths.root", None)
    written = read_written_config(folder)
    if written is None:
        return Layers(saved=saved)
    planned = {name: value for name, value in written.values.items() if not written.is_edited(name)}
    edited = {name: value for name, value in written.values.items() if written.is_edited(name)}
    return Layers(
        saved=saved,
        planned=_as_layer(planned, folder.config_file, folder.project_root),
        edited=_as_layer(edited, folder.config_file, folder.project_root),
    )


def adopt_config(folder: RunFolder, layers: Layers) -> Layers:
    """Return a project's layers, with the values of somebody's config as the user's answers.

    The layers are unchanged if xtgui has written anything there, or there is nothing to adopt. The
    questions that XTuner's configs ask by default are nobody's answer.
    """
    has_been_here = folder.settings_file.exists() or record_file(folder).exists()
    if has_been_here or not layers.edited:
        return layers
    told = {key: value for key, value in layers.edited.items() if value is not None}
    if told.get("train.evaluation_inputs") == _XTUNERS_QUESTIONS:
        del told["train.evaluation_inputs"]
    return replace(layers, saved={**told, **layers.saved}, edited={})


def read_config_settings(config: Path, root: Path) -> Settings:
    """Return the settings of a config from anywhere, with defaults for the rest.

    Args:
        config: The file.
        root: Where it would be trained, and so where its relative paths start.

    Raises:
        XtguiError: "config.syntax", "config.not_text", or "settings.file_wrong".
    """
    values = _read_values(read_file(config), config)
    return resolve({Origin.EDITED: _as_layer(values, config, root)})


def record_file(folder: RunFolder) -> Path:
    """Return the file with the values that xtgui wrote last."""
    return folder.state_dir / "written.json"


def is_equal(one: Any, other: Any) -> bool:
    """Return whether two values of a config mean the same."""
    if isinstance(one, dict) and isinstance(other, dict):  # templates are compared by meaning
        return as_template(one) is not None and as_template(one) == as_template(other)
    if isinstance(one, (list, tuple)) and isinstance(other, (list, tuple)):
        return len(one) == len(other) and all(map(is_equal, one, other))
    return bool(one == other) and isinstance(one, bool) == isinstance(other, bool)


def _read_values(text: str, file: Path) -> dict[str, Any]:
    return {**read(text, str(file)), METHOD: method_of(text, str(file))}


def _read_record(file: Path) -> dict[str, Any]:
    try:
        return dict(mapping(read_json(file)))
    except (OSError, ValueError):
        return {}


def _as_layer(values: Mapping[str, Any], file: Path, root: Path) -> dict[str, Value]:
    """Return the settings, by key, that the names of a config stand for."""
    said: dict[str, Any] = {}
    for name, value in values.items():
        if name == METHOD:
            said["train.method"] = value
        elif name in BY_CONFIG_NAME:
            said[BY_CONFIG_NAME[name].key] = value
    if values.get(SOURCE) is not None:  # data_path was made from the user's file
        said["data.path"] = values[SOURCE]
    template = said.get("model.prompt_template")
    if isinstance(template, dict):
        said |= as_settings(template)
    unset = {key: None for key, value in said.items() if value is None}
    checked, problems = check_all({key: value for key, value in said.items() if value is not None})
    if problems:
        raise XtguiError(
            "settings.file_wrong", Exit.ANSWERS, problems, path=file, count=len(problems)
        )
    return {**unset, **_with_paths_of(root, checked)}


def _with_paths_of(root: Path, values: Mapping[str, Value]) -> dict[str, Value]:
    """Resolve relative paths against *root*; names on a hub, which look alike, stay as they are."""
    absolute = settings_file.with_absolute_paths(values, root)
    return {
        key: value if value == values[key] or Path(str(value)).exists() else values[key]
        for key, value in absolute.items()
    }
