"""Writes the README.md of a converted model: its base, and what it has learned."""

from __future__ import annotations

import contextlib
import json
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from ..hubs import record
from ..runs.progress import Progress
from ..runs.verdict import is_measurable, known_before, new_faults, sample_interval
from ..shared.atomic import write_text
from ..shared.events import EventReader
from ..shared.learning import Learning
from ..shared.model_card import NAME, is_edited, sealed
from ..shared.run_folder import Checkpoint, NotACheckpointError, RunFolder
from ..texts import in_english, t
from ..ui.console import sanitize

_METHOD_NAMES = {"lora": "LoRA", "qlora": "QLoRA"}
_HUB_ID = re.compile(r"[A-Za-z0-9][\w.-]*(/[\w.-]+)?", re.ASCII)
_LONGEST_ID = 96
_MARKUP = re.compile(r"([\\`*\[\]<>#|~$&])")


CardKind = Literal["adapter", "merged", "full"]


@dataclass(frozen=True)
class CardFacts:
    """What a card is about."""

    kind: CardKind
    base: Path
    """The base model's folder."""
    method: str
    checkpoint: Path
    """The checkpoint's file."""


def write_card(made: Path, facts: CardFacts, folder: RunFolder) -> None:
    """Write the card of a converted model; one that somebody has edited stays as it is.

    Args:
        made: The folder of the converted model.
        facts: What the card is about.
        folder: The project.
    """
    if not made.is_dir() or is_edited(made):
        return
    text = in_english(lambda: "\n".join(_lines(facts, folder)))
    with contextlib.suppress(OSError):  # the model is whole without it, and may be read-only
        write_text(made / NAME, sealed(text.encode(errors="replace").decode()))


def _lines(facts: CardFacts, folder: RunFolder) -> Iterator[str]:
    yield from _front_matter(facts)
    yield ""
    yield f"# {_plain(folder.root.resolve().name)}"
    yield ""
    yield t(
        f"model_card.{facts.kind}",
        method=_METHOD_NAMES.get(facts.method) or _plain(facts.method),
        base=_plain(_base_name(facts.base)),
        checkpoint=_plain(facts.checkpoint.stem),
    )
    checks = _checks(facts.checkpoint, folder)
    found = list(_learned(checks)) if checks else []
    if checks and found:
        yield ""
        yield f"## {t('model_card.learned')}"
        yield ""
        yield from (f"- {sentence}" for sentence in found)
        yield ""
        yield t("model_card.measured", iteration=checks[-1].iter)


# --- for hubs --------------------------------------------------------------------------------


def _front_matter(facts: CardFacts) -> Iterator[str]:
    """Yield the YAML that hubs read; a base that no hub could have under its name is left out."""
    base = _base_name(facts.base)
    yield "---"
    if _HUB_ID.fullmatch(base) and len(base) <= _LONGEST_ID:
        yield f"base_model: {json.dumps(base)}"
    yield f"library_name: {'peft' if facts.kind == 'adapter' else 'transformers'}"
    yield "pipeline_tag: text-generation"
    yield "tags:"
    yield "- xtuner"
    yield f"- {json.dumps(sanitize(facts.method))}"
    yield "---"


def _base_name(base: Path) -> str:
    """Return the name on the hub that the base came from, or that of its folder."""
    known = record.read(base)
    return known.id if known is not None else base.name


def _plain(text: str) -> str:
    """Return text that Markdown shows as it is, in one line."""
    return _MARKUP.sub(r"\\\1", " ".join(sanitize(text).split()))


# --- what was learned ------------------------------------------------------------------------


def _checks(checkpoint: Path, folder: RunFolder) -> Sequence[Learning]:
    """Return the checks up to that of a checkpoint, or none where it was not looked at."""
    if checkpoint.resolve().parent != folder.work_dir.resolve():
        return ()  # the events are of another run
    try:
        iteration = Checkpoint.parse(checkpoint).iter
    except NotACheckpointError:
        return ()
    progress = Progress()
    telling = ("start", "learning")  # an iteration says nothing here, and there are many
    events = EventReader(folder.events_file)()
    progress.add_all(event for event in events if event["event"] in telling)
    checks = [check for check in progress.snapshot().learnings if check.iter <= iteration]
    return checks if checks and checks[-1].iter == iteration else ()


def _learned(checks: Sequence[Learning]) -> Iterator[str]:
    now = checks[-1]
    before = checks[0] if checks[0].iter == 0 and now.iter else Learning(0)
    yield from _known(before, now)
    if now.tests:
        yield _say("tests", {"right": sum(one.right for one in now.tests), "asked": len(now.tests)})
    if now.kept is not None and is_measurable(now.kept):
        yield _say("kept", {"kept": now.kept.of_base_right, "of": now.kept.base_right})
    if now.wording is not None and math.isfinite(now.wording):
        yield _say("wording", {"nats": f"{-now.wording:+.2f}"})
    if now.held_out is not None and math.isfinite(now.held_out):
        loss = {"loss": f"{now.held_out:.2f}"}
        if before.held_out is not None and math.isfinite(before.held_out):
            yield _say("held_out_before", {**loss, "before": f"{before.held_out:.2f}"})
        else:
            yield _say("held_out", loss)
    yield from (_say(fault, {}) for fault in new_faults(before, now))


def _known(before: Learning, now: Learning) -> Iterator[str]:
    known, earlier = now.known, before.known
    if known is None or not known.asked:
        return
    facts = {"known": known.count, "asked": known.asked}
    if earlier is not None and earlier.asked:
        facts |= {"before": known_before(before, known), "before_asked": known.asked}
        sentence = _say("known_before", facts)
    else:
        sentence = _say("known", facts)
    if known.total > known.asked:
        sentence += " " + _say("sample", {"total": known.total})
    interval = sample_interval(known)
    if interval is not None:
        low, high = interval
        sentence += " " + _say("interval", {"low": low, "high": high})
    yield sentence


def _say(name: str, facts: Mapping[str, object]) -> str:
    return t(f"model_card.{name}", **facts)
