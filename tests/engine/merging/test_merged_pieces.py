"""A merged model comes in pieces that are what folding whole tensors gives."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file

from xtgui_cli.engine.merging import merged_pieces as module
from xtgui_cli.engine.merging.fold import folded, load
from xtgui_cli.engine.merging.merged_pieces import merged_pieces
from xtgui_cli.engine.merging.plan import Change, PlannedTensor
from xtgui_cli.engine.merging.reused_memory import ReusedMemory
from xtgui_cli.engine.weights.safetensors_writer import TensorSpec
from xtgui_cli.engine.weights.weight_files import Weights, open_weights
from xtgui_cli.shared.errors import XtguiError

pytestmark = [pytest.mark.engine, pytest.mark.xdist_group("torch")]

RANK = 3
SHAPES = {"small": (5,), "wide": (4, 300), "tall": (70, 6), "one": (), "none": (0, 4)}


@pytest.fixture
def weights(tmp_path: Path) -> Iterator[Weights]:
    dice = torch.Generator().manual_seed(2)
    tensors = {
        name: torch.randn(shape, generator=dice).to(torch.bfloat16)
        for name, shape in SHAPES.items()
    }
    for name in ("wide", "tall"):
        rows, columns = SHAPES[name]
        tensors[f"{name}.A"] = torch.randn((RANK, columns), generator=dice)
        tensors[f"{name}.B"] = torch.randn((rows, RANK), generator=dice)
    save_file(tensors, tmp_path / "model.safetensors")
    with open_weights(tmp_path) as opened:
        yield opened


def planned(weights: Weights, name: str, dtype: str) -> PlannedTensor:
    stored = weights.tensors[name]
    change = None
    if f"{name}.A" in weights.tensors:
        change = Change(
            weights.tensors[f"{name}.A"], weights.tensors[f"{name}.B"], 2.0, is_transposed=False
        )
    return PlannedTensor(TensorSpec(name, dtype, stored.spec.shape), stored, change)


@pytest.mark.parametrize("dtype", ["bfloat16", "float16", "float32"])
@pytest.mark.parametrize("replaced", [False, True], ids=["from the base", "from another base"])
@pytest.mark.parametrize("elements", [1, 50, 1 << 22])
def test_pieces_are_the_bytes_of_the_folded_tensors_in_their_order(
    weights: Weights,
    monkeypatch: pytest.MonkeyPatch,
    dtype: str,
    replaced: bool,
    elements: int,
) -> None:
    monkeypatch.setattr(module, "_ELEMENTS", elements)
    plan = [planned(weights, name, dtype) for name in SHAPES]
    others = [load(one.source).float() + 1 if replaced else None for one in plan]

    found = b"".join(map(bytes, merged_pieces(zip(plan, others, strict=True))))

    expected = [
        folded(one, load(one.source) if other is None else other)
        for one, other in zip(plan, others, strict=True)
    ]
    assert found == b"".join(
        one.contiguous().view(-1).view(torch.uint8).numpy().tobytes() for one in expected
    )


def test_numbers_that_float16_does_not_hold_are_refused(tmp_path: Path) -> None:
    save_file({"large": torch.full((3, 3), 70_000.0)}, tmp_path / "model.safetensors")

    with open_weights(tmp_path) as weights, pytest.raises(XtguiError) as caught:
        list(merged_pieces([(planned(weights, "large", "float16"), None)]))

    assert caught.value.code == "convert.not_finite"


def test_folding_leaves_the_base_as_it_is(weights: Weights, tmp_path: Path) -> None:
    path = tmp_path / "model.safetensors"
    before = hashlib.sha256(path.read_bytes()).digest()

    for _ in merged_pieces((planned(weights, name, "bfloat16"), None) for name in SHAPES):
        pass

    assert hashlib.sha256(path.read_bytes()).digest() == before
    assert load_file(path)["wide"].dtype == torch.bfloat16


def test_memory_is_lent_again_and_never_twice() -> None:
    memory = ReusedMemory()
    first, second = memory.take(6, torch.float32), memory.take(3, torch.bfloat16)
    second.fill_(2)
    memory.give_back(first[2:4].view(2, 1))

    again = memory.take(4, torch.float32).fill_(1)

    assert again.data_ptr() == first.data_ptr()
    assert second.tolist() == [2, 2, 2]
    assert len(memory.take(1000, torch.bfloat16)) == 1000
