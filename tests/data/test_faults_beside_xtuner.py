"""For each fault: what xtuner does with the row, and what the checker calls it."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from places import SUPPORT
from row_examples import ANSWER, SILENT, STOP, SYSTEM, USER

from xtgui_cli.data.row_faults import find_in_row
from xtgui_cli.runs.training_process import engine_environment

pytestmark = [pytest.mark.engine, pytest.mark.xdist_group("engine")]

Q, A, S = USER["content"], ANSWER["content"], SYSTEM["content"]


def _turn(question: str, answer: str, system: str = "", *, trained: bool = True) -> dict[str, Any]:
    return {"system": system, "input": question, "output": answer, "output_with_loss": trained}


WHAT_XTUNER_TRAINS = {
    "no_answer": [],
    "all_masked": [_turn(Q, A, trained=False)],
    "loss_null": [_turn(Q, A, trained=False), _turn(Q, A)],
    "loss_odd": [_turn(Q, A, trained=False), _turn(Q, A)],
    "answer_first": [_turn(Q, A)],
    "ends_with_user": [_turn(Q, A)],
    "ends_with_system": [_turn(Q, A)],
    "users_joined": [_turn(Q + Q, A)],
    "answers_in_a_row": [_turn(Q, A), _turn("", A)],
    "system_lost": [_turn(Q, A, system="Be long.")],
    "system_later": [_turn(Q, A), _turn(Q, A, system=S)],
    "empty_answer": [_turn(Q, "")],
    "blank_answer": [_turn(Q, " \n")],
    "empty_question": [_turn(" ", A)],
    "no_question": [_turn("", A, system=S)],
    "tool_calls": [_turn(Q, A)],
}
TRAINS_NOTHING = ("no_answer", "all_masked")


def _random_conversations(number: int) -> list[list[dict[str, Any]]]:
    """Return conversations, right and wrong, of few kinds of messages, so that both are many."""
    dice = random.Random(number)
    texts = ("", " ", "a", "你好", "{x}", "<|im_end|>", "é\n")
    found = []
    for _ in range(number):
        roles = dice.choices(("system", "user", "assistant"), (1, 4, 4), k=dice.randint(0, 4))
        if dice.random() < 0.6:
            roles = ["system"] * (dice.random() < 0.4) + ["user", "assistant"] * dice.randint(1, 3)
        kind = texts if dice.random() < 0.4 else texts[2:]
        messages: list[dict[str, Any]] = [
            {"role": role, "content": dice.choice(kind)} for role in roles
        ]
        for message in messages:
            if dice.random() < 0.05:
                message["loss"] = dice.choice((True, False, None, "yes"))
            if dice.random() < 0.05:
                message[dice.choice(("content", "role"))] = dice.choice((None, 3, "tool", ["a"]))
        found.append(messages)
    return found


CONVERSATIONS = [*SILENT.values(), *STOP.values(), *_random_conversations(3000)]


@pytest.fixture(scope="module")
def truth(
    tmp_path_factory: pytest.TempPathFactory, tiny_model: Path
) -> Mapping[int, dict[str, Any]]:
    """What xtuner makes of each of CONVERSATIONS, by its place there."""
    file = tmp_path_factory.mktemp("rows") / "rows.json"
    file.write_text(json.dumps(CONVERSATIONS), "utf-8")
    script = str(SUPPORT / "xtuner_rows.py")
    done = subprocess.run(
        [sys.executable, script, str(file), str(tiny_model)],
        env=engine_environment() | {"OMP_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return dict(enumerate(json.loads(file.with_suffix(".answer").read_text("utf-8"))))


@pytest.mark.parametrize("code", SILENT)
def test_a_silent_fault_changes_what_xtuner_trains(
    truth: Mapping[int, dict[str, Any]], code: str
) -> None:
    theirs = truth[list(SILENT).index(code)]

    assert theirs["turns"] == WHAT_XTUNER_TRAINS[code]
    assert (theirs["trained"] == 0) == (code in TRAINS_NOTHING)
    assert code in {fault.code for fault in find_in_row({"messages": SILENT[code]})}


@pytest.mark.parametrize("code", STOP)
def test_what_is_said_to_stop_stops_xtuner(truth: Mapping[int, dict[str, Any]], code: str) -> None:
    theirs = truth[len(SILENT) + list(STOP).index(code)]

    assert "error" in theirs
    assert code in {fault.code for fault in find_in_row({"messages": STOP[code]})}


def test_what_is_called_clean_is_trained_whole_and_nothing_that_stops_is_missed(
    truth: Mapping[int, dict[str, Any]],
) -> None:
    clean = 0
    for number, messages in enumerate(CONVERSATIONS):
        codes = {fault.code for fault in find_in_row({"messages": messages})}
        theirs = truth[number]
        if codes:
            continue
        clean += 1
        answers = [one["content"] for one in messages if one["role"] == "assistant"]
        questions = [one["content"] for one in messages if one["role"] == "user"]
        assert theirs.get("trained", 0) > 0, messages
        assert [turn["output"] for turn in theirs["turns"]] == answers
        assert [turn["input"] for turn in theirs["turns"]] == questions

    assert clean > 500


def test_what_xtuner_drops_is_named(truth: Mapping[int, dict[str, Any]]) -> None:
    for number, messages in enumerate(CONVERSATIONS):
        if truth[number].get("trained") == 0:
            codes = {fault.code for fault in find_in_row({"messages": messages})}
            assert codes & {*TRAINS_NOTHING, *STOP}, messages
