"""A chat template that never ends is given up soon, in words, by everybody who would render it."""

from __future__ import annotations

import dataclasses
import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import tiny
from tokenizers import Tokenizer

from xtgui_cli.commands import check_model as check_command
from xtgui_cli.commands.check_model import CheckModelRequest
from xtgui_cli.engine.faults import explain
from xtgui_cli.engine.prompt import bos_ids
from xtgui_cli.models.model_folder import ModelInfo, check_model
from xtgui_cli.models.template_match import bos_for, match_template
from xtgui_cli.project.build_run import template_of
from xtgui_cli.project.sources import Sources
from xtgui_cli.settings.layers import resolve
from xtgui_cli.settings.table import Origin
from xtgui_cli.shared import chat_template
from xtgui_cli.shared.chat_template import (
    EndlessTemplateError,
    Probe,
    TemplateUnansweredError,
    render,
)
from xtgui_cli.shared.errors import XtguiError
from xtgui_cli.shared.templates import all_templates

FOREVER = "{% for x in range(99999) %}{% for y in range(99999) %}{% endfor %}{% endfor %}"
QWEN = all_templates()["qwen_chat"]


@pytest.fixture(autouse=True)
def short_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chat_template, "CPU_LIMIT_S", 0.2)
    monkeypatch.setattr(chat_template, "_endless", set())


@pytest.fixture
def model(tmp_path: Path, tiny_model: Path) -> ModelInfo:
    """A model whose chat template writes as qwen_chat does, then never ends."""
    folder = tmp_path / "endless"
    shutil.copytree(tiny_model, folder)
    (folder / "chat_template.jinja").write_text(tiny.CHATML + FOREVER)
    return check_model(folder)


@dataclass
class EngineTokenizer:
    """As much of a tokenizer of transformers as asks for BOS."""

    tokenizer: Tokenizer
    chat_template: Any
    special_tokens_map: dict[str, Any]

    def encode(self, text: str, *, add_special_tokens: bool) -> list[int]:
        ids: list[int] = self.tokenizer.encode(text, add_special_tokens=add_special_tokens).ids
        return ids


def engine_tokenizer(model: ModelInfo, template: Any) -> EngineTokenizer:
    tokenizer = Tokenizer.from_file(str(model.path / "tokenizer.json"))
    lists = {"additional_special_tokens": ["<|im_end|>"]}
    return EngineTokenizer(tokenizer, template, {**model.special_tokens, **lists})


def test_nobody_waits_for_it_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(2):
        with pytest.raises(EndlessTemplateError):
            render(FOREVER, {}, [Probe([])])
        monkeypatch.setattr(chat_template, "_CHILD", Path("/no/such/file"))


def test_it_is_said_that_nothing_could_be_compared(
    model: ModelInfo, capfd: pytest.CaptureFixture[str]
) -> None:
    for as_json in (False, True):
        check_command.run(CheckModelRequest(path=model.path, as_json=as_json))

    text, _, last = capfd.readouterr().out.rstrip().rpartition("\n")
    assert "Its own chat template never finishes" in text
    template = json.loads(last)["template"]
    assert template["is_endless"]
    assert template["name"] is None or template["kind"] == "suggested"


def test_a_script_is_told_to_name_a_template(model: ModelInfo) -> None:
    with pytest.raises(XtguiError) as caught:
        template_of(model, resolve({}), Sources())

    assert caught.value.code == "model.endless_template"


def test_with_a_template_that_is_named_it_does_not_matter(model: ModelInfo) -> None:
    named = resolve({Origin.FLAG: {"model.prompt_template": "qwen_chat"}})

    match = template_of(model, named, Sources())

    assert (match.name, match.bos_ids) == ("qwen_chat", bos_for(model, QWEN))


@pytest.mark.parametrize(
    "template",
    [
        FOREVER,
        tiny.CHATML + FOREVER,
        tiny.CHATML,
        {"default": tiny.CHATML, "other": FOREVER},
        "{{ raise_exception('never') }}",
        None,
    ],
)
def test_the_engine_ends_with_the_same_ids_as_the_user_interface(
    model: ModelInfo, template: Any
) -> None:
    default = template["default"] if isinstance(template, dict) else template
    tokenizer = engine_tokenizer(model, template)

    ids = bos_ids(tokenizer, tokenizer.tokenizer.token_to_id("<|im_start|>"), QWEN.instruction)

    assert ids == bos_for(dataclasses.replace(model, chat_template=default), QWEN)


def test_a_template_cannot_tell_one_side_from_the_other(model: ModelInfo) -> None:
    """It would end for the user interface, and never for the engine."""
    sly = (
        "{% if 'Who are you?' in messages[0]['content'] %}" + FOREVER + "{% endif %}" + tiny.CHATML
    )
    seen = dataclasses.replace(model, chat_template=sly)

    match = match_template(seen)
    tokenizer = engine_tokenizer(model, sly)
    ids = bos_ids(tokenizer, tokenizer.tokenizer.token_to_id("<|im_start|>"), QWEN.instruction)

    assert (match.name, match.exact, match.bos_ids) == ("qwen_chat", True, ids)


@pytest.mark.parametrize(
    ("child", "limit_s", "reason"),
    [
        ("import time; time.sleep(60)", 0.1, "no answer in 0 s"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", 60, "SIGKILL"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGTERM)", 60, "SIGTERM"),
        ("raise MemoryError('no room for an interpreter')", 60, "MemoryError: no room"),
    ],
)
def test_a_machine_that_cannot_render_it_now_changes_nothing_of_what_is_trained(
    model: ModelInfo,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    child: str,
    limit_s: float,
    reason: str,
) -> None:
    """The engine would put another BOS before each conversation, and the user interface too."""
    asked = f"{tiny.CHATML}{{# {reason} #}}"
    tokenizer = engine_tokenizer(model, asked)
    (tmp_path / "child.py").write_text(child)
    monkeypatch.setattr(chat_template, "_CHILD", tmp_path / "child.py")
    monkeypatch.setattr(chat_template, "TIME_LIMIT_S", limit_s)
    bos = tokenizer.tokenizer.token_to_id("<|im_start|>")

    with pytest.raises(TemplateUnansweredError) as of_engine:
        bos_ids(tokenizer, bos, QWEN.instruction)
    with pytest.raises(TemplateUnansweredError) as of_interface:
        bos_for(dataclasses.replace(model, chat_template=asked), QWEN)

    assert reason in str(of_engine.value)
    assert of_interface.value.code == "faults.template_unanswered"
    assert explain(of_engine.value)[0] == "template_unanswered"
