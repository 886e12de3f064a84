"""What comes of a download, what is there already, and where files may land."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import resource
from pathlib import Path

import pytest
from hub_model import ID, QUICK, SHARD, WEIGHTS, assert_whole, at, download, failure, put_model
from hub_server import (
    REVISION,
    HubServer,
)
from hub_watcher import Seen

from xtgui_cli.hubs import record
from xtgui_cli.hubs.fetch import fetch
from xtgui_cli.hubs.fill_folder import require_space
from xtgui_cli.hubs.hub import Listing, RemoteFile
from xtgui_cli.hubs.registry import USUAL_HUB
from xtgui_cli.hubs.wanted import Download, Wanted
from xtgui_cli.shared.errors import Exit, XtguiError

pytestmark = pytest.mark.process


def test_all_files_come_and_are_noted_with_revision_and_digest(
    hub: HubServer, folder: Path
) -> None:
    put_model(hub)

    fetched = download(hub, folder)

    assert_whole(folder)
    record = json.loads((folder / ".xtgui-download.json").read_text())
    assert (record["complete"], record["revision"]) == (True, REVISION)
    shard = next(entry for entry in record["files"] if entry["path"] == SHARD)
    assert shard["digest"] == hashlib.sha256(WEIGHTS).hexdigest()
    assert (fetched.was_here, fetched.total_bytes) == (False, 2 * len(WEIGHTS) + 3)


def test_a_second_call_asks_nothing_at_all(hub: HubServer, folder: Path) -> None:
    put_model(hub)
    download(hub, folder)
    hub.requests.clear()

    fetched = download(hub, folder)

    assert (fetched.was_here, hub.requests) == (True, [])


def test_a_file_that_was_changed_since_is_named_and_fetched_again(
    hub: HubServer, folder: Path
) -> None:
    put_model(hub)
    download(hub, folder)
    (folder / SHARD).write_bytes(WEIGHTS[:-1] + b"?")
    hub.requests.clear()
    seen = Seen()

    download(hub, folder, seen)

    assert_whole(folder)
    assert seen.told("download.changed") == [SHARD]
    assert len(hub.asked_for(SHARD)) == 1
    assert hub.asked_for("config.json") == []


def test_what_somebody_changed_is_kept_beside_what_is_fetched_again(
    hub: HubServer, folder: Path
) -> None:
    put_model(hub)
    folder.mkdir(parents=True)
    seen = Seen()

    for own in (b"mine", b"mine, too"):
        (folder / "config.json").write_bytes(own)
        download(hub, folder, seen)

    assert_whole(folder)
    assert (folder / "config.json").read_bytes() == b"{}\n"
    kept = sorted((folder / ".xtgui-download-replaced").iterdir())
    assert [(file.name, file.read_bytes()) for file in kept] == [
        ("config.json", b"mine"),
        ("config.json.2", b"mine, too"),
    ]
    assert seen.told("download.set_aside") == ["config.json", "config.json"]


def test_a_newer_version_replaces_what_was_downloaded_before(hub: HubServer, folder: Path) -> None:
    put_model(hub)
    download(hub, folder)
    hub.repository(ID).add("config.json", b'{"new": 1}\n')
    (folder / SHARD).unlink()
    seen = Seen()

    download(hub, folder, seen)

    assert (folder / "config.json").read_bytes() == b'{"new": 1}\n'
    assert not (folder / ".xtgui-download-replaced").exists()
    assert seen.told("download.set_aside") == []


def test_files_that_are_there_already_are_not_fetched(hub: HubServer, folder: Path) -> None:
    put_model(hub)
    folder.mkdir(parents=True)
    (folder / SHARD).write_bytes(WEIGHTS)
    seen = Seen()

    download(hub, folder, seen)

    assert_whole(folder)
    assert hub.asked_for(SHARD) == []
    assert seen.here_bytes == len(WEIGHTS)


def test_an_empty_file_is_a_file(hub: HubServer, folder: Path) -> None:
    put_model(hub)
    hub.repository(ID).add("modeling_x.py", b"")

    download(hub, folder)

    assert (folder / "modeling_x.py").read_bytes() == b""


def test_too_little_room_is_said_before_a_byte_comes(
    hub: HubServer, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_model(hub)
    usage = os.statvfs(folder.parents[1])
    room = usage.f_bavail * usage.f_frsize
    hub.repository(ID).files[SHARD].listed_size = room * 2

    error = failure(hub, folder)

    assert (error.code, error.exit) == ("download.no_space", Exit.FAILED)
    assert error.data["short"] == pytest.approx(room / 1e9, rel=0.1)
    assert hub.asked_for("config.json") == []


def test_what_is_here_already_needs_no_room(folder: Path) -> None:
    require_space(folder.parents[1], 10, free=lambda _: 10)
    with pytest.raises(XtguiError):
        require_space(folder.parents[1], 11, free=lambda _: 10)


@pytest.mark.parametrize(
    "name", ["../x.json", "/etc/x.json", "a/../../x.json", "C:/x.json", "a\\x.json", "a/./x.py"]
)
def test_a_name_that_leads_out_refuses_the_whole_download(
    hub: HubServer, folder: Path, name: str
) -> None:
    put_model(hub)
    hub.repository(ID).add(name, b"{}")

    error = failure(hub, folder)

    assert (error.code, error.data["name"]) == ("download.unsafe_name", name)
    assert not folder.exists()


def test_a_link_in_the_folder_leads_no_file_out_of_it(
    hub: HubServer, folder: Path, tmp_path: Path
) -> None:
    put_model(hub)
    hub.repository(ID).add("templates/chat.jinja", b"x")
    folder.mkdir(parents=True)
    (tmp_path / "elsewhere").mkdir()
    (folder / "templates").symlink_to(tmp_path / "elsewhere")

    assert failure(hub, folder).code == "download.unsafe_name"
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_a_second_download_into_the_same_folder_says_so(hub: HubServer, folder: Path) -> None:
    put_model(hub)
    refused: list[XtguiError] = []

    def again() -> None:
        refused.append(failure(hub, folder))

    download(hub, folder, Seen(at_first_move=again))

    assert [error.code for error in refused] == ["download.busy"]
    assert_whole(folder)


def test_a_folder_of_another_download_is_left_alone(hub: HubServer, folder: Path) -> None:
    put_model(hub)
    download(hub, folder)
    other = Wanted("model", "user_model", {"huggingface": ID})

    with pytest.raises(XtguiError) as caught:
        fetch(Download(other, folder, Seen(), QUICK), at(hub.endpoint))

    assert (caught.value.code, caught.value.data["other"]) == ("download.other_there", ID)


def test_a_disk_that_takes_no_more_is_said_and_what_came_is_kept(
    hub: HubServer, folder: Path
) -> None:
    put_model(hub)
    limit = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, limit[1]))
    try:
        error = failure(hub, folder)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limit)

    assert (error.code, error.exit) == ("download.disk", Exit.FAILED)
    assert error.data["reason"] == os.strerror(errno.EFBIG)
    download(hub, folder)
    assert_whole(folder)
    assert hub.asked_for(SHARD)[-1].headers["Range"] == "bytes=100000-"


def test_a_digest_of_the_hub_names_no_path(hub: HubServer, folder: Path, tmp_path: Path) -> None:
    hub.repository(ID).add("model.safetensors", WEIGHTS).listed_digest = "../../../../escaped"

    assert failure(hub, folder).code == "download.damaged"
    assert [path.name for path in tmp_path.rglob("*escaped*")] == []


def test_what_was_checked_before_is_not_read_again(folder: Path) -> None:
    """A folder of tens of gigabytes is seen to be whole in moments."""
    folder.mkdir(parents=True)
    (folder / "x.json").write_bytes(b"1")
    file = RemoteFile("x.json", 1, "sha256", "not its digest", "")
    wanted = Wanted("dataset", ID, {})
    place = USUAL_HUB.place_of("dataset", ID)
    record.write(
        Download(wanted, folder, Seen()),
        Listing(place, REVISION, [file]),
        [file],
        is_complete=True,
    )
    known, seen = record.read(folder), Seen()

    assert record.is_here(folder, file, known, seen.checks)
    assert seen.checked == []
    os.utime(folder / "x.json", ns=(0, 0))
    assert not record.is_here(folder, file, known, seen.checks)
    assert seen.checked == ["x.json"]
