"""`xtgui train --more N`: further epochs, and what is refused."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest
import tiny
from fake_project import FakeProject

from xtgui_cli.shared.config_file import read, read_file
from xtgui_cli.shared.errors import Exit, XtguiError
from xtgui_cli.shared.run_folder import list_checkpoints
from xtgui_cli.shared.schedule_restarts import ScheduleRestart, read_restarts
from xtgui_cli.texts import set_language

pytestmark = pytest.mark.process

LR, RATIO = 2e-4, 0.03
"""What configs/lora.py says, whose accumulation is 16."""


@pytest.fixture
def trained(project: FakeProject) -> FakeProject:
    """A finished run: 3 epochs of 10 iterations, then an engine that goes on to 5 epochs."""
    project.behave("works iterations=30 epochs=3")
    project.train()
    project.behave("works iterations=50 epochs=5")
    return project


def config_of(project: FakeProject) -> dict[str, object]:
    return read(read_file(project.folder.config_file))


def restarts_of(project: FakeProject) -> tuple[ScheduleRestart, ...]:
    return read_restarts(project.folder.schedule_restarts_file)


def set_in_config(project: FakeProject, name: str, literal: str) -> None:
    text = read_file(project.folder.config_file)
    text, count = re.subn(rf"^{name} = [^#\n]*", f"{name} = {literal}  ", text, flags=re.MULTILINE)
    assert count == 1
    project.folder.config_file.write_text(text)


def test_a_finished_run_goes_on_from_its_end(trained: FakeProject) -> None:
    code = trained.train(more=2)

    first, second = trained.events("start")
    assert code == Exit.DONE
    assert (second["resumed_from"], second["run_id"]) == ("iter_30.pth", first["run_id"])
    assert config_of(trained)["max_epochs"] == 5
    assert restarts_of(trained) == (ScheduleRestart(begin=30, end=50, warmup_iters=0, lr=LR),)


def test_the_epochs_and_the_learning_rate_are_told(
    trained: FakeProject, capfd: pytest.CaptureFixture[str]
) -> None:
    capfd.readouterr()

    trained.train(more=2)

    told = " ".join(capfd.readouterr().err.split())
    assert "Continuing from iter_30.pth to the end of epoch 5 (iteration 50)." in told
    assert "The learning rate starts over at 0.0002 and falls to 0." in told


def test_it_is_told_in_chinese_too(trained: FakeProject, capfd: pytest.CaptureFixture[str]) -> None:
    set_in_config(trained, "warmup_ratio", "0.2")
    set_in_config(trained, "accumulative_counts", "1")
    capfd.readouterr()
    set_language("zh")
    try:
        trained.train(more=2, accepts_changes=True)
    finally:
        set_language("en")

    told = capfd.readouterr().err.replace("\n", "")
    assert "从 iter_30.pth 继续训练，到第 5 轮结束（第 50 次迭代）。" in told
    assert "学习率先用 4 次迭代预热到 0.0002，再逐渐降到 0。" in told


def test_an_epoch_that_was_stopped_in_is_trained_to_its_end_and_not_counted(
    project: FakeProject,
) -> None:
    project.behave("fails iterations=30 epochs=3 save=4 at=14")
    project.train()
    project.behave("works iterations=30 epochs=3")

    project.train(more=1)

    assert list_checkpoints(project.folder.work_dir)[0].name == "iter_4.pth"
    assert config_of(project)["max_epochs"] == 3
    assert [(one.begin, one.end) for one in restarts_of(project)] == [(12, 30)]


def test_the_warm_up_is_the_configs_part_of_the_further_iterations(trained: FakeProject) -> None:
    set_in_config(trained, "warmup_ratio", "0.2")
    set_in_config(trained, "accumulative_counts", "1")

    trained.train(more=2, accepts_changes=True)

    assert restarts_of(trained)[0].warmup_iters == 4
    assert config_of(trained)["warmup_iters"] == 10, "of all 50, as from scratch"


def test_without_an_update_near_the_full_rate_there_is_no_warm_up(trained: FakeProject) -> None:
    set_in_config(trained, "warmup_ratio", "0.5")
    set_in_config(trained, "accumulative_counts", "20")

    trained.train(more=2, accepts_changes=True)

    assert restarts_of(trained)[0].warmup_iters == 0


def test_it_can_be_done_again(trained: FakeProject) -> None:
    trained.train(more=2)
    trained.behave("works iterations=60 epochs=6")

    trained.train(more=1)

    assert trained.events("start")[-1]["resumed_from"] == "iter_50.pth"
    assert config_of(trained)["max_epochs"] == 6
    assert [(one.begin, one.end) for one in restarts_of(trained)] == [(30, 50), (50, 60)]


def test_a_start_that_failed_before_training_can_be_repeated_or_resumed(
    trained: FakeProject,
) -> None:
    trained.behave("breaks")
    assert trained.train(more=2) == Exit.FAILED
    before = restarts_of(trained)

    assert trained.train(more=2) == Exit.FAILED
    trained.behave("works iterations=50 epochs=5")

    assert restarts_of(trained) == before
    assert config_of(trained)["max_epochs"] == 5
    assert trained.train(resume="") == Exit.DONE
    assert trained.events("end")[-1]["iter"] == 50


def test_a_learning_rate_may_be_set_for_the_further_epochs(trained: FakeProject) -> None:
    trained.train(more=2, sets=("train.lr=5e-5",))

    assert restarts_of(trained)[0].lr == 5e-5
    assert config_of(trained)["lr"] == 5e-5


def test_other_settings_are_refused_as_on_a_resume(trained: FakeProject) -> None:
    with pytest.raises(XtguiError) as caught:
        trained.train(more=2, sets=("train.batch_size=2", "train.lr=5e-5"))

    assert (caught.value.code, caught.value.data["keys"]) == (
        "train.set_on_resume",
        "train.batch_size",
    )
    assert (config_of(trained)["lr"], config_of(trained)["max_epochs"]) == (LR, 3)


def test_xtgui_toml_follows_where_it_says_the_epochs(trained: FakeProject) -> None:
    trained.folder.settings_file.write_text("[train]\nmax_epochs = 3  # mine\n")

    trained.train(more=2)

    assert trained.folder.settings_file.read_text() == "[train]\nmax_epochs = 5  # mine\n"


def test_where_the_epochs_were_planned_xtgui_toml_does_not_name_them(
    trained: FakeProject,
) -> None:
    trained.train(more=2)

    settings = trained.folder.settings_file
    assert not settings.exists() or "max_epochs" not in settings.read_text()


def test_a_run_from_scratch_has_no_restart(trained: FakeProject) -> None:
    trained.train(more=2)

    trained.train(fresh=True)

    assert restarts_of(trained) == ()


def refused(project: FakeProject, **request: object) -> XtguiError:
    """Ask for further epochs, which must be refused before anything is changed."""
    config, starts = read_file(project.folder.config_file), len(project.events("start"))
    with pytest.raises(XtguiError) as caught:
        project.train(**{"more": 1, **request})
    assert caught.value.exit == Exit.ANSWERS
    assert read_file(project.folder.config_file) == config
    assert len(project.events("start")) == starts
    assert restarts_of(project) == ()
    return caught.value


def test_without_a_checkpoint_there_is_nothing_to_go_on_from(project: FakeProject) -> None:
    assert refused(project).code == "train.no_checkpoint"


def test_a_config_from_elsewhere_is_refused(trained: FakeProject, tmp_path: Path) -> None:
    other = tmp_path / "mine.py"
    other.write_text(read_file(trained.folder.config_file))

    assert refused(trained, config=other).code == "train.more_elsewhere"


def test_a_run_that_no_event_tells_of_is_refused(trained: FakeProject) -> None:
    trained.folder.events_file.unlink()

    assert refused(trained, sets=("train.lr=5e-5",)).code == "train.more_unknown"


def test_without_a_config_there_is_nothing_to_train(trained: FakeProject) -> None:
    trained.folder.config_file.unlink()

    with pytest.raises(XtguiError) as caught:
        trained.train(more=1)

    assert caught.value.code == "train.no_config"


def test_a_computed_learning_rate_is_refused(trained: FakeProject) -> None:
    set_in_config(trained, "lr", "2 * 1e-4")

    error = refused(trained)

    assert (error.code, error.data["names"]) == ("train.more_not_plain", "lr")


def test_another_schedule_is_refused(trained: FakeProject) -> None:
    text = read_file(trained.folder.config_file).replace("CosineAnnealingLR", "PolyLR")
    trained.folder.config_file.write_text(text)

    assert refused(trained).code == "train.more_other_schedule"


def test_further_epochs_of_a_config_of_xtgui_are_no_edit_of_it(
    project: FakeProject, tiny_model: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    data = tiny.save_data(tmp_path / "data.jsonl", 20)
    project.behave("works")
    project.folder.config_file.unlink()
    project.train(sets=(f"model.path={tiny_model}", f"data.path={data}", "train.max_epochs=3"))
    before = config_of(project)
    project.behave("works iterations=40 epochs=4")

    project.train(more=1)
    project.train(fresh=True)

    after = config_of(project)
    assert (before["max_epochs"], after["max_epochs"]) == (3, 4)
    assert "has changed since" not in " ".join(capfd.readouterr().err.split())


# --- Qwen3 as it was trained before its thinking block was known ------------------------------

THINKS = (
    "{% for m in messages %}{{ '<|im_start|>' + m.role + '\n' }}"
    "{% if m.role == 'assistant' and loop.last %}{{ '<think>\n\n</think>\n\n' }}{% endif %}"
    "{{ m.content + '<|im_end|>\n' }}{% endfor %}"
    "{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}"
    "{% if enable_thinking is false %}{{ '<think>\n\n</think>\n\n' }}{% endif %}{% endif %}"
)


@pytest.fixture
def older_qwen3(project: FakeProject, tiny_model: Path) -> FakeProject:
    """A finished run that an older xtgui wrote with qwen_chat, the nearest it knew, unasked."""
    model = Path(shutil.copytree(tiny_model, project.root / "model"))
    facts = model / "tokenizer_config.json"
    facts.write_text(json.dumps({**json.loads(facts.read_text()), "chat_template": THINKS}))
    data = tiny.save_data(project.root / "rows.jsonl", 20)
    project.folder.config_file.unlink()
    project.behave("works iterations=30 epochs=3")
    sets = (f"model.path={model}", f"data.path={data}", "model.prompt_template=qwen_chat")
    project.train(sets=sets)
    settings = project.folder.settings_file
    kept = [line for line in settings.read_text().splitlines() if "prompt_template" not in line]
    settings.write_text("\n".join(kept) + "\n")
    project.behave("works iterations=50 epochs=5")
    return project


def test_a_run_of_qwen3_goes_on_with_the_template_that_it_began_with(
    older_qwen3: FakeProject, capfd: pytest.CaptureFixture[str]
) -> None:
    began_with = config_of(older_qwen3)["prompt_template"]
    capfd.readouterr()

    code = older_qwen3.train(more=2)

    assert code == Exit.DONE
    assert older_qwen3.events("start")[-1]["resumed_from"] == "iter_30.pth"
    assert config_of(older_qwen3)["prompt_template"] == began_with
    assert "<think>" not in older_qwen3.folder.config_file.read_text()
    assert "template" not in capfd.readouterr().err
