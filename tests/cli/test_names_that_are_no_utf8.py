"""File names that are no UTF-8, as old archives leave them: every command says them, or says no."""

from __future__ import annotations

import io
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import tiny

from xtgui_cli.cli.entry import main
from xtgui_cli.project import trust
from xtgui_cli.shared.errors import Exit
from xtgui_cli.shared.events import EventWriter
from xtgui_cli.shared.run_folder import RunFolder
from xtgui_cli.ui import console

pytestmark = pytest.mark.process

NAME = os.fsdecode(b"caf\xe9")
STREAMS = {
    "utf-8": ("utf-8", "strict"),
    "C": ("ascii", "surrogateescape"),
    "western": ("latin-1", "strict"),
}


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory, tiny_model: Path) -> Path:
    """A folder with such a name that holds such a model, data and a trained project."""
    here = tmp_path_factory.mktemp("names") / NAME
    here.mkdir()
    shutil.copytree(tiny_model, here / NAME)
    tiny.save_data(here / f"{NAME}.jsonl", 20)
    (here / f"{NAME}.csv").write_text("question,answer\nWho?,Me.\n")
    folder = RunFolder(here / "project")
    folder.state_dir.mkdir(parents=True)
    say = EventWriter(folder.events_file)
    say("start", run_id="1", method="lora", model=str(here / NAME), pid=1)
    say("end", status="failed", iter=0, checkpoint=None, code="unknown", data={})
    folder.log_file.write_text("hello\n")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XTGUI_CONFIG_DIR", str(here.parent / "config"))
        trust.trust(folder.root)
    return here


@pytest.fixture(autouse=True)
def own_config(places: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XTGUI_CONFIG_DIR", str(places.parent / "config"))
    monkeypatch.setenv("XTGUI_LANG", "en")


def run(
    monkeypatch: pytest.MonkeyPatch, stream: str, *arguments: str | Path
) -> tuple[int, bytes, bytes]:
    """Run a command with stdout and stderr of one encoding; give code and what was written."""
    encoding, errors = STREAMS[stream]
    outputs = []
    for name in ("stdout", "stderr"):
        raw = io.BytesIO()
        outputs.append(raw)
        file = io.TextIOWrapper(raw, encoding=encoding, errors=errors, write_through=True)
        monkeypatch.setattr(sys, name, file)
    console.out.cache_clear()
    console.talk.cache_clear()
    try:
        code = main(list(map(str, arguments)))
    finally:
        console.out.cache_clear()
        console.talk.cache_clear()
    return code, outputs[0].getvalue(), outputs[1].getvalue()


def commands(places: Path) -> list[list[str | Path]]:
    project, data, model = places / "project", places / f"{NAME}.jsonl", places / NAME
    root: list[str | Path] = ["--root", project]
    return [
        [*root],
        [*root, "--json"],
        *([name, *root] for name in ("status", "results", "logs", "convert", "train")),
        ["status", *root, "--json"],
        ["chat", *root, "--prompt", "hello"],
        ["trust", project],
        ["check", "data", data],
        ["check", "data", data, "--json"],
        ["check", "data", data, "--fix", places / "fixed.jsonl"],
        ["data", "convert", places / f"{NAME}.csv", places / "made.jsonl"],
        ["data", "convert", places / f"{NAME}.csv", places / "also.jsonl", "--json"],
        ["data", "preview", data, "--model", model],
        ["data", "preview", data, "--model", model, "--json"],
        ["check", "model", model],
        ["check", "model", model, "--json"],
        ["estimate", "--model", model, "--root", project],
        ["estimate", "--model", model, "--root", project, "--json"],
        ["setup", "--python", model],
        ["demo", "--root", places / "demo", "--yes"],
        ["train", places / f"{NAME}.py", *root],
        ["download", "model", NAME, *root],
    ]


@pytest.mark.parametrize("stream", STREAMS)
def test_no_command_ends_with_a_traceback(
    places: Path, monkeypatch: pytest.MonkeyPatch, stream: str
) -> None:
    unforeseen = {}
    for file in ("fixed.jsonl", "made.jsonl", "also.jsonl"):
        (places / file).unlink(missing_ok=True)

    for arguments in commands(places):
        code, _, said = run(monkeypatch, stream, *arguments)
        if b"Unexpected error" in said or b"Traceback" in said or code not in (0, 1, 2, 3):
            unforeseen[" ".join(map(repr, arguments))] = said

    assert unforeseen == {}


def test_a_path_in_json_is_the_path(places: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    model = places / NAME

    code, shown, _ = run(monkeypatch, "utf-8", "check", "model", model, "--json")

    assert code == 0
    assert json.loads(shown)["path"] == str(model)


@pytest.mark.parametrize("what", ["root", "model.path", "data.path", "answers"])
def test_init_refuses_what_its_file_cannot_hold_before_it_writes_anything(
    places: Path,
    tmp_path: Path,
    tiny_model: Path,
    monkeypatch: pytest.MonkeyPatch,
    what: str,
) -> None:
    data = tiny.save_data(tmp_path / "data.jsonl", 20)
    sets = {"model.path": str(tiny_model), "data.path": str(data)}
    root = tmp_path / "new"
    more: list[str | Path] = []
    if what == "root":
        root = places / "new"
    elif what == "answers":
        (places / "answers.toml").write_text('[data]\npath = "rows.jsonl"\n')
        shutil.copy(data, places / "rows.jsonl")
        more = ["--answers", places / "answers.toml"]
        del sets["data.path"]
    else:
        sets[what] = str(places / (NAME if what == "model.path" else f"{NAME}.jsonl"))
    flags = [word for key, path in sets.items() for word in ("--set", f"{key}={path}")]

    code, _, said = run(
        monkeypatch, "utf-8", "init", "--yes", "--no-train", "--root", root, *flags, *more
    )

    assert code == Exit.ANSWERS, said
    assert b"UTF-8" in said
    assert not root.exists()


@pytest.mark.parametrize("locale", ["C", "C.UTF-8"])
def test_in_a_real_locale_too(places: Path, locale: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "xtgui_cli", "check", "data", places / f"{NAME}.jsonl"],
        env={**os.environ, "LC_ALL": locale, "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"},
        capture_output=True,
        timeout=60,
    )

    assert (done.returncode, done.stderr) == (0, b"")
