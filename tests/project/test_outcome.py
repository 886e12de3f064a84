"""What came of a run, found in a project: facts, verdict, next step and its command."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import tiny

from xtgui_cli.planning.recipe import LORA_LR, LORA_POWER, NARROWEST, WIDTH
from xtgui_cli.project.outcome import Outcome, at_project
from xtgui_cli.runs.progress import fold
from xtgui_cli.runs.snapshot import State
from xtgui_cli.shared.run_folder import RunFolder

USUAL = float(f"{LORA_LR * (WIDTH / NARROWEST) ** LORA_POWER:.1e}")
"""What is planned for a model as narrow as the tiny one, at an alpha of 32."""
FORGOT = {"asked": 60, "base_right": 48, "of_base_right": 30, "lost": 18, "p_value": 0.0001}

Make = Any


def two_digits(rate: float) -> str:
    return f"{float(f'{rate:.1e}'):g}"


def known(count: int, of: int, loss: float) -> dict[str, Any]:
    flags = [row < count for row in range(of)]
    return {"rows": list(range(of)), "known": flags, "total": of, "loss": loss}


@pytest.fixture
def make(tmp_path: Path, tiny_model: Path, monkeypatch: pytest.MonkeyPatch) -> Make:
    """Return a function that makes what came of a run of ten epochs, in the current folder."""
    monkeypatch.chdir(tmp_path)

    def go(
        *checks: dict[str, Any],
        state: State = "finished",
        rate: float = USUAL,
        config: dict[str, Any] | None = None,
        trained: str = "",
    ) -> Outcome:
        folder = RunFolder(tmp_path)
        folder.work_dir.mkdir(exist_ok=True)
        data = tiny.save_data(tmp_path / "rows.jsonl", rows=20)
        values = {
            "pretrained_model_name_or_path": str(tiny_model),
            "data_path": str(data),
            "lr": rate,
            "lora_alpha": 32,
            "mix_general": 20,
            **(config or {}),
        }
        lines = [f"{name} = {value!r}" for name, value in values.items()]
        folder.config_file.write_text("\n".join([*lines, "model = dict(lora=dict())"]) + "\n")
        (folder.work_dir / "iter_100.pth").touch()
        events = [
            {"event": "start", "at": 1.0, "run_id": "r", "pid": 1, "config": trained},
            {"event": "plan", "at": 1.0, "total_iters": 100, "iters_per_epoch": 10},
            *({"event": "learning", "at": 2.0, "full": True, **check} for check in checks[:1]),
            *(
                {"event": "iter", "at": 2.0, "iter": n, "loss": 4.0 / n, "lr": rate, "epoch": 1.0}
                for n in range(1, 101)
            ),
            *({"event": "learning", "at": 3.0, "full": True, **check} for check in checks[1:]),
        ]
        return Outcome(folder, fold(events), state)

    return go


BASE = {"iter": 0, "known": known(0, 20, 4.0)}


def test_a_run_that_learned_leads_to_a_chat(make: Make) -> None:
    outcome = make(BASE, {"iter": 100, "known": known(20, 20, 0.01)})

    assert [notice.code for notice in outcome.verdict] == ["learning.learned"]
    assert outcome.command == "xtgui chat --compare"
    assert outcome.unknown == ()


def test_further_epochs_follow_from_the_loss_on_the_taught_rows(make: Make) -> None:
    outcome = make(BASE, {"iter": 100, "known": known(12, 20, 0.4)})

    assert outcome.command == "xtgui train --more 14"
    assert [number for number, _ in outcome.unknown] == list(range(13, 21))


@pytest.mark.parametrize(("alpha", "usual"), [(32, USUAL), (16, 2 * USUAL), (64, USUAL / 2)])
def test_the_rate_that_is_proposed_suits_model_and_alpha(
    make: Make, alpha: int, usual: float
) -> None:
    hardly = (BASE, {"iter": 100, "known": known(0, 20, 3.9)})

    outcome = make(*hardly, rate=1e-5, config={"lora_alpha": alpha})

    assert outcome.command == f"xtgui train --fresh --set train.lr={two_digits(usual)}"


def test_a_full_run_gets_a_tenth_of_the_rate(make: Make) -> None:
    hardly = (BASE, {"iter": 100, "known": known(0, 20, 3.9)})
    outcome = make(*hardly, rate=1e-6)
    text = outcome.folder.config_file.read_text().replace("model = dict(lora=dict())\n", "")
    outcome.folder.config_file.write_text(text)

    assert outcome.command == f"xtgui train --fresh --set train.lr={USUAL / 10:g}"


def test_general_questions_are_proposed_where_the_base_can_answer_them(make: Make) -> None:
    forgot = {"iter": 100, "known": known(20, 20, 0.01), "kept": FORGOT}

    outcome = make(BASE, forgot, config={"mix_general": 0})
    assert outcome.command == "xtgui train --fresh --set data.mix_general=20"

    nobody = {"mix_general": 0, "pretrained_model_name_or_path": "gone"}
    outcome = make(BASE, forgot, config=nobody)

    assert outcome.command == f"xtgui train --fresh --set train.lr={two_digits(5e-4)}"


def test_xtuners_own_recipe_is_known_from_the_settings(make: Make) -> None:
    outcome = make(BASE, {"iter": 100, "known": known(0, 20, 3.9)})
    outcome.folder.settings_file.write_text('[train]\nrecipe = "xtuner"\n')

    assert outcome.command == "xtgui train --fresh --set train.recipe=planned"


def test_a_stopped_run_is_resumed_until_nothing_is_left(make: Make) -> None:
    outcome = make(state="stopped")
    assert outcome.step.code == "see"

    checkpoint = outcome.folder.work_dir / "iter_100.pth"
    checkpoint.rename(outcome.folder.work_dir / "iter_60.pth")

    assert Outcome(outcome.folder, outcome.snapshot, "stopped").command == "xtgui train --resume"


def test_a_config_from_elsewhere_is_changed_by_hand_and_named(make: Make, tmp_path: Path) -> None:
    other = tmp_path / "my config.py"
    other.write_text("lr = 1e-5\n")
    hardly = (BASE, {"iter": 100, "known": known(0, 20, 3.9)})

    outcome = make(*hardly, rate=1e-5, trained=str(other))

    assert outcome.command == f"xtgui train '{other}' --fresh"
    assert outcome.step.edit.data == {"file": str(other), "name": "lr", "value": f"{USUAL:g}"}


def test_from_another_folder_the_command_names_the_project(
    make: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    outcome = make()
    (tmp_path / "below").mkdir()
    monkeypatch.chdir(tmp_path / "below")
    assert at_project("xtgui chat", outcome.folder) == "xtgui chat"

    monkeypatch.chdir("/")

    assert at_project("xtgui chat", outcome.folder) == f"xtgui chat --root {tmp_path}"
    spaced = RunFolder(tmp_path / "my shop")
    assert at_project("xtgui chat", spaced) == f"xtgui chat --root '{tmp_path}/my shop'"


def test_settings_that_cannot_be_read_leave_a_step(make: Make) -> None:
    outcome = make(BASE, {"iter": 100, "known": known(0, 20, 3.9)})
    outcome.folder.settings_file.write_text("[train]\nlr = 'fast'\n")

    assert outcome.command.startswith("xtgui train")
