"""Two engines side by side: which one a model takes, and what is said where it is missing."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import fake_engine
import pytest
from engine_python import needs_engine_python
from scripted import confirm_all
from setup_command import make_python, run_setup

from xtgui_cli.models.model_code import read_code
from xtgui_cli.models.model_folder import check_model
from xtgui_cli.project import engine_tokenizers
from xtgui_cli.project.code_consent import agree
from xtgui_cli.project.engine_environment import (
    EngineMissingError,
    find_engine,
    find_engine_for,
    own_classic_python,
)
from xtgui_cli.project.engine_install import engine_or_install
from xtgui_cli.project.user_config import save_user_config, user_table
from xtgui_cli.runs import uv
from xtgui_cli.shared.templates import all_templates

UNREACHABLE = "http://127.0.0.1:9/simple"


@pytest.fixture(autouse=True)
def own_places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XTGUI_CONFIG_DIR", str(tmp_path / "config"))
    monkeypatch.setenv("XTGUI_CACHE_DIR", str(tmp_path / "cache"))


@pytest.fixture
def engines(tmp_path: Path) -> dict[str, Path]:
    found = {name: fake_engine.install(tmp_path / name) for name in ("modern", "classic")}
    save_user_config({"engine.python": str(found["modern"])})
    save_user_config({"engine.classic_python": str(found["classic"])})
    return found


def internlm2(folder: Path) -> Path:
    folder.mkdir()
    auto_map = {"AutoModelForCausalLM": "modeling_internlm2.InternLM2ForCausalLM"}
    config = {"model_type": "internlm2", "auto_map": auto_map}
    (folder / "config.json").write_text(json.dumps(config))
    return folder


def test_a_model_with_older_code_takes_the_classic_engine_and_others_the_modern_one(
    engines: dict[str, Path], tiny_model: Path, tmp_path: Path
) -> None:
    assert find_engine_for(internlm2(tmp_path / "internlm2")) == engines["classic"]
    assert find_engine_for(tiny_model) == engines["modern"]
    assert find_engine_for(None) == engines["modern"]


def test_a_missing_classic_engine_says_how_to_install_it() -> None:
    with pytest.raises(EngineMissingError) as caught:
        find_engine("classic")

    assert caught.value.code == "setup.classic_missing"


def test_a_missing_engine_is_offered_with_its_size(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = confirm_all(monkeypatch, answer=False)

    with pytest.raises(EngineMissingError):
        engine_or_install("classic", may_ask=True)
    with pytest.raises(EngineMissingError):
        engine_or_install("classic", may_ask=False)

    assert len(asked) == 1
    assert "8 GB" in asked[0]


def test_the_engine_is_offered_before_tokens_are_counted_and_not_meanwhile(
    tiny_model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = Path(shutil.copytree(tiny_model, tmp_path / "baichuan"))
    (folder / "tokenizer.json").rename(folder / "tokenizer.model")
    config = json.loads((folder / "config.json").read_text())
    auto_map = {"AutoModelForCausalLM": "modeling_baichuan.BaichuanForCausalLM"}
    config |= {"model_type": "baichuan", "auto_map": auto_map}
    (folder / "config.json").write_text(json.dumps(config))
    (folder / "modeling_baichuan.py").touch()
    agree(read_code(folder))
    model = check_model(folder)
    asked = confirm_all(monkeypatch, answer=False)
    monkeypatch.setattr(engine_tokenizers, "is_interactive", lambda: True)

    with pytest.raises(EngineMissingError):
        engine_tokenizers.engine_tokenizer(model, all_templates()["baichuan2_chat"])
    asked_meanwhile = len(asked)
    with pytest.raises(EngineMissingError):
        engine_tokenizers.ready_to_count(model)

    assert (asked_meanwhile, len(asked)) == (0, 1)


@needs_engine_python
def test_without_a_terminal_no_classic_environment_is_made_without_a_yes(tmp_path: Path) -> None:
    done = run_setup(tmp_path, "--stack", "classic", UV_DEFAULT_INDEX=UNREACHABLE)

    assert done.returncode == 2
    assert "add --yes" in done.stderr
    assert not own_classic_python().parents[1].exists()


@needs_engine_python
def test_the_classic_engine_comes_into_an_environment_of_its_own(tmp_path: Path) -> None:
    done = run_setup(
        tmp_path,
        "--stack",
        "classic",
        "--yes",
        UV_DEFAULT_INDEX=UNREACHABLE,
        UV_CACHE_DIR=str(tmp_path / "uv"),
        UV_HTTP_RETRIES="0",
    )

    assert done.returncode == 1
    assert "Cannot connect to the package index" in done.stderr
    python = own_classic_python()
    version = subprocess.run([python, "-c", "import sys; print(sys.prefix)"], capture_output=True)
    assert Path(os.fsdecode(version.stdout.strip())) == python.parents[1]
    assert user_table("engine") == {}  # it is not there yet


def test_an_environment_that_has_a_classic_engine_is_adopted_beside_the_modern_one(
    tmp_path: Path,
) -> None:
    versions = {"xtuner": "0.2.0", "torch": "2.5.1", "transformers": "4.48.0"}
    python = make_python(tmp_path, versions=versions)

    done = run_setup(tmp_path, "--stack", "classic", "--python", str(python))

    assert done.returncode == 0, done.stderr
    assert "The environment was not changed" in done.stderr
    assert user_table("engine") == {"classic_python": str(python)}


def test_an_environment_with_newer_libraries_is_no_classic_engine(tmp_path: Path) -> None:
    versions = {"xtuner": "0.2.0", "torch": "2.9.1", "transformers": "5.23.0"}
    python = make_python(tmp_path, versions=versions)

    done = run_setup(tmp_path, "--stack", "classic", "--python", str(python))

    assert done.returncode == 2
    assert "transformers 5.23.0" in done.stderr
    assert user_table("engine") == {}


def test_both_stacks_share_the_torch_that_takes_the_room() -> None:
    modern, classic = uv.pinned_versions("modern"), uv.pinned_versions("classic")

    assert modern["torch"] == classic["torch"]
    assert modern["transformers"].startswith("5.")
    assert classic["transformers"].startswith("4.48.")
