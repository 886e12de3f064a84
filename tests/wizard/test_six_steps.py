"""All six steps in a real pseudo-terminal, with keystrokes."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import fake_engine
import pytest
import tiny
from settings_of import saved_path
from terminal import CTRL_C, DOWN, ENTER, Terminal

from xtgui_cli.shared import config_file
from xtgui_cli.shared.run_folder import RunFolder, list_checkpoints

pytestmark = pytest.mark.process

Start = Callable[..., Terminal]


@pytest.fixture
def folder(tmp_path: Path) -> RunFolder:
    root = tmp_path / "my project 项目"
    root.mkdir()
    return RunFolder(root)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tiny.save_data(tmp_path / "rows.jsonl", rows=20)


@pytest.fixture
def start(tmp_path: Path, folder: RunFolder) -> Iterator[Start]:
    """Return a function that runs `xtgui init` in an empty folder of a new user."""
    started: list[Terminal] = []

    def go(
        language: str = "en", python: Path | None = None, rows: int = 40, behaviour: str = "works"
    ) -> Terminal:
        config = tmp_path / "config"
        config.mkdir(exist_ok=True)
        python = python or fake_engine.install(tmp_path / "engine")
        if not (config / "config.toml").exists():
            chosen = f"[engine]\npython = {json.dumps(str(python))}\n"
            (config / "config.toml").write_text(chosen)
        environment = {
            "XTGUI_CONFIG_DIR": str(config),
            "XTGUI_CACHE_DIR": str(tmp_path / "cache"),
            "XTGUI_LANG": language,
            "FAKE_ENGINE": f"{behaviour} iterations=40 save=20 ms=5",
            "OMP_NUM_THREADS": "1",
        }
        command = ["-m", "xtgui_cli", "init"]
        started.append(Terminal(command, folder.root, environment, columns=100, rows=rows))
        return started[-1]

    yield go
    for terminal in started:
        terminal.kill()


def answer_sources(terminal: Terminal, model: Path, data: Path) -> None:
    """Steps 1 and 2 without test questions; about a table that asks one thing there are none."""
    name_sources(terminal, model, data)
    if data.suffix == ".jsonl":
        terminal.wait_for("Add reworded test questions?")
        terminal.send(ENTER)


def name_sources(terminal: Terminal, model: Path, data: Path) -> None:
    """Steps 1 and 2: this folder, lora, a model and a data file of one's own."""
    terminal.wait_for("Project folder")
    terminal.send(ENTER)
    terminal.wait_for("Fine-tuning method")
    terminal.send(ENTER)
    terminal.wait_for("a model folder on this computer")
    terminal.send(DOWN, ENTER)
    terminal.wait_for("Model folder")
    terminal.send(str(model), ENTER)
    terminal.wait_for("your own file or folder")
    terminal.send(ENTER)
    terminal.wait_for("Data file")
    terminal.send(str(data), ENTER)


def test_six_steps_in_one_sitting(
    start: Start, folder: RunFolder, tiny_model: Path, tmp_path: Path
) -> None:
    table = tmp_path / "问答.csv"
    table.write_bytes(("问题,回答\n" + "你是谁？,小墨。\n" * 20).encode("gb18030"))
    terminal = start()

    answer_sources(terminal, tiny_model, table)
    terminal.wait_for("问答.csv (questions and answers): converted 20 rows to data/问答-")
    terminal.wait_for("Accept and continue")
    terminal.send(ENTER)
    terminal.wait_for("Write the config and train")
    terminal.send(ENTER)
    terminal.wait_for("❯ →  Chat with your model and the base model side by side", patience_s=60)
    terminal.send(DOWN)
    terminal.wait_for("❯ 5  Show the curves and the answers")
    terminal.send(ENTER)
    terminal.wait_for("❯ 6  Convert the model")
    terminal.send(DOWN)
    terminal.wait_for("❯ Quit", patience_s=90)
    terminal.send(ENTER)

    assert terminal.wait_for_end() == 0
    assert [point.name for point in list_checkpoints(folder.work_dir)][-1] == "iter_40.pth"
    assert "Who are you?" in terminal.everything


def test_ctrl_c_keeps_the_answers_and_the_next_round_goes_on(
    start: Start, folder: RunFolder, tiny_model: Path, data: Path
) -> None:
    terminal = start()
    answer_sources(terminal, tiny_model, data)
    terminal.wait_for("Accept and continue")
    terminal.send(CTRL_C)
    assert terminal.wait_for_end() == 130
    assert saved_path(folder, "model.path") == tiny_model

    terminal = start()
    shown = terminal.wait_for("Accept and continue")

    assert "Continuing with your answers: lora · tiny" in shown
    terminal.send(ENTER)
    terminal.wait_for("Write the config and train")
    terminal.send(DOWN, ENTER)
    assert terminal.wait_for_end() == 0
    assert folder.config_file.is_file()


def test_ctrl_c_while_the_base_model_answers_goes_on_without_its_answers(
    start: Start, folder: RunFolder, tiny_model: Path, data: Path
) -> None:
    terminal = start(behaviour="hangs")
    answer_sources(terminal, tiny_model, data)
    terminal.wait_for("Accept and continue")
    terminal.send(ENTER)
    terminal.wait_for("Write the config and train")
    terminal.send(DOWN, ENTER)
    terminal.wait_for("answering general questions")
    terminal.send(CTRL_C)

    terminal.wait_for("Interrupted. This run mixes in no general questions.")

    assert terminal.wait_for_end() == 0
    config = config_file.read(folder.config_file.read_text("utf-8"))
    assert config["data_path"] == str(data)


def test_a_row_is_put_in_other_words_with_its_key_words(
    start: Start, folder: RunFolder, tiny_model: Path, data: Path
) -> None:
    terminal = start(rows=24)
    name_sources(terminal, tiny_model, data)
    terminal.wait_for("Add reworded test questions?")
    terminal.send(DOWN, ENTER)
    for number in range(1, 6):
        terminal.wait_for(f"{number} of 5 · row")
        if number == 2:
            terminal.send("这是谁？", ENTER)
            terminal.wait_for("Keywords of a correct answer")
            terminal.send("，助手")
        terminal.send(ENTER)
    terminal.wait_for("Accept and continue")
    terminal.send(CTRL_C)

    assert terminal.wait_for_end() == 130
    (line,) = (folder.data_dir / "tests.jsonl").read_text("utf-8").splitlines()
    test = json.loads(line)
    assert test["question"] == "这是谁？"
    assert test["keywords"][-1] == "助手"


def test_the_wizard_speaks_chinese_and_fits_24_lines(
    start: Start, tiny_model: Path, data: Path
) -> None:
    terminal = start("zh", rows=24)

    terminal.wait_for("项目文件夹")
    terminal.send(ENTER)
    shown = terminal.wait_for("在模型上附加小适配器")

    assert "微调方法" in shown
    terminal.send("?")
    terminal.wait_for("lora 只训练附加在模型上的小适配器")
    terminal.send(CTRL_C)
    assert terminal.wait_for_end() == 130
    assert "已中断。" in terminal.everything


@pytest.mark.engine
def test_six_steps_with_the_real_engine(
    start: Start, folder: RunFolder, tiny_model: Path, data: Path
) -> None:
    terminal = start(python=Path(sys.executable))

    answer_sources(terminal, tiny_model, data)
    terminal.wait_for("Accept and continue")
    terminal.send(ENTER)
    terminal.wait_for("Write the config and train")
    terminal.send(ENTER)
    terminal.wait_for("❯ →  ", patience_s=180)
    terminal.send(DOWN)
    terminal.wait_for("❯ 5  Show the curves and the answers")
    terminal.send(ENTER)
    terminal.wait_for("❯ 6  Convert the model")
    terminal.send(ENTER)
    terminal.wait_for("❯ yes", patience_s=90)
    terminal.send(ENTER)
    terminal.wait_for("❯ 6  Chat", patience_s=90)
    terminal.send(ENTER)
    terminal.wait_for("/help", patience_s=90)
    terminal.send("Who is number 3?", ENTER)
    terminal.wait_for("tok/s", patience_s=60)
    terminal.send("/exit", ENTER)
    terminal.wait_for("❯ Quit", patience_s=90)
    terminal.send(ENTER)

    assert terminal.wait_for_end() == 0
    made = sorted(
        path.name for path in folder.work_dir.iterdir() if path.name.startswith("xtuner_")
    )
    assert any(name.endswith("_hf") for name in made)
    assert any(name.endswith("_merge") for name in made)
