"""Step 6, second half: ask the fine-tuned model, the base, or both."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from ..project.chat_models import Mode, find_models
from ..project.chat_session import AnswerView, Conversation, change_option
from ..project.checkpoints import CheckpointChoice
from ..project.conversion import Converter, read_run_config
from ..project.run_engine import engine_of_run
from ..runs.engine_session import EngineSession, SessionDiedError
from ..shared import atomic
from ..shared.errors import Exit, XtguiError
from ..shared.generation_options import GenerationOptions
from ..shared.regular_file import read_bytes
from ..shared.run_folder import RunFolder
from ..texts import t
from ..ui.chat_input import ChatInput
from ..ui.chat_screen import show_header, show_help, show_settings
from ..ui.chat_views import ColumnsView, FlowingView, PlainView, SilentView
from ..ui.console import is_interactive, out, say, show_error, talk
from ..ui.json_output import print_json
from ..ui.keys import without_echo
from ..ui.offer_checkpoint import offer_intact
from ..ui.phases import show_progress

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


@dataclass(frozen=True, kw_only=True)
class ChatRequest:
    """Whom to ask, what, and how the answers are generated."""

    root: Path
    """The project's folder."""
    mode: Mode = "tuned"
    """Which models answer."""
    checkpoint: str | None = None
    """The checkpoint of the user's own model: a name, "recommended" or "latest"; None: the best."""
    prompt: str | None = None
    """The only question to answer."""
    prompts: Path | None = None
    """A file with one question per line."""
    as_json: bool = False
    """Print one JSON object per question."""
    generation: GenerationOptions = field(default_factory=GenerationOptions)
    """How answers are generated."""
    system: str | None = None
    """The system text of the conversation; None: that of the training."""


def run(request: ChatRequest) -> Exit:
    """Chat, or answer the questions that flags gave and return.

    Answers go to stdout. Without a terminal each line of stdin is a question of one conversation.
    """
    folder, mode = RunFolder(request.root), request.mode
    given = read_prompts(request.prompt, request.prompts)
    config = read_run_config(folder)
    may_ask = is_interactive() and not request.as_json
    python = engine_of_run(config, may_ask=may_ask)
    with EngineSession(python, folder.engine_log, folder=folder.root) as engine:
        offer = partial(offer_intact, command="chat", may_ask=may_ask)
        converter = Converter(engine, folder, config, show_progress, offer)
        models = find_models(converter, mode, _say_choice, request.checkpoint)
        system = config.system if request.system is None else request.system
        conversation = Conversation(engine, models, mode, request.generation, system, show_progress)
        conversation.prepare()
        if given is not None:
            answer_all(conversation, given, as_json=request.as_json)
        elif may_ask:
            return Dialogue(conversation, out()).run()
        else:
            answer_lines(conversation, as_json=request.as_json)
    return Exit.DONE


def _say_choice(choice: CheckpointChoice, *, is_converted: bool) -> None:
    if choice.why != "named":
        say("chat.checkpoint", name=choice.label, why=t(f"convert.why_{choice.why}"))
    if not is_converted:
        say("chat.converting", name=choice.path.name)


def read_prompts(prompt: str | None, file: Path | None) -> list[str] | None:
    """Return the questions of `--prompt` or the lines of `--prompts`, None if neither is given.

    Raises:
        XtguiError: "chat.prompts_unreadable", "chat.prompts_empty".
    """
    if prompt is not None:
        if not prompt.strip():
            raise XtguiError("chat.prompt_empty", Exit.ANSWERS)
        return [prompt]
    if file is None:
        return None
    try:
        content = sys.stdin.buffer.read() if file == Path("-") else read_bytes(file)
        lines = content.decode("utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise XtguiError(
            "chat.prompts_unreadable", Exit.ANSWERS, file=file, reason=reason
        ) from error
    given = [line.strip() for line in lines if line.strip()]
    if not given:
        raise XtguiError("chat.prompts_empty", Exit.ANSWERS, file=file)
    return given


def answer_all(conversation: Conversation, questions: list[str], *, as_json: bool) -> None:
    """Answer questions that have nothing to do with each other."""
    for number, question in enumerate(questions):
        conversation.reset()
        if len(questions) > 1 and not as_json:
            out().print(("\n" if number else "") + f"> {question}", soft_wrap=True)
        _answer(conversation, question, as_json=as_json)


def answer_lines(conversation: Conversation, *, as_json: bool) -> None:
    """Answer the lines of stdin, each with those before it as context.

    If a person types them (a terminal that cannot move its cursor, a piped stdout) a prompt is
    shown.
    """
    while True:
        if sys.stdin.isatty():
            talk().print(f" {t('chat.you')} › ", end="")
        line = sys.stdin.readline()
        if not line:
            return
        if line.strip():
            _answer(conversation, line.strip(), as_json=as_json)


def _answer(conversation: Conversation, question: str, *, as_json: bool) -> None:
    view = choose_view(conversation, as_json=as_json)
    try:
        answers = conversation.ask(question, view)
    finally:
        if isinstance(view, ColumnsView):
            view.close()
    if as_json:
        print_json({"prompt": question, "answers": [asdict(answer) for answer in answers]})
    if any(answer.stop == "cancelled" for answer in answers):
        raise KeyboardInterrupt


def choose_view(conversation: Conversation, *, as_json: bool) -> AnswerView:
    """Return how answers are shown here."""
    console = out()
    labels = conversation.labels
    if as_json:
        return SilentView()
    if not console.is_terminal:
        return PlainView(is_named=len(labels) > 1)
    return ColumnsView(console, labels) if len(labels) > 1 else FlowingView(console)


# --- at a terminal ---------------------------------------------------------------------------


class Dialogue:
    """Asks for questions, answers them and obeys commands until the user leaves."""

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
        """Obey a command or answer a question; return False when the chat is over."""
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
        with without_echo():
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
        show_settings(self._console, asdict(self._conversation.options))

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
