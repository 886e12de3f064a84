"""What tests of every part share. (Its being here puts `tests` on the import path.)"""

from __future__ import annotations

import gc
import os
import re
from collections.abc import Iterator
from pathlib import Path

import fake_engine
import pytest
import tiny
from fake_project import FakeProject
from hub_server import HubServer, hub_server
from hypothesis import settings

from xtgui_cli.hubs.registry import HUBS
from xtgui_cli.texts import set_language
from xtgui_cli.ui import console

# Collecting garbage as often as Python does by default took a fifth of the time of all tests.
gc.set_threshold(100_000, 50, 50)

# No deadlines: other work on the machine is no fault of the code. Before a release, look harder:
# pytest --hypothesis-profile thorough
settings.register_profile("quick", max_examples=25, deadline=None)
settings.register_profile("thorough", max_examples=1000, deadline=None)
settings.load_profile("quick")

SURROUNDINGS = {"COLUMNS": "80", "LINES": "24", "TERM": "xterm-256color"}
SAID_BY_SHELLS = (
    *("LANG", "LANGUAGE", "LC_ALL", "LC_MESSAGES", "LC_CTYPE", "XTGUI_LANG"),
    *("NO_COLOR", "FORCE_COLOR", "TTY_COMPATIBLE", "TTY_INTERACTIVE", "COLORTERM"),
    *("PYTHONIOENCODING", "PYTHONUTF8", "FAKE_ENGINE"),
)

_ALL_ENGINE = re.compile(r"^pytestmark = (?:\[\s*)?pytest\.mark\.engine\b", re.MULTILINE)


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave files unread whose tests are all marked "engine" where none of these is wanted.

    Importing them loads torch and transformers, which takes longer than most tests here.
    """
    if "not engine" not in config.option.markexpr or collection_path.suffix != ".py":
        return None
    return bool(_ALL_ENGINE.search(collection_path.read_text("utf-8"))) or None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let the engine's libraries warn: they are of other years, and warn of one another."""
    for item in items:
        if item.get_closest_marker("engine"):
            item.add_marker(pytest.mark.filterwarnings("default"))


@pytest.fixture(scope="session", autouse=True)
def own_surroundings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep the developer's terminal, language, colours, settings and cache out of the tests."""
    with pytest.MonkeyPatch.context() as patch:
        for name in SAID_BY_SHELLS:
            patch.delenv(name, raising=False)
        for name, value in SURROUNDINGS.items():
            patch.setenv(name, value)
        patch.setenv("XTGUI_CACHE_DIR", str(tmp_path_factory.mktemp("cache")))
        patch.setenv("XTGUI_CONFIG_DIR", str(tmp_path_factory.mktemp("config")))
        yield


@pytest.fixture(autouse=True)
def silent_base(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no test start an engine only because general questions are mixed in by default."""
    monkeypatch.setattr("xtgui_cli.project.settled_run.ask_engine", lambda *_, **__: None)


@pytest.fixture
def answering_base(silent_base: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the fake engine answer general questions, for a user without any answers yet."""
    from xtgui_cli.project import general_answers, settled_run
    from xtgui_cli.project.user_config import save_user_config

    monkeypatch.setenv("XTGUI_CONFIG_DIR", str(tmp_path / "user"))
    monkeypatch.setenv("XTGUI_CACHE_DIR", str(tmp_path / "cache"))
    save_user_config({"engine.python": str(fake_engine.install(tmp_path / "engine"))})
    monkeypatch.setattr(settled_run, "ask_engine", general_answers.ask_engine)


@pytest.fixture(autouse=True)
def fresh_screen() -> Iterator[None]:
    """Start each test in English and with new consoles, whatever the test before it chose."""
    set_language("en")
    console.out.cache_clear()
    console.talk.cache_clear()
    yield
    set_language("en")


@pytest.fixture(scope="session")
def tiny_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tiny random model with a real tokenizer, shared and never written to."""
    return tiny.save_model(tmp_path_factory.mktemp("model") / "tiny")


@pytest.fixture
def quick_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait for no disk: a signal takes nothing from what the system holds, a power cut may."""
    monkeypatch.setattr(os, "fsync", lambda _: None)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeProject]:
    """A project whose training interpreter is the fake one; nothing of it outlives the test."""
    project = FakeProject(tmp_path / "my-assistant", monkeypatch)
    yield project
    project.clean_up()


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[HubServer]:
    """A hub on this machine, and nothing of the developer's own hub settings or login."""
    for name in ("HF_TOKEN", "HF_HUB_OFFLINE", *(hub.variable for hub in HUBS.values())):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("XTGUI_CONFIG_DIR", str(tmp_path / "settings"))
    monkeypatch.setenv("HF_TOKEN_PATH", str(tmp_path / "no-token"))
    monkeypatch.setattr("huggingface_hub.constants.HF_TOKEN_PATH", str(tmp_path / "no-token"))
    with hub_server() as server:
        yield server
