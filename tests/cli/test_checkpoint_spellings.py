"""A checkpoint is spelled in the same ways for every command."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import pytest
from fake_project import FakeProject

from xtgui_cli.cli import entry as cli
from xtgui_cli.commands import convert
from xtgui_cli.project.checkpoints import CheckpointChoice
from xtgui_cli.project.conversion import Converter

pytestmark = pytest.mark.process

SPELLINGS = ["20", "iter_20", "iter_20.pth", "work_dir/iter_20.pth", "work_dir/iter_20.pth/"]


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FakeProject]:
    """A run that failed at iteration 25 of 30; iter_20.pth is a folder, as with DeepSpeed."""
    with pytest.MonkeyPatch.context() as patch:
        project = FakeProject(tmp_path_factory.mktemp("trained") / "my-assistant", patch)
        project.behave("fails at=25")
        project.train()
        (project.folder.work_dir / "iter_20.pth").unlink()
        (project.folder.work_dir / "iter_20.pth").mkdir()
        project.behave("works")
        patch.chdir(project.root)
        yield project
        project.clean_up()


@pytest.mark.parametrize(
    "command", [["train", "--resume"], ["results", "--checkpoint"], ["convert", "--checkpoint"]]
)
def test_what_is_no_checkpoint_is_refused_alike(
    trained: FakeProject, command: list[str], capfd: pytest.CaptureFixture[str]
) -> None:
    capfd.readouterr()

    code = cli.main([*command, "my.py"])

    assert code == 2
    assert "Expected the name of a checkpoint, got 'my.py'." in capfd.readouterr().err


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_results_show_the_answers_at_it(
    trained: FakeProject, spelling: str, capfd: pytest.CaptureFixture[str]
) -> None:
    code = cli.main(["results", "--checkpoint", spelling])

    shown = capfd.readouterr().out
    assert code == 0
    assert "iter_20" in shown
    assert "iter_10" not in shown


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_conversion_takes_it(
    trained: FakeProject, spelling: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    chosen: list[CheckpointChoice] = []

    class Stop(Exception):  # noqa: N818 (ends the command once it has chosen)
        pass

    def stop(_: Converter, choice: CheckpointChoice, *_rest: object) -> None:
        chosen.append(choice)
        raise Stop

    monkeypatch.setattr(Converter, "convert", stop)
    monkeypatch.setattr(convert, "EngineSession", lambda *_, **__: contextlib.nullcontext())

    cli.main(["convert", "--checkpoint", spelling])

    assert [(one.path, one.label) for one in chosen] == [
        (trained.folder.work_dir / "iter_20.pth", "iter_20")
    ]


@pytest.mark.parametrize(
    "command", [["train", "--resume"], ["results", "--checkpoint"], ["convert", "--checkpoint"]]
)
def test_where_there_is_none_of_that_name_the_others_are_listed(
    trained: FakeProject, command: list[str], capfd: pytest.CaptureFixture[str]
) -> None:
    capfd.readouterr()

    code = cli.main([*command, "7"])

    assert code == 2
    assert "iter_20" in capfd.readouterr().err


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_training_resumes_from_it(trained: FakeProject, spelling: str) -> None:
    code = cli.main(["train", "--resume", spelling, "--plain", "--yes"])

    assert code == 0
    assert trained.events("start")[-1]["resumed_from"] == "iter_20.pth"
