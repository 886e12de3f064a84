"""Trains one set and asks the model, in a fork of a process that has imported everything once."""

from __future__ import annotations

import json
import os
import sys
import time
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from teach_sets import Question, TeachSet

from xtgui_cli.engine.compat_libraries import keep_to_file
from xtgui_cli.engine.prompt import encoder_of, prompt_ids, stop_ids
from xtgui_cli.shared.custom_template import as_template
from xtgui_cli.shared.templates import PromptTemplate, all_templates

MAX_NEW_TOKENS = 64
BATCH = 16


@dataclass(frozen=True)
class Job:
    """One training."""

    teach_set: TeachSet
    settings: Mapping[str, Any]
    method: str
    seed: int
    base: Path
    root: Path
    """An empty folder for the project."""


def prepare(base: Path) -> Any:
    """Import what training imports and load the base model; forks share both."""
    import torch

    torch.set_num_threads(1)
    from xtgui_cli.engine import compat
    from xtgui_cli.engine.config_facts import ConfigFacts

    compat.apply_fixes(compat.BEFORE_XTUNER, ConfigFacts())
    import xtuner.tools.train  # noqa: F401
    from transformers import AutoModelForCausalLM

    from xtgui_cli.engine import evaluation, hook_saving  # noqa: F401

    return AutoModelForCausalLM.from_pretrained(base, dtype=torch.float32).eval()


def in_child(work: Callable[[], Any], root: Path) -> int:
    """Do some work in a fork and return its process id; the result goes to result.json in *root*.

    Everything that encodes text runs in such a child: the tokenizer's thread pool does not survive
    another fork.
    """
    pid = os.fork()
    if pid:
        return pid
    code = 70
    try:
        log = os.open(root / "log.txt", os.O_WRONLY | os.O_CREAT)
        for stream in (1, 2):
            os.dup2(log, stream)
        result = json.dumps(work())
        (root / "result.json").write_text(result, "utf-8")
        code = 0
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def train_and_ask(job: Job, base_model: Any) -> dict[str, Any]:
    """Train a job's set with its settings and return how many answers are right afterwards."""
    import datasets

    from xtgui_cli.cli import main as xtgui

    os.chdir(job.root)
    datasets.config.HF_DATASETS_CACHE = job.root / "datasets"  # the environment is read at import
    project = job.root / "project"
    said = {
        "model.path": str(job.base),
        "data.path": str(job.teach_set.rows_file),
        "train.method": job.method,
        "train.seed": job.seed,
        **job.settings,
    }
    sets = [part for key, value in said.items() for part in ("--set", f"{key}={_toml(value)}")]
    if xtgui(["init", "--root", str(project), "--yes", "--no-train", *sets]):
        raise RuntimeError("xtgui init failed")
    began = time.monotonic()
    runner = _train(project, base_model, job)
    trained_s = time.monotonic() - began
    asker = Asker.of_run(runner)
    scores = {
        "known": asker.count(job.teach_set, job.teach_set.taught),
        "tests": asker.count(job.teach_set, job.teach_set.tests),
        "general": list(
            map(job.teach_set.is_right, job.teach_set.general, asker.answers(job.teach_set.general))
        ),
    }
    return {
        **scores,
        "trained_s": round(trained_s, 1),
        "iterations": runner.iter,
        "events": _last_learning(project),
    }


def _toml(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _train(project: Path, base_model: Any, job: Job) -> Any:
    """Train as the engine does, and return the runner with the trained model in it."""
    import transformers
    from mmengine.runner import Runner

    from xtgui_cli.engine.__main__ import main as engine
    from xtgui_cli.shared.run_folder import RunFolder

    load, train = transformers.AutoModelForCausalLM.from_pretrained, Runner.train
    runners: list[Any] = []

    def take_loaded(*arguments: Any, **options: Any) -> Any:
        is_plain = "quantization_config" not in options
        return base_model if is_plain else load(*arguments, **options)

    def keep_runner(self: Any, *arguments: Any, **options: Any) -> Any:
        runners.append(self)
        return train(self, *arguments, **options)

    transformers.AutoModelForCausalLM.from_pretrained = take_loaded
    Runner.train = keep_runner
    folder = RunFolder(project)
    argv = ["train", "--config", str(folder.config_file), "--work-dir", str(folder.work_dir)]
    if code := engine([*argv, "--run-id", "teach"]):
        raise RuntimeError(f"training ended with {code}")
    return runners[0]


def _last_learning(project: Path) -> dict[str, Any] | None:
    """Return xtgui's own final check, if there was one."""
    from xtgui_cli.shared.events import EventReader
    from xtgui_cli.shared.run_folder import RunFolder

    events = EventReader(RunFolder(project).events_file)()
    found = [event for event in events if event["event"] == "learning"]
    return found[-1] if found else None


class Asker:
    """Asks a model as xtgui's chat does, greedily."""

    def __init__(self, model: Any, base: Path, template: PromptTemplate, system: str) -> None:
        from transformers import AutoTokenizer

        self._template, self._system, self._model = template, system, model.eval()
        self._model.config.use_cache = True
        self._tokenizer = keep_to_file(AutoTokenizer.from_pretrained(base), base)
        self._encoder = encoder_of(self._tokenizer, template)
        self._stop_ids = stop_ids(self._tokenizer, template, ())

    @classmethod
    def of_base(cls, model: Any, base: Path) -> Asker:
        """Ask the base model, without a system text."""
        return cls(model, base, all_templates()["qwen_chat"], "")

    @classmethod
    def of_run(cls, runner: Any) -> Asker:
        """Ask the model that a runner trained, in the format of its training."""
        config = runner.cfg
        template = as_template(dict(config.prompt_template))
        if template is None:
            raise ValueError("the config has no template")
        base = Path(str(config.pretrained_model_name_or_path))
        return cls(runner.model.llm, base, template, config.get("SYSTEM", ""))

    def count(self, teach_set: TeachSet, questions: Sequence[Question]) -> tuple[int, int]:
        """Return how many answers are right, and of how many."""
        answers = self.answers(questions)
        right = sum(map(teach_set.is_right, questions, answers))
        return right, len(questions)

    def answers(self, questions: Sequence[Question]) -> list[str]:
        """Return the answers to questions, in order."""
        prompts = [
            prompt_ids(
                [{"input": question.text, "output": None}],
                self._system,
                self._template,
                self._encoder,
            )
            for question in questions
        ]
        order = sorted(range(len(prompts)), key=lambda number: len(prompts[number]))
        found = [""] * len(prompts)
        for numbers in _chunks(order):
            for number, text in zip(
                numbers, self._generate([prompts[n] for n in numbers]), strict=True
            ):
                found[number] = text
        return found

    def _generate(self, prompts: Sequence[Sequence[int]]) -> list[str]:
        import torch

        longest = max(map(len, prompts))
        pad = self._stop_ids[0]
        ids = torch.tensor([[pad] * (longest - len(row)) + list(row) for row in prompts])
        mask = torch.tensor([[0] * (longest - len(row)) + [1] * len(row) for row in prompts])
        with torch.inference_mode():
            output = self._model.generate(
                input_ids=ids,
                attention_mask=mask,
                max_new_tokens=MAX_NEW_TOKENS,
                do_sample=False,
                eos_token_id=self._stop_ids,
                pad_token_id=pad,
            )
        return [self._text(row) for row in output[:, longest:].tolist()]

    def _text(self, ids: list[int]) -> str:
        ends = [at for at, token in enumerate(ids) if token in self._stop_ids]
        text: str = self._tokenizer.decode(ids[: ends[0]] if ends else ids)
        return text.strip()


def _chunks(numbers: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(numbers), BATCH):
        yield numbers[start : start + BATCH]
