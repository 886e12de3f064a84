"""Draws the content of a model folder: facts in a column, then what to know."""

from __future__ import annotations

from collections.abc import Iterator

from ..models.model_family import Suggestion, stack_of
from ..models.model_folder import ModelInfo
from ..models.template_match import TemplateMatch
from ..shared.custom_template import to_fields
from ..texts import t
from .console import ACCENT, out
from .panels import Row, show_notes, show_rows, show_title
from .units import file_size, short_count


def show_model(model: ModelInfo, match: TemplateMatch, suggestion: Suggestion | None) -> None:
    """Print the facts to stdout, then the notes.

    Args:
        model: A complete model.
        match: Its template.
        suggestion: The usual template of its family, if `match` has none.
    """
    console = out()
    show_title(console, model.name, t("model.whole"))
    console.print()
    rows = [
        Row(t("model.row_architecture"), [model.architecture or model.model_type]),
        Row(t("model.row_weights"), [_weights(model)]),
    ]
    if model.is_hybrid:
        rows.append(Row(t("model.row_layers"), [t("model.layers_hybrid")], "yellow"))
    if model.max_positions:
        rows.append(Row(t("model.row_context"), [t("model.tokens", count=model.max_positions)]))
    rows.append(Row(t("model.row_engine"), [t(f"model.stack_{stack_of(model)}")]))
    code = "model.code_asked" if model.needs_remote_code else "model.code_none"
    rows.append(Row(t("model.row_code"), [t(code)]))
    rows += _template_rows(match, suggestion)
    if match.system_line:
        rows.append(Row(t("model.row_system"), [repr(match.system_line)]))
    bos = model.special_tokens.get("bos_token", "") if match.bos_ids else ""
    rows.append(Row(t("model.row_bos"), [bos or t("model.bos_none")]))
    show_rows(console, rows)
    console.print()
    show_notes(console, list(_notes(model, match, suggestion)), style="yellow")


def _template_rows(match: TemplateMatch, suggestion: Suggestion | None) -> list[Row]:
    name = suggestion.name if suggestion else match.name or ""
    key: str = "suggested" if suggestion else match.kind
    if match.kind == "nearest" and match.custom is not None:
        key = "nearest_own"
    style = ACCENT if match.kind in ("exact", "custom") else "yellow"
    fields = to_fields(match.custom) if match.custom is not None else {}
    return [
        Row(t("model.row_template"), [t(f"model.template_{key}", name=name)], style),
        *(Row(f"  {field}", [repr(value)]) for field, value in fields.items()),
    ]


def _weights(model: ModelInfo) -> str:
    count = t("model.parameters", count=short_count(model.parameters)) if model.parameters else ""
    parts = (count, model.dtype, file_size(model.weight_bytes))
    return " · ".join(part for part in parts if part)


def _notes(model: ModelInfo, match: TemplateMatch, suggestion: Suggestion | None) -> Iterator[str]:
    if model.is_hybrid:
        yield t("model.note_hybrid")
    if match.is_endless:
        yield t("model.note_endless")
    if suggestion is not None:
        yield t("model.note_suggested", name=suggestion.name, like=suggestion.like)
    elif match.kind == "none":
        yield t("model.note_none")
    if match.difference is not None and not match.exact:
        yield t(
            "model.note_differs",
            name=match.name,
            turns=match.difference.turns,
            chat=repr(match.difference.chat),
            xtuner=repr(match.difference.xtuner),
        )
        if match.uses_history:
            yield t("model.note_history")
        if match.leaves_out_thoughts:
            yield t("model.note_thinking")
        else:
            yield t("model.note_by_hand")
    if match.template is not None and not match.template.system:
        yield t("model.note_no_system", name=match.name)
    if stack_of(model) == "classic":
        yield t("model.note_classic")
