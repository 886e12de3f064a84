"""Measure what small models learn: `python bench/teach/teach.py [--split tune] [--only NAME] ...`.

Trains the demo's model on each set, with xtgui's default answers and with other tools' published
defaults, and asks it what it was taught, the same in other words, and what it knew before. The
table goes to stdout, everything that was counted to a JSON file after each training; what is in
that file already is not trained again.
"""

from __future__ import annotations

import argparse
import functools
import itertools
import json
import os
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from taught_model import Asker, Job, in_child, prepare, train_and_ask
from teach_recipes import RECIPES
from teach_sets import TeachSet, read_sets

from xtgui_cli.project.demo_model import ensure_demo_model
from xtgui_cli.shared.learning import wilson

OTHERS_ON = 3
"""How many sets other tools' defaults are run on."""
METHODS_ON = 2
"""How many sets full fine-tuning and qlora are run on."""


@dataclass(frozen=True)
class Plan:
    """A training to run."""

    teach_set: TeachSet
    recipe: str
    method: str
    seed: int


def main(arguments: Sequence[str]) -> None:
    """Run what is asked for and print the table."""
    options = _parse(arguments)
    base = ensure_demo_model()
    sets = [
        each for each in read_sets(options.split) if not options.only or each.name in options.only
    ]
    base_model = prepare(base)
    earlier = json.loads(options.out.read_text("utf-8")) if options.out.exists() else {}
    found: list[dict[str, Any]] = earlier.get("runs", [])
    with tempfile.TemporaryDirectory(prefix="teach") as folder:
        place = Path(folder)
        known = earlier.get("base") or _base_scores(base, base_model, sets, place)
        plans = [each for each in _plans(sets, options) if not _is_among(each, found)]
        for done, result in enumerate(_run_all(plans, base, base_model, place, options.jobs), 1):
            print(f"{done}/{len(plans)} {_line(result, known)}", file=sys.stderr, flush=True)
            found.append(result)
            content = {"base": known, "runs": found}
            options.out.write_text(json.dumps(content, ensure_ascii=False, indent=1), "utf-8")
    print(table(found, known))


def _parse(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--split", choices=("tune", "judge"), default="tune")
    parser.add_argument("--only", action="append", help="the name of a set")
    parser.add_argument("--recipe", action="append", choices=tuple(RECIPES))
    parser.add_argument("--method", action="append", choices=("lora", "qlora", "full"))
    parser.add_argument("--seeds", type=int, default=2)
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--out", type=Path, default=Path("teach.json"))
    return parser.parse_args(arguments)


def _plans(sets: Sequence[TeachSet], options: argparse.Namespace) -> Iterator[Plan]:
    """Yield the trainings: all sets with default settings, some with other tools'."""
    recipes = options.recipe or list(RECIPES)
    methods = options.method or ["lora", "qlora", "full"]
    if "xtgui" in recipes and "lora" in methods:
        for seed, teach_set in itertools.product(range(options.seeds), sets):
            yield Plan(teach_set, "xtgui", "lora", seed)
    if "xtgui" in recipes:
        for method, teach_set in itertools.product(methods, sets[:METHODS_ON]):
            if method != "lora":
                yield Plan(teach_set, "xtgui", method, 0)
    for recipe, teach_set in itertools.product(recipes, sets[:OTHERS_ON]):
        if recipe != "xtgui":
            yield Plan(teach_set, recipe, "lora", 0)


def _is_among(plan: Plan, found: Iterable[dict[str, Any]]) -> bool:
    """Return whether a training was run earlier, with its result kept."""
    wanted = (plan.teach_set.name, plan.recipe, plan.method, plan.seed)
    return any(
        wanted == tuple(map(each.get, ("set", "recipe", "method", "seed"))) for each in found
    )


def _base_scores(
    base: Path, base_model: Any, sets: Iterable[TeachSet], place: Path
) -> dict[str, list[bool]]:
    """Return which general questions the base gets right, by language."""
    root = place / "base"
    root.mkdir()

    def ask() -> dict[str, list[bool]]:
        asker = Asker.of_base(base_model, base)
        return {
            each.language: list(map(each.is_right, each.general, asker.answers(each.general)))
            for each in {each.language: each for each in sets}.values()
        }

    in_child(ask, root)
    scores: dict[str, list[bool]] = _result(root, os.wait()[1])
    return scores


def _result(root: Path, status: int) -> Any:
    """Return the result of a child that worked in a folder; exit if it failed."""
    if os.waitstatus_to_exitcode(status):
        sys.exit(f"a child process failed:\n{(root / 'log.txt').read_text('utf-8')[-3000:]}")
    return json.loads((root / "result.json").read_text("utf-8"))


def _run_all(
    plans: Sequence[Plan], base: Path, base_model: Any, place: Path, jobs: int
) -> Iterator[dict[str, Any]]:
    """Yield results as they come; *jobs* trainings run at once, each in one thread."""
    waiting = list(enumerate(plans))
    running: dict[int, tuple[Plan, Job]] = {}
    while waiting or running:
        while waiting and len(running) < jobs:
            number, plan = waiting.pop(0)
            root = place / f"{number:03}-{plan.teach_set.name}-{plan.recipe}-{plan.method}"
            root.mkdir()
            job = Job(plan.teach_set, RECIPES[plan.recipe], plan.method, plan.seed, base, root)
            pid = in_child(functools.partial(train_and_ask, job, base_model), root)
            running[pid] = plan, job
        pid, status = os.wait()
        plan, job = running.pop(pid)
        result: dict[str, Any] = _result(job.root, status)
        yield {
            "set": plan.teach_set.name,
            "kind": plan.teach_set.kind,
            "language": plan.teach_set.language,
            "recipe": plan.recipe,
            "method": plan.method,
            "seed": plan.seed,
            **result,
        }


def _general(result: dict[str, Any], known: dict[str, list[bool]]) -> tuple[int, int]:
    """Return how many of the general questions that the base gets right are still right."""
    before = known[result["language"]]
    kept = [now for now, was in zip(result["general"], before, strict=True) if was]
    return sum(kept), len(kept)


def _line(result: dict[str, Any], known: dict[str, list[bool]]) -> str:
    cells = {
        "known": tuple(result["known"]),
        "tests": tuple(result["tests"]),
        "general": _general(result, known),
    }
    shown = "  ".join(f"{name} {right}/{of}" for name, (right, of) in cells.items())
    about = f"{result['set']} {result['recipe']} {result['method']} seed {result['seed']}"
    return f"{about}: {shown}  {result['iterations']} iterations, {result['trained_s']} s"


def table(found: Sequence[dict[str, Any]], known: dict[str, list[bool]]) -> str:
    """Return the results as a Markdown table, pooled over sets and seeds at the end."""
    head = "| set | settings | method | seed | taught | tests | general | seconds |"
    lines = [head, "|---" * 8 + "|"]
    for result in found:
        right, of = _general(result, known)
        lines.append(
            f"| {result['set']} | {result['recipe']} | {result['method']} | {result['seed']} "
            f"| {result['known'][0]} of {result['known'][1]} "
            f"| {result['tests'][0]} of {result['tests'][1]} | {right} of {of} "
            f"| {result['trained_s']:.0f} |"
        )
    lines += ["", *_pooled([each for each in found if each["recipe"] == "xtgui"], known)]
    return "\n".join(lines)


def _pooled(found: Sequence[dict[str, Any]], known: dict[str, list[bool]]) -> Iterator[str]:
    sums = {
        "taught": [tuple(each["known"]) for each in found],
        "other words, English facts": [
            tuple(each["tests"])
            for each in found
            if each["kind"] == "facts" and each["language"] == "en"
        ],
        "general": [_general(each, known) for each in found],
    }
    for name, pairs in sums.items():
        right, of = sum(pair[0] for pair in pairs), sum(pair[1] for pair in pairs)
        if of:
            low, high = wilson(right, of)
            yield f"{name}: {right} of {of}, {right / of:.1%} ({low:.1%} to {high:.1%})"


if __name__ == "__main__":
    began = time.monotonic()
    main(sys.argv[1:])
    print(f"{(time.monotonic() - began) / 60:.0f} minutes", file=sys.stderr)
