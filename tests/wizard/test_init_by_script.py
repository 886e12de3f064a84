"""`xtgui init --yes`: answers from flags and a file, and no question."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from scripted import Script, follow

from xtgui_cli.project import settings_file, trust
from xtgui_cli.shared import config_file
from xtgui_cli.shared.errors import Exit, XtguiError
from xtgui_cli.shared.run_folder import RunFolder
from xtgui_cli.wizard import init
from xtgui_cli.wizard.init import InitRequest

pytestmark = pytest.mark.usefixtures("only_the_wizard")


def config_of(folder: RunFolder) -> dict[str, Any]:
    return config_file.read(folder.config_file.read_text("utf-8"))


# --- without questions -----------------------------------------------------------------------


def run_with_yes(root: Path, *sets: str, **more: Any) -> Exit:
    return init.run(InitRequest(root=root, sets=sets, yes=True, no_train=True, **more))


def test_yes_writes_the_same_without_a_question(
    folder: RunFolder, sources: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    follow(Script({}), monkeypatch)
    sets = [f"{key}={sources[key]}" for key in ("model.path", "data.path")]

    code = run_with_yes(folder.root, *sets, "train.lr=1e-3")

    assert code is Exit.DONE
    assert config_of(folder)["lr"] == 1e-3
    assert trust.is_trusted(folder.root)


def test_yes_names_every_answer_that_is_missing_and_writes_nothing(folder: RunFolder) -> None:
    with pytest.raises(XtguiError) as caught:
        run_with_yes(folder.root)

    assert caught.value.exit is Exit.ANSWERS
    assert caught.value.data["keys"] == "model.path, data.path"
    assert not folder.root.exists()


def test_a_fault_in_the_data_writes_nothing(
    folder: RunFolder, sources: dict[str, Any], data: Path
) -> None:
    data.write_text("{}\n")

    with pytest.raises(XtguiError):
        run_with_yes(folder.root, f"model.path={sources['model.path']}", f"data.path={data}")

    assert not folder.root.exists()


def test_flags_win_over_the_answers_file_and_that_over_the_project(
    folder: RunFolder, sources: dict[str, Any], tmp_path: Path
) -> None:
    folder.root.mkdir()
    settings_file.save(folder.settings_file, {"train.lr": 1e-5, "train.seed": 1, "lora.lora_r": 8})
    trust.trust(folder.root)
    file = tmp_path / "answers.toml"
    settings_file.save(
        file,
        {
            "model.path": sources["model.path"],
            "data.path": sources["data.path"],
            "train.lr": 1e-4,
            "train.seed": 2,
        },
    )

    run_with_yes(folder.root, "train.lr=1e-3", answers_file=file)

    config = config_of(folder)
    assert (config["lr"], config["seed"], config["lora_r"]) == (1e-3, 2, 8)


def test_an_answers_file_that_is_missing_is_an_error(folder: RunFolder, tmp_path: Path) -> None:
    with pytest.raises(XtguiError) as caught:
        run_with_yes(folder.root, answers_file=tmp_path / "no.toml")

    assert caught.value.code == "wizard.answers_missing"


def test_a_found_project_is_not_run_by_a_script_unless_it_says_so(
    folder: RunFolder, sources: dict[str, Any]
) -> None:
    folder.root.mkdir()
    settings_file.save(folder.settings_file, {"model.trust_remote_code": True})
    sets = [f"{key}={sources[key]}" for key in ("model.path", "data.path")]

    with pytest.raises(XtguiError) as caught:
        run_with_yes(folder.root, *sets)
    assert caught.value.code == "trust.not_trusted"
    code = run_with_yes(folder.root, *sets, trust=True)

    assert code is Exit.DONE


def test_a_root_that_is_a_file_is_refused(tmp_path: Path, sources: dict[str, Any]) -> None:
    file = tmp_path / "file"
    file.write_text("mine")
    sets = [f"{key}={sources[key]}" for key in ("model.path", "data.path")]

    for root in (file, file / "deeper"):
        with pytest.raises(XtguiError) as caught:
            run_with_yes(root, *sets)
        assert caught.value.code == "wizard.root_is_file"
    assert file.read_text() == "mine"


@pytest.mark.parametrize("name", ["with blanks", "引号'\"项目", "a{b}c", "[/x]"])
def test_paths_may_look_as_they_like(
    tmp_path: Path, sources: dict[str, Any], data: Path, name: str
) -> None:
    root = tmp_path / name
    (root / name).mkdir(parents=True)
    odd = data.rename(root / name / "rows.jsonl")

    code = run_with_yes(root, f"model.path={sources['model.path']}", f"data.path={odd}")

    assert code is Exit.DONE
    assert config_of(RunFolder(root))["data_path"] == str(odd)
