"""Input that teaches nothing is refused in both languages, with 2, before anything is changed."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import tiny
from fake_project import FakeProject

from xtgui_cli.cli import entry as cli
from xtgui_cli.shared.errors import Exit
from xtgui_cli.texts import set_language

pytestmark = pytest.mark.process

HAN = re.compile("[\u4e00-\u9fff]")


def lines(rows: list[Any]) -> str:
    return "".join(json.dumps(row) + "\n" for row in rows)


def rows(answer: dict[str, Any] | None, count: int = 5) -> str:
    said = [] if answer is None else [{"role": "assistant", **answer}]
    return lines(
        [{"messages": [{"role": "user", "content": f"Q {n}?"}, *said]} for n in range(count)]
    )


SAME = lines(
    [
        {
            "messages": [
                {"role": "user", "content": "Q?"},
                {"role": "assistant", "content": f"A {n}."},
            ]
        }
        for n in range(20)
    ]
)
GOOD = rows({"content": "A."}, count=20)
SYSTEM_ONLY = lines([{"messages": [{"role": "system", "content": "S"}]}])

DATA = {
    "a val ratio that holds nothing out": (GOOD, "train.val_ratio=0.001"),
    "a val ratio that leaves nothing": (SAME, "train.val_ratio=0.2"),
    "a val ratio above a half": (GOOD, "train.val_ratio=0.9"),
    "questions without answers": (rows(None), ""),
    "empty answers": (rows({"content": ""}), ""),
    "answers that are null": (rows({"content": None}), ""),
    "answers that are not trained": (rows({"content": "A.", "loss": False}), ""),
    "no assistant": (SYSTEM_ONLY, ""),
    "no row": ("", ""),
}
TESTS = {
    "tests without key words": lines([{"question": "Q?"}]),
    "an empty list of key words": lines([{"question": "Q?", "keywords": []}]),
    "key words that are blank": lines([{"question": "Q?", "keywords": [" | "]}]),
    "no test": "",
}


@pytest.fixture(params=["en", "zh"])
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def refused(arguments: list[str], language: str, capfd: pytest.CaptureFixture[str]) -> str:
    """Run a command that must be refused, and give what was said in that language."""
    capfd.readouterr()
    set_language(language)
    code = cli.main(["--lang", language, *arguments])
    set_language("en")
    said = capfd.readouterr()
    assert (code, said.out) == (Exit.ANSWERS, "")
    assert said.err.startswith("✗")
    assert "Traceback" not in said.err
    assert bool(HAN.search(said.err)) == (language == "zh")
    return said.err


def init(folder: Path, model: Path, *sets: str) -> list[str]:
    given = (f"model.path={model}", "data.mix_general=0", *filter(None, sets))
    flags = [word for entry in given for word in ("--set", entry)]
    return ["init", "--root", str(folder / "project"), "--yes", "--no-train", *flags]


@pytest.mark.parametrize("name", DATA)
def test_data_that_teach_nothing_make_no_project(
    name: str,
    language: str,
    tmp_path: Path,
    tiny_model: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("XTGUI_CONFIG_DIR", str(tmp_path / "config"))
    content, setting = DATA[name]
    data = tmp_path / "rows.jsonl"
    data.write_text(content)

    refused(init(tmp_path, tiny_model, f"data.path={data}", setting), language, capfd)

    assert not (tmp_path / "project").exists()
    assert data.read_text() == content


@pytest.mark.parametrize("name", TESTS)
def test_tests_that_cannot_be_judged_make_no_project(
    name: str,
    language: str,
    tmp_path: Path,
    tiny_model: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("XTGUI_CONFIG_DIR", str(tmp_path / "config"))
    data = tiny.save_data(tmp_path / "rows.jsonl", rows=20)
    tests = tmp_path / "tests.jsonl"
    tests.write_text(TESTS[name])
    sets = (f"data.path={data}", f"data.tests={tests}")

    said = refused(init(tmp_path, tiny_model, *sets), language, capfd)

    assert "tests.jsonl" in said
    assert not (tmp_path / "project").exists()


@pytest.mark.parametrize("epochs", ["0", "-1", "some"])
def test_no_further_epochs_are_no_command(
    epochs: str, language: str, project: FakeProject, capfd: pytest.CaptureFixture[str]
) -> None:
    project.behave("works")
    project.train()
    config, starts = project.folder.config_file.read_text(), len(project.events("start"))

    said = refused(["train", "--root", str(project.root), "--more", epochs], language, capfd)

    assert "--more" in said
    assert project.folder.config_file.read_text() == config
    assert len(project.events("start")) == starts
