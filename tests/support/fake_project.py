"""A project that trains with the fake engine, for tests of those who start and follow it."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import fake_engine
import pytest
from places import CONFIGS

from xtgui_cli.commands import train
from xtgui_cli.commands.train import TrainRequest
from xtgui_cli.project.trust import trust
from xtgui_cli.project.user_config import save_user_config
from xtgui_cli.runs.training_process import is_running, kill_training, wait_until_free
from xtgui_cli.shared.errors import Exit, XtguiError
from xtgui_cli.shared.events import Event, EventReader
from xtgui_cli.shared.run_folder import RunFolder


class FakeProject:
    """A folder with a config, trusted, whose engine is the fake one."""

    def __init__(self, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder = RunFolder(root)
        self.root = root
        self._monkeypatch = monkeypatch
        self.folder.work_dir.mkdir(parents=True)
        shutil.copy(CONFIGS / "lora.py", self.folder.config_file)
        self.config_dir = root.parent / "user-config"
        monkeypatch.setenv("XTGUI_CONFIG_DIR", str(self.config_dir))
        monkeypatch.setenv("XTGUI_LANG", "en")
        save_user_config({"engine.python": str(fake_engine.install(root.parent / "engine"))})
        trust(root)

    def behave(self, behaviour: str) -> None:
        """Say what the engine does from its next start on: see fake_engine."""
        self._monkeypatch.setenv("FAKE_ENGINE", behaviour)

    def train(self, **more: Any) -> int:
        """Train as `xtgui train --yes --plain` does; *more* are fields of the request."""
        fields = {"plain": True, "yes": True, **more}
        return int(train.run(TrainRequest(root=self.root, **fields)))

    def refuses(self, code: str, exit_code: Exit, **more: Any) -> XtguiError:
        """Train as above, and give the error that must come of it."""
        with pytest.raises(XtguiError) as caught:
            self.train(**more)
        assert (caught.value.code, caught.value.exit) == (code, exit_code)
        return caught.value

    def events(self, name: str | None = None) -> list[Event]:
        every = EventReader(self.folder.events_file)()
        return [event for event in every if name in (None, event["event"])]

    def wait_for(self, is_so: Callable[[], object], patience_s: float = 20) -> None:
        """Wait until something is the case."""
        deadline = time.monotonic() + patience_s
        while not is_so():
            assert time.monotonic() < deadline, self.folder.log_file.read_text("utf-8")
            time.sleep(0.01)

    def wait_for_iteration(self, number: int) -> None:
        self.wait_for(lambda: any(e["iter"] >= number for e in self.events("iter")))

    def clean_up(self) -> None:
        """End whatever a test has left running."""
        if is_running(self.folder):
            kill_training(self.folder)
            assert wait_until_free(self.folder, 10)
