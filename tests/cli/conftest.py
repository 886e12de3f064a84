"""A place without settings, and a project in it, for tests of the command line."""

from __future__ import annotations

from pathlib import Path

import pytest

from xtgui_cli.commands import train
from xtgui_cli.commands.train import TrainRequest
from xtgui_cli.project import trust
from xtgui_cli.shared.errors import Exit


@pytest.fixture
def quiet_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XTGUI_CONFIG_DIR", str(tmp_path / "config"))
    empty = tmp_path / "empty"
    empty.mkdir()
    monkeypatch.chdir(empty)


@pytest.fixture
def trusted_project(tmp_path: Path) -> Path:
    root = tmp_path / "project"
    root.mkdir()
    (root / "xtgui.toml").write_text("[train]\nlr = 1e-4\n")
    trust.trust(root)
    return root


@pytest.fixture
def train_requests(monkeypatch: pytest.MonkeyPatch) -> list[TrainRequest]:
    """What `train` is asked for; nothing is trained."""
    requests: list[TrainRequest] = []

    def run(request: TrainRequest) -> Exit:
        requests.append(request)
        return Exit.DONE

    monkeypatch.setattr(train, "run", run)
    return requests
