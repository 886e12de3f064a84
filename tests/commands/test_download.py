"""`xtgui download`, as a user and as a program see it."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from hub_server import HubServer, closed_endpoint, slow, status
from terminal import CTRL_C, Terminal

from xtgui_cli.cli.entry import main
from xtgui_cli.commands import download
from xtgui_cli.hubs.registry import USUAL_HUB
from xtgui_cli.hubs.wanted import Wanted
from xtgui_cli.project import trust
from xtgui_cli.project.user_config import config_file, save_user_config
from xtgui_cli.project.users_hubs import users_order
from xtgui_cli.shared.errors import Exit, XtguiError

pytestmark = pytest.mark.process

ID = "user/model"
WEIGHTS = bytes(range(256)) * 4000


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to be in."""
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)
    monkeypatch.setenv("XTGUI_LANG", "en")
    monkeypatch.setenv("XTGUI_CONFIG_DIR", str(tmp_path / "settings"))
    return folder


def put_model(hub: HubServer) -> None:
    hub.repository(ID).add("config.json", b"{}")
    hub.repository(ID).add("model.safetensors", WEIGHTS)


def test_the_folder_is_the_data_and_the_rest_is_talk(
    hub: HubServer, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    put_model(hub)

    assert main(["download", "model", ID, "--endpoint", hub.endpoint]) == Exit.DONE

    shown = capsys.readouterr()
    assert shown.out.strip() == str(here / "download_cache" / "model_download" / "user_model")
    assert "2 files, 1.0 MB: complete" in shown.err


def test_as_json_it_says_what_came_from_where(
    hub: HubServer, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    put_model(hub)
    hub.repository(ID).add("modeling_x.py", b"x = 1\n")

    main(["download", "model", ID, "--endpoint", hub.endpoint, "--json"])

    told = json.loads(capsys.readouterr().out)
    assert (told["source"], told["host"], told["was_here"]) == ("huggingface", hub.host, False)
    assert told["files"] == ["config.json", "model.safetensors", "modeling_x.py"]
    assert (told["python_files"], told["without_checksum"]) == (["modeling_x.py"], 0)
    assert told["bytes"] == len(WEIGHTS) + 8


def test_the_second_time_no_hub_is_needed(
    hub: HubServer, capsys: pytest.CaptureFixture[str]
) -> None:
    put_model(hub)
    main(["download", "model", ID, "--endpoint", hub.endpoint])

    assert main(["download", "model", ID, "--endpoint", closed_endpoint()]) == Exit.DONE

    assert "is already downloaded and complete" in capsys.readouterr().err


def test_a_data_set_comes_into_the_projects_own_cache(
    hub: HubServer, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (here / "xtgui.toml").write_text('[paths]\ncache = "shared"\n')
    trust.trust(here)
    hub.repository("user/rows", "dataset").add("dataset_infos.json", b"{}")
    hub.repository("user/rows", "dataset").add("train.jsonl", b'{"a": 1}\n')

    main(["download", "dataset", "user/rows", "--endpoint", hub.endpoint])

    folder = here / "shared" / "data_download" / "dataset_user_rows"
    assert (folder / "train.jsonl").is_file()
    shown = capsys.readouterr().err.replace("\n", " ")
    assert "xtgui check data shared/data_download/dataset_user_rows/train.jsonl" in shown


@pytest.fixture
def shared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that many may write in, with a stranger's project; one works in a folder below.

    Its downloads would go to where the stranger has planted a link to one's own ~/.profile.
    """
    shared, cache, mine = tmp_path / "shared", tmp_path / "strangers", tmp_path / "shared" / "mine"
    mine.mkdir(parents=True)
    (shared / "xtgui.toml").write_text(f'[paths]\ncache = "{cache}"\n')
    part = hashlib.sha256(WEIGHTS).hexdigest()
    name = hashlib.sha256(f"sha256 {part} {len(WEIGHTS)}".encode()).hexdigest()
    parts = cache / "model_download" / "user_model" / ".xtgui-download"
    parts.mkdir(parents=True)
    (tmp_path / ".profile").write_bytes(b"umask 022\n")
    (parts / f"{name}.part").symlink_to(tmp_path / ".profile")
    monkeypatch.chdir(mine)
    return shared


def test_a_project_that_a_stranger_has_put_above_is_named_and_not_obeyed(
    hub: HubServer, shared: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    put_model(hub)
    monkeypatch.setattr(trust, "owners_of", lambda path: {4711} if path.exists() else set())

    assert main(["download", "model", ID, "--endpoint", hub.endpoint]) == Exit.DONE

    assert (shared.parent / ".profile").read_bytes() == b"umask 022\n"
    assert (shared / "mine" / "download_cache" / "model_download" / "user_model").is_dir()
    said = capsys.readouterr().err
    assert f"xtgui trust {shared}" in said.splitlines()


def test_a_project_that_was_only_found_does_not_say_where_downloads_go(
    hub: HubServer, shared: Path, capsys: Any
) -> None:
    put_model(hub)

    assert main(["download", "model", ID, "--endpoint", hub.endpoint]) == Exit.DONE

    assert (shared.parent / ".profile").read_bytes() == b"umask 022\n"
    assert (shared / "download_cache" / "model_download" / "user_model").is_dir()
    said = capsys.readouterr().err
    assert "paths.cache" in said
    assert f"xtgui trust {shared}" in said.splitlines()


def test_a_trusted_projects_cache_is_used_but_no_link_in_it_followed(
    hub: HubServer, shared: Path
) -> None:
    put_model(hub)
    trust.trust(shared)

    assert main(["download", "model", ID, "--endpoint", hub.endpoint]) == Exit.ANSWERS

    assert (shared.parent / ".profile").read_bytes() == b"umask 022\n"


@pytest.mark.parametrize(
    "planted", ["download_cache", "download_cache/model_download", "model folder"]
)
def test_a_link_in_place_of_the_folder_for_downloads_is_not_followed_in_a_found_folder(
    hub: HubServer, here: Path, planted: str, tmp_path: Path
) -> None:
    put_model(hub)
    link = here / planted.replace("model folder", "download_cache/model_download/user_model")
    link.parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / "elsewhere").mkdir()
    link.symlink_to(tmp_path / "elsewhere")

    assert main(["download", "model", ID, "--endpoint", hub.endpoint]) == Exit.ANSWERS

    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_in_a_trusted_project_the_downloads_may_lie_on_another_disk(
    hub: HubServer, here: Path, tmp_path: Path
) -> None:
    put_model(hub)
    (tmp_path / "large-disk").mkdir()
    (here / "download_cache").symlink_to(tmp_path / "large-disk")
    trust.trust(here)

    assert main(["download", "model", ID, "--endpoint", hub.endpoint]) == Exit.DONE

    assert (tmp_path / "large-disk" / "model_download" / "user_model").is_dir()


def test_a_model_that_came_is_one_that_trains(
    hub: HubServer, here: Path, tiny_model: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for file in tiny_model.iterdir():
        hub.repository(ID).add(file.name, file.read_bytes())

    folder = download.obtain("model", ID, here / "cache", endpoint=hub.endpoint).folder

    assert folder == here / "cache" / "model_download" / "user_model"
    assert main(["check", "model", str(folder)]) == Exit.DONE


def test_a_name_with_a_slip_is_told_those_that_look_like_it(
    hub: HubServer, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["download", "model", "Qwen/Qwen2.5-0.5B-Instrukt", "--endpoint", hub.endpoint]

    assert main(arguments) == Exit.ANSWERS

    assert "Did you mean Qwen/Qwen2.5-0.5B-Instruct" in capsys.readouterr().err.replace("\n ", "")


def test_a_hub_that_is_asked_for_by_name_is_asked_even_if_the_lists_do_not_know_it_there(
    hub: HubServer, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(download, "wanted_of", lambda kind, id: Wanted(kind, id, {}))
    put_model(hub)

    fetched = download.obtain("model", ID, here, source=USUAL_HUB, endpoint=hub.endpoint)

    assert (fetched.folder / "model.safetensors").is_file()


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_hub_that_is_not_there_names_mirror_and_modelscope_in_one_command_each(
    language: str, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["download", "model", ID, "--endpoint", closed_endpoint(), "--lang", language]

    assert main(arguments) == Exit.FAILED

    lines = [line.strip() for line in capsys.readouterr().err.splitlines()]
    assert f"xtgui download model {ID} --endpoint hf-mirror.com" in lines
    assert f"xtgui download model {ID} --source modelscope" in lines


def test_no_token_is_ever_shown(
    hub: HubServer, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("HF_TOKEN", "hf_secret_of_a_test")
    save_user_config({"download.token_hosts": [hub.host]})
    put_model(hub)
    hub.repository(ID).files["model.safetensors"].faults = [
        status(403, X_Error_Code="GatedRepo"),
    ]

    code = main(["download", "model", ID, "--endpoint", hub.endpoint, "--debug"])

    shown = capsys.readouterr()
    assert code == Exit.FAILED
    assert any("Authorization" in request.headers for request in hub.requests)
    assert "hf auth login" in shown.err
    assert "hf_secret" not in shown.out + shown.err


def test_the_hubs_are_asked_in_the_users_order(hub: HubServer) -> None:
    assert [hub.name for hub in users_order()] == ["huggingface", "modelscope"]
    save_user_config({"download.order": ["modelscope", "huggingface"]})
    assert [hub.name for hub in users_order()] == ["modelscope", "huggingface"]


@pytest.mark.parametrize("order", ['"huggingface"', "[]", '["openxlab"]', "[1]"])
def test_an_order_that_names_no_hubs_is_a_wrong_answer(hub: HubServer, order: str) -> None:
    config_file().parent.mkdir(parents=True)
    config_file().write_text(f"[download]\norder = {order}\n")

    with pytest.raises(XtguiError) as caught:
        users_order()

    assert (caught.value.code, caught.value.exit) == ("download.bad_order", Exit.ANSWERS)


def test_a_projects_file_cannot_allow_a_host_to_see_the_token(
    hub: HubServer, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_TOKEN", "hf_secret_of_a_test")
    (here / "xtgui.toml").write_text(f'[download]\ntoken_hosts = ["{hub.host}"]\n')
    trust.trust(here)
    put_model(hub)

    assert main(["download", "model", ID, "--endpoint", hub.endpoint]) == Exit.ANSWERS

    assert not any("Authorization" in request.headers for request in hub.requests)


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["download", "model", "../x"], Exit.ANSWERS),
        (["download", "model", "a/b", "--source", "openxlab"], Exit.ANSWERS),
        (["download", "model", "a/b", "--endpoint", "ftp://x"], Exit.ANSWERS),
        (["download", "model"], Exit.ANSWERS),
    ],
)
def test_wrong_flags_are_wrong_answers(arguments: list[str], code: Exit) -> None:
    assert main(arguments) == code


def test_names_of_a_hub_do_not_steer_the_terminal(
    hub: HubServer, capsys: pytest.CaptureFixture[str]
) -> None:
    put_model(hub)
    hub.repository(ID).add("\x1b[2Jx.json", b"{}")

    assert main(["download", "model", ID, "--endpoint", hub.endpoint]) == Exit.FAILED

    assert "\x1b" not in capsys.readouterr().err


def test_ctrl_c_on_a_terminal_keeps_what_came_and_the_next_call_goes_on(
    hub: HubServer, here: Path
) -> None:
    put_model(hub)
    hub.repository(ID).files["model.safetensors"].faults = [slow(100_000)]
    command = ["-m", "xtgui_cli", "download", "model", ID, "--endpoint", hub.endpoint]
    terminal = Terminal(command, here)
    terminal.wait_for("kB/s 00:00:0")

    terminal.send(CTRL_C)

    assert terminal.wait_for_end() == Exit.INTERRUPTED
    assert "Downloaded data is kept" in terminal.everything
    assert terminal.everything.count("Interrupted.") == 1
    part = next((here / "download_cache").rglob("*.part")).stat().st_size
    assert 0 < part < len(WEIGHTS)
    second = Terminal(command, here)
    assert second.wait_for_end() == Exit.DONE
    assert hub.asked_for("model.safetensors")[-1].headers["Range"] == f"bytes={part}-"


def test_a_process_that_is_killed_leaves_what_came(hub: HubServer, here: Path) -> None:
    put_model(hub)
    hub.repository(ID).files["model.safetensors"].faults = [slow(300_000)]
    command = [sys.executable, "-m", "xtgui_cli", "download", "model", ID]
    with subprocess.Popen(
        [*command, "--endpoint", hub.endpoint], stderr=subprocess.DEVNULL, env=os.environ
    ) as process:
        deadline = time.monotonic() + 20
        while not any(part.stat().st_size > 1000 for part in here.rglob("*.part")):
            assert time.monotonic() < deadline
            time.sleep(0.02)
        process.kill()

    assert main([*command[3:], "--endpoint", hub.endpoint]) == Exit.DONE
    assert hub.asked_for("model.safetensors")[-1].headers["Range"].startswith("bytes=")


@pytest.mark.parametrize(
    ("asked", "right"),
    [
        ("model tatsu-lab/alpaca", "dataset tatsu-lab/alpaca"),
        ("dataset Qwen/Qwen2.5-0.5B-Instruct", "model Qwen/Qwen2.5-0.5B-Instruct"),
    ],
)
def test_a_name_that_the_lists_know_as_the_other_kind_asks_no_hub(
    hub: HubServer,
    asked: str,
    right: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("HF_ENDPOINT", hub.endpoint)

    assert main(["download", *asked.split()]) == Exit.ANSWERS

    assert f"xtgui download {right}" in capsys.readouterr().err
    assert hub.requests == []


def test_the_command_to_go_on_with_stands_on_one_line_however_long(
    hub: HubServer, here: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    put_model(hub)
    root = tmp_path / "a" / ("long" * 20)

    main(["download", "model", ID, "--endpoint", hub.endpoint, "--root", str(root)])

    command = f"xtgui init --set model.path={root}/download_cache/model_download/user_model"
    assert command in capsys.readouterr().err.splitlines()
