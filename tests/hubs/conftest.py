"""What tests of hubs share."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where a model is downloaded to."""
    return tmp_path / "cache" / "user_model"
