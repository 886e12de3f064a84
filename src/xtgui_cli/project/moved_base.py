"""Finds the base model of a run after its folder has moved or been replaced."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from ..models.model_mark import has_mark
from ..shared.json_values import mapping, text
from ..shared.regular_file import read_json
from ..shared.run_folder import RunFolder
from .run_origin import changed_base, recorded_base
from .user_config import cache_dir

_MOST_FOLDERS = 200
"""Maximum number of folders to check: reading a model's mark takes up to 0.1 s."""


@dataclass(frozen=True)
class LostBase:
    """A base model that is missing from its folder, or has changed."""

    folder: Path
    """Its folder according to the config."""
    changed: tuple[str, ...]
    """The parts that have changed; empty if there is no model."""


def find_lost_base(folder: RunFolder, base: Path, *, is_adapter: bool) -> LostBase | None:
    """Return what is wrong with a run's base model; None if nothing is known to be.

    Args:
        folder: The project.
        base: Folder of the model according to the config.
        is_adapter: Whether the run trains an adapter, for which the base's weights matter.
    """
    if not is_model(base):
        return LostBase(base, ())
    parts = changed_base(folder, base, with_weights=is_adapter)
    return LostBase(base, tuple(parts)) if parts else None


def is_model(folder: Path) -> bool:
    """Return whether a folder contains a model; False if it cannot be read."""
    try:
        return (folder / "config.json").is_file()
    except OSError:
        return False


def find_moved_base(folder: RunFolder, lost: LostBase) -> Path | None:
    """Return a folder with exactly the base model of a run; None if there is none nearby.

    It looks where the run's adapters have their base, then next to the old folder, in the project,
    and in the downloaded models.
    """
    mark = recorded_base(folder)
    if mark is None:
        return None
    nearby = islice(_nearby(folder, lost.folder), _MOST_FOLDERS)
    return next((candidate for candidate in nearby if has_mark(candidate, mark)), None)


def base_of_adapter(adapter: Path) -> Path | None:
    """Return the base model that the folder of an adapter names; None if it names none."""
    try:
        config = mapping(read_json(adapter / "adapter_config.json"))
    except (OSError, ValueError):
        return None
    base = text(config.get("base_model_name_or_path"))
    return Path(base) if base else None


def _nearby(folder: RunFolder, base: Path) -> Iterator[Path]:
    named = map(base_of_adapter, sorted(folder.work_dir.glob("xtuner_*_hf")))
    yield from (path for path in named if path is not None and path != base)
    for place in (base.parent, folder.root, folder.root / "models", cache_dir() / "models"):
        try:
            inside = sorted(place.iterdir())
        except OSError:
            continue
        yield from (path for path in inside if path != base and _is_folder(path))


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:
        return False
