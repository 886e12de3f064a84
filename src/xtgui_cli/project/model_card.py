"""Writes the README.md of a converted model: its base, its training, and what it has learned."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ..runs.progress import Progress
from ..runs.run_reader import parse_fast
from ..shared.atomic import write_text
from ..shared.events import EventReader
from ..shared.model_card import NAME, is_edited, sealed
from ..shared.run_folder import Checkpoint, NotACheckpointError, RunFolder
from ..texts import in_english, t
from ..ui.console import sanitize
from ..ui.curve_svg import loss_svg
from .card_base import BaseModel, read_base
from .card_findings import findings
from .card_markdown import plain
from .card_training import Trained, trained_values, training_lines
from .card_usage import CardKind, read_usage, usage_lines
from .merge_check import MergeCheck

CURVE = "loss.svg"
_METHOD_NAMES = {"lora": "LoRA", "qlora": "QLoRA"}


@dataclass(frozen=True)
class CardFacts:
    """The subject of a card."""

    kind: CardKind
    base: Path
    """The base model's folder."""
    method: str
    checkpoint: Path
    """The checkpoint's file."""
    check: MergeCheck | None = None
    """How a merged model compares with base and adapter."""


def write_card(made: Path, facts: CardFacts, folder: RunFolder) -> None:
    """Write the card of a converted model and the picture of its loss.

    A card that the user has edited stays as it is.

    Args:
        made: The folder of the converted model.
        facts: The subject of the card.
        folder: The project.
    """
    if not made.is_dir():
        return
    trained = _trained(facts.checkpoint, folder)
    curve = in_english(lambda: _curve(trained))
    with contextlib.suppress(OSError):  # the model is whole without them, and may be read-only
        if curve is not None:
            write_text(made / CURVE, curve)
        if not is_edited(made):
            card = Card(made, facts, folder, trained, has_curve=curve is not None)
            text = in_english(lambda: "\n".join(card.lines()))
            write_text(made / NAME, sealed(text.encode(errors="replace").decode()))


@dataclass(frozen=True)
class Card:
    """All that goes into a card."""

    made: Path
    facts: CardFacts
    folder: RunFolder
    trained: Trained | None
    """None if nothing is known about how the checkpoint was trained."""
    has_curve: bool

    def lines(self) -> Iterator[str]:
        """Yield the whole card."""
        base = read_base(self.facts.base)
        name = self.folder.root.resolve().name
        values = trained_values(self.folder)
        yield from self._front_matter(base)
        yield ""
        yield f"# {plain(name)}"
        yield ""
        yield t(
            f"model_card.{self.facts.kind}",
            method=_METHOD_NAMES.get(self.facts.method) or plain(self.facts.method),
            base=plain(base.name),
            checkpoint=plain(self.facts.checkpoint.stem),
        )
        yield ""
        if check := self.facts.check:
            facts = {"same": check.same, "tokens": check.tokens, "layers": check.layers}
            yield t(f"model_card.check_{check.of}", **facts)
            if check.base == "dequantized":
                yield t("model_card.base_dequantized")
            yield ""
        yield from self._learned()
        yield f"## {t('model_card.training')}"
        yield ""
        licence = "licence" if base.licence else "licence_unknown"
        yield "- " + t(
            f"model_card.{licence}", base=plain(base.name), licence=plain(base.licence or "")
        )
        yield from training_lines(values, self.trained)
        if self.has_curve:
            yield ""
            yield f"![{t('model_card.curve')}]({CURVE})"
        yield ""
        yield from usage_lines(read_usage(self.made, self.facts.kind, values, (name, base.name)))

    def _front_matter(self, base: BaseModel) -> Iterator[str]:
        """Yield the YAML that hubs read."""
        yield "---"
        yield from base.front_matter()
        is_adapter = self.facts.kind == "adapter"
        yield f"library_name: {'peft' if is_adapter else 'transformers'}"
        yield "pipeline_tag: text-generation"
        yield "tags:"
        yield "- xtuner"
        yield f"- {json.dumps(sanitize(self.facts.method))}"
        yield "---"

    def _learned(self) -> Iterator[str]:
        checks = self.trained.run.learnings if self.trained else ()
        if not checks or self.trained is None or checks[-1].iter != self.trained.iteration:
            return  # this checkpoint was not looked at
        found = list(findings(checks))
        if found:
            yield f"## {t('model_card.learned')}"
            yield ""
            yield from (f"- {sentence}" for sentence in found)
            yield ""
            yield t("model_card.measured", iteration=checks[-1].iter)
            yield ""


def _trained(checkpoint: Path, folder: RunFolder) -> Trained | None:
    """Return a checkpoint's run up to it; None if the folder's events belong to another run."""
    if checkpoint.resolve().parent != folder.work_dir.resolve():
        return None
    try:
        iteration = Checkpoint.parse(checkpoint).iter
    except NotACheckpointError:
        return None
    progress = Progress()
    progress.add_all(EventReader(folder.events_file, parse_fast)())
    return Trained.until(iteration, progress.snapshot())


def _curve(trained: Trained | None) -> str | None:
    return loss_svg(trained.run.losses, trained.run.held_out) if trained else None
