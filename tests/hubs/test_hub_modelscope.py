"""ModelScope through its own package, against a hub on 127.0.0.1."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from hub_server import ENDLESS, GZIP, PASS, Fault, HubServer, closed_endpoint, cut, status
from hub_watcher import Seen

from xtgui_cli.hubs.fetch import fetch
from xtgui_cli.hubs.hub import Kind
from xtgui_cli.hubs.patience import Patience
from xtgui_cli.hubs.refusals import HubPackageMissingError
from xtgui_cli.hubs.registry import HUBS
from xtgui_cli.hubs.wanted import Download, Fetched, HubChoice, Wanted
from xtgui_cli.shared.errors import Exit, XtguiError
from xtgui_cli.texts import t

pytestmark = pytest.mark.process

MODELSCOPE = HUBS["modelscope"]
ID = "user/model"
WEIGHTS = bytes(range(256)) * 500
QUICK = Patience(answer_s=5, stall_s=0.3, attempts=2, first_wait_s=0.01)


def download(hub: HubServer, folder: Path, kind: Kind = "model", *token_hosts: str) -> Fetched:
    pytest.importorskip("modelscope_hub")
    wanted = Wanted(kind, ID, {"huggingface": ID, "modelscope": ID})
    choice = HubChoice([MODELSCOPE], hub.endpoint, token_hosts)
    return fetch(Download(wanted, folder, Seen(), QUICK), choice)


def test_a_model_comes_is_checked_and_gone_on_from(hub: HubServer, tmp_path: Path) -> None:
    hub.repository(ID).add("config.json", b"{}")
    hub.repository(ID).add("model.safetensors", WEIGHTS, cut(10_000))

    fetched = download(hub, tmp_path / "model")

    assert (tmp_path / "model" / "model.safetensors").read_bytes() == WEIGHTS
    assert (fetched.hub, fetched.without_digest) == (MODELSCOPE, 0)
    ranges = [each.headers.get("Range") for each in hub.asked_for("model.safetensors")]
    assert ranges == [None, "bytes=10000-"]


def test_a_data_set_comes(hub: HubServer, tmp_path: Path) -> None:
    hub.repository(ID, "dataset").add("data/train.jsonl", b'{"a": 1}\n')

    download(hub, tmp_path / "data", "dataset")

    assert (tmp_path / "data" / "data" / "train.jsonl").read_bytes() == b'{"a": 1}\n'


def test_its_token_goes_only_where_it_was_allowed(
    hub: HubServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MODELSCOPE_API_TOKEN", "ms-secret")
    hub.repository(ID).add("model.safetensors", WEIGHTS)

    download(hub, tmp_path / "one")
    sent = [str(request.headers) for request in hub.requests]
    hub.requests.clear()
    download(hub, tmp_path / "two", "model", hub.host)

    assert not any("ms-secret" in headers for headers in sent)
    assert hub.asked_for("model.safetensors")[0].headers["Authorization"] == "Bearer ms-secret"


@pytest.mark.parametrize(
    ("number", "code", "exit"),
    [(404, "not_found", Exit.ANSWERS), (403, "denied_no_token", Exit.FAILED)],
)
def test_its_refusals_are_told_apart(
    hub: HubServer, tmp_path: Path, number: int, code: str, exit: Exit
) -> None:
    hub.repository(ID).faults = [status(number)] * 9

    with pytest.raises(XtguiError) as caught:
        download(hub, tmp_path / "model")

    assert (caught.value.code, caught.value.exit) == (f"download.{code}", exit)
    assert caught.value.data["page"] == f"https://www.modelscope.cn/models/{ID}"


def test_it_may_be_unreachable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("modelscope_hub")
    wanted = Wanted("model", ID, {"modelscope": ID})

    with pytest.raises(XtguiError) as caught:
        fetch(
            Download(wanted, tmp_path / "model", Seen(), Patience(answer_s=1)),
            HubChoice([MODELSCOPE], closed_endpoint()),
        )

    assert caught.value.code == "download.unreachable_modelscope_mirror"


def test_without_its_package_the_command_that_installs_it_is_named(
    hub: HubServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "modelscope_hub", None)
    wanted = Wanted("model", ID, {"modelscope": ID})

    with pytest.raises(HubPackageMissingError) as caught:
        fetch(Download(wanted, tmp_path / "model", Seen()), HubChoice([MODELSCOPE]))

    assert caught.value.exit is Exit.ENVIRONMENT
    assert 'pip install "xtgui[modelscope]"' in t(f"{caught.value.code}.hint", **caught.value.data)


def test_where_one_hub_fails_the_other_gives_it(
    hub: HubServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("modelscope_hub")
    monkeypatch.setenv("HF_ENDPOINT", closed_endpoint())
    monkeypatch.setenv("MODELSCOPE_ENDPOINT", hub.endpoint)
    hub.repository(ID).add("model.safetensors", WEIGHTS)
    wanted = Wanted("model", ID, {"huggingface": ID, "modelscope": ID})
    seen = Seen()

    fetched = fetch(
        Download(wanted, tmp_path / "model", seen, QUICK), HubChoice(list(HUBS.values()))
    )

    assert fetched.hub is MODELSCOPE
    assert [problem.code for problem in seen.problems] == [
        "download.unreachable_huggingface_mirror"
    ]


@pytest.mark.parametrize(
    ("faults", "code"),
    [
        ([ENDLESS], "download.too_long_answer"),
        ([PASS, ENDLESS], "download.too_long_answer"),
        ([GZIP], "download.no_hub"),
    ],
    ids=["what it is", "what it holds", "unpacks"],
)
def test_an_answer_without_an_end_is_given_up(
    hub: HubServer, tmp_path: Path, faults: list[Fault], code: str
) -> None:
    hub.repository(ID).faults = faults

    with pytest.raises(XtguiError) as caught:
        download(hub, tmp_path / "model")

    assert caught.value.code == code


@pytest.mark.parametrize("fault", [ENDLESS, GZIP], ids=["endless", "unpacks"])
def test_no_connection_of_an_answer_that_is_given_up_stays_open(
    hub: HubServer, tmp_path: Path, fault: Fault
) -> None:
    import psutil

    hub.repository(ID).faults = [fault]

    with pytest.raises(XtguiError) as caught:  # its traceback keeps what garbage would close
        download(hub, tmp_path / "model")

    connections = psutil.Process().net_connections("tcp4")
    to_hub = [one for one in connections if one.raddr and hub.host.endswith(f":{one.raddr.port}")]
    assert [one for one in to_hub if one.status == "ESTABLISHED"] == []
    assert caught.value.exit == Exit.ANSWERS
