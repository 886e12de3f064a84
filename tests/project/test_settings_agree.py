"""Every command sees the same settings, whoever decided them and wherever they said so."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest
import tiny
from settings_of import settings_of

from xtgui_cli.cli import main
from xtgui_cli.commands import data_preview, estimate, overview
from xtgui_cli.planning.recipe import plan_rates
from xtgui_cli.project import settings_file
from xtgui_cli.project.config_filler import fill
from xtgui_cli.project.preview_context import PreviewContext, open_preview
from xtgui_cli.project.trust import trust
from xtgui_cli.project.written_config import read_config_settings, read_layers
from xtgui_cli.settings.table import BY_KEY, SETTINGS, Origin, Settings, Value
from xtgui_cli.shared.config_file import read_file
from xtgui_cli.shared.run_folder import RunFolder
from xtgui_cli.wizard import review


@pytest.fixture
def folder(tmp_path: Path, tiny_model: Path, answering_base: None) -> RunFolder:
    """A project that `xtgui init --yes` has written, with rows that are not the user's alone."""
    folder = RunFolder(tmp_path / "project")
    data = tiny.save_data(tmp_path / "rows.jsonl", rows=40)
    sets = [f"model.path={tiny_model}", f"data.path={data}", "train.weight_decay=0.01"]
    assert init(folder, *sets) == 0
    return folder


def init(folder: RunFolder, *sets: str) -> int:
    flags = [flag for entry in sets for flag in ("--set", entry)]
    return main(["init", "--root", str(folder.root), "--yes", "--no-train", *flags])


def edit(folder: RunFolder, **values: Any) -> None:
    """Change values in the config as a person does in an editor."""
    text = fill(read_file(folder.config_file), values)
    folder.config_file.write_text(text, "utf-8")


def seen_by_overview(folder: RunFolder, _: pytest.MonkeyPatch) -> Settings:
    return overview.read_standing(folder).settings


def seen_by_estimate(folder: RunFolder, _: pytest.MonkeyPatch) -> Settings:
    return estimate.make(estimate.EstimateRequest(root=folder.root)).settings


def seen_by_preview(folder: RunFolder, monkeypatch: pytest.MonkeyPatch) -> Settings:
    seen: list[Settings] = []

    def see(root: Path | None, settings: Settings) -> AbstractContextManager[PreviewContext]:
        seen.append(settings)
        return open_preview(root, settings)

    monkeypatch.setattr(data_preview, "open_preview", see)
    data_preview.run(data_preview.PreviewRequest(root=folder.root, as_json=True))
    return seen[0]


def seen_by_training(folder: RunFolder, _: pytest.MonkeyPatch) -> Settings:
    return read_config_settings(folder.config_file, folder.root)


def seen_by_init(folder: RunFolder, monkeypatch: pytest.MonkeyPatch) -> Settings:
    seen: list[Settings] = []
    monkeypatch.setattr(review, "show_review", lambda _, built: seen.append(built.settings))
    assert init(folder) == 0
    return seen[0]


PLANNED_LR = plan_rates(settings_of({}), tiny.HIDDEN, 20).lr

SEEN_BY = [seen_by_overview, seen_by_estimate, seen_by_preview, seen_by_training, seen_by_init]
"""The last one writes the config."""

EDITS: list[tuple[str, Any]] = [
    ("lr", 7e-4),
    ("max_length", 512),
    ("pack_to_max_length", True),
    ("batch_size", 3),
    ("max_epochs", 4),
    ("accumulative_counts", 2),
    ("warmup_ratio", 0.1),
    ("save_steps", 7),
    ("save_total_limit", 3),
    ("SYSTEM", "Be brief."),
    ("evaluation_inputs", ["Who?"]),
    ("seed", 7),
    ("optim_type", "SGD"),
    ("lora_r", 8),
    ("lora_dropout", 0.2),
    ("prompt_template", "vicuna"),
    ("use_activation_checkpointing", True),
    ("max_dataset_length", 30),
]


@pytest.mark.parametrize("see", SEEN_BY)
def test_a_hand_edit_of_the_config_is_seen_by_every_command(
    folder: RunFolder, see: Callable[..., Settings], monkeypatch: pytest.MonkeyPatch
) -> None:
    edit(folder, **dict(EDITS))

    seen = see(folder, monkeypatch)

    expected = read_layers(folder).edited
    assert len(expected) == len(EDITS)
    assert {key: seen.value(BY_KEY[key]) for key in expected} == expected
    assert seen.train.weight_decay == 0.01


def test_all_commands_agree_on_every_setting(
    folder: RunFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    edit(folder, lr=7e-4, max_norm=0.5, SYSTEM="Be brief.")

    seen = {see.__name__: see(folder, monkeypatch) for see in SEEN_BY}

    for setting in SETTINGS:
        values = {name: settings.value(setting) for name, settings in seen.items()}
        open_values = {"seen_by_preview"} if setting.planned else set()
        if setting.key == "model.prompt_template":  # matched from the model
            open_values = {"seen_by_preview"}
        if setting.section in ("paths", "launch"):  # a config has no names for them
            open_values = {"seen_by_training"}
        decided = {value for name, value in values.items() if name not in open_values}
        assert len(decided) == 1, (setting.key, values)


@pytest.mark.parametrize(
    ("saved", "edited", "flag", "value", "origin"),
    [
        (None, None, None, PLANNED_LR, Origin.PLANNED),
        (3e-4, None, None, 3e-4, Origin.SAVED),
        (3e-4, 4e-4, None, 4e-4, Origin.EDITED),
        (3e-4, 4e-4, "train.lr=5e-4", 5e-4, Origin.FLAG),
        (3e-4, 4e-4, "train.lr=", PLANNED_LR, Origin.PLANNED),
    ],
)
def test_who_speaks_later_or_closer_wins(
    folder: RunFolder,
    saved: Value,
    edited: float | None,
    flag: str | None,
    value: float,
    origin: Origin,
) -> None:
    settings_file.save(folder.settings_file, {"train.lr": saved})
    if edited is not None:
        edit(folder, lr=edited)

    request = estimate.EstimateRequest(root=folder.root, sets=[flag] if flag else [])
    seen = estimate.make(request).settings

    assert seen.train.lr == value
    assert seen.origin(BY_KEY["train.lr"]) in (origin, Origin.DEFAULT if not saved else origin)


def test_the_overview_says_who_decided_a_setting(
    folder: RunFolder, capsys: pytest.CaptureFixture[str]
) -> None:
    edit(folder, lr=7e-4)
    capsys.readouterr()

    assert main(["--root", str(folder.root), "--json"]) == 0

    shown = json.loads(capsys.readouterr().out)["settings"]
    assert shown["train.lr"] == {"value": 7e-4, "origin": "edited"}
    assert shown["train.weight_decay"] == {"value": 0.01, "origin": "saved"}
    assert shown["train.max_epochs"]["origin"] == "planned"
    assert shown["launch.num_gpus"]["origin"] == "default"


def test_a_broken_config_is_named_by_the_overview(
    folder: RunFolder, capsys: pytest.CaptureFixture[str]
) -> None:
    folder.config_file.write_text("lr = = 1\n", "utf-8")
    trust(folder.root)
    capsys.readouterr()

    assert main(["--root", str(folder.root)]) == 0

    shown = capsys.readouterr().out
    assert "xtuner_config.py cannot be read" in shown
    assert "rows.jsonl" in shown
