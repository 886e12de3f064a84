"""What tests of every part share. (Its being here puts `tests` on the import path.)"""

from __future__ import annotations

from pathlib import Path

import pytest
import tiny


@pytest.fixture(scope="session")
def tiny_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tiny random model with a real tokenizer, shared and never written to."""
    return tiny.save_model(tmp_path_factory.mktemp("model") / "tiny")
