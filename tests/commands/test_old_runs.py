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
from xtgui_cli.wizard import init
from xtgui_cli.wizard.init import InitRequest

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
    """Give a function that runs a command about the old run, and gives its output."""

    def go(*arguments: str) -> str:
        capfd.readouterr()
        code = main([*arguments, "--root", str(old.root)])
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
