"""`xtgui demo`: the whole road on a real small model, through the same steps as any project.

What is done is not done again: a demo that was interrupted goes on where it was.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from rich.cells import cell_len

from ..commands import results, train
from ..commands import run_commands as follow
from ..commands.chat import choose_view
from ..planning.machine import look
from ..project import settings_file as answers_step
from ..project import trust
from ..project.build_run import prepare
from ..project.chat_models import find_models
from ..project.chat_session import ChatOptions, Conversation
from ..project.checkpoint_choice import choose_checkpoint
from ..project.config_writer import write_config
from ..project.conversion import convert, merge, read_run_config
from ..project.demo_model import demo_answers_file, demo_data_file, ensure_demo_model
from ..project.engine_environment import find_engine
from ..runs.chat_answer import Answer
from ..runs.engine_session import EngineSession
from ..shared.errors import Exit, XtguiError
from ..shared.events import EventReader
from ..shared.run_folder import RunFolder, list_checkpoints, lock_holder
from ..texts import t
from ..ui.console import ACCENT, is_interactive, out, say, talk
from ..ui.json_output import print_json
from ..ui.phases import follow_phases
from ..ui.wrap import pad
from .demo_checks import QUESTIONS, Verdict, Which, judge

DEFAULT_FOLDER = "xtgui-demo"
MAX_NEW_TOKENS = 40
FULL_LR = 1e-4
"""Every weight moves, so each may move less than an adapter's."""


def run(root: Path | None, method: str, yes: bool, as_json: bool) -> Exit:
    """Go the whole road in a folder; Exit.FAILED where an expectation was not met."""
    began = time.monotonic()
    folder = RunFolder((root or Path(DEFAULT_FOLDER)).expanduser().absolute())
    _require_demo_folder(folder)
    trust.require_trust(folder.root, may_ask=is_interactive() and not yes)
    python = find_engine()
    _headline("demo.begin", folder=folder.root)
    _headline("demo.step_model")
    model = ensure_demo_model()
    say("demo.model_there", folder=model)
    _headline("demo.step_config")
    is_same = _write(folder, method, model)
    _headline("demo.step_train")
    with _progress_on_stderr() if as_json else contextlib.nullcontext():
        code = _train(folder, is_same)
    if not _is_finished(folder):
        say("demo.not_finished", folder=folder.root)
        return code
    if not as_json:
        _headline("demo.step_results")
        results.run(folder.root, None, as_json=False)
    _headline("demo.step_convert")
    answers = _convert_and_ask(python, folder, as_json)
    verdicts = judge(_by_model(answers))
    seconds = round(time.monotonic() - began)
    if as_json:
        _print_json(folder, method, seconds, answers, verdicts)
    _say_verdicts(verdicts)
    _say_next(folder, seconds)
    return Exit.DONE if all(verdict.is_met for verdict in verdicts) else Exit.FAILED


def demo_answers(folder: RunFolder, method: str, model: Path) -> dict[str, Any]:
    """Give the demo's answers for a method, with the places of its model and its data."""
    recipe = answers_step.load(demo_answers_file())
    chosen: dict[str, Any] = {
        "train.method": method,
        "model.path": str(model),
        "data.path": str(folder.root / demo_data_file().name),
    }
    if method == "full":
        chosen["train.lr"] = FULL_LR
        recipe = {key: value for key, value in recipe.items() if not key.startswith("lora.")}
    return recipe | chosen


def _require_demo_folder(folder: RunFolder) -> None:
    """Raises — XtguiError "demo.folder_taken" where another project, or anything else, lives."""
    if not folder.root.exists():
        return
    if not folder.root.is_dir():
        raise XtguiError("demo.folder_taken", Exit.ANSWERS, folder=folder.root)
    is_empty = not any(folder.root.iterdir())
    if not is_empty and not (folder.root / demo_data_file().name).is_file():
        raise XtguiError("demo.folder_taken", Exit.ANSWERS, folder=folder.root)


def _write(folder: RunFolder, method: str, model: Path) -> bool:
    """Write data, answers and config; whether the folder held just this demo already."""
    folder.root.mkdir(parents=True, exist_ok=True)
    data = folder.root / demo_data_file().name
    if not data.exists():
        shutil.copyfile(demo_data_file(), data)
    answers = demo_answers(folder, method, model)
    if folder.config_file.is_file() and answers_step.load(folder.settings_file) == answers:
        say("demo.config_kept", file=folder.config_file)
        return True
    prepared = prepare(answers, look())
    answers_step.save(folder.settings_file, answers)
    write_config(prepared, folder)
    trust.trust(folder.root)
    say(
        "demo.config_written",
        file=folder.config_file,
        samples=prepared.plan.samples,
        iterations=prepared.plan.total_iters,
    )
    return False


def _train(folder: RunFolder, is_same: bool) -> Exit:
    if lock_holder(folder.lock_file) is not None:
        return follow.attach(folder.root, False)
    there = list_checkpoints(folder.work_dir)
    if is_same and there and _is_finished(folder):
        say("demo.trained_already", name=there[-1].name)
        return Exit.DONE
    resume = "" if is_same and there else None
    fresh = bool(there) and not is_same
    return train.run(folder.root, None, resume, fresh, False, [], False, True)


@contextlib.contextmanager
def _progress_on_stderr() -> Iterator[None]:
    """Keep stdout for the one JSON object: the file descriptor itself goes to stderr meanwhile."""
    sys.stdout.flush()
    kept = os.dup(1)
    try:
        os.dup2(2, 1)
        yield
        sys.stdout.flush()
    finally:
        os.dup2(kept, 1)
        os.close(kept)


def _is_finished(folder: RunFolder) -> bool:
    status = None
    for event in EventReader(folder.events_file)():
        if event["event"] in ("start", "end"):
            status = event.get("status")
    return status == "finished"


def _convert_and_ask(python: Path, folder: RunFolder, as_json: bool) -> dict[str, list[Answer]]:
    """Convert, merge and ask both models, all in one engine process; answers by question."""
    with EngineSession(python, folder.engine_log) as engine:
        choice = choose_checkpoint(folder, None, None, None)
        converted = convert(engine, folder, choice, None, follow_phases)
        say("demo.converted", folder=converted.path)
        if converted.is_adapter:
            merged = merge(engine, folder, choice, converted, None, follow_phases)
            say("demo.merged", folder=merged.path)
        _headline("demo.step_chat")
        models = find_models(engine, folder, "compare", follow_phases, lambda name: None)
        options = ChatOptions(max_new_tokens=MAX_NEW_TOKENS, temperature=0.0, seed=0)
        system = read_run_config(folder).system
        conversation = Conversation(engine, models, "compare", options, system, follow_phases)
        conversation.prepare()
        return {question: _ask(conversation, question, as_json) for question in QUESTIONS}


def _ask(conversation: Conversation, question: str, as_json: bool) -> list[Answer]:
    conversation.reset()
    if not as_json:
        out().print(f"> {question}", style="bold")
    view = choose_view(conversation, as_json)
    try:
        return conversation.ask(question, view)
    finally:
        close = getattr(view, "close", None)
        if close is not None:
            close()


def _by_model(answers: dict[str, list[Answer]]) -> dict[Which, dict[str, str]]:
    return {
        "base": {question: pair[0].text for question, pair in answers.items()},
        "tuned": {question: pair[1].text for question, pair in answers.items()},
    }


def _print_json(
    folder: RunFolder,
    method: str,
    seconds: int,
    answers: dict[str, list[Answer]],
    verdicts: list[Verdict],
) -> None:
    content = {
        "folder": str(folder.root),
        "method": method,
        "seconds": seconds,
        "answers": [
            {"prompt": question, "answers": [answer.__dict__ for answer in pair]}
            for question, pair in answers.items()
        ],
        "expectations": [verdict.__dict__ for verdict in verdicts],
    }
    print_json(content)


def _headline(key: str, **data: object) -> None:
    talk().print()
    say(key, style=f"bold {ACCENT}", **data)


def _say_verdicts(verdicts: list[Verdict]) -> None:
    _headline("demo.step_checks")
    for verdict in verdicts:
        mark, style = ("✓", "green") if verdict.is_met else ("✗", "red")
        talk().print(f"  {mark} {t(f'demo.expect_{verdict.name}')}", style=style)


def _say_next(folder: RunFolder, seconds: int) -> None:
    talk().print()
    say("demo.took", minutes=seconds // 60, seconds=seconds % 60)
    commands = {
        f"xtgui chat --compare --root {folder.root}": "demo.next_chat",
        f"xtgui results --root {folder.root}": "demo.next_results",
        "xtgui init": "demo.next_init",
    }
    width = max(map(cell_len, commands))
    say("demo.next")
    for command, key in commands.items():
        talk().print(f"  {pad(command, width)}   {t(key)}", soft_wrap=True)
