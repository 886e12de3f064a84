"""Packed samples do not see each other: a pack's logits and gradients are those of its samples."""

from __future__ import annotations

from itertools import pairwise
from types import SimpleNamespace

import pytest
import torch
from small_models import small_model
from transformers import LlamaForCausalLM

from xtgui_cli.engine import compat_libraries
from xtgui_cli.engine.config_facts import ConfigFacts
from xtgui_cli.engine.known_models import can_keep_apart
from xtgui_cli.engine.packs import (
    IGNORED,
    collate_joined,
    collate_packs,
    join_samples,
    keep_packs_apart,
)
from xtgui_cli.engine.token_loss import losses_of
from xtgui_cli.shared.packing import JOINED_TOKENS, KEEPS_PACKS_APART

pytestmark = [pytest.mark.engine, pytest.mark.xdist_group("torch")]

ROWS = ([5, 6, 7, 8, 9, 10, 11, 12, 13], [21, 22, 23, 24, 25, 26, 27], [31, 32, 33, 34])
TOLERANCE = 5e-6
"""Of logits that differ by 0.01 and more where samples do see each other."""


@pytest.fixture(autouse=True, scope="module")
def xtuner_can_be_imported() -> None:
    compat_libraries.add_is_safetensors_available(ConfigFacts())


def pack_of(*rows: list[int]) -> dict[str, list[int]]:
    """Return a pack as xtuner's Packer makes it; a row's first two tokens are not trained."""
    return {
        "input_ids": [token for row in rows for token in row],
        "labels": [label for row in rows for label in [IGNORED] * 2 + row[2:]],
        "position_ids": [position for row in rows for position in range(len(row))],
    }


def alone(row: list[int]) -> dict[str, torch.Tensor]:
    ids = torch.tensor([row])
    return {"input_ids": ids, "attention_mask": torch.ones_like(ids)}


@pytest.mark.parametrize("model_type", sorted(KEEPS_PACKS_APART))
def test_a_packs_logits_are_those_of_its_samples(model_type: str) -> None:
    model = small_model(model_type)
    data = collate_packs([pack_of(*ROWS[:2]), pack_of(*ROWS[1:])])["data"]
    del data["labels"]

    with torch.no_grad():
        packed = model(**data).logits
        apart = [model(**alone(row)).logits[0] for row in ROWS]

    assert torch.allclose(packed[0], torch.cat(apart[:2]), atol=TOLERANCE)
    assert torch.allclose(
        packed[1, : len(ROWS[1]) + len(ROWS[2])], torch.cat(apart[1:]), atol=TOLERANCE
    )


def test_a_packs_gradients_are_those_of_its_samples() -> None:
    model = small_model("llama").train()
    batch = collate_packs([pack_of(*ROWS)])["data"]
    trained = int((batch["labels"] != IGNORED).sum())

    model(**batch).loss.backward()
    packed = {name: each.grad.clone() for name, each in model.named_parameters()}
    model.zero_grad()
    for row in ROWS:
        labels = torch.tensor([[IGNORED] * 2 + row[2:]])
        loss = model(**alone(row), labels=labels).loss
        (loss * (len(row) - 2) / trained).backward()

    for name, parameter in model.named_parameters():
        assert torch.allclose(packed[name], parameter.grad, atol=1e-6), name


def test_the_first_token_of_a_sample_is_not_predicted_from_another_sample() -> None:
    everything = {**pack_of(*ROWS), "labels": [token for row in ROWS for token in row]}

    labels = collate_packs([everything])["data"]["labels"][0].tolist()

    starts = [0, len(ROWS[0]), len(ROWS[0]) + len(ROWS[1])]
    assert [index for index, label in enumerate(labels) if label == IGNORED] == starts


def test_xtuners_packer_begins_positions_again_at_every_sample() -> None:
    from xtuner.dataset.utils import Packer

    rows = [list(range(number, number + length)) for number, length in ((1, 7), (20, 5), (40, 9))]
    batch = {"input_ids": rows, "labels": rows}

    packs = Packer(8, use_varlen_attn=True)(batch)

    ends = [0, *packs["cumulative_len"][0]]
    assert packs["position_ids"][0] == [*range(7), 0]
    assert packs["position_ids"][1] == [*range(4), *range(4)]
    assert all(a <= b for a, b in pairwise(ends))


@pytest.mark.parametrize("model_type", ["opt", "bloom", "qwen3_5_text", "lfm2"])
def test_a_model_that_is_not_known_to_keep_them_apart_is_told(model_type: str) -> None:
    assert not can_keep_apart(small_model(model_type))


def test_a_class_of_a_models_own_is_not_known_whatever_its_config_says() -> None:
    model = small_model("llama")

    assert can_keep_apart(model)
    model.__class__ = type("Own", (LlamaForCausalLM,), {})
    assert not can_keep_apart(model)


def test_the_config_stays_as_it_was_written() -> None:
    loader = {"dataset": {"type": "process_hf_dataset", "pack_to_max_length": True}}
    runner = SimpleNamespace(
        _train_dataloader=loader, model=SimpleNamespace(llm=small_model("llama"))
    )

    assert keep_packs_apart(runner) == "apart"
    assert "use_varlen_attn" not in loader["dataset"]
    assert runner._train_dataloader["dataset"]["use_varlen_attn"] is True


def test_rows_that_are_not_packed_stay_as_they_are() -> None:
    loader = {"dataset": {"type": "process_hf_dataset", "pack_to_max_length": False}}
    runner = SimpleNamespace(_train_dataloader=loader)

    assert keep_packs_apart(runner) == "off"
    assert runner._train_dataloader is loader


# --- samples that are not packed --------------------------------------------------------------


def default_collate_fn(instances: list[dict[str, list[int]]]) -> dict[str, dict[str, torch.Tensor]]:
    from xtuner.dataset import collate_fns

    batch: dict[str, dict[str, torch.Tensor]] = collate_fns.default_collate_fn(instances)
    return batch


def samples(*rows: list[int]) -> list[dict[str, list[int]]]:
    """Return samples as xtuner's dataset has them; a row's first two tokens are not trained."""
    return [{"input_ids": row, "labels": [IGNORED] * 2 + row[2:]} for row in rows]


def loader_of(**dataset: object) -> dict[str, dict[str, object]]:
    return {
        "dataset": {"type": "process_hf_dataset", "pack_to_max_length": False, **dataset},
        "collate_fn": {"type": default_collate_fn},
    }


def runner_of(loader: object, model_type: str = "llama") -> SimpleNamespace:
    model = SimpleNamespace(llm=small_model(model_type))
    return SimpleNamespace(_train_dataloader=loader, model=model)


@pytest.mark.parametrize("model_type", sorted(KEEPS_PACKS_APART))
def test_joined_samples_train_as_padded_ones_do(model_type: str) -> None:
    model = small_model(model_type).eval()  # without dropout
    batches = [collate(samples(*ROWS))["data"] for collate in (default_collate_fn, collate_joined)]
    found, gradients = [], []
    for batch in batches:
        model.zero_grad()
        losses, tokens = losses_of(model, batch)
        losses["loss"].backward()
        found.append((tokens, losses["token_accuracy"].item(), losses["loss"].item()))
        gradients.append({name: p.grad for name, p in model.named_parameters()})

    padded, joined = batches
    assert padded["input_ids"].numel() == 3 * len(ROWS[0])
    assert joined["input_ids"].shape == (1, sum(map(len, ROWS)))
    assert found[0] == pytest.approx(found[1], abs=2e-6)
    for name, gradient in gradients[0].items():
        if gradient is not None:
            assert torch.allclose(gradient, gradients[1][name], atol=2e-6), name


def test_long_batches_are_padded() -> None:
    long = list(range(JOINED_TOKENS))

    joined = collate_joined(samples(long[:-4], [1, 2, 3, 4]))["data"]
    padded = collate_joined(samples(long, [1, 2, 3, 4]))["data"]

    assert joined["input_ids"].shape == (1, JOINED_TOKENS)
    assert padded["input_ids"].shape == (2, JOINED_TOKENS)
    assert padded["attention_mask"].sum() == JOINED_TOKENS + 4


@pytest.mark.skipif(torch.cuda.is_available(), reason="on a GPU nothing is joined")
def test_the_loader_of_our_configs_joins() -> None:
    loader = loader_of()
    runner = runner_of(loader)

    assert join_samples(runner)
    assert runner._train_dataloader["collate_fn"] == {"type": collate_joined}
    assert loader == loader_of()


def test_a_model_that_always_computes_all_logits_gets_padded_batches() -> None:
    runner = runner_of(loader_of())
    runner.model.llm.forward = lambda input_ids: None

    assert not join_samples(runner)


@pytest.mark.parametrize(
    ("loader", "model_type"),
    [
        (loader_of(pack_to_max_length=True), "llama"),
        (loader_of(type="llava"), "llama"),
        (loader_of() | {"collate_fn": {"type": "own"}}, "llama"),
        ({"dataset": {"type": "process_hf_dataset", "pack_to_max_length": False}}, "llama"),
        (loader_of(), "lfm2"),
        (object(), "llama"),
    ],
)
def test_other_loaders_stay_as_they_are(loader: object, model_type: str) -> None:
    runner = runner_of(loader, model_type)

    assert not join_samples(runner)
    assert runner._train_dataloader is loader
