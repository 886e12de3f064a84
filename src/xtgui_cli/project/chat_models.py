"""The models to load for a chat with a run: the base, and what was trained from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Protocol

from ..shared.errors import Exit, XtguiError
from ..shared.methods import METHODS
from ..shared.run_folder import RunFolder, list_checkpoints
from .checkpoints import CheckpointChoice, choose_checkpoint
from .conversion import Converter, RunConfig
from .moved_base import base_of_adapter

Mode = Literal["tuned", "base", "compare"]


_QUANTIZING = {method.name for method in METHODS.values() if method.quantizes_base}


@dataclass(frozen=True)
class Tuned:
    """A fine-tuned model in Hugging Face format."""

    label: str
    """Its checkpoint: "iter_300"."""
    path: Path
    base: Path | None
    is_adapter: bool
    method: str


@dataclass(frozen=True)
class ChatModels:
    """The folders of a chat's models, and the format of their prompts."""

    base: Path | None
    tuned: Tuned | None
    template: str | Mapping[str, Any]
    trust_remote_code: bool

    def names(self, mode: Mode) -> tuple[str, ...]:
        """Return which models answer, in order: "base", "tuned" or both.

        The user's own model answers first, since the base may take long to say little.
        """
        return ("tuned", "base") if mode == "compare" else (mode,)

    def label(self, name: str) -> str:
        """Return the displayed name of a model: "base", or the checkpoint's name."""
        return self.tuned.label if name == "tuned" and self.tuned else name

    def request(self, names: tuple[str, ...]) -> dict[str, Any]:
        """Return the fields of the engine's "load" request; an adapter serves as both models."""
        tuned = self.tuned if "tuned" in names else None
        adapter = tuned if tuned and tuned.is_adapter else None
        needs_base = "base" in names or adapter is not None
        whole = tuned if tuned and not tuned.is_adapter else None
        return {
            "base": str(self.base) if needs_base else None,
            "adapter": str(adapter.path) if adapter else None,
            "tuned": str(whole.path) if whole else None,
            "template": self.template,
            "trust_remote_code": self.trust_remote_code,
            "is_quantised": adapter is not None and adapter.method in _QUANTIZING,
        }


class SayChoice(Protocol):
    """Says which checkpoint the user's own model is, and whether it has been converted before."""

    def __call__(self, choice: CheckpointChoice, /, *, is_converted: bool) -> None:
        """Print it."""


def find_models(
    converter: Converter, mode: Mode, say_choice: SayChoice, checkpoint: str | None = None
) -> ChatModels:
    """Return what a chat needs, converting the checkpoint first if necessary.

    Args:
        converter: The run's.
        mode: Which models answer.
        say_choice: Called before a checkpoint is converted.
        checkpoint: As in `choose_checkpoint`; None: the best one.

    Raises:
        XtguiError: "convert.base_unknown", "chat.no_template", and those of `choose_checkpoint`.
    """
    config = converter.config
    if config.template is None:
        raise XtguiError("chat.no_template", Exit.ANSWERS, file=converter.folder.config_file)
    tuned = None if mode == "base" else _find_tuned(converter, say_choice, checkpoint)
    base = (tuned and tuned.base) or config.base
    if base is None:
        raise XtguiError("convert.base_unknown", Exit.ANSWERS)
    return ChatModels(base, tuned, config.template, config.trust_remote_code)


def _find_tuned(converter: Converter, say_choice: SayChoice, checkpoint: str | None) -> Tuned:
    folder = converter.folder
    if checkpoint is None and not list_checkpoints(folder.work_dir):
        found = _newest_converted(folder, converter.config)
        if found is not None:
            return found
    choice = choose_checkpoint(folder, spelling=checkpoint)
    say_choice(choice, is_converted=choice.converted_dir(folder).exists())
    converted = converter.convert(choice)
    return Tuned(
        converted.choice.label,
        converted.path,
        converted.base,
        converted.is_adapter,
        converted.method,
    )


def _newest_converted(folder: RunFolder, config: RunConfig) -> Tuned | None:
    """Return the newest converted folder of a run whose checkpoints are gone."""
    if not folder.work_dir.is_dir():
        return None
    paths = [path for path in folder.work_dir.glob("xtuner_*_hf") if path.is_dir()]
    for path in sorted(paths, key=lambda path: path.stat().st_mtime, reverse=True):
        label = path.name.removeprefix("xtuner_").removesuffix("_hf")
        if (path / "adapter_config.json").is_file():
            base = config.base or base_of_adapter(path)
            return Tuned(label, path, base, is_adapter=True, method="lora")
        if (path / "config.json").is_file():
            return Tuned(label, path, config.base, is_adapter=False, method="full")
    return None
