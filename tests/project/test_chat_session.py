"""A conversation, with an engine that echoes: what is remembered, asked and shown."""

from __future__ import annotations

import io
import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from xtgui_cli.commands.chat import Dialogue, read_prompts
from xtgui_cli.project.chat_models import ChatModels, Mode, Tuned
from xtgui_cli.project.chat_session import (
    Conversation,
    change_option,
    interrupts_cancel,
)
from xtgui_cli.shared.errors import Exit, XtguiError
from xtgui_cli.shared.generation_options import GenerationOptions
from xtgui_cli.ui.chat_views import SilentView

ADAPTER = Tuned("iter_20", Path("/w/hf"), Path("/m"), is_adapter=True, method="lora")
WHOLE = Tuned("iter_20", Path("/w/hf"), Path("/m"), is_adapter=False, method="full")


class EchoEngine:
    """Answers with what it was asked; keeps every request."""

    def __init__(self) -> None:
        self.asked: list[dict[str, Any]] = []

    def request(self, do: str, **fields: Any) -> Iterator[dict[str, Any]]:
        self.asked.append({"do": do, **fields})
        if do == "load":
            both = fields["adapter"] or (fields["base"] and fields["tuned"])
            names = ["base", "tuned"] if both else ["base"] if fields["base"] else ["tuned"]
            return iter([{"event": "done", "models": names}])
        text = f"{fields['which']} heard {fields['conversation'][-1]['input']}"
        done = {"event": "done", "text": text, "tokens": 3, "seconds": 0.1, "stop": "stop"}
        return iter([{"event": "text", "text": text}, done])

    def cancel(self) -> None:
        """Nothing to cancel."""

    def generated(self) -> list[dict[str, Any]]:
        return [request for request in self.asked if request["do"] == "generate"]


@pytest.fixture
def engine() -> EchoEngine:
    return EchoEngine()


def talk(engine: EchoEngine, mode: Mode = "compare", tuned: Tuned | None = ADAPTER) -> Conversation:
    models = ChatModels(Path("/m"), tuned, "qwen_chat", trust_remote_code=False)
    last: Callable[[Any], Any] = lambda request: list(request)[-1]  # noqa: E731
    conversation = Conversation(engine, models, mode, GenerationOptions(), "Be kind.", last)  # type: ignore[arg-type]
    conversation.prepare()
    return conversation


def test_one_question_goes_to_both_and_each_remembers_its_own_answers(engine: EchoEngine) -> None:
    conversation = talk(engine)

    first = conversation.ask("Hi", SilentView())
    conversation.ask("And?", SilentView())

    assert [answer.model for answer in first] == ["iter_20", "base"]
    last = engine.generated()[-2]
    assert last["which"] == "tuned"
    assert last["system"] == "Be kind."
    assert last["conversation"] == [
        {"input": "Hi", "output": "tuned heard Hi"},
        {"input": "And?", "output": None},
    ]


def test_after_a_reset_nothing_is_remembered(engine: EchoEngine) -> None:
    conversation = talk(engine)
    conversation.ask("Hi", SilentView())

    conversation.reset()
    conversation.ask("Again", SilentView())

    assert engine.generated()[-1]["conversation"] == [{"input": "Again", "output": None}]


def test_a_retry_replaces_the_last_answer_and_takes_another_seed(engine: EchoEngine) -> None:
    conversation = talk(engine, "tuned")
    conversation.ask("Hi", SilentView())

    conversation.retry(SilentView())

    first, second = engine.generated()
    assert second["conversation"] == first["conversation"]
    assert second["settings"]["seed"] == first["settings"]["seed"] + 1


def test_an_adapter_brings_the_base_along_so_switching_loads_nothing(engine: EchoEngine) -> None:
    conversation = talk(engine, "tuned")

    conversation.switch("compare")

    assert [request["do"] for request in engine.asked] == ["load"]


def test_a_whole_model_is_loaded_again_beside_its_base(engine: EchoEngine) -> None:
    conversation = talk(engine, "tuned", WHOLE)
    assert (engine.asked[0]["base"], engine.asked[0]["tuned"]) == (None, "/w/hf")

    conversation.switch("compare")

    assert (engine.asked[1]["base"], engine.asked[1]["tuned"]) == ("/m", "/w/hf")


@pytest.mark.parametrize(
    ("name", "raw", "code"),
    [
        ("temprature", "1", "chat.set_unknown"),
        ("top_p", "1.5", "chat.set_wrong"),
        ("seed", "1.5", "chat.set_wrong"),
        ("temperature", "nan", "chat.set_wrong"),
    ],
)
def test_a_wrong_setting_is_refused(name: str, raw: str, code: str) -> None:
    with pytest.raises(XtguiError) as caught:
        change_option(GenerationOptions(), name, raw)

    assert caught.value.code == code


def test_a_dialogue_answers_obeys_and_ends(engine: EchoEngine, tmp_path: Path) -> None:
    lines = iter(["Hi", "/set temperature 0", "/save " + str(tmp_path / "talk.md"), "/exit", "no"])
    screen = io.StringIO()
    conversation = talk(engine, "tuned")

    done = Dialogue(conversation, Console(file=screen, width=80), lambda: next(lines)).run()

    assert done is Exit.DONE
    assert "tuned heard Hi" in screen.getvalue()
    assert conversation.options.temperature == 0
    assert "tuned heard Hi" in (tmp_path / "talk.md").read_text("utf-8")
    assert next(lines) == "no"


def test_two_interrupts_at_an_empty_line_end_the_dialogue_and_one_does_not(
    engine: EchoEngine,
) -> None:
    interrupt = KeyboardInterrupt()
    steps: list[str | KeyboardInterrupt] = [interrupt, "Hi", interrupt, interrupt]
    script = iter(steps)

    def read() -> str:
        step = next(script)
        if isinstance(step, KeyboardInterrupt):
            raise step
        return step

    done = Dialogue(talk(engine), Console(file=io.StringIO(), width=80), read).run()

    assert done is Exit.DONE
    assert len(engine.generated()) == 2


def test_an_unknown_command_is_explained_and_not_asked_of_the_model(
    engine: EchoEngine, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = iter(["/halp", "/exit"])

    Dialogue(talk(engine), Console(file=io.StringIO(), width=80), lambda: next(lines)).run()

    assert engine.generated() == []


def test_ctrl_c_cancels_the_answer_and_a_third_one_leaves() -> None:
    cancelled: list[int] = []

    def interrupt_three_times() -> None:
        with interrupts_cancel(lambda: cancelled.append(1)):
            for _ in range(3):
                os.kill(os.getpid(), signal.SIGINT)

    with pytest.raises(KeyboardInterrupt):
        interrupt_three_times()

    assert len(cancelled) == 2


def test_prompts_are_the_lines_of_a_file(tmp_path: Path) -> None:
    file = tmp_path / "prompts.txt"
    file.write_text("\ufeffWho are you?\n\n 你是谁？ \n", "utf-8")

    assert read_prompts(None, file) == ["Who are you?", "你是谁？"]


@pytest.mark.parametrize("content", [b"", b"\n \n", b"\xff\xfe\x00"])
def test_a_prompts_file_without_questions_is_a_wrong_answer(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "prompts.txt"
    file.write_bytes(content)

    with pytest.raises(XtguiError) as caught:
        read_prompts(None, file)

    assert caught.value.exit is Exit.ANSWERS
