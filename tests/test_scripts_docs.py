"""docs/scripts names the very keys that `--json` gives, in both languages."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
import tiny
from fake_project import FakeProject
from places import DOCS

from xtgui_cli.cli import entry

ROW = re.compile(r"^\| `xtgui ([^`]*)--json` \|[^|]*\| (.*) \|$", re.MULTILINE)


def documented(page: str) -> dict[str, set[str]]:
    """The keys by the words of their command that are not names of files."""
    return {
        " ".join(re.findall(r"[a-z]+", command)): set(re.findall(r"`(\w+)`", keys))
        for command, keys in ROW.findall((DOCS / page).read_text("utf-8"))
    }


def test_the_keys_are_those_that_are_documented(
    project: FakeProject, tiny_model: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = str(tiny.save_data(tmp_path / "rows.jsonl", rows=20))
    project.behave("works")
    project.train()
    root, model = ("--root", str(project.root)), ("--model", str(tiny_model))
    commands: dict[str, tuple[str, ...]] = {
        "": root,
        "status": root,
        "results": root,
        "runs": root,
        "check data": (data,),
        "check model": (str(tiny_model),),
        "data preview": (data, *model),
        "doctor": (),
    }

    found = {}
    for words, rest in commands.items():
        capsys.readouterr()
        entry.main([*words.split(), *rest, "--json"])
        found[words] = set(json.loads(capsys.readouterr().out))

    assert found == documented("scripts.md")


def test_both_languages_document_the_same_keys() -> None:
    assert documented("scripts.zh.md") == documented("scripts.md")
