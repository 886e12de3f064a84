"""Writes the config of a project, and keeps what a person has changed in it by hand.

The config is what trains. Beside it lies a record of the values that xtgui wrote last; a value that
differs from the record is a hand edit. It stays until somebody answers otherwise.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..shared.atomic import write_text
from ..shared.config_file import fill, names_used, read, read_file
from ..shared.custom_template import as_template, to_answers
from ..shared.disk import free_bytes, nearest_existing
from ..shared.errors import Exit, XtguiError
from ..shared.run_folder import RunFolder
from ..shared.settings import SETTINGS
from ..ui.units import file_size

if TYPE_CHECKING:
    from .build_run import Prepared

NEEDED_BYTES = 8_000_000
_MISSING = object()
_KEYS = {setting.config_name: setting.key for setting in SETTINGS if setting.config_name}


@dataclass(frozen=True)
class Disagreement:
    """A value that the config and the answers do not share."""

    name: str
    """The name in the config."""
    in_config: Any
    answered: Any


def disagreements(config_text: str, values: Mapping[str, Any]) -> tuple[Disagreement, ...]:
    """Give the values that a config says otherwise; names it computes or lacks are left out."""
    said = read(config_text)
    return tuple(
        Disagreement(name, said[name], value)
        for name, value in values.items()
        if name in said and not _equal(said[name], value)
    )


def hand_edits(folder: RunFolder) -> dict[str, Any]:
    """Give the settings that a person has changed in the config since xtgui wrote it, by key.

    Merged under what the user says now, they make the plan count with what really trains. Empty
    where there is no config, or no record of what xtgui wrote.
    """
    if not folder.config_file.is_file():
        return {}
    said, written = read(read_file(folder.config_file), str(folder.config_file)), _record(folder)
    edits = {
        _KEYS[name]: said[name]
        for name, value in written.items()
        if name in _KEYS and name in said and not _equal(said[name], value)
    }
    template = edits.get("model.prompt_template")
    return edits | to_answers(template) if isinstance(template, dict) else edits


def write_config(prepared: Prepared, folder: RunFolder) -> tuple[Disagreement, ...]:
    """Write the config of a project; give the hand edits that were kept against the plan.

    What the answers of *prepared* say is written; callers merge `hand_edits` under them, or an old
    answer would replace a newer hand edit. A config of another method, or one without the names
    that this method needs, is put aside (xtuner_config.old.py) and the shipped one takes its place.
    Raises — XtguiError "config.no_space", "config.not_writable", "config.syntax" where the present
    file is broken.
    """
    _require_space(folder.work_dir)
    try:
        folder.work_dir.mkdir(parents=True, exist_ok=True)
        folder.state_dir.mkdir(exist_ok=True)
        present = read_file(folder.config_file) if folder.config_file.is_file() else None
        if present is not None and not _fits(present, prepared, folder.config_file):
            folder.config_file.rename(_free_name(folder.config_file))
            present = None
        before = _record(folder) if present is not None else {}
        text, kept = _text(present, prepared, before)
        if text != present:
            write_text(folder.config_file, text)
        record = _new_record(text, present or "", prepared, before)
        write_text(_record_file(folder), json.dumps(record, indent=1))
    except OSError as error:
        path = error.filename or folder.config_file
        raise XtguiError(
            "config.not_writable", Exit.ANSWERS, path=path, reason=error.strerror
        ) from None
    return kept


def _new_record(
    text: str, present: str, prepared: Prepared, before: Mapping[str, Any]
) -> dict[str, Any]:
    """Give what xtgui has written; a hand edit that stays goes on being one."""
    said, was = read(text), read(present)
    record = {}
    for name, value in prepared.values.items():
        stays = name in before and name in was and _equal(was[name], said[name])
        record[name] = before[name] if stays else said.get(name, value)
        if name not in before and not _equal(said[name], value):
            record[name] = value
    return record


def _text(
    present: str | None, prepared: Prepared, written: Mapping[str, Any]
) -> tuple[str, tuple[Disagreement, ...]]:
    if present is None:
        return prepared.config_text, ()
    kept = tuple(
        difference
        for difference in disagreements(present, prepared.values)
        if _is_kept(difference, prepared, written)
    )
    stays = {difference.name for difference in kept}
    values = {name: value for name, value in prepared.values.items() if name not in stays}
    return fill(present, values), kept


def _is_kept(difference: Disagreement, prepared: Prepared, written: Mapping[str, Any]) -> bool:
    """Whether the config's value is a hand edit that no answer speaks against."""
    before = written.get(difference.name, _MISSING)
    is_edit = before is _MISSING or not _equal(before, difference.in_config)
    return is_edit and _KEYS.get(difference.name) not in prepared.answers


def _fits(text: str, prepared: Prepared, file: Path) -> bool:
    """Whether a config is of the prepared method and assigns every name plainly."""
    used = names_used(text, str(file))
    method = "qlora" if "quantization_config" in used else "lora" if "lora" in used else "full"
    return method == prepared.method and prepared.values.keys() <= read(text).keys()


def _equal(one: Any, other: Any) -> bool:
    if isinstance(one, dict) and isinstance(other, dict):  # prompt templates: what they mean counts
        return as_template(one) is not None and as_template(one) == as_template(other)
    if isinstance(one, (list, tuple)) and isinstance(other, (list, tuple)):
        return len(one) == len(other) and all(map(_equal, one, other))
    return bool(one == other) and isinstance(one, bool) == isinstance(other, bool)


def _record_file(folder: RunFolder) -> Path:
    return folder.state_dir / "written.json"


def _record(folder: RunFolder) -> dict[str, Any]:
    try:
        content = json.loads(_record_file(folder).read_bytes())
    except (OSError, ValueError, RecursionError):
        return {}
    return content if isinstance(content, dict) else {}


def _free_name(file: Path) -> Path:
    name = file.with_name(f"{file.stem}.old.py")
    number = 2
    while name.exists():
        name = file.with_name(f"{file.stem}.old{number}.py")
        number += 1
    return name


def _require_space(folder: Path) -> None:
    free = free_bytes(folder)
    if free < NEEDED_BYTES:
        raise XtguiError(
            "config.no_space",
            Exit.FAILED,
            folder=nearest_existing(folder),
            free=file_size(free),
            needed=file_size(NEEDED_BYTES),
        )
