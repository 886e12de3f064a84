"""No screen lets a stranger's text steer the terminal: every file, event, answer and flag is tried.

The commands run in this process, printing as for a terminal; the screens that live on a terminal
run on a real one, whose raw bytes are looked at.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import fake_engine
import pytest
from hostile import PLANT, leaked
from hub_server import HubServer, status
from strangers import (
    NAME,
    UNICODE_NAME,
    toml_text,
    write_broken_model,
    write_data,
    write_events,
    write_good_data,
    write_model,
    write_run,
    write_table,
)
from terminal import CTRL_C, DOWN, ENTER, Terminal

from xtgui_cli.cli.entry import main
from xtgui_cli.project.trust import trust
from xtgui_cli.project.user_config import save_user_config
from xtgui_cli.shared.run_folder import LockHolder, RunFolder, take_lock, write_lock

pytestmark = pytest.mark.process

Say = Callable[..., str]


@pytest.fixture
def folder(tmp_path: Path, tiny_model: Path, monkeypatch: pytest.MonkeyPatch) -> RunFolder:
    """A stranger's project, trusted, in a folder with such a name."""
    monkeypatch.setenv("XTGUI_CONFIG_DIR", str(tmp_path / "user-config"))
    folder = RunFolder(tmp_path / UNICODE_NAME)
    folder.root.mkdir()
    model = write_model(folder.root / f"model{UNICODE_NAME}", tiny_model)
    data = write_good_data(folder.root / f"rows{UNICODE_NAME}.jsonl")
    write_run(folder, model, data)
    write_events(folder, with_known_words=True)
    save_user_config({"engine.python": str(fake_engine.install(tmp_path / "engine"))})
    monkeypatch.setenv("FAKE_ENGINE", "fails at=2")
    trust(folder.root)
    monkeypatch.chdir(folder.root)
    return folder


@pytest.fixture
def say(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Say:
    """Return a function that runs a command as on a terminal and gives all that it printed."""
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "100")

    def run(*command: str) -> str:
        with monkeypatch.context() as patch:
            patch.setattr("sys.stdout.isatty", lambda: True)
            main(list(command))
        told = capfd.readouterr()
        text = told.out + told.err
        assert not leaked(text), [ascii(line) for line in text.split("\n") if leaked(line)]
        assert "Unexpected error" not in text, text
        return text

    return run


def is_seen(told: str) -> bool:
    """Whether the stranger's text has come as far as the screen."""
    return "visible" in told or "planted" in told


@pytest.mark.parametrize("language", ["en", "zh"])
def test_commands_that_look_at_a_run(folder: RunFolder, say: Say, language: str) -> None:
    for with_known_words in (True, False):
        write_events(folder, with_known_words=with_known_words)
        for command in (
            "",
            "--json",
            "status",
            "status --json",
            "results",
            "results --json",
            "results --checkpoint 1",
            "attach --plain",
            "logs",
            "stop",
            "convert --checkpoint recommended",
        ):
            words = [*command.split(), "--lang", language, "--root", str(folder.root)]

            assert is_seen(say(*words)) or command == "stop", command


@pytest.mark.parametrize("command", ["estimate", "estimate --json", "init --yes --no-train"])
def test_commands_that_look_at_settings(folder: RunFolder, say: Say, command: str) -> None:
    assert is_seen(say(*command.split(), "--root", str(folder.root)))


def test_settings_that_are_wrong(folder: RunFolder, say: Say) -> None:
    plant = toml_text(PLANT)
    for text in (
        f"[train]\nlr = {plant}\nmethod = {plant}\n{plant} = 1\nbetas = [{plant}]\n",
        f"[{plant}]\nx = 1\n",
        f"x = {PLANT}",
        f"[model]\npath = {plant}\nprompt_template = {plant}\n[data]\npath = {plant}\n",
    ):
        folder.settings_file.write_text(text, "utf-8", errors="replace")
        folder.config_file.unlink(missing_ok=True)
        for command in ("estimate", "train --yes", "", "init --yes --no-train"):
            say(*command.split(), "--root", str(folder.root))


def test_configs_that_are_wrong(folder: RunFolder, say: Say) -> None:
    for text in (f"lr = = '{PLANT}'", f"lr = {PLANT!r}\nSYSTEM = {PLANT!r}"):
        folder.config_file.write_text(text, "utf-8", errors="replace")
        for command in ("train", "estimate", "status", "chat --prompt x"):
            say(*command.split(), "--root", str(folder.root))


@pytest.mark.parametrize(
    "command",
    [
        "check data {}",
        "check data {} --json",
        "check data {} --fix {}.new",
        "data convert {} {}.new",
        "data preview {} --model {model}",
    ],
)
def test_commands_that_look_at_data(folder: RunFolder, say: Say, command: str) -> None:
    models = [path for path in folder.root.iterdir() if path.name.startswith("model")]
    files = {
        "rows.jsonl": write_data,
        f"{NAME}.jsonl": write_data,
        f"{NAME}good.jsonl": write_good_data,
        f"{NAME}.csv": write_table,
    }
    for name, write in files.items():
        place = str(write(folder.root / name))

        told = say(*(word.format(place, model=models[0]) for word in command.split()))
        assert is_seen(told) or name.endswith(".csv")


def test_commands_that_look_at_models(folder: RunFolder, say: Say, tiny_model: Path) -> None:
    for name, write in (("model", write_model), ("broken", write_broken_model)):
        for place in (folder.root / f"{name}1", folder.root / f"{name}{NAME}"):
            write(place, tiny_model)

            for command in ("check model", "check model --json", "estimate"):
                assert is_seen(say(*command.split(), str(place)))


def test_words_that_are_given_back(folder: RunFolder, say: Say) -> None:
    for command in (
        [NAME],
        [f"--{NAME}"],
        ["check", NAME],
        ["status", f"--{NAME}", "x"],
        ["status", NAME],
        ["--root", NAME, "status"],
        ["results", "--checkpoint", NAME],
        ["convert", "--checkpoint", NAME],
        ["convert", "--epoch", NAME],
        ["chat", "--temperature", NAME],
        ["chat", "--prompts", NAME],
        ["train", "--set", f"{NAME}=1"],
        ["train", "--set", f"train.lr={NAME}"],
        ["train", "--gpus", NAME],
        ["train", NAME],
        ["init", "--answers", NAME],
        ["init", "--step", NAME],
        ["models", NAME],
        ["datasets", NAME],
        ["templates", NAME],
        ["estimate", NAME],
        ["estimate", "--gpu", NAME],
        ["check", "data", NAME],
        ["check", "model", NAME],
        ["data", "preview", NAME],
        ["data", "convert", NAME, NAME],
        ["download", "model", NAME],
        ["download", "model", f"a/{NAME}"],
        ["download", "model", "a/b", "--endpoint", NAME],
        ["setup", "--python", NAME],
        ["--debug", "check", "data", NAME],
    ):
        assert say(*command), command


def test_what_a_hub_answers(
    folder: RunFolder, say: Say, hub: HubServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XTGUI_LANG", "en")
    good, bad = hub.repository("user/model"), hub.repository("user/other")
    good.add("config.json", b"{}")
    good.add(f"{PLANT.replace('/', '')}.json", b"{}")
    bad.add("config.json", b"{}").faults = [status(403, X_Error_Message=UNICODE_NAME[:7])]
    for name in ("user/model", "user/other", "user/none"):
        for flag in ((), ("--json",)):
            say("download", "model", name, "--endpoint", hub.endpoint, *flag)


def test_a_training_that_fails(folder: RunFolder, say: Say) -> None:
    assert is_seen(say("train", "--resume", "--plain", "--root", str(folder.root)))
    with folder.log_file.open("a", encoding="utf-8", errors="replace") as log:
        log.write(f"{PLANT}\n" * 3)

    for command in ("attach --plain", "logs", "status", "results"):
        say(*command.split(), "--root", str(folder.root))


def test_a_users_own_settings_that_are_wrong(folder: RunFolder, say: Say) -> None:
    save_user_config({"engine.python": UNICODE_NAME})

    for command in ("train", "convert", "chat --prompt x"):
        say(*command.split(), "--root", str(folder.root))


# --- on a real terminal --------------------------------------------------------------------------


@pytest.fixture
def open_terminal(folder: RunFolder, tmp_path: Path) -> Iterator[Callable[..., Terminal]]:
    """Return a function that runs xtgui on a terminal, in the stranger's folder."""
    terminals: list[Terminal] = []

    def run(*command: str, rows: int = 24, **environment: str) -> Terminal:
        given = {"XTGUI_LANG": "en", "XTGUI_CACHE_DIR": str(tmp_path / "cache"), **environment}
        terminal = Terminal(["-m", "xtgui_cli", *command], folder.root, given, rows=rows)
        terminals.append(terminal)
        return terminal

    yield run
    for terminal in terminals:
        terminal.kill()


def test_the_live_screen(folder: RunFolder, open_terminal: Callable[..., Terminal]) -> None:
    lock = take_lock(folder.lock_file)
    try:
        write_lock(lock, LockHolder(8, PLANT, PLANT, 1.0))
        write_events(folder, with_known_words=True, pid=8)
        terminal = open_terminal("attach")
        terminal.wait_for("leave it running")
        assert is_seen(terminal.shown)
        with folder.log_file.open("a", encoding="utf-8", errors="replace") as log:
            log.write(f"{PLANT}\n{PLANT}\rnewest")
        terminal.wait_for("newest")
        terminal.send("l")
        terminal.wait_for("l curve")
        write_events(folder, with_known_words=False, pid=8)
        terminal.send("l", CTRL_C)
        assert terminal.wait_for_end() == 0
    finally:
        os.close(lock)

    assert not leaked(terminal.raw)


@pytest.mark.parametrize("mode", ["--base", "--compare"])
def test_a_chat(folder: RunFolder, open_terminal: Callable[..., Terminal], mode: str) -> None:
    for checkpoint in folder.work_dir.glob("iter_*"):
        checkpoint.unlink()
    converted = folder.work_dir / f"xtuner_{NAME}_hf"
    converted.mkdir()
    (converted / "config.json").write_text("{}")
    terminal = open_terminal("chat", mode, FAKE_ANSWER=json.dumps(f"It is {PLANT} " * 3))
    terminal.wait_for("you ›")

    terminal.send("Who? \u202e\x9b", ENTER)

    terminal.wait_for("tok/s")
    for line in ("/help", "/system Be kind.", "/set", "/wrong", "/retry"):
        terminal.send(line, ENTER)
    terminal.send("/exit", ENTER)
    terminal.wait_for_end()
    assert terminal.everything.count("visibleplanted") > 1
    assert not leaked(terminal.raw)


def test_the_wizard(folder: RunFolder, open_terminal: Callable[..., Terminal]) -> None:
    folder.config_file.unlink()
    terminal = open_terminal("init", rows=50)

    terminal.wait_for("Add reworded test questions?")
    terminal.send(DOWN, ENTER)
    for number in range(1, 6):
        terminal.wait_for(f"{number} of 5 · row")
        if number == 2:
            terminal.send("And in other words?", ENTER)
            terminal.wait_for("Keywords of a correct answer")
            terminal.send("planted")
        terminal.send(ENTER)
    terminal.wait_for("Prompt template")
    terminal.send(ENTER)
    terminal.wait_for("Accept and continue")
    terminal.send(*[DOWN] * 8, ENTER)
    terminal.wait_for("? System text")
    terminal.send(ENTER)
    terminal.wait_for("Accept and continue")
    terminal.send(ENTER)
    terminal.wait_for("Write the config and train")
    terminal.send(DOWN, ENTER)
    terminal.wait_for_end()

    assert terminal.everything.count("visibleplanted") > 9

    assert not leaked(terminal.raw)
