"""What tests of every part share. (Its being here puts `tests` on the import path.)"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import tiny
from fake_project import FakeProject


@pytest.fixture(scope="session")
def tiny_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tiny random model with a real tokenizer, shared and never written to."""
    return tiny.save_model(tmp_path_factory.mktemp("model") / "tiny")


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeProject]:
    """A project whose training interpreter is the fake one; nothing of it outlives the test."""
    project = FakeProject(tmp_path / "my-assistant", monkeypatch)
    yield project
    project.clean_up()
