"""What is known about a machine is gathered by several threads at once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from xtgui_cli.hubs.registry import HUBS
from xtgui_cli.project.doctor import gather as gathering
from xtgui_cli.project.doctor.facts import HubFacts


def test_sysconfig_is_asked_before_there_are_threads(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    order: list[str] = []

    def ask_hub(hub: Any) -> HubFacts:
        order.append("hub")
        return HubFacts(name=hub.name, title=hub.title, host="", state="silent")

    def find_uv() -> list[str]:
        order.append("uv")
        return []

    monkeypatch.setattr(gathering, "ask_hub", ask_hub)
    monkeypatch.setattr("xtgui_cli.runs.uv.find_uv", find_uv)
    monkeypatch.setenv("PATH", str(tmp_path))  # one found there is not asked for

    gathering.gather(tmp_path, list(HUBS.values()))

    assert order == ["uv", *["hub"] * len(HUBS)]
