"""A run that was put away: it keeps its config, and can be looked at, converted and talked to."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from fake_project import FakeProject

from xtgui_cli.cli.entry import main
from xtgui_cli.commands import overview
from xtgui_cli.commands.overview import OverviewRequest
from xtgui_cli.shared.config_file import read, read_file
from xtgui_cli.shared.errors import Exit, XtguiError
from xtgui_cli.shared.run_folder import RunFolder, find_root
from xtgui_cli.wizard import continue_run, init
from xtgui_cli.wizard.init import InitRequest

pytestmark = pytest.mark.process

Say = Callable[..., str]


@pytest.fixture
def old(project: FakeProject) -> RunFolder:
    """The first run of a project, whose config was written anew before the second one began."""
    project.behave("works")
    config = read_file(project.folder.config_file)
    model = f'pretrained_model_name_or_path = "{project.root}"  #'
    config = config.replace("pretrained_model_name_or_path =", model, 1)
    project.folder.config_file.write_text(config)
    project.train()
    project.folder.config_file.write_text(config.replace("max_epochs = 3", "max_epochs = 10", 1))
    project.train(fresh=True)
    (root,) = project.folder.old_runs_dir.iterdir()
    return RunFolder(root)


@pytest.fixture
def say(old: RunFolder, capfd: pytest.CaptureFixture[str]) -> Say:
    """Return a function that runs a command about the old run, and gives its output."""

    def go(*arguments: str, root: Path = old.root) -> str:
        capfd.readouterr()
        code = main([*arguments, "--root", str(root)])
        told = capfd.readouterr()
        assert code == Exit.DONE, told.err
        return told.out

    return go


def test_it_keeps_the_config_that_it_was_trained_with(old: RunFolder, project: FakeProject) -> None:
    assert read(read_file(old.config_file))["max_epochs"] == 3
    assert read(read_file(project.folder.config_file))["max_epochs"] == 10


def test_its_status_results_and_log_can_be_seen(say: Say) -> None:
    assert json.loads(say("status", "--json"))["state"] == "finished"
    assert "iter_30.pth" in say("results")
    assert "Iter(train) [30/30]" in say("logs")


def test_its_model_can_be_talked_to(say: Say) -> None:
    assert say("chat", "--prompt", "Who are you?").strip() == "Fine."


def test_the_overview_proposes_only_what_can_be_done_with_it(
    old: RunFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(old.root)

    standing = overview.read_standing(RunFolder(old.root))

    assert find_root(Path.cwd()) == old.root
    assert [advice.command for advice in overview.advise(standing)] == [
        "xtgui results",
        "xtgui chat --compare",
        "xtgui convert",
    ]
    assert overview.run(OverviewRequest()) == Exit.DONE


def test_it_is_not_trained(old: RunFolder, project: FakeProject) -> None:
    before = sorted(path.name for path in old.root.iterdir())

    assert main(["train", "--resume", "--root", str(old.root)]) == Exit.ANSWERS
    with pytest.raises(XtguiError) as caught:
        init.run(InitRequest(root=old.root, yes=True))

    assert caught.value.code == "train.is_put_away"
    assert caught.value.data["project"] == project.root
    assert sorted(path.name for path in old.root.iterdir()) == before


# --- by its name, in the project -------------------------------------------------------------


def test_all_runs_are_listed_the_current_one_first(
    say: Say, old: RunFolder, project: FakeProject
) -> None:
    shown = say("runs", root=project.root)
    listed = json.loads(say("runs", "--json", root=project.root))["runs"]

    lines = [line for line in shown.splitlines() if "finished" in line]
    assert [line.split()[0] for line in lines] == ["current", old.root.name]
    assert [run["name"] for run in listed] == ["current", old.root.name]
    assert [run["checkpoint"] for run in listed] == ["iter_30.pth", "iter_30.pth"]
    assert (listed[1]["iteration"], listed[1]["total"]) == (30, 30)


def test_two_runs_are_compared_by_what_they_were_trained_with_and_what_came_of_it(
    say: Say, old: RunFolder, project: FakeProject
) -> None:
    shown = say("runs", old.root.name, root=project.root)
    found = json.loads(say("runs", old.root.name, "--json", root=project.root))

    rows = {line.split("  ")[0].strip(): line.split()[-2:] for line in shown.splitlines() if line}
    assert rows["train.max_epochs"] == ["3", "10"]
    assert rows["iterations"] == ["30/30", "30/30"]
    assert len(rows["loss, last"]) == 2
    assert found["settings"] == {"train.max_epochs": [3, 10]}
    assert [run["name"] for run in found["runs"]] == [old.root.name, "current"]
    assert all(run["losses"]["last"] > 0 for run in found["runs"])


def test_what_was_written_into_the_config_after_the_start_is_not_compared(
    say: Say, old: RunFolder, project: FakeProject
) -> None:
    file = project.folder.config_file
    file.write_text(read_file(file).replace("max_epochs = 10", "max_epochs = 7", 1))

    found = json.loads(say("runs", old.root.name, "--json", root=project.root))

    assert found["settings"] == {"train.max_epochs": [3, 10]}


def test_other_data_under_the_same_name_are_said(
    say: Say, old: RunFolder, project: FakeProject
) -> None:
    record = project.folder.state_dir / "run_origin.json"
    known = json.loads(record.read_text())
    for folder, digest in ((project.folder, "a" * 64), (old, "b" * 64)):
        file = folder.state_dir / "run_origin.json"
        file.write_text(json.dumps({**known, "data": digest}))

    assert "The training data is different." in say("runs", old.root.name, root=project.root)


@pytest.mark.parametrize("command", [("status",), ("results",), ("logs",)])
def test_a_run_is_looked_at_by_its_name(
    command: tuple[str, ...], say: Say, old: RunFolder, project: FakeProject
) -> None:
    by_name = say(*command, "--run", old.root.name, root=project.root)

    assert by_name == say(*command)
    assert by_name == say(*command, "--run", old.root.name[:6], root=project.root)


def test_its_model_is_talked_to_by_its_name(say: Say, old: RunFolder, project: FakeProject) -> None:
    said = say("chat", "--run", old.root.name, "--prompt", "Who are you?", root=project.root)

    assert said.strip() == "Fine."
    assert (old.root / "xtuner_iter_30_hf").is_dir()
    assert not (project.folder.work_dir / "xtuner_iter_30_hf").exists()


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("results", "--run", "2019"), "Unknown run: 2019"),
        (("results", "--run", ".."), "Unknown run: .."),
        (("runs", "nothing"), "Unknown run: nothing"),
        (("runs", "current"), "Cannot compare current with itself."),
        (("runs", "a", "b", "c"), "Expected at most two runs to compare."),
    ],
)
def test_a_name_that_is_none_is_answered_with_those_there_are(
    arguments: tuple[str, ...],
    code: str,
    old: RunFolder,
    project: FakeProject,
    capfd: pytest.CaptureFixture[str],
) -> None:
    assert main([*arguments, "--root", str(project.root)]) == Exit.ANSWERS

    told = capfd.readouterr().err
    assert code in told
    assert old.root.name in told or "Unknown run" not in code


def test_the_overview_and_the_wizard_lead_to_the_list(old: RunFolder, project: FakeProject) -> None:
    commands = [each.command for each in overview.advise(overview.read_standing(project.folder))]
    choices = continue_run._choices(project.folder, None)

    assert commands[-1] == f"xtgui runs --root {project.root}"
    assert "runs" in [value for value, _ in choices]
