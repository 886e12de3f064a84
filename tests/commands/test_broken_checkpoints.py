"""A broken checkpoint is named at once, and the newest intact one offered in its place."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from checkpoint_files import small_checkpoint
from evil_checkpoints import EVIL
from fake_project import FakeProject
from places import CONFIGS
from scripted import Script, follow

from xtgui_cli.commands import chat, convert, train
from xtgui_cli.shared.errors import Exit, XtguiError
from xtgui_cli.shared.events import EventWriter
from xtgui_cli.shared.run_folder import resume_at
from xtgui_cli.texts import set_language
from xtgui_cli.ui.console import show_error

pytestmark = pytest.mark.process


def make_evil(label: str, path: Path) -> None:
    path.write_bytes(EVIL[label].make(path.with_name("mark")))


@pytest.fixture
def trained(project: FakeProject) -> FakeProject:
    """A run that stopped at iteration 30 of 40, with iter_10.pth, iter_20.pth and iter_30.pth."""
    for iteration in (10, 20, 30):
        path = project.folder.work_dir / f"iter_{iteration}.pth"
        path.write_bytes(small_checkpoint(iteration))
    model = project.root / "path/to/model"
    model.mkdir(parents=True)
    (model / "config.json").write_text("{}")
    say = EventWriter(project.folder.events_file)
    say("start", run_id="run", pid=1, resumed_from=None)
    say("plan", total_iters=40, iters_per_epoch=10, max_epochs=4)
    project.behave("works iterations=40")
    return project


def spoil(project: FakeProject, label: str, *iterations: int) -> None:
    for iteration in iterations:
        make_evil(label, project.folder.work_dir / f"iter_{iteration}.pth")


def error_of(action: Callable[[], object]) -> XtguiError:
    with pytest.raises(XtguiError) as caught:
        action()
    return caught.value


def told(error: XtguiError, capfd: pytest.CaptureFixture[str]) -> str:
    capfd.readouterr()
    show_error(error)
    return " ".join(capfd.readouterr().err.split())


# --- resume ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("label", "code"),
    [
        ("nothing", "checkpoint_empty"),
        ("cut_in_the_middle", "checkpoint_cut_off"),
        ("a_flipped_bit_in_the_weights", "checkpoint_checksum"),
        ("a_text", "checkpoint_foreign"),
        ("os_system", "checkpoint_unsafe"),
    ],
)
def test_a_resume_names_what_is_wrong_and_the_intact_one_before_anything_starts(
    trained: FakeProject, capfd: pytest.CaptureFixture[str], label: str, code: str
) -> None:
    spoil(trained, label, 30)

    error = error_of(lambda: trained.train(resume=""))

    assert (error.code, error.exit) == (f"faults.{code}", Exit.ANSWERS)
    assert "iter_30.pth" in told(error, capfd)
    assert "xtgui train --resume iter_20" in told(error, capfd)
    assert len(trained.events("start")) == 1
    assert not (trained.folder.work_dir / "mark").exists()


def test_the_intact_one_is_the_newest_before_the_broken_one(trained: FakeProject) -> None:
    spoil(trained, "cut_in_the_middle", 20)
    before = error_of(lambda: trained.train(resume="iter_20"))
    spoil(trained, "cut_in_the_middle", 10)
    none_before = error_of(lambda: trained.train(resume="iter_20"))

    assert before.hint is not None
    assert before.hint.data == {"name": "iter_10"}
    assert none_before.hint is not None
    assert none_before.hint.data == {"name": "iter_30"}


def resume_from_10(project: FakeProject, *saved: int) -> None:
    """Have the run resumed from iter_10 and saved so; iter_20 and iter_30 are abandoned."""
    say = EventWriter(project.folder.events_file)
    for iteration in (10, 20, 30):
        say("checkpoint", iter=iteration, file=f"iter_{iteration}.pth", bytes=1, kept=[])
    say("start", run_id="run", pid=2, resumed_from="iter_10.pth")
    say("plan", total_iters=40, iters_per_epoch=10, max_epochs=4)
    for iteration in saved:
        path = project.folder.work_dir / f"iter_{iteration}.pth"
        path.write_bytes(small_checkpoint(iteration))
        resume_at(project.folder.work_dir, path)
        say("checkpoint", iter=iteration, file=path.name, bytes=1, kept=[])


@pytest.mark.parametrize(
    ("saved", "broken", "offered"),
    [
        ((15,), (15,), "iter_10"),
        ((15,), (15, 10), None),
        ((15, 25), (25,), "iter_15"),
        ((15, 25), (25, 15, 10), None),
    ],
)
def test_the_intact_one_is_never_of_a_course_that_was_abandoned(
    trained: FakeProject,
    capfd: pytest.CaptureFixture[str],
    saved: tuple[int, ...],
    broken: tuple[int, ...],
    offered: str | None,
) -> None:
    resume_from_10(trained, *saved)
    spoil(trained, "cut_in_the_middle", *broken)

    error = error_of(lambda: trained.train(resume=""))

    next_command = f"--resume {offered}" if offered else "--fresh"
    assert f"iter_{saved[-1]}.pth" in told(error, capfd)
    assert f"xtgui train {next_command}" in told(error, capfd)


def test_where_no_checkpoint_is_intact_the_run_has_to_start_over(
    trained: FakeProject, capfd: pytest.CaptureFixture[str]
) -> None:
    spoil(trained, "nothing", 10, 20, 30)

    error = error_of(lambda: trained.train(resume=""))

    assert "xtgui train --fresh" in told(error, capfd)


def test_more_epochs_do_not_begin_at_a_broken_checkpoint(trained: FakeProject) -> None:
    spoil(trained, "nothing", 30)

    error = error_of(lambda: trained.train(more=1))

    assert error.code == "faults.checkpoint_empty"
    assert len(trained.events("start")) == 1


@pytest.mark.parametrize(("answer", "starts"), [(True, 2), (False, 1)])
def test_a_person_is_asked_whether_to_take_the_intact_one(
    trained: FakeProject,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    answer: bool,
    starts: int,
) -> None:
    spoil(trained, "nothing", 30)
    monkeypatch.setattr(train, "is_interactive", lambda: True)
    follow(Script({"intact": answer}), monkeypatch)

    if answer:
        code = trained.train(resume="", yes=False)
    else:
        error = error_of(lambda: trained.train(resume="", yes=False))
        code = error.exit

    assert code == (Exit.DONE if answer else Exit.ANSWERS)
    assert "is empty" in capfd.readouterr().err
    begun = trained.events("start")
    assert len(begun) == starts
    assert begun[-1]["resumed_from"] == ("iter_20.pth" if answer else None)


# --- convert and chat ------------------------------------------------------------------------


def convert_latest(project: FakeProject) -> Exit:
    return convert.run(convert.ConvertRequest(root=project.root, merge=False))


def test_a_conversion_names_the_intact_one_and_writes_nothing(
    trained: FakeProject, capfd: pytest.CaptureFixture[str]
) -> None:
    spoil(trained, "a_flipped_bit_in_the_weights", 30)

    error = error_of(lambda: convert_latest(trained))

    assert (error.code, error.exit) == ("faults.checkpoint_checksum", Exit.ANSWERS)
    assert "xtgui convert --checkpoint iter_20" in told(error, capfd)
    assert list(trained.folder.work_dir.glob("xtuner_iter*")) == []


@pytest.mark.parametrize(("method", "asked"), [("lora", ["merge"]), ("full", [])])
def test_whether_to_merge_is_asked_before_the_long_work_and_only_where_there_is_an_adapter(
    method: str, asked: list[str], trained: FakeProject, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = (CONFIGS / f"{method}.py").read_text("utf-8")
    trained.folder.config_file.write_text(config, "utf-8")
    spoil(trained, "nothing", 10, 20, 30)  # the work ends with an error
    monkeypatch.setattr(convert, "is_interactive", lambda: True)
    script = Script({"merge": True})
    follow(script, monkeypatch)

    error_of(lambda: convert.run(convert.ConvertRequest(root=trained.root)))

    assert script.asked == asked


def test_a_person_may_convert_the_intact_one_instead(
    trained: FakeProject, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    spoil(trained, "cut_in_the_middle", 30)
    monkeypatch.setattr(convert, "is_interactive", lambda: True)
    follow(Script({"intact": True}), monkeypatch)

    code = convert_latest(trained)

    assert code == Exit.DONE
    assert capfd.readouterr().out.strip().endswith("xtuner_iter_20_hf")


def test_a_chat_names_the_intact_one(
    trained: FakeProject, capfd: pytest.CaptureFixture[str]
) -> None:
    spoil(trained, "nothing", 30)

    error = error_of(lambda: chat.run(chat.ChatRequest(root=trained.root, prompt="Hi")))

    assert "xtgui chat --checkpoint iter_20" in told(error, capfd)


def test_a_broken_file_from_elsewhere_is_not_replaced_by_one_of_the_run(
    trained: FakeProject, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "theirs.pth"
    make_evil("os_system", path)

    request = convert.ConvertRequest(root=trained.root, checkpoint=str(path))
    error = error_of(lambda: convert.run(request))

    assert error.code == "faults.checkpoint_unsafe"
    assert "unless you know where it comes from" in told(error, capfd)
    assert not (tmp_path / "mark").exists()


def test_it_is_said_in_chinese_too(trained: FakeProject, capfd: pytest.CaptureFixture[str]) -> None:
    spoil(trained, "a_flipped_bit_in_the_weights", 30)
    set_language("zh")

    said = told(error_of(lambda: trained.train(resume="")), capfd)

    assert "校验和不符" in said
    assert "xtgui train --resume iter_20" in said
