"""The input line of the chat."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ..texts import t
from .console import ACCENT

if TYPE_CHECKING:
    from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent


class ChatInput:
    """Asks for the next question: history with the arrow keys, Tab completes commands.

    Alt-Enter starts a new line. Ctrl-C empties the line; on an empty one it is KeyboardInterrupt.
    """

    def __init__(self, commands: Sequence[str], **terminal: Any) -> None:
        """Create the prompt.

        Args:
            commands: Commands that Tab completes.
            **terminal: prompt_toolkit's `input` and `output`, for tests.
        """
        from prompt_toolkit import PromptSession
        from prompt_toolkit.completion import WordCompleter
        from prompt_toolkit.formatted_text import FormattedText
        from prompt_toolkit.shortcuts import CompleteStyle

        from .clean_prompt import clean_output

        you = t("chat.you")
        self._message = FormattedText([(f"bold fg:ansi{ACCENT}", f" {you} › ")])
        self._session: PromptSession[str] = PromptSession(
            completer=WordCompleter(list(commands), sentence=True),
            complete_while_typing=False,
            complete_style=CompleteStyle.READLINE_LIKE,
            key_bindings=_keys(),
            reserve_space_for_menu=0,
            **({"output": clean_output()} | terminal),
        )

    def __call__(self) -> str:
        """Return the next line.

        Raises:
            KeyboardInterrupt: On Ctrl-C.
            EOFError: On Ctrl-D.
        """
        return self._session.prompt(self._message)


def _keys() -> KeyBindings:
    from prompt_toolkit.key_binding import KeyBindings

    keys = KeyBindings()

    @keys.add("c-c")
    def _(event: KeyPressEvent) -> None:
        if event.current_buffer.text:
            event.current_buffer.reset()
        else:
            event.app.exit(exception=KeyboardInterrupt())

    @keys.add("escape", "enter")
    def _(event: KeyPressEvent) -> None:
        event.current_buffer.insert_text("\n")

    return keys
