"""A base model that has moved or changed since the training is asked for, and found where it is."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from checkpoint_files import small_checkpoint
from fake_project import FakeProject
from places import CONFIGS
from scripted import Script, follow

from xtgui_cli.commands import convert
from xtgui_cli.project.config_filler import fill
from xtgui_cli.project.conversion import Converter
from xtgui_cli.project.run_origin import read_origin, remember
from xtgui_cli.shared.errors import Exit, XtguiError


def save_model(folder: Path, weights: str = "weights") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "config.json").write_text('{"model_type": "llama"}')
    (folder / "tokenizer.json").write_text("{}")
    (folder / "model.safetensors").write_text(weights)
    return folder


@pytest.fixture
def base(tmp_path: Path) -> Path:
    return save_model(tmp_path / "models" / "base")


@pytest.fixture
def trained(project: FakeProject, base: Path, monkeypatch: pytest.MonkeyPatch) -> FakeProject:
    """A run of that base, at a terminal."""
    values = {"pretrained_model_name_or_path": str(base)}
    text = (CONFIGS / "lora.py").read_text("utf-8")
    project.folder.config_file.write_text(fill(text, values), "utf-8")
    (project.folder.work_dir / "iter_10.pth").write_bytes(small_checkpoint(10))
    remember(project.folder, read_origin(project.folder, project.folder.config_file), None)
    monkeypatch.setattr(convert, "is_interactive", lambda: True)
    return project


def convert_from(project: FakeProject, monkeypatch: pytest.MonkeyPatch) -> Path | None:
    """Convert as a person does, and return the base that was taken."""
    taken: list[Path | None] = []
    own = Converter.convert

    def watched(converter: Converter, *arguments: Any) -> Any:
        taken.append(converter.config.base)
        return own(converter, *arguments)

    monkeypatch.setattr(Converter, "convert", watched)
    request = convert.ConvertRequest(root=project.root, iteration=10, merge=False)
    assert convert.run(request) == Exit.DONE
    return taken[0]


def test_enter_takes_the_folder_that_the_model_has_moved_to(
    trained: FakeProject, base: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    save_model(base.with_name("another"), "other weights")
    moved = base.rename(base.with_name("moved"))
    script = Script({"base_model": None})
    follow(script, monkeypatch)

    assert convert_from(trained, monkeypatch) == moved
    assert script.offered["base_model"] == str(moved)


def test_enter_takes_the_folder_that_was_named_for_an_earlier_conversion(
    trained: FakeProject, base: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    far = save_model(tmp_path / "far" / "away")
    base.rename(base.with_name("moved"))
    converted = trained.folder.work_dir / "xtuner_iter_5_hf"
    converted.mkdir()
    (converted / "adapter_config.json").write_text(
        json.dumps({"base_model_name_or_path": str(far)})
    )
    script = Script({"base_model": None})
    follow(script, monkeypatch)

    assert convert_from(trained, monkeypatch) == far
    assert script.offered["base_model"] == str(far)


def test_a_folder_without_the_model_is_not_taken(
    trained: FakeProject, base: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "far").mkdir()
    moved = base.rename(tmp_path / "far" / "away")
    other = save_model(tmp_path / "other")
    (other / "config.json").write_text('{"model_type": "qwen2"}')
    script = Script({"base_model": ["", str(tmp_path), str(other), str(moved)]})
    follow(script, monkeypatch)

    assert convert_from(trained, monkeypatch) == moved
    assert script.offered["base_model"] == ""


def test_enter_keeps_a_changed_model_where_its_old_self_is_not_found(
    trained: FakeProject,
    base: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    save_model(base, "new weights")
    follow(Script({"base_model": None}), monkeypatch)

    assert convert_from(trained, monkeypatch) == base
    assert "has changed since training began" in " ".join(capfd.readouterr().err.split())


def test_nothing_is_asked_where_the_model_is_as_it_was(
    trained: FakeProject, base: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    follow(Script({}), monkeypatch)

    assert convert_from(trained, monkeypatch) == base


def test_a_script_is_not_asked(
    trained: FakeProject, base: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    base.rename(base.with_name("moved"))
    monkeypatch.setattr(convert, "is_interactive", lambda: False)
    follow(Script({}), monkeypatch)

    assert convert_from(trained, monkeypatch) == base


def test_base_model_on_the_command_line_answers_the_question(
    trained: FakeProject, base: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    moved = base.rename(base.with_name("moved"))
    follow(Script({}), monkeypatch)
    request = convert.ConvertRequest(root=trained.root, iteration=10, merge=False, base_model=moved)

    assert convert.run(request) == Exit.DONE
    with pytest.raises(XtguiError, match="base_missing"):
        convert.run(
            convert.ConvertRequest(root=trained.root, iteration=10, merge=False, base_model=base)
        )


@pytest.mark.parametrize("hindered", ["tokenizer.json", "model.safetensors"])
def test_enter_takes_no_folder_whose_model_cannot_be_compared(
    trained: FakeProject, base: Path, hindered: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = save_model(base.with_name("a-first-one"))
    (other / "config.json").write_text('{"model_type": "qwen2"}')
    (other / hindered).unlink()
    os.mkfifo(other / hindered)
    moved = base.rename(base.with_name("moved"))
    follow(Script({"base_model": None}), monkeypatch)

    assert convert_from(trained, monkeypatch) == moved


def test_enter_takes_no_folder_whose_tokenizer_has_no_end(
    trained: FakeProject, base: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = save_model(base.with_name("a-first-one"))
    with (other / "tokenizer.json").open("wb") as endless:
        endless.truncate(1 << 42)
    moved = base.rename(base.with_name("moved"))
    follow(Script({"base_model": None}), monkeypatch)

    assert convert_from(trained, monkeypatch) == moved


def test_what_no_folder_can_be_called_is_asked_about_again(
    trained: FakeProject, base: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    moved = base.rename(base.with_name("moved"))
    script = Script({"base_model": ["x" * 300, "~nobody-of-this-name", str(moved)]})
    follow(script, monkeypatch)

    assert convert_from(trained, monkeypatch) == moved


def test_what_cannot_be_looked_at_beside_it_is_passed_over(
    trained: FakeProject, base: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = save_model(base.with_name("a-first-one"))
    (other / "config.json").unlink()
    (other / "config.json").symlink_to("x" * 300)  # as good as a folder of another user
    base.with_name("a-second-one").symlink_to("x" * 300)
    moved = base.rename(base.with_name("moved"))
    follow(Script({"base_model": None}), monkeypatch)

    assert convert_from(trained, monkeypatch) == moved
