#!/usr/bin/env python3
"""Stands in for the training interpreter: called as the real one, it trains nothing, quickly.

    fake_engine.py -u .../engine/__main__.py train --config C --work-dir W --run-id R [--resume P]
    fake_engine.py -u .../engine/__main__.py serve
    fake_engine.py -c CODE             answers as an interpreter where the engine is installed

What it does is said by the environment variable FAKE_ENGINE, or else by a file `fake_engine.txt`
in the current folder (the project's root): a behaviour and numbers, for example
`works iterations=40 save=10 ms=0`. Behaviours:

    works            all events, checkpoints, answers, a clean stop on SIGTERM
    floods           also prints `megabytes` to stdout before each checkpoint
    dies             kills itself at iteration `at`, without an end event
    crashes          the same, as an error within a library would
    waits            for room on its disk, at iteration `at`, until a file `room` is in its work_dir
    fails            ends with `code` (for example cuda_out_of_memory, with device=cuda) at
                     iteration `at`, with 21 lines of traceback in the log
    breaks           a traceback and exit code 1 before the first event; serves nothing
    hangs            says nothing at all, forever; answers nothing
    hangs_training   stops talking at iteration `at`
    ignores_sigterm  never answers a stop request
    diverges         the loss is nan from iteration `at` on
    learns           knows its rows at iteration `at`, and ends half as many later
"""

from __future__ import annotations

import json
import math
import os
import random
import signal
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from checkpoint_files import small_checkpoint
from places import SOURCE

DEFAULTS = {
    "iterations": "30",
    "save": "10",
    "ms": "0",
    "at": "15",
    "megabytes": "4",
    "code": "cuda_out_of_memory",
    "epochs": "3",
    "device": "cpu",
}
QUESTIONS = ("Who are you?", "你是谁？")


def install(folder: Path) -> Path:
    """Write an executable into *folder* that runs this file; give its path: `[engine] python`."""
    folder.mkdir(parents=True, exist_ok=True)
    script = folder / "fake-python"
    # Asked before each start whether it has the engine, it says yes in a tenth of the time.
    script.write_text(
        "#!/bin/sh\n"
        'case "$2" in *find_spec*) exit 0 ;; esac\n'
        f'exec "{sys.executable}" -E "{Path(__file__).resolve()}" "$@"\n'
    )
    script.chmod(0o755)
    return script


def behaviour() -> tuple[str, dict[str, str]]:
    text = os.environ.get("FAKE_ENGINE")
    if text is None:
        file = Path("fake_engine.txt")
        text = file.read_text("utf-8") if file.is_file() else "works"
    name, *pairs = text.split()
    return name, DEFAULTS | dict(pair.split("=", 1) for pair in pairs)


class Run:
    """One pretended training run."""

    def __init__(self, arguments: dict[str, str]) -> None:
        from xtgui_cli.shared.events import EventWriter
        from xtgui_cli.shared.run_folder import list_checkpoints

        self.name, self.numbers = behaviour()
        self.work_dir = Path(arguments["--work-dir"])
        self.arguments = arguments
        self.total = self.end_iter = int(self.numbers["iterations"])
        self.epochs = int(self.numbers["epochs"])
        self.say = EventWriter(self.work_dir / ".xtgui" / "events.jsonl")
        self.list_checkpoints = list_checkpoints
        self.stop_asked = False
        self.dice = random.Random(7)
        signal.signal(signal.SIGTERM, self.on_sigterm)

    def on_sigterm(self, *_: object) -> None:
        if self.name != "ignores_sigterm":
            self.stop_asked = True

    def at(self, iteration: int, name: str) -> bool:
        return self.name == name and iteration == int(self.numbers["at"])

    def start(self, resumed_from: str | None) -> None:
        self.say(
            "start",
            run_id=self.arguments["--run-id"],
            pid=os.getpid(),
            method="lora",
            model="/models/tiny-llama",
            config=self.arguments["--config"],
            resumed_from=resumed_from,
            versions={"python": "3.11.7", "torch": "2.9.1", "xtuner": "0.2.0"},
            device=self.numbers["device"],
            device_name="CPU",
            oom_kills=3,
            fixes=[],
        )
        for phase in ("importing", "data", "model"):
            self.say("phase", name=phase)
            print(f"fake engine: {phase}", flush=True)
        self.plan(self.total)

    def plan(self, end: int) -> None:
        per_epoch, is_early = self.total // self.epochs, end < self.total
        self.say(
            "plan",
            samples=per_epoch,
            iters_per_epoch=per_epoch,
            total_iters=end,
            planned_iters=self.total,
            ends_early="learned" if is_early else None,
            optimizer_steps=end // 2,
            max_epochs=end / per_epoch if is_early else self.epochs,
            accumulative_counts=2,
            warmup_iters=0,
        )

    def learn(self, number: int) -> None:
        known = {"rows": [0, 1, 2], "known": [True, True, True], "total": 3, "loss": 0.1}
        self.say("recall", iter=number, known=known)
        self.plan(self.end_iter)

    def iteration(self, number: int) -> None:
        time.sleep(float(self.numbers["ms"]) / 1000)
        loss = 0.4 + 2.2 * math.exp(-3 * number / self.total) + self.dice.uniform(-0.08, 0.08)
        if self.name == "diverges" and number >= int(self.numbers["at"]):
            loss = math.nan
        lr = 1e-4 * (1 + math.cos(math.pi * number / self.total))
        self.say(
            "iter",
            iter=number,
            epoch=round(number * self.epochs / self.total, 4),
            loss=loss,
            token_accuracy=round(number / self.total, 5),
            lr=lr,
            time_s=float(self.numbers["ms"]) / 1000 or 0.001,
            data_s=0.0,
            grad_norm=1.0,
            memory_gib=0.53,
        )
        if number % 10 == 0:
            print(f"Iter(train) [{number}/{self.total}]  lr: {lr:.3e}  loss: {loss:.4f}")
            sys.stdout.flush()

    def evaluate(self, number: int) -> None:
        self.say("phase", name="evaluating")
        answers = [
            {"question": question, "answer": f"Answer {number}: 我是小助手 ({number})."}
            for question in QUESTIONS
        ]
        self.say("evaluation", iter=number, answers=answers)
        folder = self.work_dir / ".xtgui" / "answers"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"iter_{number}.json").write_text(json.dumps(answers, ensure_ascii=False))
        self.say("phase", name="training")

    def save(self, number: int) -> str:
        self.say("phase", name="saving")
        path = self.work_dir / f"iter_{number}.pth"
        path.write_bytes(small_checkpoint(number, config="#" * 69_500))
        (self.work_dir / "last_checkpoint").write_text(str(path))
        for old in self.list_checkpoints(self.work_dir)[:-5]:
            old.path.unlink()
        self.say(
            "checkpoint",
            iter=number,
            file=path.name,
            bytes=path.stat().st_size,
            kept=[checkpoint.name for checkpoint in self.list_checkpoints(self.work_dir)],
        )
        self.say("phase", name="training")
        return path.name

    def end(self, status: str, number: int, checkpoint: str | None, code: str = "") -> int:
        self.say("end", status=status, iter=number, checkpoint=checkpoint, code=code, data={})
        return {"finished": 0, "stopped": 130}.get(status, 1)

    def train(self) -> int:
        if self.name == "hangs":
            while not self.stop_asked:
                time.sleep(0.02)
            return 130
        if self.name == "breaks":
            raise ImportError("libcudart.so.12: cannot open shared object file")
        resume = self.arguments.get("--resume")
        done = int(Path(resume).stem.removeprefix("iter_")) if resume else 0
        self.start(Path(resume).name if resume else None)
        saved = Path(resume).name if resume else None
        self.evaluate(done)
        number = done
        while number < self.end_iter:
            number += 1
            if self.at(number, "dies"):
                os.kill(os.getpid(), signal.SIGKILL)
            if self.at(number, "crashes"):
                os.kill(os.getpid(), signal.SIGSEGV)
            if self.at(number, "waits"):
                self.wait_for_room()
            if self.at(number, "fails"):
                for depth in range(20):
                    print(f'  File "step_{depth}.py", line 1', file=sys.stderr)
                print("RuntimeError: the fake engine was told to fail", file=sys.stderr, flush=True)
                return self.end("failed", number, saved, self.numbers["code"])
            while self.at(number, "hangs_training") and not self.stop_asked:
                time.sleep(0.02)
            self.iteration(number)
            if self.at(number, "learns"):
                self.end_iter = number * 3 // 2
                self.learn(number)
            is_last = number == self.end_iter
            if number % int(self.numbers["save"]) == 0 or is_last or self.stop_asked:
                if self.name == "floods":
                    self.flood()
                if not self.stop_asked:
                    self.evaluate(number)
                else:
                    self.say("stopping")
                saved = self.save(number)
            if self.stop_asked and not is_last:
                return self.end("stopped", number, saved)
        code = "learned" if self.end_iter < self.total else ""
        return self.end("finished", self.end_iter, saved, code)

    def wait_for_room(self) -> None:
        self.say("waiting", code="disk_full_waiting", data={"seconds": 5, "minutes": 10})
        while not (self.work_dir / "room").exists() and not self.stop_asked:
            time.sleep(0.02)
        self.say("waited", seconds=1)

    def flood(self) -> None:
        line = b"\x1b[31mflood " + b"x" * 1000 + b"\x1b[0m\n"
        for _ in range(int(self.numbers["megabytes"]) * 1000):
            os.write(1, line)


def as_interpreter(code: str) -> None:
    """Run *code* as an interpreter would that has the engine's packages, without having them."""
    import importlib.metadata

    names = ("torch", "xtuner", "transformers", "peft", "mmengine", "datasets", "bitsandbytes")
    real_version = importlib.metadata.version

    def version(distribution_name: str) -> str:
        return "0.2.0" if distribution_name in names else real_version(distribution_name)

    importlib.metadata.version = version
    exec(compile(code, "<-c>", "exec"), {"__name__": "__main__"})


def serve() -> int:
    """Answer general questions as a base model would, chat, and read checkpoints as the real one.

    Other requests are not understood. What it says in a chat is the JSON text of the environment
    variable FAKE_ANSWER.
    """
    from xtgui_cli.engine import serve as real

    name, _ = behaviour()
    for line in sys.stdin:
        request = json.loads(line)
        if request["do"] in ("check_resumable", "find_intact"):
            real.answer(line, sys.stdout, threading.Event())
            continue

        def reply(event: str, request: dict[str, Any] = request, **data: Any) -> None:
            print(json.dumps({"id": request["id"], "event": event, **data}), flush=True)

        if request["do"] == "convert":
            convert(request, reply)
            continue
        if request["do"] == "load":
            reply("phase", name="model")
            reply("done", models=[one for one in ("base", "tuned") if request[one]])
            continue
        if request["do"] == "generate":
            answer = json.loads(os.environ.get("FAKE_ANSWER", '"Fine."'))
            for start in range(0, len(answer), 5):
                reply("text", text=answer[start : start + 5])
            reply("done", text=answer, tokens=len(answer), seconds=0.5, stop="stop")
            continue
        if request["do"] != "general_answers" or name == "breaks":
            return 2
        for phase in ("importing", "model", "answering"):
            reply("phase", name=phase)
        if name == "hangs":  # until nobody listens any more
            sys.stdin.read()
            return 0
        asked = request["questions"][: request["wanted"]]
        reply("progress", done=0, total=len(asked))
        reply("done", answers=[f"Short answer {number}." for number in range(len(asked))])
    return 0


def convert(request: dict[str, Any], reply: Callable[..., None]) -> None:
    """Make an empty folder of a checkpoint that the real engine would convert."""
    from xtgui_cli.engine.checkpoint import trained_tensors
    from xtgui_cli.engine.checkpoint_reader.checkpoint_file import require_intact
    from xtgui_cli.engine.serve import explain

    try:
        require_intact(Path(request["checkpoint"]), trained_tensors)
    except Exception as error:
        failed = explain(error, "reading")
        reply("failed", code=failed.code, data=failed.data, exit=int(failed.exit))
        return
    Path(request["out"]).mkdir()
    made = {"kind": "adapter", "dtype": "float32", "method": "lora", "reused": False}
    reply("done", out=request["out"], base=request["base"], **made)


def main(arguments: list[str]) -> int:
    arguments = [argument for argument in arguments if argument not in ("-u", "-I", "-S", "-E")]
    if arguments[0] == "-c":
        sys.argv = ["-c", *arguments[2:]]
        as_interpreter(arguments[1])
        return 0
    job, rest = arguments[1], arguments[2:]
    sys.path.insert(0, str(SOURCE))
    if job == "serve":
        return serve()
    if job != "train":
        print(f"the fake engine trains and answers, but does not {job}", file=sys.stderr)
        return 2
    return Run(dict(zip(rest[::2], rest[1::2], strict=True))).train()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
