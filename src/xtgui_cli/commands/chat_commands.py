"""A chat at the terminal: questions, and commands that begin with a slash."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from ..project.chat_models import Mode
from ..project.chat_session import AnswerView, Conversation, change_option
from ..runs.engine_session import SessionDiedError
from ..shared import atomic
from ..shared.errors import Exit, XtguiError
from ..ui.chat_input import ChatInput
from ..ui.chat_screen import show_header, show_help, show_settings
from ..ui.chat_views import ColumnsView, FlowingView
from ..ui.console import say, show_error

if TYPE_CHECKING:
    from rich.console import Console

COMMANDS = (
    "/help",
    "/exit",
    "/reset",
    "/retry",
    "/compare",
    "/tuned",
    "/base",
    "/system",
    "/set",
    "/save",
)
_SAME = {"/quit": "/exit", "/q": "/exit", "/clear": "/reset", "/?": "/help", "/h": "/help"}


class Dialogue:
    """Asks, answers and obeys until the person has had enough."""

    def __init__(
        self,
        conversation: Conversation,
        console: Console,
        read: Callable[[], str] | None = None,
    ) -> None:
        self._conversation = conversation
        self._console = console
        self._read = read or ChatInput(COMMANDS)

    def run(self) -> Exit:
        """Chat. Ctrl-D, /exit, or Ctrl-C twice at an empty line end it."""
        self._show_header()
        was_interrupted = False
        while True:
            try:
                line = self._read().strip()
            except EOFError:
                return Exit.DONE
            except KeyboardInterrupt:
                if was_interrupted:
                    return Exit.DONE
                was_interrupted = True
                say("chat.once_more", style="dim")
                continue
            was_interrupted = False
            if line and not self._take(line):
                return Exit.DONE

    def _take(self, line: str) -> bool:
        """Obey a command or answer a question; False when the chat is over."""
        name, _, rest = line.partition(" ")
        name = _SAME.get(name, name)
        if name == "/exit":
            return False
        try:
            if line.startswith("/"):
                self._obey(name, rest.strip())
            else:
                self._say(lambda view: self._conversation.ask(line, view))
        except SessionDiedError:
            raise
        except XtguiError as error:
            show_error(error)
            self._console.print()
        return True

    def _say(self, answer: Callable[[AnswerView], object]) -> None:
        labels = self._conversation.labels
        self._console.print()
        if len(labels) == 1:
            answer(FlowingView(self._console))
            return
        view = ColumnsView(self._console, labels)
        try:
            answer(view)
        finally:
            view.close()

    def _obey(self, name: str, rest: str) -> None:
        if name == "/help":
            show_help(self._console, COMMANDS)
        elif name == "/reset":
            self._conversation.reset()
            self._note("chat.forgotten")
        elif name == "/retry":
            self._say(self._conversation.retry)
        elif name in ("/base", "/tuned", "/compare"):
            self._switch(name.removeprefix("/"))
        elif name == "/system":
            self._system(rest)
        elif name == "/set":
            self._set(rest)
        elif name == "/save":
            self._save(rest)
        else:
            raise XtguiError("chat.command_unknown", Exit.ANSWERS, name=name)

    def _switch(self, name: str) -> None:
        modes: dict[str, Mode] = {"base": "base", "tuned": "tuned", "compare": "compare"}
        self._conversation.switch(modes[name])
        self._show_header()

    def _system(self, rest: str) -> None:
        if rest:
            self._conversation.system = "" if rest == "-" else rest
            self._conversation.reset()
        system = self._conversation.system
        self._note("chat.system_is" if system else "chat.system_none", system=system)

    def _set(self, rest: str) -> None:
        name, _, value = rest.replace("=", " ").partition(" ")
        if value:
            changed = change_option(self._conversation.options, name, value.strip())
            self._conversation.options = changed
        show_settings(self._console, self._conversation.options.settings())

    def _save(self, rest: str) -> None:
        if not rest:
            raise XtguiError("chat.save_where", Exit.ANSWERS)
        path = Path(rest).expanduser()
        if path.exists():
            raise XtguiError("chat.save_exists", Exit.ANSWERS, file=path)
        try:
            atomic.write_text(path, self._conversation.transcript())
        except OSError as error:
            raise XtguiError(
                "chat.save_failed", Exit.FAILED, file=path, reason=error.strerror
            ) from error
        self._note("chat.saved", file=path)

    def _note(self, key: str, **data: object) -> None:
        say(key, style="dim", **data)
        self._console.print()

    def _show_header(self) -> None:
        conversation = self._conversation
        options = conversation.options
        show_header(
            self._console,
            conversation.mode,
            conversation.labels,
            options.temperature,
            options.seed,
        )
