"""`xtgui data preview`: from the project or the flags, as a screen or as data."""

from __future__ import annotations

import io
import json
import shutil
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pytest
from settings_of import settings_of

from xtgui_cli.commands import data_preview
from xtgui_cli.commands.data_preview import PreviewRequest
from xtgui_cli.planning import machine
from xtgui_cli.project.build_run import build_run
from xtgui_cli.shared.errors import Exit, XtguiError

NOTHING = PreviewRequest()


@pytest.fixture(autouse=True)
def quiet_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "empty").mkdir()
    monkeypatch.chdir(tmp_path / "empty")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Twenty rows: the 5th is far too long, the 7th has no answer, the 9th asks too long."""
    answers = {5: "a long answer " * 60, 7: None}
    questions = {9: "a long question " * 60}
    rows = [
        _row(questions.get(number, f"Question {number}?"), answers.get(number, f"It is {number}."))
        for number in range(1, 21)
    ]
    return _write(tmp_path / "data.jsonl", rows)


def _row(question: str, answer: str | None) -> dict[str, Any]:
    messages = [{"role": "user", "content": question}]
    if answer is not None:
        messages.append({"role": "assistant", "content": answer})
    return {"messages": messages}


def _write(path: Path, rows: list[Any]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    return path


def wanted(data: Path | None, model: Path | None, **more: Any) -> PreviewRequest:
    return PreviewRequest(path=data, model=model, **{"max_length": 100, **more})


def screen(
    capsys: pytest.CaptureFixture[str], wish: PreviewRequest, root: Path | None = None
) -> str:
    assert data_preview.run(replace(wish, root=root)) == Exit.DONE
    return capsys.readouterr().out


def content(
    capsys: pytest.CaptureFixture[str], wish: PreviewRequest, root: Path | None = None
) -> dict[str, Any]:
    assert data_preview.run(replace(wish, root=root, as_json=True)) == Exit.DONE
    found = json.loads(capsys.readouterr().out)
    assert isinstance(found, dict)
    return found


def refusal(wish: PreviewRequest, root: Path | None = None) -> XtguiError:
    with pytest.raises(XtguiError) as raised:
        data_preview.run(replace(wish, root=root))
    return raised.value


def test_the_first_rows_are_shown_and_then_the_file(
    data: Path, tiny_model: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shown = screen(capsys, wanted(data, tiny_model, rows=2))

    assert " ┃ It is 2.‹<|im_end|>›" in shown
    assert "Question 3?" not in shown
    assert "2 of 20 rows (10.0%)" in shown
    assert "have nothing to train: 7, 9" in shown
    assert "--set train.max_length=" in shown


def test_only_rows_that_are_cut_are_shown_when_asked_for(
    data: Path, tiny_model: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shown = screen(capsys, wanted(data, tiny_model, cut=True, rows=1))

    assert " Row 5 " in shown
    assert " Row 1 " not in shown
    assert "1 more row is cut off; to show all: --rows 2" in shown


def test_one_row_is_shown_in_full(
    data: Path, tiny_model: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shown = screen(capsys, wanted(data, tiny_model, row=5))

    assert shown.count("a long answer") > 40
    assert "more lines" not in shown


def test_the_project_says_what_is_not_said(
    data: Path, tiny_model: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = tmp_path / "project"
    root.mkdir()
    (root / "xtgui.toml").write_text(
        f'[model]\npath = "{tiny_model}"\nprompt_template = "vicuna"\n'
        f'[data]\npath = "../{data.name}"\n[train]\nmax_length = 77\nmax_epochs = 5\n'
    )

    found = content(capsys, NOTHING, root)

    assert (found["template"], found["max_length"]) == ("vicuna", 77)
    assert found["plan"]["max_epochs"] == 5
    assert content(capsys, wanted(None, None, template="default"), root)["template"] == "default"


def test_as_data_rows_end_at_max_length_and_figures_agree(
    data: Path, tiny_model: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = content(capsys, wanted(data, tiny_model, cut=True))

    assert [row["row"] for row in found["rows"]] == [5, 9]
    assert all(len(row["ids"]) == len(row["labels"]) == 100 for row in found["rows"])
    assert found["rows"][0]["cut"] == found["rows"][0]["tokens"] - 100
    assert found["rows"][1]["trained"] == 0
    assert found["rows"][0]["text"].startswith("<|im_start|>user\nQuestion 5?")
    assert found["vanishing"] == [7, 9]
    assert found["lengths"]["cut_rows"] == 2
    assert sum(bar["rows"] for bar in found["lengths"]["histogram"]) == 19
    plan = found["plan"]
    assert plan["samples"] - plan["general_rows"] == 18 * plan["repeat_rows"]


def test_what_is_missing_is_named() -> None:
    error = refusal(NOTHING)

    assert (error.code, error.exit) == ("preview.missing", Exit.ANSWERS)
    assert error.data["names"] == "FILE, --model DIR"


def test_a_wrong_template_is_answered_with_the_nearest(data: Path, tiny_model: Path) -> None:
    error = refusal(wanted(data, tiny_model, template="qwen"))

    assert error.code == "preview.no_such_template"
    assert error.data["near"] == "qwen_chat"


def test_a_row_beyond_the_end_is_refused(data: Path, tiny_model: Path) -> None:
    error = refusal(wanted(data, tiny_model, row=21))

    assert (error.code, error.data["rows"]) == ("preview.no_such_row", 20)


@pytest.mark.parametrize("cut", [True, False])
def test_nothing_is_printed_before_a_fault_of_the_first_row(
    cut: bool, tmp_path: Path, tiny_model: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = _write(tmp_path / "broken.jsonl", [{"messages": "a"}])

    error = refusal(wanted(file, tiny_model, cut=cut))

    assert error.code == "data.faults"
    assert capsys.readouterr().out == ""


def test_an_empty_file_says_so(tmp_path: Path, tiny_model: Path) -> None:
    assert refusal(wanted(_write(tmp_path / "empty.jsonl", []), tiny_model)).code == "data.empty"


def test_a_system_text_that_the_template_has_no_place_for_stops(
    tmp_path: Path, tiny_model: Path
) -> None:
    row = {"messages": [{"role": "system", "content": "s"}, *_row("a", "b")["messages"]]}
    file = _write(tmp_path / "system.jsonl", [_row("a", "b"), row])

    error = refusal(wanted(file, tiny_model, template="minicpm"))

    assert error.code == "data.system_has_no_place"


def test_a_file_of_which_nothing_is_left_is_still_shown(
    tmp_path: Path, tiny_model: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = _write(tmp_path / "late.jsonl", [_row("q " * 200, "a")] * 3)

    shown = screen(capsys, wanted(file, tiny_model))

    assert "3 of 3 rows (100.0%) have nothing to train: 1, 2, 3" in shown
    assert "an epoch" not in shown


@pytest.fixture
def old_model(tiny_model: Path, tmp_path: Path) -> Path:
    """A model whose tokenizer is Python code of its own."""
    folder = Path(shutil.copytree(tiny_model, tmp_path / "old"))
    (folder / "tokenizer.json").unlink()
    (folder / "tokenization_old.py").write_text("raise SystemExit", "utf-8")
    config = {"auto_map": {"AutoTokenizer": ["tokenization_old.OldTokenizer", None]}}
    (folder / "tokenizer_config.json").write_text(json.dumps(config), "utf-8")
    return folder


def test_without_a_tokenizer_json_the_template_has_to_be_named(data: Path, old_model: Path) -> None:
    assert refusal(wanted(data, old_model)).code == "preview.template_needed"


def test_code_of_a_model_is_not_run_without_consent(data: Path, old_model: Path) -> None:
    error = refusal(wanted(data, old_model, template="internlm_chat"))

    assert error.code == "preview.remote_code"


def test_consent_for_the_project_s_model_is_none_for_another(
    data: Path, old_model: Path, tiny_model: Path, tmp_path: Path
) -> None:
    root = tmp_path / "project"
    root.mkdir()
    (root / "xtgui.toml").write_text(f'[model]\npath = "{tiny_model}"\ntrust_remote_code = true\n')

    error = refusal(wanted(data, old_model, template="internlm_chat"), root)

    assert error.code == "preview.remote_code"


def test_consent_in_a_folder_of_a_stranger_is_none(
    data: Path, old_model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XTGUI_CONFIG_DIR", str(tmp_path / "config"))
    monkeypatch.setattr("sys.stdin", io.StringIO())
    root = tmp_path / "project"
    root.mkdir()
    (root / "xtgui.toml").write_text(f'[model]\npath = "{old_model}"\ntrust_remote_code = true\n')

    error = refusal(wanted(data, None, template="internlm_chat"), root)

    assert error.code == "preview.remote_code"


def test_a_model_without_chat_template_asks_for_a_template(
    data: Path, tiny_model: Path, tmp_path: Path
) -> None:
    folder = Path(shutil.copytree(tiny_model, tmp_path / "base"))
    file = folder / "tokenizer_config.json"
    config = json.loads(file.read_text("utf-8"))
    del config["chat_template"]
    file.write_text(json.dumps(config), "utf-8")

    assert refusal(wanted(data, folder)).code == "preview.unknown_template"


def test_everything_that_is_bad_has_its_sentence(
    data: Path, tiny_model: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = tmp_path / "project"
    root.mkdir()
    (root / "xtgui.toml").write_text("[train]\naccumulative_counts = 16\nmax_epochs = 1\n")

    shown = screen(capsys, wanted(data, tiny_model, max_length=200), root)

    advice = [line for line in shown.splitlines() if line.startswith(" ! ")]
    assert [line.split()[1] for line in advice] == ["Only", "The", "Rows"]


def test_the_plan_is_the_one_that_the_wizard_makes(
    data: Path, tiny_model: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    answers = {"model.path": str(tiny_model), "data.path": str(data)}
    plan = asdict(build_run(settings_of(answers), machine.detect(), expects_answers=True).plan)
    planned = json.loads(json.dumps({**plan, "reasons": None}))

    found = content(capsys, wanted(data, tiny_model, max_length=None))["plan"]

    assert {name: planned[name] for name in found if name != "warnings"} == {
        name: value for name, value in found.items() if name != "warnings"
    }
