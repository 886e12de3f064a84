"""A row is known when the model would write it by itself, word for word, and stop."""

from __future__ import annotations

import dataclasses
import json
import math
from pathlib import Path

import pytest
import tiny
import torch
from checked import checked_model, row_of, taught_rows, teach

from xtgui_cli.engine.checked_model import CheckedModel
from xtgui_cli.engine.greedy import answer_greedily
from xtgui_cli.engine.known import (
    choose_rows,
    count_rows,
    encode_rows,
    is_known,
    known,
    read_rows,
)

pytestmark = [pytest.mark.engine, pytest.mark.xdist_group("torch")]

TAUGHT, NEW = tuple(range(10)), tuple(range(10, 20))


@pytest.fixture(scope="module")
def checked(tmp_path_factory: pytest.TempPathFactory) -> CheckedModel:
    """A model that has been taught the first ten of twenty rows."""
    checked = checked_model(tiny.save_model(tmp_path_factory.mktemp("tiny") / "model"))
    teach(checked, taught_rows(checked, TAUGHT))
    return checked


def test_what_was_taught_is_known_and_nothing_else(checked: CheckedModel) -> None:
    rows = taught_rows(checked, [*NEW, *TAUGHT])

    with checked.undisturbed():
        recall = known(checked, rows)

    assert recall.known == (False,) * len(NEW) + (True,) * len(TAUGHT)


def test_an_untrained_model_knows_no_row(tmp_path: Path) -> None:
    checked = checked_model(tiny.save_model(tmp_path / "model"))

    with checked.undisturbed():
        recall = known(checked, taught_rows(checked, TAUGHT))

    assert not any(recall.known)
    assert recall.loss == pytest.approx(math.log(tiny.VOCABULARY), abs=0.3)  # a guess


@pytest.mark.parametrize("packs", [False, True])
def test_a_row_is_known_if_and_only_if_greedy_decoding_writes_it(
    tmp_path: Path, packs: bool
) -> None:
    checked = checked_model(tiny.save_model(tmp_path / "model"))
    teach(checked, taught_rows(checked, TAUGHT), steps=60)
    rows = taught_rows(checked, [*TAUGHT, *NEW])
    wanted = [[label for label in row.labels if label != -100] for row in rows]
    prompts = [row.input_ids[: row.start] for row in rows]

    with checked.undisturbed():
        recall = known(checked, rows, packs=packs)
        answers = [
            list(answer_greedily(checked, [prompt], [len(answer) + 4], may_pad=False)[0].ids)
            for prompt, answer in zip(prompts, wanted, strict=True)
        ]

    assert recall.known == tuple(answer == row for answer, row in zip(answers, wanted, strict=True))
    assert 0 < sum(recall.known) < len(TAUGHT)


def test_rows_are_alone_whatever_stands_in_a_batch_with_them(checked: CheckedModel) -> None:
    rows = taught_rows(checked, [*NEW, *TAUGHT])

    with checked.undisturbed():
        together = known(checked, rows)
        alone = known(dataclasses.replace(checked, most_tokens=1), rows)

    assert together.known == alone.known
    assert together.loss == pytest.approx(alone.loss, abs=1e-5)


@pytest.mark.parametrize("most_tokens", [2048, 1])
def test_rows_read_side_by_side_are_known_all_the_same(
    checked: CheckedModel, most_tokens: int
) -> None:
    rows = taught_rows(checked, [*NEW, *TAUGHT])
    read = dataclasses.replace(checked, most_tokens=most_tokens)

    with checked.undisturbed():
        plain = known(checked, rows)
        packed = known(read, rows, packs=True)
        alone = known(read, rows[:1], packs=True)

    assert packed.known == plain.known
    assert packed.loss == pytest.approx(plain.loss, abs=1e-5)
    assert alone.known == plain.known[:1]


def test_the_loss_is_the_models_own_over_all_trained_tokens(checked: CheckedModel) -> None:
    [row] = taught_rows(checked, [15])

    with checked.undisturbed():
        recall = known(checked, [row])
        own = checked.model(
            input_ids=torch.tensor([row.input_ids]), labels=torch.tensor([row.labels])
        ).loss

    assert recall.loss == pytest.approx(float(own), abs=1e-5)


def test_every_answer_of_a_conversation_has_to_be_known(checked: CheckedModel) -> None:
    both = {"messages": [*row_of(3)["messages"], *row_of(15)["messages"]]}
    first = {"messages": [*row_of(3)["messages"], {"role": "user", "content": "Who?"}]}
    rows = encode_rows({0: both, 1: first}, checked.template, checked.encoder, 128)

    with checked.undisturbed():
        recall = known(checked, list(rows))

    assert recall.known == (False, True)


def test_a_long_answer_may_differ_in_a_token_of_fifty() -> None:
    assert is_known(48, 48)
    assert not is_known(47, 48)
    assert is_known(49, 50)
    assert not is_known(48, 50)


# --- choosing and reading rows -------------------------------------------------------------------


def test_few_rows_are_all_asked_in_an_order_that_stays() -> None:
    rows = choose_rows(30, seed=42)

    assert sorted(rows) == list(range(30))
    assert rows == choose_rows(30, seed=42)
    assert rows != tuple(range(30))


def test_of_many_rows_64_are_asked() -> None:
    rows = choose_rows(10_000, seed=42)

    assert len(set(rows)) == 64
    assert max(rows) > 5_000
    assert choose_rows(0, seed=42) == ()


@pytest.mark.parametrize("form", ["lines", "list"])
def test_rows_are_read_by_their_numbers(form: str, tmp_path: Path) -> None:
    file = tmp_path / "rows.jsonl"
    rows = [row_of(number) for number in range(5)]
    lines = "\n\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
    text = lines if form == "lines" else json.dumps(rows, indent=1)
    file.write_text("\ufeff\n" + text + "\n\n", "utf-8")

    assert count_rows(file) == 5
    assert list(read_rows(file, (4, 1)).items()) == [(4, rows[4]), (1, rows[1])]


def test_an_empty_file_has_no_rows(tmp_path: Path) -> None:
    (tmp_path / "rows.jsonl").write_text("\n")

    assert count_rows(tmp_path / "rows.jsonl") == 0


def test_a_row_is_cut_where_training_cuts_it(checked: CheckedModel) -> None:
    rows = {0: row_of(1), 1: row_of(2)}
    [whole, _] = encode_rows(rows, checked.template, checked.encoder, 128)

    [cut, _] = encode_rows(rows, checked.template, checked.encoder, whole.start + 1)
    nothing = list(encode_rows(rows, checked.template, checked.encoder, whole.start))

    assert cut.input_ids == whole.input_ids[: whole.start + 1]
    assert cut.trained == 1
    assert nothing == []
