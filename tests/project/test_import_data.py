"""Data of any format become a file of the project, once, and the original stays."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import tiny
from scripted import BACK, Script, follow
from settings_of import saved_path

from xtgui_cli.commands import data_preview
from xtgui_cli.commands.data_preview import PreviewRequest
from xtgui_cli.project import settings_file, train_config
from xtgui_cli.shared import config_file
from xtgui_cli.shared.errors import Exit, XtguiError
from xtgui_cli.shared.run_folder import RunFolder
from xtgui_cli.wizard import continue_run, init
from xtgui_cli.wizard.init import InitRequest

ALPACA = [
    {"instruction": f"第 {number} 题？", "input": "", "output": f"Answer {number}."}
    for number in range(20)
]
LONG_TEXT = "\n\n".join(f"Paragraph {number}. " + "Ink is dark. " * 30 for number in range(12))


@pytest.fixture(autouse=True)
def own_config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XTGUI_CONFIG_DIR", str(tmp_path / "config"))
    monkeypatch.setattr(continue_run, "go_on", lambda folder: Exit.DONE)


@pytest.fixture
def folder(tmp_path: Path) -> RunFolder:
    return RunFolder(tmp_path / "project")


@pytest.fixture
def run_yes(folder: RunFolder, tiny_model: Path) -> Callable[..., None]:
    def run(path: Path, *sets: str) -> None:
        named = [f"model.path={tiny_model}", f"data.path={path}", *sets]
        init.run(InitRequest(root=folder.root, sets=named, yes=True, no_train=True))

    return run


@pytest.fixture
def ask_about(
    folder: RunFolder, tiny_model: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Script]:
    def run(path: Path, **replies: Any) -> Script:
        sources = {
            "train.method": "lora",
            "model.path.source": "own",
            "model.path": str(tiny_model),
            "data.path.source": "own",
            "data.path": str(path),
            "data.tests": "none",
            "parameters": "go_on",
            "ready": "write",
        }
        script = Script(sources | {name.replace("__", "."): one for name, one in replies.items()})
        follow(script, monkeypatch)
        init.run(InitRequest(root=folder.root, no_train=True))
        return script

    return run


def _rows(path: Path) -> list[list[dict[str, Any]]]:
    return [json.loads(line)["messages"] for line in path.read_text("utf-8").splitlines()]


def _alpaca(path: Path, encoding: str = "utf-8") -> Path:
    path.write_bytes(json.dumps(ALPACA, ensure_ascii=False).encode(encoding))
    return path


def test_a_file_of_another_format_is_converted_and_the_original_stays(
    run_yes: Callable[..., None], folder: RunFolder, tmp_path: Path
) -> None:
    original = _alpaca(tmp_path / "我的数据.json", "gb18030")
    before = original.read_bytes()

    run_yes(original)

    used = saved_path(folder, "data.path")
    assert used.parent == folder.root / "data"
    assert used.name.startswith("我的数据-")
    assert original.read_bytes() == before
    assert [row[0]["content"] for row in _rows(used)] == [row["instruction"] for row in ALPACA]
    assert config_file.read(folder.config_file.read_text("utf-8"))["data_path"] == str(used)


def test_the_same_file_is_converted_once_and_a_changed_one_anew(
    run_yes: Callable[..., None], folder: RunFolder, tmp_path: Path
) -> None:
    original = _alpaca(tmp_path / "a.json")
    run_yes(original)
    first = saved_path(folder, "data.path")
    written = first.stat().st_mtime_ns

    run_yes(original)
    assert (saved_path(folder, "data.path"), first.stat().st_mtime_ns) == (first, written)

    original.write_text(json.dumps(ALPACA * 2), "utf-8")
    run_yes(original)

    assert saved_path(folder, "data.path") != first
    assert len(_rows(saved_path(folder, "data.path"))) == 40
    assert first.exists()


def test_openai_messages_are_used_where_they_lie(
    run_yes: Callable[..., None], folder: RunFolder, tmp_path: Path
) -> None:
    data = tiny.save_data(tmp_path / "rows.jsonl", rows=20)

    run_yes(data)

    assert saved_path(folder, "data.path") == data
    assert not folder.data_dir.exists()


def test_packed_messages_are_unpacked(
    run_yes: Callable[..., None], folder: RunFolder, tmp_path: Path
) -> None:
    plain = tiny.save_data(tmp_path / "rows.jsonl", rows=20)
    packed = tmp_path / "rows.jsonl.gz"
    packed.write_bytes(gzip.compress(plain.read_bytes()))

    run_yes(packed)

    assert _rows(saved_path(folder, "data.path")) == _rows(plain)


def test_a_folder_of_files_becomes_one(
    run_yes: Callable[..., None], folder: RunFolder, tmp_path: Path
) -> None:
    many = tmp_path / "many"
    many.mkdir()
    _alpaca(many / "a.json")
    (many / "b.csv").write_text("question,answer\n" + "what,that\n" * 5, "utf-8")
    (many / "README.md").write_text("# About\n\nThis is data.\n", "utf-8")

    run_yes(many)

    assert len(_rows(saved_path(folder, "data.path"))) == 25


def test_plain_text_is_trained_without_a_template(
    run_yes: Callable[..., None], folder: RunFolder, tmp_path: Path
) -> None:
    text = tmp_path / "book.txt"
    text.write_text(LONG_TEXT, "utf-8")

    run_yes(text)

    rows = _rows(saved_path(folder, "data.path"))
    assert all(row[0] == {"role": "user", "content": ""} for row in rows)
    pieces = [row[1]["content"] for row in rows]
    assert max(map(len, pieces)) <= 1000
    assert "".join("".join(pieces).split()) == "".join(LONG_TEXT.split())
    template = config_file.read(folder.config_file.read_text("utf-8"))["prompt_template"]
    assert template == {"SYSTEM": "", "INSTRUCTION": "{input}"}


def test_the_template_of_plain_text_goes_with_it(
    run_yes: Callable[..., None], folder: RunFolder, tmp_path: Path
) -> None:
    text = tmp_path / "book.txt"
    text.write_text(LONG_TEXT, "utf-8")
    run_yes(text)

    run_yes(tiny.save_data(tmp_path / "rows.jsonl", rows=20))

    assert "model.prompt_template" not in settings_file.load(folder.settings_file)
    assert config_file.read(folder.config_file.read_text("utf-8"))["prompt_template"] == "qwen_chat"


def test_where_the_columns_are_unclear_a_script_is_told_what_to_do(
    run_yes: Callable[..., None], folder: RunFolder, tmp_path: Path
) -> None:
    odd = tmp_path / "odd.csv"
    odd.write_text("left,right\n" + "what,that\n" * 20, "utf-8")

    with pytest.raises(XtguiError) as caught:
        run_yes(odd)

    assert (caught.value.code, caught.value.exit) == ("formats.unclear_table", Exit.ANSWERS)
    assert not folder.settings_file.exists()


def test_a_person_says_which_column_is_which(
    ask_about: Callable[..., Script], folder: RunFolder, tmp_path: Path
) -> None:
    odd = tmp_path / "odd.csv"
    odd.write_text("left,right,who\n" + "what,that,be kind\n" * 20, "utf-8")

    script = ask_about(
        odd,
        data__column__assistant="right",
        data__column__user="left",
        data__column__system="who",
        train__SYSTEM__source="data",
    )

    assert script.choices["data.column.user"] == ["left", "right", "who", ""]
    assert script.choices["data.column.assistant"] == ["right", "who"]
    assert _rows(saved_path(folder, "data.path"))[0] == [
        {"role": "system", "content": "be kind"},
        {"role": "user", "content": "what"},
        {"role": "assistant", "content": "that"},
    ]


def test_from_the_columns_one_goes_back_to_the_file(
    ask_about: Callable[..., Script], folder: RunFolder, tmp_path: Path
) -> None:
    odd = tmp_path / "odd.csv"
    odd.write_text("left,right\n" + "what,that\n" * 20, "utf-8")
    good = tiny.save_data(tmp_path / "rows.jsonl", rows=20)

    ask_about(
        odd,
        data__column__user=BACK,
        data__path__source=["own", "own"],
        data__path=[str(odd), str(good)],
    )

    assert saved_path(folder, "data.path") == good


def test_a_faulty_file_is_repaired_into_the_project_when_a_person_agrees(
    ask_about: Callable[..., Script],
    folder: RunFolder,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from xtgui_cli.wizard import data_page

    monkeypatch.setattr(data_page, "is_interactive", lambda: True)
    faulty = tmp_path / "faulty.jsonl"
    row = {"messages": [{"role": "human", "content": "a"}, {"role": "assistant", "content": "b"}]}
    faulty.write_text("\n".join([json.dumps(row)] * 20), "utf-8")

    ask_about(faulty, data__repair=True)

    used = saved_path(folder, "data.path")
    assert used.parent == folder.root / "data"
    assert [message["role"] for message in _rows(used)[0]] == ["user", "assistant"]


def test_a_column_can_be_plain_text(
    ask_about: Callable[..., Script], folder: RunFolder, tmp_path: Path
) -> None:
    odd = tmp_path / "odd.csv"
    odd.write_text("id,story\n" + "1,Once upon a time there was ink.\n" * 20, "utf-8")

    script = ask_about(odd, data__column__user="", data__column__text="story")

    assert script.choices["data.column.text"] == ["id", "story"]
    assert (
        _rows(saved_path(folder, "data.path"))[0][1]["content"] == "Once upon a time there was ink."
    )
    assert settings_file.load(folder.settings_file)["model.template_instruction"] == "{input}"


def test_a_file_of_another_format_can_be_previewed(
    tmp_path: Path, tiny_model: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    original = _alpaca(tmp_path / "a.json", "utf-16")

    data_preview.run(PreviewRequest(path=original, model=tiny_model, rows=1, as_json=True))

    shown = json.loads(capsys.readouterr().out)
    assert (len(shown["rows"]), shown["lengths"]["rows"]) == (1, len(ALPACA))
    assert [path.name for path in tmp_path.iterdir()] == ["a.json"]


# --- an original that changes after it was converted -------------------------------------------


def _save_csv(path: Path, rows: int) -> Path:
    lines = ["question,answer", *(f"What is {n}?,It is {n}." for n in range(rows))]
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


def test_init_converts_a_changed_original_again(
    run_yes: Callable[..., None],
    folder: RunFolder,
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
) -> None:
    original = _save_csv(tmp_path / "shop.csv", 20)
    run_yes(original)
    _save_csv(original, 21)

    init.run(InitRequest(root=folder.root, yes=True, no_train=True))

    assert len(_rows(saved_path(folder, "data.path"))) == 21
    assert "shop.csv has changed since its import" in capfd.readouterr().err


def test_the_wizard_takes_a_changed_original_in_again(
    run_yes: Callable[..., None],
    ask_about: Callable[..., Script],
    folder: RunFolder,
    tmp_path: Path,
) -> None:
    original = _save_csv(tmp_path / "shop.csv", 20)
    run_yes(original)
    _save_csv(original, 21)

    ask_about(saved_path(folder, "data.path"))

    assert len(_rows(saved_path(folder, "data.path"))) == 21


def test_the_next_training_converts_a_changed_original_again_and_a_resumed_one_does_not(
    run_yes: Callable[..., None], folder: RunFolder, tmp_path: Path
) -> None:
    original = _save_csv(tmp_path / "shop.csv", 20)
    run_yes(original)
    before = saved_path(folder, "data.path")
    _save_csv(original, 21)

    train_config.update_config(folder, (), is_resume=True)
    kept = saved_path(folder, "data.path")
    train_config.update_config(folder, (), is_resume=False)

    assert kept == before
    assert len(_rows(saved_path(folder, "data.path"))) == 21
    said = config_file.read(config_file.read_file(folder.config_file))
    assert str(saved_path(folder, "data.path")) in (said["data_path"], said["source_data_path"])


def test_without_its_original_the_converted_file_stays(
    run_yes: Callable[..., None], folder: RunFolder, tmp_path: Path
) -> None:
    original = _save_csv(tmp_path / "shop.csv", 20)
    run_yes(original)
    before = saved_path(folder, "data.path")
    original.unlink()

    init.run(InitRequest(root=folder.root, yes=True, no_train=True))

    assert saved_path(folder, "data.path") == before
