"""What the wizard says of memory and disk while its answers change."""

from __future__ import annotations

from pathlib import Path

import pytest
import tiny

from xtgui_cli.cli import entry as cli
from xtgui_cli.planning import machine
from xtgui_cli.planning.machine import Machine
from xtgui_cli.settings.layers import Layers
from xtgui_cli.shared.errors import Exit
from xtgui_cli.shared.run_folder import RunFolder
from xtgui_cli.wizard import parameters_page
from xtgui_cli.wizard.session import Session

PLENTY = Machine("cpu", False, "", 0.0, 0.0, 32.0, 30.0, 2)
CARD = Machine("cuda", True, "NVIDIA GeForce RTX 3090", 24.0, 23.5, 32.0, 30.0, 2)
FULL_CARD = Machine("cuda", True, "NVIDIA GeForce RTX 3090", 24.0, 0.2, 32.0, 30.0, 2)
TOY = Machine("cuda", False, "GeForce GT 710", 0.5, 0.4, 32.0, 30.0, 2)


@pytest.fixture
def session(tmp_path: Path, tiny_model: Path, monkeypatch: pytest.MonkeyPatch) -> Session:
    monkeypatch.setenv("XTGUI_CONFIG_DIR", str(tmp_path / "config"))
    data = tiny.save_data(tmp_path / "rows.jsonl", rows=20)
    answers = {"train.method": "lora", "model.path": str(tiny_model), "data.path": str(data)}
    return Session(RunFolder(tmp_path / "project"), Layers(saved=answers))


@pytest.mark.parametrize(
    ("here", "words"),
    [
        (PLENTY, ["Fits", "30.0 GiB", "this computer's memory"]),
        (CARD, ["Fits", "23.5 GiB", "RTX 3090"]),
        (FULL_CARD, ["Fits only if other programs free memory", "24.0 GiB", "RTX 3090"]),
        (TOY, ["Too big", "GT 710"]),
    ],
    ids=["cpu", "card", "crowded card", "small card"],
)
def test_below_the_parameters_stands_whether_they_fit(
    here: Machine,
    words: list[str],
    session: Session,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(machine, "detect", lambda: here)
    prepared = parameters_page.count(session)

    note = parameters_page.needs_note(session, prepared)

    assert note is not None
    assert all(word in note.plain for word in words), note


def test_before_writing_memory_and_disk_are_named(
    session: Session, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(machine, "detect", lambda: PLENTY)
    sets = [f"--set={key}={value}" for key, value in session.layers.saved.items()]

    code = cli.main(["init", "--root", str(session.folder.root), "--yes", "--no-train", *sets])

    said = " ".join(capsys.readouterr().err.split())
    assert code == Exit.DONE
    assert "memory Fits" in said
    assert "disk up to" in said
