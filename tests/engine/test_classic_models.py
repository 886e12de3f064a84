"""Models that bring their own code, from the first question to the chat, on the classic engine."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import code_folders
import pytest
import tiny
from safetensors import safe_open

from xtgui_cli.shared.events import Event, EventReader
from xtgui_cli.shared.run_folder import RunFolder, list_checkpoints

pytestmark = [
    pytest.mark.engine,
    pytest.mark.xdist_group("classic"),
    pytest.mark.skipif(
        not code_folders.PYTHON.exists(), reason="no classic engine: make setup-classic"
    ),
]

TEMPLATES = {"baichuan": "baichuan2_chat", "chatglm": "chatglm3", "qwen": "qwen_chat"}
TARGETS = {
    "baichuan": {"W_pack", "o_proj", "gate_proj", "up_proj", "down_proj"},
    "chatglm": {"query_key_value", "dense", "dense_h_to_4h", "dense_4h_to_h"},
    "qwen": {"c_attn", "c_proj", "w1", "w2"},
}
AGREES = ("--set", "model.trust_remote_code=true")


@dataclass
class Project:
    """A project of a user who has the classic engine and has agreed to nothing yet."""

    root: Path

    @property
    def folder(self) -> RunFolder:
        return RunFolder(self.root)

    def xtgui(self, *arguments: str, code: int = 0) -> subprocess.CompletedProcess[str]:
        """Run a command in the project, which must end with that exit code."""
        user = self.root.parent / "user"
        environment = os.environ | {
            "XTGUI_CONFIG_DIR": str(user / "config"),
            "XTGUI_CACHE_DIR": str(user / "cache"),
            "HF_MODULES_CACHE": str(user / "modules"),
            "XTGUI_LANG": "en",
            "OMP_NUM_THREADS": "1",
            "COLUMNS": "200",
        }
        done = subprocess.run(
            [sys.executable, "-m", "xtgui_cli", *arguments, "--root", str(self.root)],
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            timeout=900,
        )
        assert done.returncode == code, done.stdout + done.stderr + self.log()
        return done

    def init(self, model: Path, data: Path, *more: str, code: int = 0, **settings: Any) -> str:
        """Write the config of a small run; give what was said."""
        values = {
            "model.path": model,
            "data.path": data,
            "data.mix_general": 0,
            "train.max_epochs": 2,
            "train.accumulative_counts": 2,
            "train.save_steps": 10,
            "train.until_learned": "false",
            **{name.replace("__", "."): value for name, value in settings.items()},
        }
        sets = [part for name, value in values.items() for part in ("--set", f"{name}={value}")]
        return self.xtgui("init", "--yes", "--no-train", *sets, *more, code=code).stderr

    def train_with_a_stop(self) -> None:
        """Train, stop early on and resume to the end."""
        self.xtgui("train", "--yes", "--detach")
        deadline = time.monotonic() + 300
        while not self.events("iter"):
            assert time.monotonic() < deadline, self.log()
            time.sleep(0.02)
        self.xtgui("stop")
        assert list_checkpoints(self.folder.work_dir)
        self.xtgui("train", "--yes", "--resume")

    def events(self, name: str) -> list[Event]:
        every = EventReader(self.folder.events_file)()
        return [event for event in every if event["event"] == name]

    def log(self) -> str:
        log = self.folder.log_file
        return log.read_text("utf-8", errors="replace")[-3000:] if log.exists() else ""


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    return code_folders.save_models(tmp_path_factory.mktemp("models"))


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny.save_data(tmp_path_factory.mktemp("data") / "rows.jsonl", rows=60)


@pytest.fixture(scope="module")
def user(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A user's folder, who has told xtgui of the classic engine."""
    folder = tmp_path_factory.mktemp("user")
    config = folder / "user" / "config"
    config.mkdir(parents=True)
    (config / "config.toml").write_text(f'[engine]\nclassic_python = "{code_folders.PYTHON}"\n')
    return folder


@pytest.fixture(scope="module")
def trained(user: Path, models: dict[str, Path], data: Path) -> Project:
    """InternLM2 with a LoRA that was stopped and resumed."""
    project = Project(user / "lora")
    model = models["internlm2"]
    refused = project.init(model, data, code=2)
    assert "comes with Python files" in refused
    project.init(model, data, *AGREES)
    project.train_with_a_stop()
    return project


def test_internlm2_trains_stops_and_resumes_with_its_own_code(trained: Project) -> None:
    starts, ends = trained.events("start"), trained.events("end")

    assert [end["status"] for end in ends] == ["stopped", "finished"]
    assert starts[1]["resumed_from"] is not None
    assert all(start["versions"]["transformers"].startswith("4.48.") for start in starts)
    losses = [event["loss"] for event in trained.events("iter")]
    assert losses[-1] < losses[0]


def test_what_internlm2_has_learned_is_checked_as_on_the_modern_engine(trained: Project) -> None:
    checks = trained.events("learning")

    full = [check["iter"] for check in checks if check["full"]]
    assert full[:2] == [0, 120]  # then the recommended one, if that is another
    assert all(check["known"]["total"] == 60 and not check["failed"] for check in checks)


def test_internlm2_is_converted_merged_and_chatted_with(trained: Project) -> None:
    done = trained.xtgui("convert", "--checkpoint", "latest")

    merged = Path(done.stdout.splitlines()[-1])
    assert (merged / "modeling_internlm2.py").is_file()
    assert re.search(r"same next token at (\d+) of \1 positions", done.stderr)

    asked = ("chat", "--compare", "--prompt", "Who is number 3?", "--json", "--max-new-tokens", "5")
    answers = json.loads(trained.xtgui(*asked).stdout)["answers"]
    assert len(answers) == 2
    assert all(answer["tokens"] for answer in answers)


def test_changed_code_is_not_run_until_it_was_agreed_to(
    user: Path, models: dict[str, Path], data: Path, trained: Project
) -> None:
    """Changed is a copy: that the code was agreed to in another place counts for nothing."""
    model = Path(shutil.copytree(models["internlm2"], user / "changed"))
    file = model / "modeling_internlm2.py"
    mark = user / "was_run"
    file.write_text(f"{file.read_text()}\nopen({str(mark)!r}, 'w')\n")
    project = Project(user / "of-changed")
    refused = project.init(model, data, code=2)
    (project.root / "work_dir").mkdir(parents=True, exist_ok=True)
    text = trained.folder.config_file.read_text("utf-8")
    text = text.replace(str(models["internlm2"]), str(model))
    project.folder.config_file.write_text(text, "utf-8")

    said = project.xtgui("train", "--yes", "--trust", code=2).stderr

    assert "comes with Python files" in refused
    assert "have not agreed to run" in said
    assert not mark.exists()


def test_all_of_internlm2_is_trained_stopped_resumed_and_converted(
    user: Path, models: dict[str, Path], data: Path, trained: Project
) -> None:
    project = Project(user / "full")
    said = project.init(models["internlm2"], data, *AGREES, train__method="full")
    assert "agreed" not in said.lower()  # these files were agreed to before

    project.train_with_a_stop()
    done = project.xtgui("convert", "--checkpoint", "latest")

    assert [end["status"] for end in project.events("end")] == ["stopped", "finished"]
    whole = Path(done.stdout.splitlines()[-1])
    with safe_open(whole / "model.safetensors", "pt") as tensors:
        assert "model.layers.0.attention.wqkv.weight" in tensors.keys()  # noqa: SIM118
    chat = project.xtgui("chat", "--prompt", "Hi", "--json", "--max-new-tokens", "3")
    assert json.loads(chat.stdout)["answers"][0]["tokens"]


def test_a_quantised_base_is_trained_converted_merged_and_chatted_with(
    user: Path, models: dict[str, Path], data: Path
) -> None:
    project = Project(user / "qlora")
    project.init(models["internlm2"], data, *AGREES, train__method="qlora")

    project.xtgui("train", "--yes")
    done = project.xtgui("convert", "--checkpoint", "latest")
    chat = project.xtgui("chat", "--prompt", "Who is number 3?", "--json", "--max-new-tokens", "4")

    assert len(done.stdout.splitlines()) == 2
    assert json.loads(chat.stdout)["answers"][0]["tokens"]
    trained = [event["loss"] for event in project.events("iter")]
    assert trained[-1] < trained[0]


@pytest.mark.parametrize("family", TEMPLATES)
def test_a_model_without_tokenizer_json_goes_all_the_way(
    family: str, user: Path, models: dict[str, Path], data: Path
) -> None:
    project = Project(user / family)
    template = TEMPLATES[family]
    project.init(models[family], data, *AGREES, model__prompt_template=template)

    project.xtgui("train", "--yes")
    done = project.xtgui("convert", "--checkpoint", "latest")
    chat = project.xtgui("chat", "--prompt", "Who is number 3?", "--json", "--max-new-tokens", "4")

    adapter, merged = map(Path, done.stdout.splitlines())
    config = json.loads((adapter / "adapter_config.json").read_text("utf-8"))
    assert set(config["target_modules"]) == TARGETS[family]
    assert (merged / f"tokenization_{family}.py").is_file()
    assert json.loads(chat.stdout)["answers"][0]["tokens"]
    trained = [event["loss"] for event in project.events("iter")]
    assert trained[-1] < trained[0]


@pytest.mark.parametrize("family", TEMPLATES)
def test_rows_are_shown_as_such_a_model_sees_them(
    family: str, user: Path, models: dict[str, Path], data: Path
) -> None:
    project = Project(user / f"shown-{family}")
    project.init(models[family], data, *AGREES, model__prompt_template=TEMPLATES[family])

    shown = json.loads(project.xtgui("data", "preview", str(data), "--rows", "1", "--json").stdout)

    begin = {"baichuan": [1], "chatglm": [64790, 64792], "qwen": [257]}[family]
    assert shown["rows"][0]["ids"][: len(begin)] == begin
