"""What `xtgui results` shows, and its JSON."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from xtgui_cli.commands import results
from xtgui_cli.commands.results import ResultsRequest
from xtgui_cli.shared.errors import Exit


def shown(root: Path, capfd: pytest.CaptureFixture[str], checkpoint: str | None = None) -> str:
    capfd.readouterr()
    assert results.run(ResultsRequest(root=root, checkpoint=checkpoint)) == Exit.DONE
    return capfd.readouterr().out


def data_of(root: Path, capfd: pytest.CaptureFixture[str]) -> dict[str, Any]:
    capfd.readouterr()
    results.run(ResultsRequest(root=root, as_json=True))
    found = json.loads(capfd.readouterr().out)
    assert isinstance(found, dict)
    return found
