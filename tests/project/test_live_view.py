"""The live screen in a real pseudo-terminal: keys, questions, and the terminal afterwards."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterable, Iterator

import pytest
from fake_project import FakeProject
from terminal import CTRL_C, DOWN, ENTER, Terminal

from xtgui_cli.runs.training_process import is_running
from xtgui_cli.shared.events import encode
from xtgui_cli.shared.run_folder import LockHolder, list_checkpoints, take_lock, write_lock

pytestmark = pytest.mark.process

LONG = "works iterations=100000 save=100000 ms=20"


@pytest.fixture
def watch(project: FakeProject) -> Iterator[Watch]:
    watch = Watch(project)
    yield watch
    for terminal in watch.terminals:
        terminal.kill()


class Watch:
    """Opens terminals in which xtgui runs for a project."""

    def __init__(self, project: FakeProject) -> None:
        self._project = project
        self.terminals: list[Terminal] = []

    def __call__(self, *command: str, columns: int = 80, rows: int = 24) -> Terminal:
        arguments = ["-m", "xtgui_cli", *command, "--root", str(self._project.root)]
        environment = {
            **os.environ,
            "COLUMNS": "80",
            "LINES": "24",
        }  # as a shell may have left them
        terminal = Terminal(arguments, self._project.root, environment, columns, rows)
        self.terminals.append(terminal)
        return terminal


def has_curve(lines: Iterable[str]) -> bool:
    return any("⠀" < character <= "⣿" for line in lines for character in line)


def has_both_curves(shown: str) -> bool:
    """Return whether two curves are side by side, each below its title."""
    lines = shown.splitlines()
    titles = [at for at, line in enumerate(lines) if "learning rate" in line]
    if not titles or "loss (mean of 10)" not in lines[titles[0]]:
        return False
    middle = lines[titles[0]].index("learning rate")
    below = lines[titles[0] + 1 : titles[0] + 20]
    return has_curve(line[:middle] for line in below) and has_curve(line[middle:] for line in below)


def test_the_screen_follows_a_run_to_its_end(project: FakeProject, watch: Watch) -> None:
    project.behave("works iterations=30 ms=120")

    terminal = watch("train")

    screen = terminal.wait_for("% correct")
    assert "my-assistant · lora · tiny-llama" in screen.splitlines()[0]
    assert "d leave it running" in screen.splitlines()[-1]
    terminal.wait_for("Finished: 30 iterations")
    assert terminal.wait_for_end() == 0


def test_d_leaves_the_run_running(project: FakeProject, watch: Watch) -> None:
    project.behave(LONG)
    terminal = watch("train")
    terminal.wait_for("loss")

    terminal.send("d")

    terminal.wait_for("Training continues in the background")
    assert terminal.wait_for_end() == 0
    assert is_running(project.folder)


def test_attach_later_shows_the_run_from_its_beginning(project: FakeProject, watch: Watch) -> None:
    project.behave("works iterations=100000 save=10 ms=20")
    project.train(detach=True)
    project.wait_for_iteration(30)

    terminal = watch("attach")

    screen = terminal.wait_for("saved iter_")
    assert "▲" in screen
    assert has_curve([screen])
    terminal.send("q")
    assert terminal.wait_for_end() == 0


def test_a_long_run_shows_where_it_is_before_its_whole_history_is_read(
    project: FakeProject, watch: Watch
) -> None:
    folder = project.folder
    folder.state_dir.mkdir(parents=True)
    start = {"event": "start", "at": 1.0, "run_id": "a", "pid": os.getpid(), "method": "lora"}
    plan = {"event": "plan", "at": 1.0, "total_iters": 100_000}
    told = {"event": "iter", "loss": 0.5, "lr": 1e-4, "token_accuracy": 0.75, "epoch": 0.5}
    history = [told | {"at": 1.0 + number, "iter": number} for number in range(1, 50_001)]
    folder.events_file.write_text("".join(map(encode, [start, plan, *history])), "utf-8")
    lock = take_lock(folder.lock_file)
    write_lock(lock, LockHolder(os.getpid(), os.uname().nodename, "a"))

    terminal = watch("attach")

    assert "50000/100000" in terminal.wait_for("loss (mean of 10)")
    first, reading, _later = terminal.raw.partition("Reading the run's history")
    assert reading
    assert "50000/100000" in first
    terminal.send("q")
    assert terminal.wait_for_end() == 0
    os.close(lock)


def test_ctrl_c_ends_the_reading_of_a_history_without_an_end(
    project: FakeProject, watch: Watch
) -> None:
    folder = project.folder
    folder.state_dir.mkdir(parents=True)
    told = {"event": "start", "at": 1.0, "run_id": "a", "pid": os.getpid(), "method": "lora"}
    folder.events_file.write_text(encode(told), "utf-8")
    os.truncate(folder.events_file, 1 << 42)
    lock = take_lock(folder.lock_file)
    write_lock(lock, LockHolder(os.getpid(), os.uname().nodename, "a"))
    terminal = watch("attach")
    terminal.wait_for("Reading the run's history")

    terminal.send(CTRL_C)

    terminal.wait_for("Training continues in the background")
    assert terminal.wait_for_end() == 0
    os.close(lock)


def test_s_stops_with_a_checkpoint(project: FakeProject, watch: Watch) -> None:
    project.behave(LONG)
    terminal = watch("train")
    terminal.wait_for("loss")

    terminal.send("s")

    terminal.wait_for("Saved: iter_")
    assert terminal.wait_for_end() == 130
    assert not is_running(project.folder)


def test_ctrl_c_asks_and_can_stop(project: FakeProject, watch: Watch) -> None:
    project.behave(LONG)
    terminal = watch("train")
    terminal.wait_for("loss")

    terminal.send(CTRL_C)
    terminal.wait_for("Stop, and save a checkpoint")
    terminal.send(ENTER)

    terminal.wait_for("Saved: iter_")
    assert terminal.wait_for_end() == 130


def test_ctrl_c_asks_and_can_leave(project: FakeProject, watch: Watch) -> None:
    project.behave(LONG)
    terminal = watch("train")
    terminal.wait_for("loss")

    terminal.send(CTRL_C)
    terminal.wait_for("Leave it running in the background")
    terminal.send(DOWN, ENTER)

    terminal.wait_for("xtgui attach")
    assert terminal.wait_for_end() == 0
    assert is_running(project.folder)


def test_ctrl_c_of_an_onlooker_leaves_the_training_alone(
    project: FakeProject, watch: Watch
) -> None:
    project.behave(LONG)
    project.train(detach=True)
    terminal = watch("attach")
    terminal.wait_for("loss")

    terminal.send(CTRL_C)

    terminal.wait_for("Training continues in the background")
    assert terminal.wait_for_end() == 0
    assert is_running(project.folder)


def test_ctrl_c_twice_goes_on_watching(project: FakeProject, watch: Watch) -> None:
    project.behave(LONG)
    terminal = watch("train")
    terminal.wait_for("loss")

    terminal.send(CTRL_C)
    terminal.wait_for("Keep watching")
    terminal.send(CTRL_C)

    terminal.wait_for("d leave it running")
    assert is_running(project.folder)


def test_l_shows_the_log_and_l_again_the_curve(project: FakeProject, watch: Watch) -> None:
    project.behave(LONG)
    terminal = watch("train")
    terminal.wait_for("loss")

    terminal.send("l")
    assert "┤" not in terminal.wait_for("l curve")
    terminal.send("l")

    terminal.wait_for("┤")


def test_one_that_ignores_the_stop_can_be_ended_after_a_question(
    project: FakeProject, watch: Watch
) -> None:
    project.behave("ignores_sigterm iterations=100000 save=100000 ms=20")
    terminal = watch("train")
    terminal.wait_for("loss")

    terminal.send("s")
    terminal.wait_for("saving a checkpoint after this iteration")
    terminal.send("k")
    terminal.wait_for("Kill it now?")
    terminal.send("y")

    assert terminal.wait_for_end() == 130
    assert not is_running(project.folder)


def test_a_hanging_start_can_be_stopped(project: FakeProject, watch: Watch) -> None:
    project.behave("hangs")
    terminal = watch("train")
    terminal.wait_for("starting")

    terminal.send("s")

    terminal.wait_for_end()
    assert not is_running(project.folder)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGUSR1])
def test_a_scheduler_that_ends_the_screen_has_the_training_saved(
    project: FakeProject, watch: Watch, number: signal.Signals
) -> None:
    project.behave(LONG)
    terminal = watch("train")
    terminal.wait_for("loss")

    terminal.signal(number)

    assert terminal.wait_for_end() == 130
    end = project.events("end")[-1]
    assert end["status"] == "stopped"
    assert (project.folder.work_dir / end["checkpoint"]).exists()
    assert "Stopped at iteration" in terminal.everything


def test_a_scheduler_does_not_wait_for_the_answer_to_a_question(
    project: FakeProject, watch: Watch
) -> None:
    project.behave(LONG)
    terminal = watch("train")
    terminal.wait_for("loss")
    terminal.send(CTRL_C)
    terminal.wait_for("Keep watching")

    terminal.signal(signal.SIGTERM)

    assert terminal.wait_for_end() == 130
    assert not is_running(project.folder)
    assert list_checkpoints(project.folder.work_dir)


def test_closing_the_terminal_leaves_the_training_alive(project: FakeProject, watch: Watch) -> None:
    project.behave(LONG)
    terminal = watch("train")
    terminal.wait_for("loss")

    terminal.kill()

    seen = project.events("iter")[-1]["iter"]
    project.wait_for_iteration(seen + 3)
    assert is_running(project.folder)


def test_a_wide_terminal_shows_both_curves(project: FakeProject, watch: Watch) -> None:
    project.behave(LONG)
    project.train(detach=True)
    project.wait_for_iteration(30)

    terminal = watch("attach", columns=200, rows=50)

    terminal.wait_until(has_both_curves, "both curves")
