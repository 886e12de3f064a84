"""Draws what a model folder holds: facts in a column, then what a person should know."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ..texts import t
from .console import ACCENT, out, sanitize
from .panels import Row, show_notes, show_rows, show_title
from .units import file_size, short_count


@dataclass(frozen=True)
class TemplateView:
    """How the prompt template was found; texts are "" where there is nothing to say."""

    kind: str
    """exact, custom, nearest, suggested or none."""
    name: str
    like: str
    """The model or family that a suggestion was made for."""
    fields: Mapping[str, Any] | None
    """xtuner's fields of a custom template."""
    chat: str
    """What the model's chat template writes at the first difference."""
    xtuner: str
    """What the nearest template would write there."""
    turns: int
    """How long the conversation with the first difference was."""
    uses_history: bool
    has_system: bool
    """Whether it has a place for a system text."""


@dataclass(frozen=True)
class ModelView:
    """What is shown of a model that is whole."""

    name: str
    architecture: str
    parameters: int
    """0: unknown."""
    dtype: str
    weight_bytes: int
    max_positions: int | None
    stack: str
    needs_remote_code: bool
    system_line: str | None
    bos: str
    """The token before a conversation; "" for none."""
    template: TemplateView


def show_model(view: ModelView) -> None:
    """Print the facts to stdout, then the notes."""
    console = out()
    show_title(console, sanitize(view.name), t("model.whole"))
    console.print()
    rows = [Row(t("model.row_architecture"), [sanitize(view.architecture)])]
    rows.append(Row(t("model.row_weights"), [_weights(view)]))
    if view.max_positions:
        rows.append(Row(t("model.row_context"), [t("model.tokens", count=view.max_positions)]))
    rows.append(Row(t("model.row_engine"), [t(f"model.stack_{view.stack}")]))
    code = "code_asked" if view.needs_remote_code else "code_none"
    rows.append(Row(t("model.row_code"), [t(f"model.{code}")]))
    template = view.template
    own = "_own" if template.kind == "nearest" and template.fields is not None else ""
    rows.append(
        Row(
            t("model.row_template"),
            [t(f"model.template_{template.kind}{own}", name=template.name)],
            ACCENT if template.kind in ("exact", "custom") else "yellow",
        )
    )
    if template.fields is not None:
        rows += [Row(f"  {name}", [repr(value)]) for name, value in template.fields.items()]
    if view.system_line:
        rows.append(Row(t("model.row_system"), [repr(sanitize(view.system_line))]))
    rows.append(Row(t("model.row_bos"), [sanitize(view.bos) or t("model.bos_none")]))
    show_rows(console, rows)
    console.print()
    show_notes(console, list(_notes(view)), style="yellow")


def _weights(view: ModelView) -> str:
    count = t("model.parameters", count=short_count(view.parameters)) if view.parameters else ""
    parts = (count, view.dtype, file_size(view.weight_bytes))
    return " · ".join(part for part in parts if part)


def _notes(view: ModelView) -> Iterator[str]:
    template = view.template
    if template.kind == "nearest":
        yield t(
            "model.note_differs",
            name=template.name,
            turns=template.turns,
            chat=repr(template.chat),
            xtuner=repr(template.xtuner),
        )
        if template.uses_history:
            yield t("model.note_history")
        yield t("model.note_by_hand")
    if template.kind == "suggested":
        yield t("model.note_suggested", name=template.name, like=template.like)
    if template.kind == "none":
        yield t("model.note_none")
    if not template.has_system:
        yield t("model.note_no_system", name=template.name)
    if view.needs_remote_code:
        yield t("model.note_code")
    if view.stack == "classic":
        yield t("model.note_classic")
