"""Who may have what: gated and private repositories, and where the user's token goes."""

from __future__ import annotations

from pathlib import Path

import pytest
from hub_server import HubServer, closed_endpoint, hub_server, status
from hub_watcher import Seen

from xtgui_cli.hubs.fetch import fetch
from xtgui_cli.hubs.patience import Patience
from xtgui_cli.hubs.registry import HUBS, USUAL_HUB
from xtgui_cli.hubs.wanted import Download, HubChoice, Wanted
from xtgui_cli.shared.errors import Exit, XtguiError
from xtgui_cli.texts import has
from xtgui_cli.ui.console import in_words

pytestmark = pytest.mark.process

TOKEN = "hf_secret_of_a_test"
QUICK = Patience(answer_s=2, attempts=2, first_wait_s=0.01)
EVERY_HUB = HubChoice(list(HUBS.values()))


def download(hub: HubServer, folder: Path, *token_hosts: str) -> None:
    wanted = Wanted("model", "user/model", {"huggingface": "user/model"})
    choice = HubChoice([USUAL_HUB], hub.endpoint, token_hosts)
    fetch(Download(wanted, folder, Seen(), QUICK), choice)


def failure(hub: HubServer, folder: Path, *token_hosts: str) -> XtguiError:
    with pytest.raises(XtguiError) as caught:
        download(hub, folder, *token_hosts)
    return caught.value


def tokens(hub: HubServer) -> set[str | None]:
    """Return what the requests were authorized with."""
    return {request.headers.get("Authorization") for request in hub.requests}


def put_model(hub: HubServer) -> None:
    hub.repository("user/model").add("model.safetensors", b"x" * 1000)


def test_no_token_goes_to_a_host_that_was_not_allowed(
    hub: HubServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_TOKEN", TOKEN)
    put_model(hub)

    download(hub, tmp_path / "model")

    assert tokens(hub) == {None}


def test_a_host_that_was_allowed_gets_the_token_with_every_request(
    hub: HubServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_TOKEN", TOKEN)
    put_model(hub)

    download(hub, tmp_path / "model", hub.host)

    assert tokens(hub) == {f"Bearer {TOKEN}"}
    assert TOKEN not in (tmp_path / "model" / ".xtgui-download.json").read_text()


def test_a_token_does_not_follow_a_redirect_to_another_host(
    hub: HubServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_TOKEN", TOKEN)
    put_model(hub)
    with hub_server() as store:
        put_model(store)
        hub.files_at = store.endpoint

        download(hub, tmp_path / "model", hub.host)

        assert tokens(store) == {None}
        assert [request.method for request in store.requests] == ["GET"]


@pytest.mark.parametrize(
    ("endpoint", "may"),
    [
        (None, True),
        ("https://huggingface.co", True),
        ("http://huggingface.co", False),
        ("https://huggingface.co.example.com", False),
        ("https://hf-mirror.com", False),
        ("https://huggingface.co:8443", False),
    ],
)
def test_only_the_hub_itself_may_see_the_token_unasked(
    hub: HubServer, endpoint: str | None, *, may: bool
) -> None:
    assert USUAL_HUB.place_of("model", "a/b", endpoint).is_own_host is may


@pytest.mark.parametrize(
    "endpoint",
    [
        *("https://huggingface.co@example.com", "ftp://x", "https://", "https://a?b=c"),
        "https://hub.example/\x1b[2J",
    ],
)
def test_an_address_with_more_in_it_than_a_host_is_refused(endpoint: str) -> None:
    with pytest.raises(XtguiError) as caught:
        USUAL_HUB.place_of("model", "a/b", endpoint)

    assert (caught.value.code, caught.value.exit) == ("download.bad_endpoint", Exit.ANSWERS)


@pytest.mark.parametrize(
    "endpoint", ["https://me:hf_secret@mirror", "me:hf_secret@mirror", "http://hf_secret@mirror/x"]
)
def test_a_password_in_an_address_is_not_shown(endpoint: str) -> None:
    with pytest.raises(XtguiError) as caught:
        USUAL_HUB.place_of("model", "a/b", endpoint)

    assert caught.value.code == "download.bad_endpoint"
    assert "hf_secret" not in str(caught.value.data)
    assert "mirror" in caught.value.data["endpoint"]


def test_an_address_without_a_scheme_is_asked_with_https() -> None:
    place = USUAL_HUB.place_of("model", "a/b", "hf-mirror.com/")

    assert (place.endpoint, place.host) == ("https://hf-mirror.com", "hf-mirror.com")


@pytest.mark.parametrize("number", [401, 403])
def test_a_gated_model_names_the_page_and_the_login(
    hub: HubServer, tmp_path: Path, number: int
) -> None:
    put_model(hub)
    hub.repository("user/model").files["model.safetensors"].faults = [
        status(number, X_Error_Code="GatedRepo")
    ]

    error = failure(hub, tmp_path / "model", hub.host)

    assert (error.code, error.exit) == ("download.gated", Exit.FAILED)
    assert error.data["page"] == "https://huggingface.co/user/model"
    assert error.data["login"] == "hf auth login"


def test_a_gated_model_on_a_mirror_says_that_the_token_is_not_sent_there(
    hub: HubServer, tmp_path: Path
) -> None:
    put_model(hub)
    hub.repository("user/model").faults = [status(403, X_Error_Code="GatedRepo")]

    assert failure(hub, tmp_path / "model").code == "download.gated_no_token"


def test_a_refusal_is_not_asked_again(hub: HubServer, tmp_path: Path) -> None:
    put_model(hub)
    hub.repository("user/model").files["model.safetensors"].faults = [status(403)] * 5

    error = failure(hub, tmp_path / "model", hub.host)

    assert (error.code, error.data["status"]) == ("download.denied", 403)
    assert len(hub.asked_for("model.safetensors")) == 1


def test_a_name_that_the_hub_does_not_have_is_a_wrong_answer(
    hub: HubServer, tmp_path: Path
) -> None:
    error = failure(hub, tmp_path / "model")

    assert (error.code, error.exit) == ("download.not_found", Exit.ANSWERS)
    assert not (tmp_path / "model").exists()


def test_an_id_that_the_library_refuses_is_a_wrong_answer(hub: HubServer, tmp_path: Path) -> None:
    wanted = Wanted("model", "a--b/c", {"huggingface": "a--b/c"})

    with pytest.raises(XtguiError) as caught:
        fetch(Download(wanted, tmp_path / "model", Seen()), HubChoice([USUAL_HUB], hub.endpoint))

    assert (caught.value.code, caught.value.exit) == ("download.bad_id", Exit.ANSWERS)


def test_a_file_that_vanished_is_a_failure(hub: HubServer, tmp_path: Path) -> None:
    put_model(hub)
    hub.repository("user/model").files["model.safetensors"].faults = [status(410)]

    assert failure(hub, tmp_path / "model").data["status"] == 410


def test_the_library_set_offline_is_said(
    hub: HubServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    put_model(hub)

    assert failure(hub, tmp_path / "model").code == "download.offline"
    assert hub.requests == []


def test_a_hub_that_is_not_known_to_have_it_is_neither_asked_nor_named(
    hub: HubServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_ENDPOINT", closed_endpoint())
    wanted = Wanted("model", "user/model", {"huggingface": "user/model"})

    with pytest.raises(XtguiError) as caught:
        fetch(Download(wanted, tmp_path / "model", Seen(), QUICK), EVERY_HUB)

    assert caught.value.code == "download.unreachable_huggingface_mirror"
    assert caught.value.hint is not None
    assert "modelscope" not in in_words(caught.value.hint).lower()


def test_the_next_hub_is_asked_and_each_reason_is_told(
    hub: HubServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = Seen()
    monkeypatch.setenv("HF_ENDPOINT", hub.endpoint)
    monkeypatch.setenv("MODELSCOPE_ENDPOINT", closed_endpoint())
    wanted = Wanted("model", "user/model", {"huggingface": "user/model", "modelscope": "u/m"})

    with pytest.raises(XtguiError) as caught:
        fetch(Download(wanted, tmp_path / "model", seen, QUICK), EVERY_HUB)

    assert caught.value.problems[0].code == "download.not_found"
    assert len(caught.value.problems) == 2
    assert seen.told("download.not_found") == [hub.host]


def test_where_no_hub_is_reached_none_is_advised(
    hub: HubServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HF_ENDPOINT", "MODELSCOPE_ENDPOINT"):
        monkeypatch.setenv(name, closed_endpoint())
    wanted = Wanted("model", "user/model", {"huggingface": "user/model", "modelscope": "u/m"})

    with pytest.raises(XtguiError) as caught:
        fetch(Download(wanted, tmp_path / "model", Seen(), QUICK), EVERY_HUB)

    codes = [problem.code for problem in caught.value.problems]
    assert (caught.value.code, caught.value.exit) == ("download.none_reached", Exit.FAILED)
    assert codes[0] == "download.unreached"
    assert codes[1] in ("download.unreached", "download.without_package")
    assert not has("download.unreached.hint")


def test_a_hub_that_answers_no_is_told_apart(
    hub: HubServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_ENDPOINT", hub.endpoint)
    monkeypatch.setenv("MODELSCOPE_ENDPOINT", closed_endpoint())
    wanted = Wanted("model", "user/none", {"huggingface": "user/none", "modelscope": "u/n"})

    with pytest.raises(XtguiError) as caught:
        fetch(Download(wanted, tmp_path / "model", Seen(), QUICK), EVERY_HUB)

    assert caught.value.code == "download.all_failed"
    assert caught.value.problems[0].code == "download.not_found"
