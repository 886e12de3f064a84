"""`xtgui estimate` and what the wizard says of memory and disk."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import tiny
from fake_project import FakeProject
from places import CONFIGS

from xtgui_cli.catalogue import models
from xtgui_cli.cli import entry as cli
from xtgui_cli.commands import estimate
from xtgui_cli.commands.estimate import EstimateRequest
from xtgui_cli.planning import machine
from xtgui_cli.planning.memory.requirements import Estimate
from xtgui_cli.planning.memory.training_memory import GIB
from xtgui_cli.project import model_shapes
from xtgui_cli.project.config_filler import fill
from xtgui_cli.shared.errors import Exit, XtguiError
from xtgui_cli.shared.methods import METHODS
from xtgui_cli.texts import LANGUAGES

CONFIG_7B = {
    "model_type": "qwen2",
    "hidden_size": 3584,
    "intermediate_size": 18944,
    "num_hidden_layers": 28,
    "num_attention_heads": 28,
    "num_key_value_heads": 4,
    "vocab_size": 152064,
    "tie_word_embeddings": False,
    "torch_dtype": "bfloat16",
}


def make(**fields: Any) -> Estimate:
    return estimate.make(EstimateRequest(**fields))


@pytest.fixture
def model(tmp_path: Path) -> Path:
    """A 7B model of which nothing but its config.json has been downloaded."""
    folder = tmp_path / "Qwen2.5-7B"
    folder.mkdir()
    (folder / "config.json").write_text(json.dumps(CONFIG_7B), "utf-8")
    return folder


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests run in a folder without a project, whatever the machine's memory."""
    monkeypatch.chdir(tmp_path)
    here = machine.Machine("cpu", False, "", 0.0, 0.0, 32.0, 30.0, 2)
    monkeypatch.setattr(machine, "detect", lambda: here)


def shown(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert cli.main(["estimate", *arguments]) == Exit.DONE
    return capsys.readouterr().out


def test_a_config_json_is_enough(model: Path) -> None:
    made = make(model=str(model), method="qlora", gpu="RTX 3090")

    assert made.model == "Qwen2.5-7B"
    assert made.needs.verdict == "fits"
    assert made.needs.shape.parameters == pytest.approx(7.6e9, rel=0.01)
    assert made.total_iters is None


def test_the_data_of_json_add_up(model: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said = json.loads(shown(capsys, "--model", str(model), "--gpu", "4060 8g", "--json"))

    memory = said["memory"]
    terms = ["base", "other", "adapter", "gradients", "optimizer", "activations", "work"]
    assert memory["total"] == sum(memory[name] for name in [*terms, "overhead"])
    assert said["verdict"] == "too_big"
    assert said["remedies"][0]["saves"] > 0
    assert said["time"] == {"iteration_s": None, "total_s": None, "rough_s": None}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("gpu", ["RTX 3090", "2080ti", "4060 8g", "2GB", None])
@pytest.mark.parametrize("method", METHODS)
def test_no_line_is_wider_than_the_terminal(
    language: str,
    gpu: str | None,
    method: str,
    model: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    from rich.cells import cell_len

    card = ["--gpu", gpu] if gpu else []

    text = shown(capsys, "--model", str(model), "--method", method, *card, "--lang", language)

    assert max(map(cell_len, text.splitlines())) <= 80
    assert "estimate." not in text


def test_a_remedy_is_shown_as_it_is_typed(model: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = shown(capsys, "--model", str(model), "--gpu", "20GB")

    assert "--set train.method=qlora" in text
    again = shown(capsys, "--model", str(model), "--gpu", "20GB", "--set", "train.method=qlora")
    assert "Fits" in again


def test_the_project_is_what_counts_where_nothing_else_is_said(
    tmp_path: Path, tiny_model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = tiny.save_data(tmp_path / "rows.jsonl", rows=60)
    root = tmp_path / "project"
    root.mkdir()
    (root / "xtgui.toml").write_text(
        f'[model]\npath = "{tiny_model}"\n[data]\npath = "{data}"\n'
        "[train]\nmax_length = 512\n[lora]\nlora_r = 16\n"
    )

    made = make(root=root)

    assert made.total_iters is not None
    assert 16 < made.needs.run.length < 512, "no row is as long as max_length allows"
    assert made.needs.run.lora_r == 16
    assert made.total_iters is not None
    assert made.needs.device.kind == "cpu"
    assert made.needs.memory.total < 2 * GIB


def test_time_is_known_after_a_run_of_the_same_kind(project: FakeProject, tiny_model: Path) -> None:
    events = [
        {"event": "start", "at": 1, "pid": 1, "run_id": "a", "method": "lora",
         "model": str(tiny_model)},
        *({"event": "iter", "at": 2 + 0.5 * n, "iter": n, "loss": 1, "lr": 1, "time_s": 0.5}
          for n in range(1, 9)),
    ]  # fmt: skip
    project.folder.state_dir.mkdir(exist_ok=True)
    project.folder.events_file.write_text("".join(json.dumps(event) + "\n" for event in events))

    same = make(root=project.root, model=str(tiny_model), method="lora")
    other = make(root=project.root, model=str(tiny_model), method="full")

    assert same.iteration_s == pytest.approx(0.5)
    assert other.iteration_s is None


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("{", "estimate.broken_config"),
        ("[]", "estimate.broken_config"),
        ("{}", "estimate.no_shape"),
    ],
)
def test_a_broken_config_is_explained(content: str, code: str, tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text(content)

    with pytest.raises(XtguiError) as error:
        model_shapes.find_shape(str(tmp_path))

    assert (error.value.code, error.value.exit) == (code, Exit.ANSWERS)


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ([], "estimate.no_model"),
        (["--model", "no/such-model"], "estimate.unknown_model"),
        (["--model", "."], "estimate.no_config"),
        (["--gpu", "RTX 9999", "--model", "{model}"], "estimate.unknown_gpu"),
        (["--set", "train.nothing=1", "--model", "{model}"], "settings.wrong"),
    ],
)
def test_what_is_wrong_gives_exit_2_and_says_what_to_do(
    arguments: list[str], code: str, model: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given: list[Any] = [argument.format(model=model) for argument in arguments]

    assert cli.main(["estimate", *given]) == Exit.ANSWERS

    error = capsys.readouterr().err
    assert error.startswith("✗")
    assert len(error.splitlines()) > 1, code


def test_a_folder_without_our_answers_is_counted_from_its_config(
    project: FakeProject, model: Path
) -> None:
    """As XtunerGUI leaves it."""
    text = (CONFIGS / "qlora.py").read_text("utf-8")
    values = {"pretrained_model_name_or_path": str(model), "max_length": 777, "lora_r": 8}
    project.folder.config_file.write_text(fill(text, values), "utf-8")

    made = make(root=project.root, gpu="RTX 3090")

    assert (made.model, made.needs.run.method) == ("Qwen2.5-7B", "qlora")
    assert (made.needs.run.length, made.needs.run.lora_r) == (777, 8)


def test_a_model_of_the_catalogue_needs_no_folder() -> None:
    made = make(model="Qwen/Qwen2.5-0.5B-Instruct", method="qlora", gpu="4060 8g")

    assert made.model == "Qwen/Qwen2.5-0.5B-Instruct"
    assert made.needs.shape.parameters == pytest.approx(494e6, rel=0.01)


def test_every_model_of_the_catalogue_adds_up_to_its_parameters() -> None:
    """Within one percent; a hybrid, whose recurrent layers count as attention, within a fourth."""
    for model in models():
        _, shape = model_shapes.find_shape(model.id)
        is_hybrid = model.model_type in ("lfm2", "qwen3_5") or "-h-" in model.id
        within = 0.25 if is_hybrid else 0.01
        assert shape.parameters == pytest.approx(model.parameters, rel=within), model.id


def test_where_nothing_helps_a_smaller_model_is_named_that_fits(model: Path) -> None:
    made = make(model=str(model), method="qlora", gpu="4060 8g")

    assert made.suggestions is not None
    assert not made.suggestions.is_enough
    assert made.largest_fitting is not None
    (largest,) = (one for one in models() if one.id == made.largest_fitting)
    assert largest.stack == "modern"
    smallest = ["train.max_length=256", "lora.lora_r=8", "train.optim_type=AdamW8bit"]
    again = make(model=made.largest_fitting, method="qlora", sets=smallest, gpu="4060 8g")
    assert again.needs.verdict in ("fits", "tight")


def test_a_misspelt_model_gives_those_with_a_name_like_it() -> None:
    with pytest.raises(XtguiError) as error:
        model_shapes.find_shape("Qwen/Qwen2.5-7B-Instrukt")

    assert "Qwen/Qwen2.5-7B-Instruct" in error.value.data["near"]
