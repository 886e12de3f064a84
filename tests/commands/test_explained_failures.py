"""A run that failed is explained: what happened, why, what to do, and three lines of its log."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from built_runs import CPU
from fake_project import FakeProject
from places import CONFIGS

from xtgui_cli.commands import logs, overview, status
from xtgui_cli.commands.logs import LogsRequest
from xtgui_cli.commands.status import StatusRequest
from xtgui_cli.planning.machine import Machine
from xtgui_cli.project.config_filler import fill
from xtgui_cli.shared.errors import XtguiError
from xtgui_cli.texts import LANGUAGES, set_language, t
from xtgui_cli.ui.console import show_error

pytestmark = pytest.mark.process

GPU = Machine("cuda", False, "RTX 2080 Ti", 11.0, 10.0, 64.0, 50.0, 8)
LARGE = {
    "model_type": "qwen2",
    "hidden_size": 896,
    "intermediate_size": 4864,
    "num_hidden_layers": 24,
    "num_attention_heads": 14,
    "num_key_value_heads": 2,
    "vocab_size": 151936,
}
"""The shape of a model of half a billion numbers."""


@pytest.fixture
def with_large_model(project: FakeProject, tmp_path: Path) -> FakeProject:
    model = tmp_path / "model"
    model.mkdir()
    (model / "config.json").write_text(json.dumps(LARGE), "utf-8")
    values = {"pretrained_model_name_or_path": str(model), "max_length": 2048}
    text = (CONFIGS / "lora.py").read_text("utf-8")
    project.folder.config_file.write_text(fill(text, values), "utf-8")
    return project


def test_three_lines_of_the_log_are_shown_and_logs_has_all(
    project: FakeProject, capfd: pytest.CaptureFixture[str]
) -> None:
    project.behave("fails at=15")
    project.train()
    shown = capfd.readouterr().err

    logs.run(LogsRequest(root=project.root, lines=40))

    assert shown.count('File "step_') == 2
    assert "RuntimeError: the fake engine was told to fail" in shown
    assert capfd.readouterr().out.count('File "step_') == 20


@pytest.mark.parametrize("language", LANGUAGES)
def test_status_says_why_and_what_to_do_too(
    language: str, project: FakeProject, capfd: pytest.CaptureFixture[str]
) -> None:
    project.behave("fails at=15 code=warmup_too_long")
    project.train()
    capfd.readouterr()

    set_language(language)
    try:
        status.run(StatusRequest(root=project.root))
        parts = [t(f"faults.warmup_too_long{part}") for part in ("", ".why", ".hint")]
    finally:
        set_language("en")

    said = "".join(capfd.readouterr().out.split())
    assert ["".join(part.split()) in said for part in parts] == [True] * 3


@pytest.mark.parametrize(
    ("code", "here"), [("cuda_out_of_memory", GPU), ("host_out_of_memory", CPU)]
)
def test_a_run_out_of_memory_names_the_three_settings_that_save_most(
    code: str,
    here: Machine,
    with_large_model: FakeProject,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr("xtgui_cli.planning.machine.detect", lambda: here)
    with_large_model.behave(f"fails at=2 code={code} device={here.device}")

    with_large_model.train()

    said = capfd.readouterr().err
    named = [line.split()[0] for line in said.splitlines() if "saves about" in line]
    assert len(set(named)) == 3
    assert said.count(f"xtgui train --fresh --set {named[0]}") == 1


def test_after_it_no_screen_proposes_the_same_run_again(
    with_large_model: FakeProject,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr("xtgui_cli.planning.machine.detect", lambda: GPU)
    with_large_model.behave("fails at=25 code=cuda_out_of_memory device=cuda")
    with_large_model.train()
    capfd.readouterr()

    standing = overview.read_standing(with_large_model.folder)
    status.run(StatusRequest(root=with_large_model.root, as_json=True))
    told = json.loads(capfd.readouterr().out)

    first = overview.advise(standing)[0].command
    assert told["checkpoint"] == "iter_20.pth"
    assert told["next"]["command"] == first
    assert " --set " in first
    assert f"xtgui train --resume --root {with_large_model.root}" not in first


def test_after_it_a_script_is_not_told_to_resume_either(
    with_large_model: FakeProject,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr("xtgui_cli.planning.machine.detect", lambda: GPU)
    with_large_model.behave("fails at=25 code=cuda_out_of_memory device=cuda")
    with_large_model.train()
    capfd.readouterr()

    with pytest.raises(XtguiError) as caught:
        with_large_model.train()
    show_error(caught.value)

    lines = [line.strip() for line in capfd.readouterr().err.splitlines()]
    assert any(line.startswith("xtgui train ") and " --set " in line for line in lines)
    assert "xtgui train --fresh" in lines
    assert "xtgui train --resume" not in lines


def test_nothing_is_estimated_where_something_else_than_training_filled_the_memory(
    with_large_model: FakeProject,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    """A run on a GPU fills the computer's own memory while it loads or saves."""
    monkeypatch.setattr("xtgui_cli.planning.machine.detect", lambda: GPU)
    with_large_model.behave("fails at=2 code=host_out_of_memory device=cuda")

    with_large_model.train()

    said = capfd.readouterr().err
    assert "saves about" not in said
    assert t("faults.host_out_of_memory.hint")[:20] in said


def test_an_error_of_convert_or_chat_says_why_before_what_to_do(
    capfd: pytest.CaptureFixture[str],
) -> None:
    show_error(XtguiError("faults.too_many_files"))

    said = "".join(capfd.readouterr().err.split())
    parts = ["".join(t(f"faults.too_many_files{part}").split()) for part in ("", ".why", ".hint")]
    places = [said.find(part) for part in parts]
    assert -1 not in places
    assert places == sorted(places)
