"""A small model on a hub on 127.0.0.1, and its download through the real huggingface_hub."""

from __future__ import annotations

from pathlib import Path

import pytest
from hub_server import Fault, HubServer
from hub_watcher import Seen

from xtgui_cli.hubs.fetch import fetch
from xtgui_cli.hubs.patience import Patience
from xtgui_cli.hubs.registry import USUAL_HUB
from xtgui_cli.hubs.wanted import Download, Fetched, HubChoice, Wanted
from xtgui_cli.shared.errors import XtguiError

ID = "user/model"
QUICK = Patience(answer_s=2, stall_s=0.3, attempts=4, first_wait_s=0.01)
WEIGHTS = bytes(range(256)) * 1000
SHARD = "model-00001-of-00002.safetensors"


def put_model(hub: HubServer, *faults: Fault) -> None:
    """Put a small model on the hub whose first shard has the faults."""
    model = hub.repository(ID)
    model.add("config.json", b"{}\n")
    model.add(SHARD, WEIGHTS, *faults)
    model.add("model-00002-of-00002.safetensors", WEIGHTS[::-1])


def download(hub: HubServer, folder: Path, seen: Seen | None = None) -> Fetched:
    wanted = Wanted("model", ID, {"huggingface": ID})
    return fetch(Download(wanted, folder, seen or Seen(), QUICK), at(hub.endpoint))


def at(endpoint: str) -> HubChoice:
    return HubChoice([USUAL_HUB], endpoint)


def failure(hub: HubServer, folder: Path, seen: Seen | None = None) -> XtguiError:
    with pytest.raises(XtguiError) as caught:
        download(hub, folder, seen)
    return caught.value


def assert_whole(folder: Path) -> None:
    assert (folder / SHARD).read_bytes() == WEIGHTS
    assert (folder / "model-00002-of-00002.safetensors").read_bytes() == WEIGHTS[::-1]
    assert not (folder / ".xtgui-download").exists()
