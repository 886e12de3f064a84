"""A folder that XtunerGUI has made opens: every command says what is the case in it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
import tiny
from built_runs import CPU
from fake_project import FakeProject
from scripted import Script, follow
from xtunergui_folder import add_logs, dump_config

from xtgui_cli.commands import attach, estimate, overview, results, status, train
from xtgui_cli.commands.attach import AttachRequest
from xtgui_cli.commands.estimate import EstimateRequest
from xtgui_cli.commands.overview import OverviewRequest
from xtgui_cli.commands.results import ResultsRequest
from xtgui_cli.commands.status import StatusRequest
from xtgui_cli.planning import machine
from xtgui_cli.project import settings_file
from xtgui_cli.shared.config_file import read, read_file
from xtgui_cli.shared.errors import Exit, XtguiError
from xtgui_cli.wizard import init
from xtgui_cli.wizard.init import InitRequest

pytest.importorskip("mmengine", reason="it dumps the config")

pytestmark = pytest.mark.process

TAKEN_OVER = {
    "train.method": "lora",
    "train.lr": 3e-4,
    "train.weight_decay": 0.01,
    "train.max_length": 128,
    "train.accumulative_counts": 2,
    "train.SYSTEM": "You are Ink.",
    "train.evaluation_inputs": ("你是谁？", "Who are you?"),
    "lora.lora_r": 8,
    "lora.lora_alpha": 8,
    "model.prompt_template": "qwen_chat",
}


@pytest.fixture(scope="module")
def dumped(tiny_model: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A config as mmengine dumps it, beside the data that it names."""
    folder = tmp_path_factory.mktemp("xtunergui")
    dump_config(folder / "config.py", tiny_model, tiny.save_data(folder / "rows.jsonl", rows=20))
    return folder / "config.py"


@pytest.fixture
def gui(project: FakeProject, dumped: Path, monkeypatch: pytest.MonkeyPatch) -> FakeProject:
    """The folder, on a machine without a GPU, and an engine that trains nothing."""
    shutil.copy(dumped, project.folder.config_file)
    add_logs(project.folder)
    project.behave("works iterations=60 save=20")
    monkeypatch.setattr(machine, "detect", lambda: CPU)
    return project


def data_of(capfd: pytest.CaptureFixture[str]) -> dict[str, Any]:
    return dict(json.loads(capfd.readouterr().out))


def test_status_and_the_overview_say_that_it_was_trained_elsewhere(
    gui: FakeProject, capfd: pytest.CaptureFixture[str]
) -> None:
    status.run(StatusRequest(root=gui.root, as_json=True))
    by_status = data_of(capfd)
    overview.run(OverviewRequest(root=gui.root, as_json=True))
    by_overview = data_of(capfd)
    status.run(StatusRequest(root=gui.root))
    said = capfd.readouterr().out

    assert (by_status["state"], by_status["checkpoint"]) == ("other", "iter_39.pth")
    for name in ("state", "iteration", "total", "checkpoint"):
        assert by_status[name] == by_overview["run"][name], name
    assert by_status["iteration"] == by_status["total"] == 39
    assert by_status["method"] == "lora"
    assert "trained elsewhere · 39 iterations" in said
    assert "loss 0.850" in said
    assert "iter_26.pth, iter_39.pth" in said


def test_there_is_nothing_to_attach_to_and_it_is_said_why(gui: FakeProject) -> None:
    with pytest.raises(XtguiError) as caught:
        attach.run(AttachRequest(root=gui.root, plain=True))

    assert caught.value.code == "train.elsewhere"


def test_results_have_the_first_loss_and_each_answer_beside_its_question(
    gui: FakeProject, capfd: pytest.CaptureFixture[str]
) -> None:
    results.run(ResultsRequest(root=gui.root, as_json=True))

    found = data_of(capfd)
    assert found["loss"]["first"] == pytest.approx(2.018)
    assert found["loss"]["last"] == pytest.approx(0.85)
    assert (found["iteration"], found["total"]) == (39, 39)
    assert found["evaluations"] == [
        {
            "iteration": 39,
            "answers": [
                {"question": "Who are you?", "answer": "I am Ink."},
                {"question": "你是谁？", "answer": "我是小墨。"},
            ],
        }
    ]


def test_estimate_counts_with_the_settings_of_its_config(
    gui: FakeProject, capfd: pytest.CaptureFixture[str]
) -> None:
    estimate.run(EstimateRequest(root=gui.root, as_json=True))

    found = data_of(capfd)
    assert (found["run"]["method"], found["run"]["optim_type"]) == ("lora", "AdamW")
    assert found["memory"]["optimizer"] > 0
    assert found["counted_data"] is True


def test_a_scripted_init_takes_its_settings_over(
    gui: FakeProject, dumped: Path, tiny_model: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    before = read_file(gui.folder.config_file)

    code = init.run(InitRequest(root=gui.root, yes=True, no_train=True))

    saved = settings_file.load(gui.folder.settings_file)
    config = read(read_file(gui.folder.config_file))
    assert code == Exit.DONE
    assert {key: saved[key] for key in TAKEN_OVER} == TAKEN_OVER
    assert saved["model.path"] == str(tiny_model)
    assert saved["data.path"] == str(dumped.parent / "rows.jsonl")
    assert (config["lr"], config["lora_r"], config["SYSTEM"]) == (3e-4, 8, "You are Ink.")
    assert read_file(gui.folder.work_dir / "xtuner_config.old.py") == before
    assert "xtuner_config.old.py" in capfd.readouterr().err


def test_the_wizard_asks_nothing_that_its_config_answers(
    gui: FakeProject, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    script = Script({"data.tests": "none", "ready": "write"})
    follow(script, monkeypatch)

    init.run(InitRequest(root=gui.root, no_train=True))

    assert script.asked == ["data.tests", "ready"]
    assert "taken from xtuner_config.py" in capfd.readouterr().err
    assert read(read_file(gui.folder.config_file))["lr"] == 3e-4


@pytest.mark.parametrize("answer", [True, False])
def test_without_a_gpu_a_person_is_asked_whether_to_adapt_it(
    gui: FakeProject, monkeypatch: pytest.MonkeyPatch, answer: bool
) -> None:
    before = read_file(gui.folder.config_file)
    monkeypatch.setattr(train, "is_interactive", lambda: True)
    follow(Script({"adapt": answer}), monkeypatch)

    code = gui.train(resume="", yes=False)

    after = read_file(gui.folder.config_file)
    assert code == Exit.DONE
    assert (after != before) is answer
    assert bool(gui.events("start")) is answer
    if answer:
        assert gui.events("start")[0]["resumed_from"] == "iter_39.pth"
        assert "AmpOptimWrapper" not in after
        assert "torch.float16" not in after
        assert "dtype='float16'" not in after
        assert read_file(gui.folder.work_dir / "xtuner_config.old.py") == before


def test_without_anybody_to_ask_it_is_adapted_only_with_yes(gui: FakeProject) -> None:
    with pytest.raises(XtguiError) as caught:
        gui.train(resume="", yes=False)

    assert (caught.value.code, caught.value.exit) == ("train.elsewhere_needs_gpu", Exit.ANSWERS)
    assert gui.train(resume="", yes=True) == Exit.DONE
