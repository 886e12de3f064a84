"""What has changed since a run began is named before it is resumed."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import tiny
from fake_project import FakeProject
from scripted import Script, follow

from xtgui_cli.commands import convert
from xtgui_cli.shared import chat_template
from xtgui_cli.shared.checked_run import read_checked_run
from xtgui_cli.shared.config_file import read, read_file
from xtgui_cli.shared.errors import Exit, XtguiError
from xtgui_cli.shared.run_folder import list_checkpoints
from xtgui_cli.ui import ask

pytestmark = pytest.mark.process

ROWS = 20


@pytest.fixture
def begun(project: FakeProject, tiny_model: Path) -> FakeProject:
    """A run on a model and data of its own that has failed after two checkpoints."""
    shutil.copytree(tiny_model, project.root / "model")
    tiny.save_data(project.root / "rows.jsonl", ROWS)
    edit(project, "path/to/model", "model")
    edit(project, "path/to/data.jsonl", "rows.jsonl")
    edit(project, "PROMPT_TEMPLATE.default", "PROMPT_TEMPLATE.qwen_chat")
    project.behave("fails at=25")
    project.train()
    project.behave("works")
    return project


def edit(project: FakeProject, before: str, after: str) -> None:
    file = project.folder.config_file
    text = file.read_text("utf-8")
    assert before in text
    file.write_text(text.replace(before, after), "utf-8")


def add_row(project: FakeProject) -> None:
    rows = project.root / "rows.jsonl"
    rows.write_text(rows.read_text() + rows.read_text().splitlines()[0] + "\n")


def turn_rows(project: FakeProject) -> None:
    rows = project.root / "rows.jsonl"
    rows.write_text("\n".join(reversed(rows.read_text().splitlines())) + "\n")


def change_weights(project: FakeProject) -> None:
    weights = project.root / "model" / "model.safetensors"
    content = bytearray(weights.read_bytes())
    content[-1] ^= 1
    weights.write_bytes(content)


def change_json(name: str) -> Callable[[FakeProject], None]:
    def change(project: FakeProject) -> None:
        file = project.root / "model" / name
        file.write_text(json.dumps({**json.loads(file.read_text()), "changed": True}))

    return change


def edit_to(before: str, after: str) -> Callable[[FakeProject], None]:
    return lambda project: edit(project, before, after)


CHANGES = {
    "changed_data": add_row,
    "changed_data (another order)": turn_rows,
    "changed_weights": change_weights,
    "changed_model_config": change_json("config.json"),
    "changed_tokenizer": change_json("tokenizer_config.json"),
    "changed_template": edit_to("PROMPT_TEMPLATE.qwen_chat", "PROMPT_TEMPLATE.zephyr"),
    "changed_setting_kept": edit_to("lr = 2e-4", "lr = 3e-4"),
    "changed_setting_obeyed": edit_to("accumulative_counts = 16", "accumulative_counts = 8"),
    "changed_setting_epochs": edit_to("max_epochs = 3", "max_epochs = 4"),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_resume_with_nobody_to_ask_names_what_has_changed_and_changes_nothing(
    name: str, begun: FakeProject
) -> None:
    CHANGES[name](begun)
    starts, saved = len(begun.events("start")), list_checkpoints(begun.folder.work_dir)

    with pytest.raises(XtguiError) as refused:
        begun.train(resume="")

    assert (refused.value.code, refused.value.exit) == ("train.changed", Exit.ANSWERS)
    assert [notice.name for notice in refused.value.problems] == [name.partition(" ")[0]]
    assert len(begun.events("start")) == starts
    assert list_checkpoints(begun.folder.work_dir) == saved


def test_all_that_has_changed_is_named_at_once_with_old_and_new_values(
    begun: FakeProject, capfd: pytest.CaptureFixture[str]
) -> None:
    add_row(begun)
    edit(begun, "lr = 2e-4", "lr = 3e-4")

    code = begun.train(resume="", accepts_changes=True)

    assert code == Exit.DONE
    told = " ".join(capfd.readouterr().err.split())
    assert "training data: rows.jsonl" in told
    assert "train.lr: 0.0002 → 0.0003" in told


def test_changes_that_were_accepted_are_not_named_again(begun: FakeProject) -> None:
    add_row(begun)
    begun.train(resume="iter_10.pth", accepts_changes=True)

    assert begun.train(resume="iter_10.pth") == Exit.DONE


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (change_weights, "different weights"),
        (change_json("config.json"), "a different config.json"),
        (change_json("tokenizer_config.json"), "a different tokenizer"),
        (add_row, ""),
    ],
)
def test_a_conversion_says_what_of_the_base_has_changed(
    begun: FakeProject,
    capfd: pytest.CaptureFixture[str],
    change: Callable[[FakeProject], None],
    said: str,
) -> None:
    change(begun)

    code = convert.run(convert.ConvertRequest(root=begun.root, merge=False))

    told = " ".join(capfd.readouterr().err.split())
    assert code == Exit.DONE
    assert ("has changed since training began" in told) == bool(said)
    assert said in told


@pytest.mark.parametrize(("answer", "starts"), [(True, 2), (False, 1)])
def test_a_person_is_asked_and_not_resuming_is_the_default(
    answer: bool, starts: int, begun: FakeProject, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_row(begun)
    asked: list[object] = []

    def confirm(question: str, *, default: bool, name: str) -> bool:
        asked.append((question, default))
        return answer

    monkeypatch.setattr(ask, "confirm", confirm)
    monkeypatch.setattr("xtgui_cli.commands.train.is_interactive", lambda: True)

    code = begun.train(resume="", yes=False)

    assert code == Exit.DONE
    assert asked == [("Resume from iter_20.pth anyway?", False)]
    assert len(begun.events("start")) == starts


@pytest.mark.parametrize(
    ("before", "after", "offered"),
    [
        ("accumulative_counts = 16", "accumulative_counts = 8", ["put_back", "resume", "cancel"]),
        ("lora_r = 64", "lora_r = 8", ["put_back", "cancel"]),
    ],
)
def test_the_old_values_can_be_put_back(
    before: str,
    after: str,
    offered: list[str],
    begun: FakeProject,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    config = read_file(begun.folder.config_file)
    edit(begun, before, after)
    script = Script({"changes": "put_back"})
    follow(script, monkeypatch)
    monkeypatch.setattr("xtgui_cli.commands.train.is_interactive", lambda: True)

    code = begun.train(resume="", yes=False)

    assert code == Exit.DONE
    assert script.choices["changes"] == offered
    assert script.offered["changes"] == "cancel"
    assert read_file(begun.folder.config_file) == config
    assert begun.events("start")[-1]["resumed_from"] == "iter_20.pth"


def test_what_xtgui_toml_says_is_put_back_too(
    begun: FakeProject, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun.folder.settings_file.write_text("[train]\nlr = 3e-4  # mine\n")
    edit(begun, "lr = 2e-4", "lr = 3e-4")
    follow(Script({"changes": "put_back"}), monkeypatch)
    monkeypatch.setattr("xtgui_cli.commands.train.is_interactive", lambda: True)

    begun.train(resume="", yes=False)

    assert begun.folder.settings_file.read_text() == "[train]\nlr = 0.0002  # mine\n"


def test_data_that_have_changed_beside_a_setting_are_asked_about_after_it(
    begun: FakeProject, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_row(begun)
    edit(begun, "lr = 2e-4", "lr = 3e-4")
    starts = len(begun.events("start"))
    script = Script({"changes": ["put_back", False]})
    follow(script, monkeypatch)
    monkeypatch.setattr("xtgui_cli.commands.train.is_interactive", lambda: True)

    begun.train(resume="", yes=False)

    assert script.asked == ["changes", "changes"]
    assert read(read_file(begun.folder.config_file))["lr"] == 2e-4
    assert len(begun.events("start")) == starts


@pytest.mark.parametrize("accepts", [True, False])
def test_a_rank_that_does_not_fit_the_checkpoint_is_refused_in_any_case(
    accepts: bool, begun: FakeProject
) -> None:
    edit(begun, "lora_r = 64", "lora_r = 8")

    with pytest.raises(XtguiError) as refused:
        begun.train(resume="", accepts_changes=accepts)

    assert refused.value.code == "train.misfit"
    assert refused.value.problems[0].data == {"key": "lora.lora_r", "before": "64", "now": "8"}


def test_adamw_and_adam_are_the_same_without_weight_decay(begun: FakeProject) -> None:
    edit(begun, "optim_type = AdamW", "optim_type = Adam")

    assert begun.train(resume="") == Exit.DONE


def test_adamw_and_adam_are_not_where_there_is_weight_decay(begun: FakeProject) -> None:
    begun.behave("fails at=25")
    edit(begun, "weight_decay = 0.0", "weight_decay = 0.1")
    begun.train(fresh=True)
    edit(begun, "optim_type = AdamW", "optim_type = Adam")

    begun.refuses("train.misfit", Exit.ANSWERS, resume="")


def test_an_optimizer_with_another_state_is_refused(begun: FakeProject) -> None:
    edit(begun, "optim_type = AdamW", "optim_type = SGD")

    with pytest.raises(XtguiError) as refused:
        begun.train(resume="")

    assert refused.value.code == "train.misfit"


def test_what_training_does_not_depend_on_may_change(begun: FakeProject) -> None:
    edit(begun, "save_total_limit = 5", "save_total_limit = 2")
    edit(begun, "evaluation_freq = 100", "evaluation_freq = 7")

    assert begun.train(resume="") == Exit.DONE


def test_the_same_files_resume_wherever_they_lie_and_whenever_they_were_written(
    begun: FakeProject,
) -> None:
    (begun.root / "rows.jsonl").rename(begun.root / "moved.jsonl")
    (begun.root / "moved.jsonl").write_bytes((begun.root / "moved.jsonl").read_bytes())
    (begun.root / "model").rename(begun.root / "elsewhere")
    edit(begun, '"rows.jsonl"', '"moved.jsonl"')
    edit(begun, '"model"', '"elsewhere"')

    assert begun.train(resume="") == Exit.DONE


def test_other_data_train_from_the_start_and_are_then_those_of_the_run(begun: FakeProject) -> None:
    add_row(begun)

    assert begun.train(fresh=True) == Exit.DONE
    assert begun.train(resume="iter_10.pth") == Exit.DONE


def test_further_epochs_are_no_change_of_the_run(begun: FakeProject) -> None:
    assert begun.train(more=1) == Exit.DONE
    assert begun.train(more=1, sets=("train.lr=0.001",)) == Exit.DONE
    assert begun.train(resume="iter_10.pth") == Exit.DONE


@pytest.mark.parametrize("name", ["data_path", "pretrained_model_name_or_path"])
def test_a_source_that_is_gone_is_said_before_anything_starts(
    name: str, begun: FakeProject, tmp_path: Path
) -> None:
    said = read(read_file(begun.folder.config_file))[name]
    edit(begun, f'{name} = "{said}"', f'{name} = "{tmp_path / "gone"}"')
    starts = len(begun.events("start"))

    with pytest.raises(XtguiError) as refused:
        begun.train(fresh=True)

    assert refused.value.code == "train.sources_gone"
    assert [problem.data["path"] for problem in refused.value.problems] == [str(tmp_path / "gone")]
    assert len(begun.events("start")) == starts


# --- what the engine holds its data against ----------------------------------------------------


def test_what_is_trained_is_counted_before_the_start(begun: FakeProject) -> None:
    checked = read_checked_run(begun.folder.checked_run_file)

    assert checked is not None
    assert checked.samples >= 1
    assert checked.iterations == 3 * checked.samples


def test_rows_in_another_order_are_the_same_tokens_and_other_rows_are_not(
    begun: FakeProject,
) -> None:
    def tokens() -> str:
        begun.train(fresh=True)
        checked = read_checked_run(begun.folder.checked_run_file)
        assert checked is not None
        return checked.tokens

    before = tokens()
    turn_rows(begun)
    turned = tokens()
    rows = begun.root / "rows.jsonl"
    rows.write_text(rows.read_text().replace("assistant.", "assistant!", 1))

    assert turned == before
    assert tokens() != before


def test_a_row_that_cannot_be_trained_is_named_before_anything_starts(begun: FakeProject) -> None:
    with (begun.root / "rows.jsonl").open("a") as file:
        file.write('{"messages": [{"role": "robot", "content": 3}]}\n')
    starts = len(begun.events("start"))

    with pytest.raises(XtguiError) as refused:
        begun.train(fresh=True)

    assert refused.value.code == "data.changed"
    assert refused.value.data["row"] == ROWS + 1
    assert len(begun.events("start")) == starts


def test_accepted_changes_leave_the_engine_nothing_to_hold_against(begun: FakeProject) -> None:
    begun.train(fresh=True, accepts_changes=True)

    assert read_checked_run(begun.folder.checked_run_file) is None


def test_a_model_whose_tokenizer_cannot_be_read_here_is_trained_uncounted(
    begun: FakeProject,
) -> None:
    model = begun.root / "model"
    (model / "tokenizer.json").unlink()
    (model / "vocab.json").write_text("{}")
    (model / "merges.txt").write_text("")

    assert begun.train(fresh=True) == Exit.DONE
    assert read_checked_run(begun.folder.checked_run_file) is None


def test_a_model_whose_chat_template_takes_too_long_is_trained_uncounted(
    begun: FakeProject, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = begun.root / "model" / "tokenizer_config.json"
    template = tiny.CHATML + "{% for x in range(99999) %}{% for y in range(99999) %}"
    template += "{% endfor %}{% endfor %}"
    file.write_text(json.dumps({**json.loads(file.read_text()), "chat_template": template}))
    monkeypatch.setattr(chat_template, "CPU_LIMIT_S", 1)

    assert begun.train(fresh=True) == Exit.DONE
    assert read_checked_run(begun.folder.checked_run_file) is None
