"""Draws prompt templates: the list of them, and a conversation with its trained parts marked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rich.text import Text

from ..shared.templates import Piece, PromptTemplate
from ..texts import t
from .console import ACCENT, out
from .panels import Row, show_notes, show_rows, show_title

_BEGIN, _END = "▶", "◀"
_NEWLINE = "↵"
_INDENT = 3


def show_templates(purposes: Mapping[str, str]) -> None:
    """Print the names of templates and the purpose of each."""
    console = out()
    show_title(console, t("templates.title"), t("templates.count", count=len(purposes)))
    console.print()
    show_rows(console, [Row(name, [purpose]) for name, purpose in purposes.items()])
    console.print()
    console.print(f" {t('templates.see_one')}", style="dim", soft_wrap=True)


def show_conversation(template: PromptTemplate, purpose: str, pieces: Sequence[Piece]) -> None:
    """Print how a template writes a conversation; trained parts are between marks."""
    console = out()
    show_title(console, template.name)
    console.print(f" {purpose}", style="dim")
    console.print()
    for line in conversation_lines(pieces):
        for part in line.wrap(console, max(console.width - _INDENT, 20)):
            console.print(Text.assemble(" " * _INDENT, part), soft_wrap=True)
    console.print()
    show_notes(console, list(_legend(template)), mark="·", style="dim")


def conversation_lines(pieces: Sequence[Piece]) -> list[Text]:
    """Return a conversation line by line; line breaks of the text are shown as such."""
    whole = Text()
    is_trained = False
    for piece in pieces:
        if piece.trained != is_trained:
            whole.append(_BEGIN if piece.trained else _END, style=f"bold {ACCENT}")
            is_trained = piece.trained
        style = f"bold {ACCENT}" if piece.trained else "dim" if piece.special else ""
        text = f"⟨{piece.special.upper()}⟩" if piece.special else piece.text
        whole.append(text.replace("\n", f"{_NEWLINE}\n"), style=style)
    if is_trained:
        whole.append(_END, style=f"bold {ACCENT}")
    return list(whole.split("\n"))


def _legend(template: PromptTemplate) -> list[str]:
    notes = [t("templates.legend", begin=_BEGIN, end=_END, newline=_NEWLINE)]
    if not template.system:
        notes.append(t("templates.no_system"))
    if not template.suffix_as_eos:
        notes.append(t("templates.bos_again"))
    return notes
