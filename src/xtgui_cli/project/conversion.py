"""Sends one checkpoint through the engine: converts it, and merges it if wanted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from ..runs.engine_session import BrokenCheckpointError, EngineSession, Request
from ..shared.config_file import read_known
from ..shared.custom_template import as_template
from ..shared.errors import Exit, XtguiError
from ..shared.events import Event
from ..shared.run_folder import RunFolder
from .card_usage import CardKind
from .checkpoints import CheckpointChoice
from .intact_checkpoint import OfferIntact, find_intact
from .merge_check import MergeCheck
from .model_card import CardFacts, write_card

ProgressListener = Callable[[Request], Event]
"""Shows the events of a request and returns the last one."""


@dataclass(frozen=True)
class RunConfig:
    """What conversion and chat need from the run's config."""

    base: Path | None = None
    """The base model's folder, None if the config does not say it plainly."""
    template: str | dict[str, Any] | None = None
    """One of xtuner's names, or the fields of a template that is written out."""
    system: str = ""
    trust_remote_code: bool = False

    def at_base(self, folder: Path) -> RunConfig:
        """Return the same with the base model in another folder.

        Raises:
            XtguiError: "convert.base_missing" if there is none.
        """
        if not (folder / "config.json").is_file():
            raise XtguiError("convert.base_missing", Exit.ANSWERS, folder=folder)
        return replace(self, base=folder.absolute())


@dataclass(frozen=True)
class Converted:
    """A checkpoint in Hugging Face format."""

    choice: CheckpointChoice
    """The checkpoint: the one asked for, or the intact one used instead."""
    path: Path
    base: Path
    is_adapter: bool
    method: str
    is_reused: bool


@dataclass(frozen=True)
class Merged:
    """A base model with the adapter merged in."""

    path: Path
    dtype: str
    check: MergeCheck
    is_reused: bool


def read_run_config(folder: RunFolder) -> RunConfig:
    """Return what the config says; nothing is known if there is none that can be read."""
    values = read_known(folder.config_file)
    base = values.get("pretrained_model_name_or_path")
    template = values.get("prompt_template")
    system = values.get("SYSTEM")
    return RunConfig(
        base=folder.project_root / Path(base).expanduser()
        if isinstance(base, str) and base
        else None,
        template=template if as_template(template) else None,
        system=system if isinstance(system, str) else "",
        trust_remote_code=values.get("trust_remote_code") is True,
    )


@dataclass(frozen=True)
class Converter:
    """Converts and merges the checkpoints of one run with the engine."""

    engine: EngineSession
    folder: RunFolder
    config: RunConfig
    show_progress: ProgressListener
    offer_intact: OfferIntact | None = None
    """Called if a checkpoint is broken; None: that is an error."""

    def convert(self, choice: CheckpointChoice, dtype: str | None = None) -> Converted:
        """Convert a checkpoint unless that is done already, and write its card.

        Args:
            choice: The checkpoint.
            dtype: The dtype of a complete model's weights, None for the base model's own.

        Raises:
            BrokenCheckpointError: If it is broken, and no intact one is used instead.
        """
        try:
            return self._convert(choice, dtype)
        except BrokenCheckpointError as error:
            own = choice.path.parent.resolve() == self.folder.work_dir.resolve()
            if self.offer_intact is None or not own:
                raise
            intact = find_intact(self.engine, self.folder, choice.path, "convert")
            intact = self.offer_intact(error, intact)
            return self._convert(CheckpointChoice(intact.path, intact.label), dtype)

    def _convert(self, choice: CheckpointChoice, dtype: str | None) -> Converted:
        done = self.show_progress(
            self.engine.request(
                "convert",
                checkpoint=str(choice.path),
                out=str(choice.converted_dir(self.folder)),
                config=str(self.folder.config_file),
                base=str(self.config.base) if self.config.base else None,
                dtype=dtype,
                trust_remote_code=self.config.trust_remote_code,
            )
        )
        converted = Converted(
            choice=choice,
            path=Path(done["out"]),
            base=Path(done["base"]),
            is_adapter=done["kind"] == "adapter",
            method=done["method"],
            is_reused=done["reused"],
        )
        kind: CardKind = "adapter" if converted.is_adapter else "full"
        facts = CardFacts(kind, converted.base, converted.method, choice.path)
        write_card(converted.path, facts, self.folder)
        return converted

    def merge(self, converted: Converted, dtype: str | None = None) -> Merged:
        """Merge a converted adapter into its base, and write its card; dtype as for `convert`."""
        choice = converted.choice
        done = self.show_progress(
            self.engine.request(
                "merge",
                adapter=str(converted.path),
                base=str(converted.base),
                out=str(choice.merged_dir(self.folder)),
                dtype=dtype,
                config=str(self.folder.config_file),
                quantized=converted.method == "qlora",
                trust_remote_code=self.config.trust_remote_code,
            )
        )
        check = MergeCheck.from_event(done)
        facts = CardFacts("merged", converted.base, converted.method, choice.path, check)
        write_card(Path(done["out"]), facts, self.folder)
        return Merged(Path(done["out"]), done["dtype"], check, is_reused=done["reused"])
