"""Consent to a model's own code: asked once for exactly these files, and kept with the user."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from scripted import confirm_all

from xtgui_cli.commands import trust as trust_command
from xtgui_cli.models.model_code import read_code
from xtgui_cli.project import settings_file
from xtgui_cli.project.code_consent import (
    CodeNotAgreedError,
    is_agreed,
    require_agreement,
    require_code_consent,
)
from xtgui_cli.settings.layers import Layers
from xtgui_cli.settings.table import Value


@pytest.fixture(autouse=True)
def own_config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XTGUI_CONFIG_DIR", str(tmp_path / "config"))


@pytest.fixture
def model(tmp_path: Path) -> Path:
    folder = tmp_path / "model"
    folder.mkdir()
    config = {"auto_map": {"AutoModelForCausalLM": "modeling_x.X"}}
    (folder / "config.json").write_text(json.dumps(config))
    (folder / "modeling_x.py").write_text("import socket\n")
    return folder


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The questions that were asked; each was answered with yes."""
    return confirm_all(monkeypatch, answer=True)


def test_a_model_without_code_needs_no_consent(tiny_model: Path) -> None:
    require_agreement(tiny_model, may_ask=False)


def test_code_is_asked_about_once(model: Path, asked: list[str]) -> None:
    require_agreement(model, may_ask=True)
    require_agreement(model, may_ask=True)
    require_agreement(model, may_ask=False)

    assert asked == ["Run these files?"]


def test_changed_code_is_asked_about_again_and_the_changed_file_is_named(
    model: Path, asked: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    require_agreement(model, may_ask=True)
    (model / "modeling_x.py").write_text("import os\n")

    with pytest.raises(CodeNotAgreedError) as caught:
        require_agreement(model, may_ask=False)
    require_agreement(model, may_ask=True)

    assert caught.value.code == "model_code.not_agreed_changed"
    assert caught.value.data["names"] == "modeling_x.py"
    assert len(asked) == 2


def test_no_is_remembered_as_nothing(model: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    confirm_all(monkeypatch, answer=False)

    with pytest.raises(CodeNotAgreedError):
        require_agreement(model, may_ask=True)

    assert not is_agreed(read_code(model))


def test_the_same_files_in_another_folder_are_not_asked_about_again(
    model: Path, asked: list[str], tmp_path: Path
) -> None:
    require_agreement(model, may_ask=True)

    require_agreement(model.rename(tmp_path / "moved"), may_ask=False)

    assert len(asked) == 1


def test_a_file_that_is_shown_is_shown_with_size_sha256_and_what_stands_out(
    model: Path, capsys: pytest.CaptureFixture[str], asked: list[str]
) -> None:
    from xtgui_cli.ui import console

    console.talk.cache_clear()
    require_agreement(model, may_ask=True)

    shown = capsys.readouterr().err
    assert "modeling_x.py  14 B" in shown
    assert read_code(model).files[0].sha256 in shown
    assert "line 1: import socket (network)" in shown


def test_xtgui_toml_alone_is_no_consent_but_a_flag_is(model: Path) -> None:
    said: dict[str, Value] = {"model.path": str(model), "model.trust_remote_code": True}
    saved = Layers(saved=said).in_force()

    with pytest.raises(CodeNotAgreedError):
        require_code_consent(saved, flags={}, may_ask=False)
    flags = settings_file.parse_sets(["model.trust_remote_code=true"])
    require_code_consent(saved, flags=flags, may_ask=False)

    assert is_agreed(read_code(model))


def test_trusting_a_model_s_folder_agrees_to_its_code(model: Path) -> None:
    trust_command.run(trust_command.TrustRequest(folder=model))

    assert is_agreed(read_code(model))
