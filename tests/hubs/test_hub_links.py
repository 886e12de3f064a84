"""Links that a stranger has planted in a folder: a download writes through none of them."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest
from hub_server import HubServer
from hub_watcher import Seen

from xtgui_cli.hubs.fetch import fetch
from xtgui_cli.hubs.hub import Kind
from xtgui_cli.hubs.patience import Patience
from xtgui_cli.hubs.registry import USUAL_HUB
from xtgui_cli.hubs.wanted import Download, Fetched, HubChoice, Wanted
from xtgui_cli.shared.errors import Exit
from xtgui_cli.shared.own_files import NotOurFileError

pytestmark = pytest.mark.process

ID = "user/model"
SHELL = b"\necho PWNED-BY-HUB-FILE\n" * 100


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "cache" / "user_model"
    (folder / ".xtgui-download").mkdir(parents=True)
    return folder


@pytest.fixture
def victim(tmp_path: Path) -> Path:
    file = tmp_path / ".bashrc"
    file.write_bytes(b"alias ll='ls -l'\n")
    return file


def put_model(hub: HubServer) -> None:
    hub.repository(ID).add("config.json", b"{}\n")
    hub.repository(ID).add("model.safetensors", SHELL)


def download(hub: HubServer, folder: Path, kind: Kind = "model") -> Fetched:
    wanted = Wanted(kind, ID, {"huggingface": ID})
    patience = Patience(answer_s=60, stall_s=60, attempts=2, first_wait_s=0.01)
    return fetch(Download(wanted, folder, Seen(), patience), HubChoice([USUAL_HUB], hub.endpoint))


def part_name() -> str:
    """The name of the part in which the weights grow: anybody can compute it."""
    digest = hashlib.sha256(SHELL).hexdigest()
    return hashlib.sha256(f"sha256 {digest} {len(SHELL)}".encode()).hexdigest() + ".part"


def assert_refused(hub: HubServer, folder: Path, planted: Path) -> None:
    with pytest.raises(NotOurFileError) as caught:
        download(hub, folder)
    assert (caught.value.code, caught.value.exit) == ("files.is_link", Exit.ANSWERS)
    assert caught.value.data["path"] == str(planted)


def test_a_part_that_leads_to_ones_bashrc_is_not_gone_on_with(
    hub: HubServer, folder: Path, victim: Path
) -> None:
    put_model(hub)
    before = victim.read_bytes()
    planted = folder / ".xtgui-download" / part_name()
    planted.symlink_to(victim)

    assert_refused(hub, folder, planted)

    assert victim.read_bytes() == before
    assert not any("Range" in request.headers for request in hub.requests)


def test_a_record_that_leads_to_ones_notes_does_not_replace_them(
    hub: HubServer, folder: Path, victim: Path
) -> None:
    put_model(hub)
    before = victim.read_bytes()
    (folder / ".xtgui-download.json").symlink_to(victim)

    assert_refused(hub, folder, folder / ".xtgui-download.json")

    assert victim.read_bytes() == before


@pytest.mark.parametrize(
    "name", [".xtgui-download", ".xtgui-download-replaced", ".XTGUI-Download.json"]
)
def test_a_link_under_any_name_of_ours_is_refused(
    hub: HubServer, folder: Path, tmp_path: Path, name: str
) -> None:
    put_model(hub)
    (folder / ".xtgui-download").rmdir()
    (tmp_path / "elsewhere").mkdir()
    (folder / name).symlink_to(tmp_path / "elsewhere")

    assert_refused(hub, folder, folder / name)

    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_no_file_of_a_strangers_is_set_aside_into_ones_own_folders(
    hub: HubServer, folder: Path, tmp_path: Path
) -> None:
    """A program that starts with the desktop, moved to where these lie by its name on the hub."""
    hub.repository(ID, "dataset").add("a/b/x.jsonl", b'{"a": 1}\n')
    (folder / "a" / "b").mkdir(parents=True)
    (folder / "a" / "b" / "x.jsonl").write_text("[Desktop Entry]\n")
    (folder / ".xtgui-download-replaced" / "a").mkdir(parents=True)
    (tmp_path / "autostart").mkdir()
    (folder / ".xtgui-download-replaced" / "a" / "b").symlink_to(tmp_path / "autostart")

    with pytest.raises(NotOurFileError):
        download(hub, folder, "dataset")

    assert list((tmp_path / "autostart").iterdir()) == []


def test_a_lock_that_is_a_link_empties_nothing(hub: HubServer, folder: Path, victim: Path) -> None:
    put_model(hub)
    before = victim.read_bytes()
    (folder / ".xtgui-download" / "lock").symlink_to(victim)

    assert_refused(hub, folder, folder / ".xtgui-download" / "lock")

    assert victim.read_bytes() == before


def test_a_part_with_a_second_name_elsewhere_is_begun_anew(
    hub: HubServer, folder: Path, victim: Path
) -> None:
    """A hard link: not every system keeps others from making one to a file that is not theirs."""
    put_model(hub)
    before = victim.read_bytes()
    (folder / ".xtgui-download" / part_name()).hardlink_to(victim)

    download(hub, folder)

    assert victim.read_bytes() == before
    assert (folder / "model.safetensors").read_bytes() == SHELL


def test_a_pipe_in_place_of_a_part_or_a_record_keeps_nobody_waiting(
    hub: HubServer, folder: Path
) -> None:
    put_model(hub)
    os.mkfifo(folder / ".xtgui-download.json")
    os.mkfifo(folder / ".xtgui-download" / part_name())

    with pytest.raises(NotOurFileError) as caught:
        download(hub, folder)

    assert caught.value.code == "files.not_a_file"
