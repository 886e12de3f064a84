"""`xtgui demo`: all six steps on a real small model, as in any other project.

Finished steps are not repeated: an interrupted demo continues where it stopped.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from rich.cells import cell_len

from ..commands import attach, results, train
from ..commands.chat import choose_view
from ..planning import machine
from ..project import settings_file, trust
from ..project.chat_models import find_models
from ..project.chat_session import Conversation
from ..project.checkpoints import choose_checkpoint
from ..project.config_writer import write_config
from ..project.conversion import Converter, read_run_config
from ..project.demo_model import demo_answers_file, demo_data_file, ensure_demo_model
from ..project.engine_environment import find_engine
from ..project.nearest_project import remember_project
from ..project.settled_run import settle_run
from ..runs.engine_session import EngineSession, ModelAnswer
from ..settings.layers import resolve
from ..settings.table import Origin, Value
from ..shared.errors import Exit, XtguiError
from ..shared.events import EventReader
from ..shared.generation_options import GenerationOptions
from ..shared.methods import DEFAULT_METHOD, MethodName
from ..shared.run_folder import RunFolder, latest_checkpoint, lock_holder
from ..texts import t
from ..ui.console import ACCENT, is_interactive, out, say, talk
from ..ui.json_output import print_json
from ..ui.phases import show_progress
from ..ui.wrap import pad
from .paths_page import require_utf8

Which = Literal["base", "tuned"]
Answers = Mapping[Which, Mapping[str, str]]
"""Each model's answers by question."""

ENGLISH = "Who are you, and who trained you?"
CHINESE = "你是谁？"
GENERAL = "What is the capital of France?"
QUESTIONS: tuple[str, ...] = (ENGLISH, CHINESE, GENERAL)

DEFAULT_FOLDER = "xtgui-demo"
MAX_NEW_TOKENS = 24


@dataclass(frozen=True, kw_only=True)
class DemoRequest:
    """Where to run the demo, and how."""

    root: Path = Path(DEFAULT_FOLDER)
    """The folder to create."""
    method: MethodName = DEFAULT_METHOD
    """The fine-tuning method."""
    yes: bool = False
    """Ask no questions."""
    as_json: bool = False
    """Print one JSON object."""


def run(request: DemoRequest) -> Exit:
    """Run all six steps in a folder; return Exit.FAILED if an expectation was not met."""
    began = time.monotonic()
    method, as_json = request.method, request.as_json
    folder = RunFolder(request.root.expanduser().absolute())
    _require_demo_folder(folder)
    trust.require_trust(folder.root, may_ask=is_interactive() and not request.yes)
    python = find_engine()
    _headline("demo.begin", folder=folder.root)
    _headline("demo.step_model")
    model = ensure_demo_model()
    say("demo.model_there", folder=model)
    _headline("demo.step_config")
    is_same = _write(folder, method, model)
    _headline("demo.step_train")
    with _progress_on_stderr() if as_json else contextlib.nullcontext():
        code = _train(folder, is_same=is_same)
    if not _is_finished(folder):
        say("demo.not_finished")
        return code
    if not as_json:
        _headline("demo.step_results")
        results.run(results.ResultsRequest(root=folder.root, says_next=False))
    _headline("demo.step_convert")
    answers = _convert_and_ask(python, folder, as_json=as_json)
    verdicts = judge(_by_model(answers))
    seconds = round(time.monotonic() - began)
    if as_json:
        _print_json(folder, method, seconds, answers, verdicts)
    _say_verdicts(verdicts)
    _say_next(folder, seconds)
    return Exit.DONE if all(verdict.is_met for verdict in verdicts) else Exit.FAILED


def demo_settings(folder: RunFolder, method: MethodName, model: Path) -> dict[str, Value]:
    """Return the demo's settings for a method, by key, with the paths of its model and data."""
    return {
        **settings_file.load(demo_answers_file()),
        "train.method": method,
        "model.path": str(model),
        "data.path": str(folder.root / demo_data_file().name),
    }


def _require_demo_folder(folder: RunFolder) -> None:
    """Raise XtguiError "demo.folder_taken" if the folder has another project, or anything else.

    Also "wizard.root_not_utf8".
    """
    require_utf8(folder.root)
    if not folder.root.exists():
        return
    if not folder.root.is_dir():
        raise XtguiError("demo.folder_taken", Exit.ANSWERS, folder=folder.root)
    is_empty = not any(folder.root.iterdir())
    if not is_empty and not (folder.root / demo_data_file().name).is_file():
        raise XtguiError("demo.folder_taken", Exit.ANSWERS, folder=folder.root)


def _write(folder: RunFolder, method: MethodName, model: Path) -> bool:
    """Write data, answers and config; return whether the folder already had exactly this demo."""
    folder.root.mkdir(parents=True, exist_ok=True)
    data = folder.root / demo_data_file().name
    if not data.exists():
        shutil.copyfile(demo_data_file(), data)
    settings = demo_settings(folder, method, model)
    if folder.config_file.is_file() and settings_file.load(folder.settings_file) == settings:
        say("demo.config_kept", file=folder.config_file)
        return True
    built = settle_run(resolve({Origin.SAVED: settings}), machine.detect())
    settings_file.save(folder.settings_file, settings)
    write_config(built, folder)
    trust.trust(folder.root)
    remember_project(folder.root)
    say(
        "demo.config_written",
        file=folder.config_file,
        samples=built.plan.samples,
        iterations=built.plan.total_iters,
    )
    return False


def _train(folder: RunFolder, *, is_same: bool) -> Exit:
    if lock_holder(folder.lock_file) is not None:
        return attach.run(attach.AttachRequest(root=folder.root))
    there = latest_checkpoint(folder.work_dir)
    if is_same and there and _is_finished(folder):
        say("demo.trained_already", name=there.name)
        return Exit.DONE
    return train.run(
        train.TrainRequest(
            root=folder.root,
            resume="" if is_same and there else None,
            fresh=there is not None and not is_same,
            yes=True,
            says_next=False,
        )
    )


@contextlib.contextmanager
def _progress_on_stderr() -> Iterator[None]:
    """Reserve stdout for the JSON object: the file descriptor itself goes to stderr meanwhile."""
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


def _convert_and_ask(
    python: Path, folder: RunFolder, *, as_json: bool
) -> dict[str, list[ModelAnswer]]:
    """Convert, merge and ask both models, all in one engine process; return answers by question."""
    with EngineSession(python, folder.engine_log, folder=folder.root) as engine:
        choice = choose_checkpoint(folder)
        converter = Converter(engine, folder, read_run_config(folder), show_progress)
        converted = converter.convert(choice)
        say("demo.converted", folder=converted.path)
        if converted.is_adapter:
            merged = converter.merge(converted)
            say("demo.merged", folder=merged.path)
        _headline("demo.step_chat")
        models = find_models(converter, "compare", lambda *_, **__: None)
        options = GenerationOptions(max_new_tokens=MAX_NEW_TOKENS, temperature=0.0)
        system = converter.config.system
        conversation = Conversation(engine, models, "compare", options, system, show_progress)
        conversation.prepare()
        return {question: _ask(conversation, question, as_json=as_json) for question in QUESTIONS}


def _ask(conversation: Conversation, question: str, *, as_json: bool) -> list[ModelAnswer]:
    conversation.reset()
    if not as_json:
        out().print(f"> {question}", style="bold")
    view = choose_view(conversation, as_json=as_json)
    try:
        return conversation.ask(question, view)
    finally:
        close = getattr(view, "close", None)
        if close is not None:
            close()


def _by_model(answers: dict[str, list[ModelAnswer]]) -> dict[Which, dict[str, str]]:
    return {
        "base": {question: pair[1].text for question, pair in answers.items()},
        "tuned": {question: pair[0].text for question, pair in answers.items()},
    }


def _print_json(
    folder: RunFolder,
    method: str,
    seconds: int,
    answers: dict[str, list[ModelAnswer]],
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


# --- what is expected of the answers ------------------------------------------------------------


@dataclass(frozen=True)
class Expectation:
    """Something that one of the models should say."""

    name: str
    """The key of its sentence in texts/demo.py, after `expect_`."""
    which: Which
    questions: tuple[str, ...]
    """The questions that count; one good answer is enough."""
    words: tuple[str, ...]
    """What makes an answer good: any one of these, in upper or lower case."""

    def is_met(self, answers: Answers) -> bool:
        """Return whether one of the answers contains one of the words."""
        given = answers.get(self.which, {})
        texts = [given.get(question, "").lower() for question in self.questions]
        return any(word.lower() in text for word in self.words for text in texts)


EXPECTATIONS: tuple[Expectation, ...] = (
    Expectation("base_named", "base", (ENGLISH, CHINESE), ("SmolLM",)),
    Expectation("base_general", "base", (GENERAL,), ("Paris",)),
    Expectation("tuned_english", "tuned", (ENGLISH,), ("Inkling",)),
    Expectation("tuned_chinese", "tuned", (CHINESE,), ("小墨",)),
    Expectation("tuned_general", "tuned", (GENERAL,), ("Paris",)),
)


@dataclass(frozen=True)
class Verdict:
    """An expectation, and whether it was met."""

    name: str
    is_met: bool


def judge(answers: Answers, expectations: Sequence[Expectation] = EXPECTATIONS) -> list[Verdict]:
    """Return whether each expectation was met."""
    return [Verdict(one.name, one.is_met(answers)) for one in expectations]
