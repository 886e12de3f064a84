"""A conversation with one model or two: what was said, and with which settings."""

from __future__ import annotations

import contextlib
import signal
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Protocol

from ..runs.engine_session import EngineSession, ModelAnswer
from ..shared.errors import Exit, XtguiError
from ..shared.events import Event
from ..shared.generation_options import OPTIONS, GenerationOptions
from .chat_models import ChatModels, Mode
from .conversion import ProgressListener

_PATIENCE = 3
"""This many Ctrl-C during one answer leave the chat: the engine does not respond."""


def change_option(options: GenerationOptions, name: str, raw: str) -> GenerationOptions:
    """Return the options with one of them changed.

    Raises:
        XtguiError: "chat.set_unknown", "chat.set_wrong".
    """
    if name not in OPTIONS:
        raise XtguiError("chat.set_unknown", Exit.ANSWERS, name=name, names=", ".join(OPTIONS))
    changed: dict[str, Any] = {name: OPTIONS[name].parse(raw)}
    return replace(options, **changed)


class AnswerView(Protocol):
    """Shows an answer while it is generated."""

    def begin(self, model: str) -> None:
        """Start the answer of a model."""

    def add(self, text: str) -> None:
        """Show the next words."""

    def end(self, answer: ModelAnswer) -> None:
        """Show the complete answer."""


@dataclass
class Conversation:
    """A chat in which every model of the mode gets each question and remembers its own answers."""

    engine: EngineSession
    models: ChatModels
    mode: Mode
    options: GenerationOptions
    system: str
    show_progress: ProgressListener
    _turns: dict[str, list[dict[str, str]]] = field(default_factory=dict)
    _loaded: tuple[str, ...] = ()
    _retries: int = 0

    @property
    def labels(self) -> list[str]:
        """The displayed names of the models that answer, in order."""
        return [self.models.label(name) for name in self.models.names(self.mode)]

    @property
    def last_question(self) -> str | None:
        """The last question, None at the beginning."""
        turns = next((turns for turns in self._turns.values() if turns), None)
        return turns[-1]["input"] if turns else None

    def prepare(self) -> None:
        """Load what the mode needs and is not loaded yet."""
        names = self.models.names(self.mode)
        if set(names) <= set(self._loaded):
            return
        done = self.show_progress(self.engine.request("load", **self.models.request(names)))
        self._loaded = tuple(done["models"])

    def ask(self, question: str, view: AnswerView) -> list[ModelAnswer]:
        """Ask all models a question, and return and remember their answers."""
        self._retries = 0
        return self._ask(question, view)

    def retry(self, view: AnswerView) -> list[ModelAnswer]:
        """Ask the last question again with another seed, replacing its answers.

        Raises:
            XtguiError: "chat.nothing_to_retry" if nothing was asked yet.
        """
        question = self.last_question
        if question is None:
            raise XtguiError("chat.nothing_to_retry", Exit.ANSWERS)
        for turns in self._turns.values():
            if turns and turns[-1]["input"] == question:
                turns.pop()
        self._retries += 1
        return self._ask(question, view)

    def reset(self) -> None:
        """Forget what was said."""
        self._turns.clear()

    def switch(self, mode: Mode) -> None:
        """Let other models answer from now on; each continues its own conversation.

        Raises:
            XtguiError: "chat.no_tuned" if only the base was set up.
        """
        if mode != "base" and self.models.tuned is None:
            raise XtguiError("chat.no_tuned", Exit.ANSWERS)
        self.mode = mode
        self.prepare()

    def transcript(self) -> str:
        """Return what was said, as text."""
        blocks = []
        for name, turns in self._turns.items():
            for turn in turns:
                blocks.append(f"> {turn['input']}\n\n{self.models.label(name)}: {turn['output']}\n")
        return "\n".join(blocks)

    def _ask(self, question: str, view: AnswerView) -> list[ModelAnswer]:
        answers = []
        for name in self.models.names(self.mode):
            turns = self._turns.setdefault(name, [])
            answer = self._answer(name, [*turns, {"input": question, "output": None}], view)
            turns.append({"input": question, "output": answer.text})
            answers.append(answer)
        return answers

    def _answer(self, name: str, conversation: list[Any], view: AnswerView) -> ModelAnswer:
        label = self.models.label(name)
        view.begin(label)
        last: Event = {}
        with interrupts_cancel(self.engine.cancel):
            request = self.engine.request(
                "generate",
                which=name,
                conversation=conversation,
                system=self.system,
                settings=asdict(replace(self.options, seed=self.options.seed + self._retries)),
            )
            for last in request:
                if last["event"] == "text":
                    view.add(last["text"])
        answer = ModelAnswer(label, last["text"], last["tokens"], last["seconds"], last["stop"])
        view.end(answer)
        return answer


@contextlib.contextmanager
def interrupts_cancel(cancel: Callable[[], None]) -> Iterator[None]:
    """Let Ctrl-C end the answer instead of this process; one too many still ends the process."""
    count = 0

    def interrupted(*_: object) -> None:
        nonlocal count
        count += 1
        if count >= _PATIENCE:
            raise KeyboardInterrupt
        cancel()

    before = signal.signal(signal.SIGINT, interrupted)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
