"""Where the shape of a model comes from: its folder, its config.json, or the catalogue."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ..catalogue import Model, models
from ..planning.memory.model_shape import ModelShape, read_shape
from ..planning.memory.suggestions import SMALLEST
from ..planning.memory.training_memory import training_memory
from ..planning.memory.training_setup import Device, set_up
from ..settings.layers import resolve
from ..settings.table import Origin
from ..shared.errors import Exit, XtguiError
from ..shared.regular_file import read_json


def find_shape(asked: str) -> tuple[str, ModelShape]:
    """Return name and shape of a model; its weights need not exist.

    Args:
        asked: A folder with a config.json, such a file, or a name in the catalogue.

    Raises:
        XtguiError: "estimate.no_config", "estimate.broken_config", "estimate.unknown_model" or
            "estimate.unknown_model_near", and those of `read_shape`.
    """
    place = Path(asked).expanduser()
    file = place / "config.json" if place.is_dir() else place
    if file.is_file():
        name = file.absolute().parent.name
        return name, read_shape(_read_config(file), name)
    if place.exists():
        raise XtguiError("estimate.no_config", Exit.ANSWERS, path=place)
    listed = models().find(asked)
    if listed is None:
        near = ", ".join(models().near(asked))
        code = "estimate.unknown_model_near" if near else "estimate.unknown_model"
        raise XtguiError(code, Exit.ANSWERS, model=asked, near=near)
    return listed.id, shape_of(listed)


def shape_of(model: Model) -> ModelShape:
    """Return the shape of a model in the catalogue."""
    return read_shape({"model_type": model.model_type, **model.shape}, model.id)


def find_largest_that_fits(device: Device, room: float) -> str | None:
    """Return the largest model of the catalogue that can be trained in *room* bytes at all.

    That is with all settings at their smallest (`planning.memory.suggestions`), on the engine that
    `xtgui setup` installs. None if even the smallest model does not fit.
    """
    smallest = resolve({Origin.FLAG: SMALLEST})
    usual = (model for model in models() if model.stack == "modern")
    for model in sorted(usual, key=lambda model: model.parameters, reverse=True):
        try:
            shape = shape_of(model)
        except XtguiError:
            continue  # of a kind that is not counted
        if training_memory(shape, set_up(smallest, shape, device)).total <= room:
            return model.id
    return None


def _read_config(file: Path) -> Mapping[str, Any]:
    try:
        content = read_json(file)
    except OSError as error:
        reason = error.strerror or str(error)
        raise XtguiError("estimate.broken_config", Exit.ANSWERS, path=file, reason=reason) from None
    except ValueError as error:
        raise XtguiError(
            "estimate.broken_config", Exit.ANSWERS, path=file, reason=str(error)
        ) from None
    if not isinstance(content, dict):
        raise XtguiError("estimate.broken_config", Exit.ANSWERS, path=file, reason="{}")
    return content
