"""A wizard whose questions are answered from a dict."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import tiny
from scripted import Script, Wizard, follow

from xtgui_cli.shared.errors import Exit
from xtgui_cli.shared.run_folder import RunFolder
from xtgui_cli.wizard import continue_run, init
from xtgui_cli.wizard.init import InitRequest


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tiny.save_data(tmp_path / "rows.jsonl", rows=20)


@pytest.fixture
def only_the_wizard(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Settings of nobody, and nothing that goes on after the last question."""
    monkeypatch.setenv("XTGUI_CONFIG_DIR", str(tmp_path / "config"))
    monkeypatch.setattr(continue_run, "go_on", lambda folder: Exit.DONE)


@pytest.fixture
def folder(tmp_path: Path) -> RunFolder:
    return RunFolder(tmp_path / "project")


@pytest.fixture
def sources(tiny_model: Path, data: Path) -> dict[str, Any]:
    return {
        "train.method": "lora",
        "model.path.source": "own",
        "model.path": str(tiny_model),
        "data.path.source": "own",
        "data.path": str(data),
        "data.tests": "none",
    }


@pytest.fixture
def wizard(folder: RunFolder, monkeypatch: pytest.MonkeyPatch) -> Wizard:
    """Return a function that goes through the wizard with the answers of a dict."""

    def go(replies: dict[str, Any], step: int | None = None, sets: tuple[str, ...] = ()) -> Script:
        script = Script(replies)
        follow(script, monkeypatch)
        init.run(InitRequest(root=folder.root, sets=sets, step=step))
        return script

    return go
