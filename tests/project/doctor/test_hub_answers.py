"""Whether a hub answers, asked of real servers on this machine."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest
from hub_server import HubServer, closed_endpoint, silent_server

from xtgui_cli.hubs.registry import HUBS
from xtgui_cli.project.doctor.hub_answers import ask_hub

HUB = HUBS["huggingface"]


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


def test_a_hub_that_answers_tells_the_time_and_is_sent_no_token(
    hub: HubServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_ENDPOINT", hub.endpoint)
    monkeypatch.setenv("HF_TOKEN", "hf_secret")

    found = ask_hub(HUB, limit_s=20)

    assert found.state == "answered"
    assert found.clock is not None
    assert abs(found.clock - datetime.now(timezone.utc)) < timedelta(minutes=5)
    assert all("hf_secret" not in str(request.headers) for request in hub.requests)


def test_one_that_accepts_and_says_nothing_is_silent(monkeypatch: pytest.MonkeyPatch) -> None:
    with silent_server() as endpoint:
        monkeypatch.setenv("HF_ENDPOINT", endpoint)

        assert ask_hub(HUB, limit_s=0.2).state in ("silent", "unreachable")


def test_one_that_is_not_there_is_unreachable_with_a_reason(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("HF_ENDPOINT", closed_endpoint())

    found = ask_hub(HUB, limit_s=20)

    assert found.state == "unreachable"
    assert found.reason
    assert found.host.startswith("127.0.0.1:")


def test_an_address_that_is_none_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_ENDPOINT", "http://[")

    assert ask_hub(HUB).reason == "HF_ENDPOINT=http://["


def test_downloads_that_the_user_forbids_are_not_tried(
    hub: HubServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_ENDPOINT", hub.endpoint)
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")

    assert ask_hub(HUB).state == "offline"
    assert hub.requests == []
