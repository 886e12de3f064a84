"""Step 6, second half: ask the fine-tuned model, the base, or both."""

from __future__ import annotations

import sys
from dataclasses import asdict
from pathlib import Path

from ..project.chat_models import Mode, find_models
from ..project.chat_session import ChatOptions, Conversation, Listener
from ..project.conversion import read_run_config
from ..project.engine_environment import find_engine
from ..runs.engine_session import EngineSession
from ..shared.errors import Exit, XtguiError
from ..shared.run_folder import RunFolder
from ..texts import t
from ..ui.chat_views import ColumnsView, FlowingView, PlainView, SilentView
from ..ui.console import is_interactive, out, say, talk
from ..ui.json_output import print_json
from ..ui.phases import follow_phases
from .chat_commands import Dialogue

__all__ = ["ChatOptions", "run"]


def run(
    root: Path,
    mode: Mode,
    prompt: str | None,
    prompts: Path | None,
    as_json: bool,
    options: ChatOptions,
) -> Exit:
    """Chat, or answer what was given with the flags and leave.

    Answers go to stdout. Without a terminal each line of stdin is a question of one conversation.
    """
    folder = RunFolder(root)
    given = read_prompts(prompt, prompts)
    python = find_engine()
    config = read_run_config(folder)
    with EngineSession(python, folder.engine_log) as engine:
        models = find_models(
            engine, folder, mode, follow_phases, lambda name: say("chat.converting", name=name)
        )
        system = config.system if options.system is None else options.system
        conversation = Conversation(engine, models, mode, options, system, follow_phases)
        conversation.prepare()
        if given is not None:
            answer_all(conversation, given, as_json)
        elif is_interactive() and not as_json:
            return Dialogue(conversation, out()).run()
        else:
            answer_lines(conversation, as_json)
    return Exit.DONE


def read_prompts(prompt: str | None, file: Path | None) -> list[str] | None:
    """Give the questions of `--prompt` or of the lines of `--prompts`, None where neither is.

    Raises — XtguiError "chat.prompts_unreadable", "chat.prompts_empty".
    """
    if prompt is not None:
        if not prompt.strip():
            raise XtguiError("chat.prompt_empty", Exit.ANSWERS)
        return [prompt]
    if file is None:
        return None
    try:
        lines = file.read_text("utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise XtguiError(
            "chat.prompts_unreadable", Exit.ANSWERS, file=file, reason=error
        ) from error
    given = [line.strip() for line in lines if line.strip()]
    if not given:
        raise XtguiError("chat.prompts_empty", Exit.ANSWERS, file=file)
    return given


def answer_all(conversation: Conversation, questions: list[str], as_json: bool) -> None:
    """Answer questions that have nothing to do with each other."""
    for number, question in enumerate(questions):
        conversation.reset()
        if len(questions) > 1 and not as_json:
            out().print(("\n" if number else "") + f"> {question}", soft_wrap=True)
        _answer(conversation, question, as_json)


def answer_lines(conversation: Conversation, as_json: bool) -> None:
    """Answer the lines of stdin, each knowing of those before it.

    Where a person types them (a terminal that cannot move its cursor, a piped stdout) they are
    asked for.
    """
    while True:
        if sys.stdin.isatty():
            talk().print(f" {t('chat.you')} › ", end="")
        line = sys.stdin.readline()
        if not line:
            return
        if line.strip():
            _answer(conversation, line.strip(), as_json)


def _answer(conversation: Conversation, question: str, as_json: bool) -> None:
    view = choose_view(conversation, as_json)
    try:
        answers = conversation.ask(question, view)
    finally:
        if isinstance(view, ColumnsView):
            view.close()
    if as_json:
        print_json({"prompt": question, "answers": [asdict(answer) for answer in answers]})
    if any(answer.stop == "cancelled" for answer in answers):
        raise KeyboardInterrupt


def choose_view(conversation: Conversation, as_json: bool) -> Listener:
    """Give how answers appear here."""
    console = out()
    labels = conversation.labels
    if as_json:
        return SilentView()
    if not console.is_terminal:
        return PlainView(sys.stdout, is_named=len(labels) > 1)
    return ColumnsView(console, labels) if len(labels) > 1 else FlowingView(console)
