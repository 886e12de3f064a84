"""A model and a dataset from the lists, downloaded in the wizard from a hub of the tests."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import tiny
from hub_server import HubServer, closed_endpoint
from scripted import BACK, Script, Wizard, follow
from settings_of import saved_path, settings_of

from xtgui_cli.catalogue import datasets, models
from xtgui_cli.hubs.registry import HUBS, USUAL_HUB
from xtgui_cli.project.user_config import config_file
from xtgui_cli.shared.errors import Exit
from xtgui_cli.shared.run_folder import RunFolder
from xtgui_cli.texts import LANGUAGES, set_language, t
from xtgui_cli.ui.catalogue_view import dataset_marks, model_marks
from xtgui_cli.ui.fitted_table import table_lines
from xtgui_cli.wizard import continue_run, hub_page, init

MODEL = "Qwen/Qwen2.5-0.5B-Instruct"
NOT_ON_MODELSCOPE = "HuggingFaceTB/SmolLM2-135M-Instruct"
DATA = "silk-road/alpaca-data-gpt4-chinese"


@pytest.fixture
def folder(tmp_path: Path) -> RunFolder:
    return RunFolder(tmp_path / "project")


@pytest.fixture
def wizard(
    hub: HubServer, folder: RunFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Wizard:
    """Return a function that goes through the wizard; its own model and data unless said."""
    monkeypatch.setattr(continue_run, "go_on", lambda folder: Exit.DONE)
    monkeypatch.setenv("HF_ENDPOINT", hub.endpoint)
    config_file().parent.mkdir(parents=True, exist_ok=True)
    config_file().write_text('[download]\norder = ["huggingface"]\n', "utf-8")

    def go(**replies: Any) -> Script:
        usual = {
            "train.method": "lora",
            "data.tests": "none",
            "parameters": "go_on",
            "ready": "write",
        }
        script = Script(usual | {name.replace("__", "."): one for name, one in replies.items()})
        follow(script, monkeypatch)
        init.run(init.InitRequest(root=folder.root, no_train=True))
        return script

    return go


@pytest.fixture
def own_model(tiny_model: Path) -> dict[str, str]:
    return {"model__path__source": "own", "model__path": str(tiny_model)}


@pytest.fixture
def own_data(tmp_path: Path) -> dict[str, str]:
    rows = tiny.save_data(tmp_path / "rows.jsonl", rows=20)
    return {"data__path__source": "own", "data__path": str(rows)}


def _put_model(hub: HubServer, model: Path, id: str = MODEL) -> None:
    for file in model.iterdir():
        hub.repository(id).add(file.name, file.read_bytes())


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_of_the_list_of_models_is_cut_at_80_columns(language: str, tmp_path: Path) -> None:
    set_language(language)

    columns = hub_page.model_columns(list(models()), settings_of(), tmp_path)
    lines = table_lines(columns, 80 - 4)

    assert [line for line in lines if "…" in line] == []


def test_a_model_of_the_list_is_downloaded_and_used(
    wizard: Wizard, hub: HubServer, folder: RunFolder, tiny_model: Path, own_data: dict[str, str]
) -> None:
    _put_model(hub, tiny_model)

    script = wizard(model__path__source="list", model__id=MODEL, **own_data)

    used = saved_path(folder, "model.path")
    assert used == (
        folder.root / "download_cache" / "model_download" / "Qwen_Qwen2.5-0.5B-Instruct"
    )
    assert (used / "model.safetensors").read_bytes() == (
        tiny_model / "model.safetensors"
    ).read_bytes()
    assert script.choices["model.id"][-1] == "other"


def test_a_model_that_no_list_knows_is_had_by_its_name(
    wizard: Wizard, hub: HubServer, folder: RunFolder, tiny_model: Path, own_data: dict[str, str]
) -> None:
    _put_model(hub, tiny_model, "somebody/their-model")

    wizard(
        model__path__source="list",
        model__id="other",
        model__other="https://huggingface.co/somebody/their-model",
        **own_data,
    )

    assert saved_path(folder, "model.path").name == "somebody_their-model"


def test_data_of_the_list_are_downloaded_and_converted_as_xtuner_reads_them(
    wizard: Wizard, hub: HubServer, folder: RunFolder, own_model: dict[str, str]
) -> None:
    row = {"instruction_zh": "你是谁？", "input_zh": "", "output_zh": "小墨。", "instruction": "?"}
    hub.repository(DATA, "dataset").add(
        "train.json", json.dumps([row] * 20, ensure_ascii=False).encode()
    )
    hub.repository(DATA, "dataset").add("README.md", b"# About")

    wizard(data__path__source="list", dataset__id=DATA, **own_model)

    used = saved_path(folder, "data.path")
    assert used.parent == folder.data_dir
    assert json.loads(used.read_text("utf-8").splitlines()[0])["messages"] == [
        {"role": "user", "content": "你是谁？"},
        {"role": "assistant", "content": "小墨。"},
    ]


def test_where_the_hub_cannot_be_reached_a_mirror_is_one_key_away(
    wizard: Wizard,
    hub: HubServer,
    folder: RunFolder,
    tiny_model: Path,
    own_data: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    _put_model(hub, tiny_model)
    monkeypatch.setenv("HF_ENDPOINT", closed_endpoint())
    mirrored = replace(USUAL_HUB, mirror=hub.endpoint)
    monkeypatch.setattr(hub_page, "USUAL_HUB", mirrored)
    monkeypatch.setitem(HUBS, mirrored.name, mirrored)

    script = wizard(model__path__source="list", model__id=MODEL, model__way=None, **own_data)

    assert script.offered["model.way"] == "mirror"
    assert saved_path(folder, "model.path").name.endswith("Instruct")


@pytest.mark.parametrize(("id", "is_there"), [(MODEL, True), (NOT_ON_MODELSCOPE, False)])
def test_modelscope_is_offered_only_for_what_is_known_to_be_there(
    id: str,
    is_there: bool,
    wizard: Wizard,
    tiny_model: Path,
    own_data: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("HF_ENDPOINT", closed_endpoint())

    script = wizard(
        model__path__source=["list", "own"],
        model__id=id,
        model__way="back",
        model__path=str(tiny_model),
        **own_data,
    )

    assert ("modelscope" in script.choices["model.way"]) is is_there


def test_from_a_failed_download_and_from_the_list_one_goes_back(
    wizard: Wizard,
    folder: RunFolder,
    tiny_model: Path,
    own_data: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("HF_ENDPOINT", closed_endpoint())

    wizard(
        model__path__source=["list", "list", "own"],
        model__id=[MODEL, BACK],
        model__way="back",
        model__path=str(tiny_model),
        **own_data,
    )

    assert saved_path(folder, "model.path") == tiny_model


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_mark_of_the_lists_has_a_word(language: str) -> None:
    marks = {mark for model in models() for mark in model_marks(model)}
    marks |= {mark for dataset in datasets() for mark in dataset_marks(dataset)}
    set_language(language)

    assert all(t(f"from_hub.mark_{mark}") for mark in marks - {"unknown"})
    assert "G" in " ".join(
        hub_page.fit_words(list(models()), settings_of({"train.method": "full"}))
    )
    set_language("en")
