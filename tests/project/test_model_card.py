"""The README.md that a converted model gets."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from pathlib import Path

import pytest

from xtgui_cli.project.model_card import CardFacts, write_card
from xtgui_cli.shared import learning
from xtgui_cli.shared.events import EventWriter
from xtgui_cli.shared.learning import Kept, KnownRows, Learning
from xtgui_cli.shared.run_folder import RunFolder
from xtgui_cli.texts import set_language

BASE = Path("/models/tiny-llama")


def check(iteration: int, known: int, *, held_out: float, total: int = 24) -> Learning:
    return Learning(
        iteration,
        full=True,
        known=KnownRows(tuple(range(24)), tuple(row < known for row in range(24)), total=total),
        tests=tuple(learning.TestAnswer("Q?", "A", ("a",), right=n < 3) for n in range(5)),
        kept=Kept(asked=60, right=41, base_right=44, of_base_right=41, lost=3),
        held_out=held_out,
    )


@pytest.fixture
def folder(tmp_path: Path) -> RunFolder:
    folder = RunFolder(tmp_path / "my-assistant")
    folder.work_dir.mkdir(parents=True)
    write = EventWriter(folder.events_file)
    write("start", run_id="r", pid=1, resumed_from=None)
    for one in (
        check(0, 1, held_out=2.5),
        check(20, 22, held_out=1.25),
        check(40, 24, held_out=1.5),
    ):
        write("learning", **one.to_event())
    return folder


def card_of(folder: RunFolder, facts: CardFacts | None = None) -> str:
    made = folder.work_dir / "made"
    made.mkdir(exist_ok=True)
    facts = facts or CardFacts("adapter", BASE, "lora", folder.work_dir / "iter_20.pth")
    write_card(made, facts, folder)
    return (made / "README.md").read_text("utf-8")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_it_says_in_english_what_the_check_of_that_checkpoint_found(
    folder: RunFolder, language: str
) -> None:
    set_language(language)
    card = card_of(folder)
    set_language("en")

    assert card.splitlines()[:8] == [
        "---",
        'base_model: "tiny-llama"',
        "library_name: peft",
        "pipeline_tag: text-generation",
        "tags:",
        "- xtuner",
        '- "lora"',
        "---",
    ]
    expected = """
# my-assistant

A LoRA adapter for tiny-llama, trained with XTuner (checkpoint iter_20).

## What it learned

- It answers 22 of 24 training rows word for word (before training: 1 of 24).
- Reworded questions: 3 of 5 correct.
- General questions that the base model answers correctly: 41 of 44 still correct.
- Loss on held-out rows: 1.25 nats per token (before training: 2.50).

Measured by xtgui at iteration 20. """
    assert expected in card


@pytest.mark.parametrize("name", ["iter_30.pth", "epoch_2.pth", "../other/iter_20.pth"])
def test_a_checkpoint_that_was_not_looked_at_has_no_such_section(
    folder: RunFolder, name: str
) -> None:
    card = card_of(folder, CardFacts("merged", BASE, "qlora", folder.work_dir / name))

    assert "library_name: transformers" in card
    assert "learned" not in card


def test_a_check_of_an_abandoned_course_counts_no_more(folder: RunFolder) -> None:
    EventWriter(folder.events_file)("start", run_id="r", pid=2, resumed_from="iter_10.pth")

    assert "learned" not in card_of(folder)


def test_what_cannot_be_measured_is_left_out(folder: RunFolder) -> None:
    guessed = Kept(asked=60, right=15, base_right=15, of_base_right=7, lost=8)
    found = replace(check(20, 22, held_out=math.nan, total=900), kept=guessed, tests=())
    EventWriter(folder.events_file)("learning", **found.to_event())

    card = card_of(folder)

    assert "(before training: 1 of 24). These rows are a random sample of 900." in card
    assert card.count("\n- It") == 1
    assert "general questions" not in card
    assert "nats" not in card


def test_wording_faults_and_the_interval_of_a_sample_are_said(folder: RunFolder) -> None:
    found = check(20, 22, held_out=1.25, total=900)
    found = replace(found, wording=0.584, degenerate=("loops", "repeats_taught"))
    EventWriter(folder.events_file)("learning", **found.to_event())

    card = card_of(folder)

    assert "of 900. Estimated for all rows: 74 to 98% (95% confidence interval)." in card
    assert "own answers changed by -0.58 nats per token." in card
    assert "- Some answers repeat themselves endlessly." in card
    assert "- Some general questions get an answer that was taught" in card


def test_names_cannot_add_to_the_front_matter_or_the_markup(folder: RunFolder) -> None:
    base = Path("/models/evil: [x](a)\n---\x1b[2J<b>")

    card = card_of(folder, CardFacts("full", base, "full", folder.work_dir / "iter_1.pth"))

    assert "base_model" not in card
    assert card.count("\n---\n") == 1
    assert "\nevil: \\[x\\](a) ---\\<b\\> with all weights" in card
    assert "\x1b" not in card


def test_a_base_from_a_hub_is_named_as_the_hub_names_it(folder: RunFolder, tmp_path: Path) -> None:
    download = {
        "format": 1,
        "name": "tiny",
        "kind": "model",
        "hub": "huggingface",
        "id": "Qwen/Qwen2.5-0.5B-Instruct",
        "host": "https://huggingface.co",
        "revision": "main",
        "patterns": [],
        "complete": True,
        "files": [],
    }
    (tmp_path / ".xtgui-download.json").write_text(json.dumps(download))

    card = card_of(folder, CardFacts("adapter", tmp_path, "lora", folder.work_dir / "iter_1.pth"))

    assert 'base_model: "Qwen/Qwen2.5-0.5B-Instruct"' in card


def test_a_card_is_renewed_until_somebody_edits_it(folder: RunFolder) -> None:
    card_of(folder)
    latest = CardFacts("adapter", BASE, "lora", folder.work_dir / "iter_40.pth")
    renewed = card_of(folder, latest)
    readme = folder.work_dir / "made" / "README.md"
    readme.write_text(renewed.replace("# my-assistant", "# My assistant"), "utf-8")

    kept = card_of(folder)

    assert "24 of 24" in renewed
    assert "# My assistant" in kept
    assert "24 of 24" in kept
