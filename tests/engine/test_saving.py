"""What a run leaves behind: checkpoints, answers, and the user's own config."""

from __future__ import annotations

import json
import os
import resource
import shutil
import signal
import subprocess
from pathlib import Path

import pytest
from tokenizers import Tokenizer
from training_runs import ITERATIONS, SMALL, NewRun, TrainingRun

from xtgui_cli.engine.hook_saving import is_epoch_end_saved
from xtgui_cli.shared.run_folder import list_checkpoints

pytestmark = [pytest.mark.engine, pytest.mark.xdist_group("engine")]


@pytest.fixture(scope="module")
def long_run(new_run: NewRun) -> TrainingRun:
    """Two epochs, a save every 20 iterations, three checkpoints kept."""
    run = new_run(
        "lora",
        max_epochs=2,
        save_steps=20,
        save_total_limit=3,
        evaluation_freq=30,
        SYSTEM="Answer {briefly}.",
    )
    run.config_before = run.folder.config_file.read_text("utf-8")
    run.train()
    return run


def test_epoch_ends_are_saved_within_the_limit(long_run: TrainingRun) -> None:
    saved = [event["iter"] for event in long_run.events("checkpoint")]
    left = [checkpoint.iter for checkpoint in list_checkpoints(long_run.folder.work_dir)]

    assert saved == [20, ITERATIONS, 40, 2 * ITERATIONS]
    assert left == [ITERATIONS, 40, 2 * ITERATIONS]
    assert long_run.events("checkpoint")[-1]["kept"] == [f"iter_{number}.pth" for number in left]
    assert sorted(path.name for path in long_run.folder.resume_dir.iterdir()) == [
        f"iter_{number}.pth" for number in left
    ]


def test_every_save_and_every_evaluation_has_its_answers_once(long_run: TrainingRun) -> None:
    evaluated = [event["iter"] for event in long_run.events("evaluation")]
    answers = json.loads((long_run.folder.answers_dir / "iter_27.json").read_text("utf-8"))
    outputs = {
        path.name for path in long_run.folder.work_dir.glob("*/vis_data/eval_outputs_iter_*.txt")
    }

    assert evaluated == [0, 20, 27, 30, 40, 54]
    assert [entry["question"] for entry in answers["answers"]] == ["Who is number 3?"]
    assert "<|im_" not in answers["answers"][0]["answer"]
    assert outputs == {f"eval_outputs_iter_{number}.txt" for number in (19, 26, 39, 53)}


def test_no_answer_is_longer_than_asked_for_not_even_before_training(
    long_run: TrainingRun,
) -> None:
    [model] = {event["model"] for event in long_run.events("start")}
    tokenizer = Tokenizer.from_file(str(Path(model) / "tokenizer.json"))
    answers = [
        entry["answer"] for event in long_run.events("evaluation") for entry in event["answers"]
    ]

    lengths = [len(tokenizer.encode(answer, add_special_tokens=False).ids) for answer in answers]

    # A byte that is no text by itself has become a sign of three bytes.
    assert max(lengths) <= 3 * SMALL["max_new_tokens"]


def test_the_evaluation_prompt_is_that_of_training_even_with_braces_in_the_system(
    long_run: TrainingRun,
) -> None:
    """xtuner alone would begin both with a second BOS, and fail on the braces."""
    output = next(long_run.folder.work_dir.glob("*/vis_data/eval_outputs_iter_53.txt"))
    log = long_run.folder.log_file.read_text("utf-8")

    text = output.read_text("utf-8")

    assert text.startswith("Eval output 1:\n<|im_start|>system\nAnswer {briefly}.<|im_end|>\n")
    assert "INFO - <|im_start|>user\n" in log
    assert "<|im_start|><|im_start|>" not in log


def test_the_config_that_is_trained_stays_as_the_user_left_it(long_run: TrainingRun) -> None:
    assert long_run.folder.config_file.read_text("utf-8") == long_run.config_before


def test_a_full_disk_leaves_no_half_written_checkpoint(new_run: NewRun) -> None:
    run = new_run("full", evaluation_freq=None)
    run.largest_file, run.patience_s = 1_000_000, 0.5

    end = run.fail()

    assert run.events("waiting")
    assert (end["code"], end["iter"], end["checkpoint"]) == ("disk_full", ITERATIONS, None)
    assert list(run.folder.work_dir.glob("*.pth")) == []
    assert list(run.folder.work_dir.glob(".*.unfinished")) == []


def test_a_training_waits_for_room_on_a_full_disk_and_ends_as_any_other(new_run: NewRun) -> None:
    run = new_run("full", evaluation_freq=None, save_steps=10, save_total_limit=1)
    run.largest_file = 1_000_000

    run.start()
    run.wait_for(lambda event: event["event"] == "waiting")
    resource.prlimit(run.pid, resource.RLIMIT_FSIZE, (-1, -1))
    code = run.wait()

    assert code == 0, run.log()
    assert [event["iter"] for event in run.events("iter")] == list(range(1, ITERATIONS + 1))
    assert [event["iter"] for event in run.events("checkpoint")] == [10, 20, ITERATIONS]
    assert len(run.events("waiting")) == len(run.events("waited")) == 1
    assert [item.iter for item in list_checkpoints(run.folder.work_dir)] == [ITERATIONS]


def test_a_training_waits_for_room_for_its_events(new_run: NewRun) -> None:
    run = new_run("lora", evaluation_inputs=[], pack_to_max_length=False)

    run.start()
    run.wait_for(lambda event: event["event"] == "iter")
    room = run.folder.events_file.stat().st_size + 1000  # for two or three more of them
    resource.prlimit(run.pid, resource.RLIMIT_FSIZE, (room, -1))
    run.wait_for(lambda event: event["event"] == "waiting")
    resource.prlimit(run.pid, resource.RLIMIT_FSIZE, (-1, -1))
    code = run.wait()

    total = run.events("plan")[-1]["total_iters"]
    assert code == 0, run.log()
    assert [event["iter"] for event in run.events("iter")] == list(range(1, total + 1))


def test_a_schedulers_sigterm_to_every_process_saves_and_leaves(new_run: NewRun) -> None:
    """torch's workers would obey it at once, and the training would die of that."""
    run = new_run("lora", dataloader_num_workers=2, evaluation_inputs=[])

    run.start()
    run.wait_for(lambda event: event["event"] == "iter" and event["iter"] >= 2)
    os.killpg(run.pid, signal.SIGTERM)
    code = run.wait()

    end = run.events("end")[-1]
    assert code == 130, run.log()
    assert end["status"] == "stopped"
    assert (run.folder.work_dir / end["checkpoint"]).is_file()


def test_a_killed_worker_is_named(new_run: NewRun) -> None:
    run = new_run("lora", dataloader_num_workers=2, evaluation_inputs=[], max_epochs=50)

    run.start()
    run.wait_for(lambda event: event["event"] == "iter" and event["iter"] >= 2)
    children = Path(f"/proc/{run.pid}/task/{run.pid}/children").read_text().split()
    os.kill(int(children[0]), signal.SIGKILL)
    code = run.wait()

    assert code == 1, run.log()
    assert run.events("end")[-1]["code"] == "worker_killed"


def test_a_stop_before_training_leaves_at_once_without_a_checkpoint(new_run: NewRun) -> None:
    run = new_run("lora")

    run.start()
    run.wait_for(lambda event: event["event"] == "start")
    os.kill(run.pid, signal.SIGTERM)
    code = run.wait()

    assert code == 130
    assert run.events()[-1]["status"] == "stopped"
    assert run.events("iter") == []
    assert list_checkpoints(run.folder.work_dir) == []


def test_what_a_kill_has_left_in_the_middle_of_a_save_is_removed_at_the_resume(
    new_run: NewRun,
) -> None:
    """Killed after the new checkpoint has its name, and before the older one is deleted."""
    run = new_run("lora", save_steps=10, save_total_limit=1, evaluation_inputs=[])
    work_dir = run.folder.work_dir
    run.start()
    run.stop_at(22)
    (last,) = list_checkpoints(work_dir)
    shutil.copy(last.path, work_dir / "iter_20.pth")
    (work_dir / ".iter_21.pth.unfinished").write_bytes(b"half")

    run.train(resume=last.name)

    assert [item.iter for item in list_checkpoints(work_dir)] == [ITERATIONS]
    assert list(work_dir.glob(".*.unfinished")) == []


@pytest.mark.skipif(shutil.which("strace") is None, reason="strace shows what the disk is told")
def test_a_run_deletes_an_older_checkpoint_only_after_the_disk_holds_the_new_one(
    new_run: NewRun, tmp_path: Path
) -> None:
    run = new_run("lora", save_steps=10, save_total_limit=1, evaluation_freq=1000)
    trace = tmp_path / "trace"
    calls = "fsync,rename,renameat,renameat2,unlink,unlinkat"
    run.start()
    tracer = subprocess.Popen(
        ["strace", "-f", "-y", "-e", f"trace={calls}", "-o", trace, "-p", str(run.pid)],
        stderr=subprocess.DEVNULL,
    )
    assert run.wait() == 0, run.log()
    tracer.wait(60)

    told = trace.read_text("utf-8").splitlines()
    if not told:
        pytest.skip("this system lets nobody look on")

    def first(call: str, name: str, after: int = -1) -> int:
        return next(
            number
            for number, line in enumerate(told)
            if number > after and call in line and name in line
        )

    order = [first("fsync", ".iter_20.pth.unfinished")]
    order.append(first("rename", "iter_20.pth", order[-1]))
    order.append(first("fsync", "work_dir>", order[-1]))
    order.append(first("fsync", ".last_checkpoint.", order[-1]))
    order.append(first("rename", "last_checkpoint", order[-1]))
    order.append(first("unlink", "iter_10.pth", order[-1]))
    assert order == sorted(order)
    assert not any("unlink" in line and "work_dir/iter_10.pth" in line for line in told[: order[0]])


@pytest.mark.parametrize(
    ("epoch", "max_epochs", "limit", "expected"),
    [(1, 3, 2, True), (1, 40, 5, False), (35, 40, 5, False), (36, 40, 5, True), (1, 40, -1, True)],
)
def test_of_many_epochs_only_those_are_saved_that_would_stay(
    epoch: int, max_epochs: int, limit: int, expected: bool
) -> None:
    assert is_epoch_end_saved(epoch, max_epochs, limit) is expected
