"""What a connection and a hub may get wrong: cuts, stalls, waits, damage, odd answers."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hub_model import ID, QUICK, SHARD, WEIGHTS, assert_whole, at, download, failure, put_model
from hub_server import (
    CORRUPT,
    ENDLESS,
    GZIP,
    PASS,
    WHOLE,
    Fault,
    HubServer,
    closed_endpoint,
    cut,
    silent_server,
    slow,
    stall,
    status,
)
from hub_watcher import Seen

from xtgui_cli.hubs import answer_limit, huggingface
from xtgui_cli.hubs.fetch import fetch
from xtgui_cli.hubs.patience import Patience
from xtgui_cli.hubs.wanted import Download, Wanted
from xtgui_cli.shared.errors import Exit, XtguiError

pytestmark = pytest.mark.process


def test_a_connection_that_is_cut_goes_on_from_where_it_was(hub: HubServer, folder: Path) -> None:
    put_model(hub, cut(100_000))
    seen = Seen()

    download(hub, folder, seen)

    assert_whole(folder)
    assert [each.headers.get("Range") for each in hub.asked_for(SHARD)] == [None, "bytes=100000-"]
    assert seen.told("download.again") == [SHARD]
    assert seen.problems[0].data["why"] == "connection lost"


def test_an_interrupted_download_goes_on_at_the_next_call(hub: HubServer, folder: Path) -> None:
    put_model(hub)
    seen = Seen(interrupt_at=50_000)
    with pytest.raises(KeyboardInterrupt):
        download(hub, folder, seen)
    part = next((folder / ".xtgui-download").glob("*.part"))
    kept = part.stat().st_size
    again = Seen()

    download(hub, folder, again)

    assert_whole(folder)
    assert kept >= 50_000
    assert hub.asked_for(SHARD)[-1].headers["Range"] == f"bytes={kept}-"
    assert again.here_bytes == kept + 3


def test_a_stall_is_noticed_and_gone_on_from(hub: HubServer, folder: Path) -> None:
    put_model(hub, stall(70_000))
    started = time.monotonic()

    download(hub, folder)

    assert_whole(folder)
    assert time.monotonic() - started < 3
    assert hub.asked_for(SHARD)[1].headers["Range"] == "bytes=70000-"


@pytest.mark.parametrize("fault", [status(500), status(503), status(429)])
def test_a_busy_hub_is_asked_again(hub: HubServer, folder: Path, fault: Fault) -> None:
    put_model(hub, fault, fault)
    hub.repository(ID).faults = [fault, fault]
    seen = Seen()

    download(hub, folder, seen)

    assert_whole(folder)
    assert len(seen.told("download.again")) == 2
    assert len(seen.told("download.busy_hub")) == 2


def test_a_hub_that_says_how_long_to_wait_is_not_asked_before(hub: HubServer, folder: Path) -> None:
    put_model(hub, status(429, Retry_After="1"))
    started = time.monotonic()

    download(hub, folder)

    assert_whole(folder)
    assert time.monotonic() - started >= 1


def test_the_wait_is_also_read_from_hugging_faces_own_header(hub: HubServer, folder: Path) -> None:
    put_model(hub, status(429, RateLimit='"resolvers";r=0;t=0'))
    started = time.monotonic()

    download(hub, folder)

    assert_whole(folder)
    assert time.monotonic() - started >= 1


def test_a_wait_that_is_too_long_is_a_failure_that_says_so(hub: HubServer, folder: Path) -> None:
    put_model(hub)
    hub.repository(ID).faults = [status(429, Retry_After="3600")]

    error = failure(hub, folder)

    assert (error.code, error.exit) == ("download.too_many", Exit.FAILED)


def test_a_connection_that_is_always_cut_is_given_up_and_what_came_is_kept(
    hub: HubServer, folder: Path
) -> None:
    put_model(hub, cut(1000), *[cut(0)] * 9)

    error = failure(hub, folder)

    assert (error.code, error.data["file"], error.data["times"]) == ("download.gave_up", SHARD, 4)
    assert next((folder / ".xtgui-download").glob("*.part")).stat().st_size == 1000


def test_cuts_that_each_bring_something_are_never_given_up(hub: HubServer, folder: Path) -> None:
    put_model(hub, *[cut(20_000)] * 12)

    download(hub, folder)

    assert_whole(folder)


def test_a_body_that_trickles_is_given_up(hub: HubServer, folder: Path) -> None:
    hub.repository(ID).add("model.safetensors", WEIGHTS[:4000], *[slow(200)] * 9)
    patience = replace(QUICK, slow_after_s=0.2, least_bytes_per_s=10_000)
    wanted = Wanted("model", ID, {"huggingface": ID})

    with pytest.raises(XtguiError) as caught:
        fetch(Download(wanted, folder, Seen(), patience), at(hub.endpoint))

    assert (caught.value.code, caught.value.data["times"]) == ("download.gave_up", 4)
    assert "slower than" in str(caught.value.data["why"])


def test_cuts_that_each_bring_next_to_nothing_are_given_up(hub: HubServer, folder: Path) -> None:
    put_model(hub, *[cut(3)] * 9)

    error = failure(hub, folder)

    assert (error.code, error.data["times"]) == ("download.gave_up", 4)


@pytest.mark.parametrize(
    "headers",
    [
        {"Retry_After": "²"},
        {"Retry_After": "9" * 5000},
        {"Retry_After": "Wed, 21 Oct 2015 07:28:00 GMT"},
        {"RateLimit": f'"x";r=0;t={"9" * 5000}'},
    ],
)
def test_a_wait_that_is_no_number_is_not_waited(
    hub: HubServer, folder: Path, headers: dict[str, str]
) -> None:
    put_model(hub, status(429, **headers))

    download(hub, folder)

    assert_whole(folder)


def test_a_damaged_file_is_named_and_fetched_again(hub: HubServer, folder: Path) -> None:
    put_model(hub, CORRUPT)
    seen = Seen()

    download(hub, folder, seen)

    assert_whole(folder)
    assert seen.told("download.damaged_again") == [SHARD]


def test_a_damaged_small_file_is_found_by_its_git_id(hub: HubServer, folder: Path) -> None:
    put_model(hub)
    hub.repository(ID).add("tokenizer.json", b'{"a": 1}', CORRUPT)
    seen = Seen()

    download(hub, folder, seen)

    assert (folder / "tokenizer.json").read_bytes() == b'{"a": 1}'
    assert seen.told("download.damaged_again") == ["tokenizer.json"]


def test_a_file_that_is_always_damaged_is_a_failure_and_is_not_left_in_its_place(
    hub: HubServer, folder: Path
) -> None:
    put_model(hub, CORRUPT, CORRUPT, CORRUPT)

    error = failure(hub, folder)

    assert (error.code, error.data["file"], error.exit) == ("download.damaged", SHARD, Exit.FAILED)
    assert not (folder / SHARD).exists()


@pytest.mark.parametrize("listed", [len(WEIGHTS) - 1, len(WEIGHTS) + 1])
def test_a_file_of_another_length_than_listed_is_damaged(
    hub: HubServer, folder: Path, listed: int
) -> None:
    put_model(hub)
    hub.repository(ID).files[SHARD].listed_size = listed

    assert failure(hub, folder).code == "download.damaged"


def test_a_hub_that_takes_no_notice_of_a_range_sends_all_of_it(
    hub: HubServer, folder: Path
) -> None:
    put_model(hub, cut(100_000), WHOLE)

    download(hub, folder)

    assert_whole(folder)


def test_what_claims_to_be_compressed_is_not_taken(hub: HubServer, folder: Path) -> None:
    put_model(hub, GZIP)
    seen = Seen()

    download(hub, folder, seen)

    assert_whole(folder)
    assert all(each.headers["Accept-Encoding"] == "identity" for each in hub.asked_for(SHARD))


def test_a_part_that_is_longer_than_the_file_is_not_gone_on_from(
    hub: HubServer, folder: Path
) -> None:
    put_model(hub)
    with pytest.raises(KeyboardInterrupt):
        download(hub, folder, Seen(interrupt_at=50_000))
    part = next((folder / ".xtgui-download").glob("*.part"))
    part.write_bytes(WEIGHTS * 2)

    download(hub, folder)

    assert_whole(folder)


def test_a_closed_address_is_unreachable_at_once(hub: HubServer, folder: Path) -> None:
    wanted = Wanted("model", ID, {"huggingface": ID})

    with pytest.raises(XtguiError) as caught:
        fetch(Download(wanted, folder, Seen(), QUICK), at(closed_endpoint()))

    error = caught.value
    assert (error.code, error.exit) == ("download.unreachable_huggingface_mirror", Exit.FAILED)
    assert error.data["why"] == "connection refused"
    assert not folder.exists()


def test_an_address_that_never_answers_is_unreachable_in_the_time_set(
    hub: HubServer, folder: Path
) -> None:
    wanted = Wanted("model", ID, {"huggingface": ID})
    started = time.monotonic()

    with silent_server() as address, pytest.raises(XtguiError) as caught:
        fetch(Download(wanted, folder, Seen(), Patience(answer_s=0.4)), at(address))

    assert caught.value.data["why"] == "timed out"
    assert time.monotonic() - started < 2


def test_an_answer_that_is_not_a_hubs_is_said(hub: HubServer, folder: Path) -> None:
    put_model(hub)
    hub.repository(ID).faults = [Fault("status", 200)]

    assert failure(hub, folder).code == "download.no_hub"


@pytest.mark.parametrize("size", ["12", -1, None, [1]])
def test_a_size_that_is_none_is_no_hubs_answer(hub: HubServer, folder: Path, size: Any) -> None:
    put_model(hub)
    hub.repository(ID).listing = [{"type": "file", "path": "a.json", "size": size, "oid": "0" * 40}]

    assert failure(hub, folder).code == "download.no_hub"


@pytest.mark.parametrize("listing", ["x", {"a": 1}, [1], [{"type": "file", "path": 5}]])
def test_a_listing_of_another_form_is_no_hubs_answer(
    hub: HubServer, folder: Path, listing: Any
) -> None:
    hub.repository(ID).listing = listing

    assert failure(hub, folder).code == "download.no_hub"


@pytest.mark.parametrize("before", [[], [PASS]], ids=["what it is", "what it holds"])
def test_an_answer_without_an_end_is_given_up(
    hub: HubServer, folder: Path, before: list[Fault]
) -> None:
    hub.repository(ID).faults = [*before, ENDLESS]
    error = failure(hub, folder)

    assert (error.code, error.exit) == ("download.too_long_answer", Exit.ANSWERS)
    assert not folder.exists()


def test_an_answer_that_unpacks_to_far_more_is_no_hubs_answer(hub: HubServer, folder: Path) -> None:
    hub.repository(ID).faults = [GZIP]

    assert failure(hub, folder).code == "download.no_hub"


def test_answers_that_are_too_much_together_are_given_up(
    hub: HubServer, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answer_limit, "LONGEST_LISTING", 200_000)
    hub.repository(ID).listing = [{"type": "directory", "path": "x" * 50_000, "oid": "0" * 40}]
    hub.repository(ID).is_endless = True

    assert failure(hub, folder).code == "download.too_long_answer"


def test_a_listing_without_an_end_is_given_up(
    hub: HubServer, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(huggingface, "_MOST_FILES", 2500)
    hub.repository(ID).listing = [
        {"type": "file", "path": f"{number}.json", "size": 1, "oid": "0" * 40}
        for number in range(1000)
    ]
    hub.repository(ID).is_endless = True

    assert failure(hub, folder).code == "download.too_many_files"


def test_a_busy_listing_is_asked_again_without_a_word_of_the_library(
    hub: HubServer, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    put_model(hub)
    hub.repository(ID).faults = [PASS, status(503)]

    download(hub, folder)

    assert_whole(folder)
    assert capsys.readouterr().err == ""
