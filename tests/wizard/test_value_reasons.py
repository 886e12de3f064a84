"""Each planned value has its reason beside it, in 80 columns."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import tiny
from rich.cells import cell_len

from xtgui_cli.planning import machine
from xtgui_cli.planning.machine import Machine
from xtgui_cli.project.build_run import BuiltRun, build_run
from xtgui_cli.project.general_answers import read_questions
from xtgui_cli.settings.layers import Layers
from xtgui_cli.settings.table import SETTINGS
from xtgui_cli.texts import set_language
from xtgui_cli.wizard import parameters_page, value_reasons
from xtgui_cli.wizard.value_reasons import why

PLENTY = Machine("cpu", False, "", 0.0, 0.0, 128.0, 120.5, 2)
CARD = Machine("cuda", True, "NVIDIA GeForce RTX 3090", 24.0, 23.5, 32.0, 30.0, 2)
POINTER = 3
"""Cells that a list puts in front of an entry."""

Build = Callable[..., BuiltRun]


@pytest.fixture
def build(tmp_path: Path, tiny_model: Path, monkeypatch: pytest.MonkeyPatch) -> Build:
    """Return a function that plans a run: `build(rows=300, here=CARD, **{"train.lr": 1e-4})`."""

    def go(rows: int = 20, here: Machine = PLENTY, **settings: Any) -> BuiltRun:
        monkeypatch.setattr(machine, "detect", lambda: here)
        data = tiny.save_data(tmp_path / f"rows-{rows}.jsonl", rows)
        saved = {"model.path": str(tiny_model), "data.path": str(data), **settings}
        return build_run(Layers(saved=saved).in_force(), here, expects_answers=True)

    return go


def reasons(built: BuiltRun) -> dict[str, str]:
    return {setting.key: why(setting, built) for setting in SETTINGS if setting.step == 3}


def test_every_planned_setting_of_the_page_has_its_reason() -> None:
    planned = {setting.key for setting in SETTINGS if setting.planned}

    assert planned == value_reasons._WHY.keys()


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"rows": 1},
        {"rows": 400},
        {"rows": 5000, "train.pack_to_max_length": True},
        {"here": CARD},
        {"train.method": "full"},
        {"train.recipe": "xtuner"},
        {"train.SYSTEM": "You are the friendly assistant of a shop that sells kites.", "rows": 250},
    ],
    ids=str,
)
def test_name_value_and_reason_fit_in_80_columns_uncut(
    settings: dict[str, Any], language: str, build: Build
) -> None:
    built = build(**settings)
    set_language(language)

    shown = parameters_page.listed(built.settings.method, shows_advanced=True)
    entries = parameters_page._choices(shown, built, shows_advanced=True)

    too_wide = [line for _, line in entries if cell_len(line) > 80 - POINTER]
    assert too_wide == []


def test_the_reason_of_activation_checkpointing_is_the_memory(build: Build) -> None:
    key = "train.use_activation_checkpointing"

    assert reasons(build())[key] == "0.1 of 120.5 GiB memory"
    assert reasons(build(here=CARD))[key] == "saves 0.1 GiB of memory"


def test_reasons_follow_the_data_and_the_model(build: Build) -> None:
    few, many = reasons(build()), reasons(build(rows=400))

    assert few["train.lr"] == f"for hidden size {tiny.HIDDEN}"
    assert few["train.val_ratio"] == "fewer than 200 rows"
    assert many["train.val_ratio"] == "all questions are alike"
    assert few["data.mix_general"] == "keeps existing knowledge"
    assert many["data.mix_general"] == "not needed from 300 rows"
    assert few["train.max_epochs"].endswith("updates in total")


def test_rows_that_ask_general_questions_themselves_are_the_reason_for_mixing_none(
    tmp_path: Path, tiny_model: Path
) -> None:
    data = tmp_path / "rows.jsonl"
    asked = [*read_questions("en")[:30], *(f"Who is number {n}?" for n in range(20))]
    rows = [
        [{"role": "user", "content": each}, {"role": "assistant", "content": f"{each} No."}]
        for each in asked
    ]
    data.write_text("\n".join(json.dumps({"messages": row}) for row in rows))
    saved: dict[str, Any] = {"model.path": str(tiny_model), "data.path": str(data)}

    built = build_run(Layers(saved=saved).in_force(), PLENTY, expects_answers=True)

    assert built.settings.data.mix_general == 0
    assert reasons(built)["data.mix_general"] == "your rows have enough"


def test_what_somebody_set_is_called_so_and_defaults_have_no_reason(build: Build) -> None:
    found = reasons(build(**{"train.lr": 1e-4}))

    assert found["train.lr"] == "set by you"
    assert found["train.seed"] == ""


def test_xtuners_own_values_are_called_so(build: Build) -> None:
    found = reasons(build(**{"train.recipe": "xtuner"}))

    assert found["train.lr"] == found["lora.lora_alpha"] == "XTuner's default"
    assert found["data.mix_general"] == "XTuner's default"
    assert found["train.evaluation_inputs"] == "yours, plus one other"


def test_rows_that_are_held_out_are_counted(
    tmp_path: Path, tiny_model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = tmp_path / "rows.jsonl"
    rows = [
        [{"role": "user", "content": f"Q {n}?"}, {"role": "assistant", "content": f"A {n}."}]
        for n in range(200)
    ]
    data.write_text("\n".join(json.dumps({"messages": row}) for row in rows))
    saved: dict[str, Any] = {"model.path": str(tiny_model), "data.path": str(data)}

    built = build_run(Layers(saved=saved).in_force(), PLENTY, expects_answers=True)

    assert reasons(built)["train.val_ratio"] == "10 rows"
