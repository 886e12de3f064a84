"""What is typed wrongly is explained in the words of the question, and can be mended."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from scripted import BACK, Wizard

from xtgui_cli.project import settings_file
from xtgui_cli.settings.table import BY_KEY
from xtgui_cli.shared.run_folder import RunFolder
from xtgui_cli.texts import LANGUAGES, set_language, t
from xtgui_cli.ui import ask
from xtgui_cli.wizard import questions

pytestmark = pytest.mark.usefixtures("only_the_wizard")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("key", ["train.max_epochs", "train.lr", "lora.lora_r"])
def test_a_wrong_value_is_explained_by_the_name_that_was_asked_for(
    key: str, language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_language(language)
    problems: list[str | None] = []

    def text(_: str, default: str, check: Callable[[str], str | None], **__: Any) -> str:
        problems.append(check("abc"))
        return default

    monkeypatch.setattr(ask, "text", text)

    questions.ask_setting(BY_KEY[key], 1)

    (problem,) = problems
    assert problem is not None
    assert t(f"settings.{key}") in problem
    assert key not in problem


def test_a_path_that_was_wrong_is_there_to_be_mended(
    wizard: Wizard, folder: RunFolder, sources: dict[str, Any], tmp_path: Path
) -> None:
    above = Path(sources["model.path"]).parent
    empty = tmp_path / "empty.jsonl"
    empty.write_text("")
    replies = {
        **sources,
        "model.path.source": ["own", "own"],
        "model.path": [str(above), sources["model.path"]],
        "data.path.source": ["own", "own"],
        "data.path": [str(empty), sources["data.path"]],
        "parameters": "go_on",
        "ready": "write",
    }

    script = wizard(replies)

    assert script.offered["model.path"] == str(above)
    assert script.offered["data.path"] == str(empty)
    saved = settings_file.load(folder.settings_file)
    assert (saved["model.path"], saved["data.path"]) == (
        sources["model.path"],
        sources["data.path"],
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_before_the_first_question_it_is_said_how_to_take_another_folder(
    wizard: Wizard, sources: dict[str, Any], language: str, capsys: pytest.CaptureFixture[str]
) -> None:
    set_language(language)

    wizard({**sources, "train.method": [BACK, "lora"], "parameters": "go_on", "ready": "write"})

    assert "xtgui init --root" in " ".join(capsys.readouterr().err.split())


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_question_for_data_names_the_formats_that_it_takes(language: str) -> None:
    set_language(language)

    explained = t("settings.data.path.help")

    assert all(name in explained for name in ("CSV", "Parquet", "ShareGPT", '"messages"'))
