"""A folded weight is the float64 sum rounded once, and no value of it is further away."""

from __future__ import annotations

import pytest
import torch

from xtgui_cli.engine.merging.fold import LowRank, fold
from xtgui_cli.shared.errors import XtguiError

pytestmark = [pytest.mark.engine, pytest.mark.xdist_group("torch")]


def reference(
    weight: torch.Tensor, left: torch.Tensor, right: torch.Tensor, scale: float, dtype: torch.dtype
) -> torch.Tensor:
    """Return the sum in float64, rounded to the nearest number, which torch's own rounding, by way
    of float32, misses now and then."""
    total = weight.double() + scale * (left.double() @ right.double())
    if dtype == torch.float32:
        return total.float()
    near = total.to(dtype)
    for step in (-1, 1):
        beside = (near.view(torch.int16) + step).view(dtype)
        is_closer = (beside.double() - total).abs() < (near.double() - total).abs()
        near = torch.where(is_closer, beside, near)
    return near


def some_layer(
    rows: int, columns: int, rank: int, dtype: torch.dtype
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Return a weight, B and A as training leaves them: the change is a tenth of the weight."""
    dice = torch.Generator().manual_seed(5)
    weight = (torch.randn((rows, columns), generator=dice) * 0.03).to(dtype)
    left = torch.randn((rows, rank), generator=dice) * 0.02
    right = torch.randn((rank, columns), generator=dice) * 0.05
    return weight, left, right


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float16, torch.float32])
@pytest.mark.parametrize("own", [torch.bfloat16, torch.float16, torch.float32])
@pytest.mark.parametrize(("rows", "columns", "rank"), [(7, 5, 2), (1536, 4096, 64)])
def test_a_folded_weight_is_the_float64_sum_rounded_once(
    rows: int, columns: int, rank: int, own: torch.dtype, dtype: torch.dtype
) -> None:
    """Six million values: at most 1 in 100,000 may differ, by one unit in the last place."""
    weight, left, right = some_layer(rows, columns, rank, own)

    folded = fold(weight, LowRank(left, right, 0.25), dtype)

    expected = reference(weight, left, right, 0.25, dtype)
    kind = torch.int32 if dtype == torch.float32 else torch.int16
    apart = (folded.view(kind).long() - expected.view(kind).long()).abs()
    assert folded.dtype == dtype
    assert int(apart.max()) <= 1
    assert int(apart.count_nonzero()) <= rows * columns // 100_000


def test_a_sum_in_the_middle_goes_to_the_side_that_it_comes_from() -> None:
    """1 + 2^-8 is the middle of two numbers in bfloat16; float32 does not see 2^-30 beside it."""
    weight = torch.ones((3, 1), dtype=torch.bfloat16)
    left = torch.tensor([[1.0, 1.0], [1.0, 0.0], [1.0, -1.0]])
    right = torch.tensor([[2.0**-8], [2.0**-30]])

    folded = fold(weight, LowRank(left, right, 1.0), torch.bfloat16)

    assert folded.flatten().tolist() == [1 + 2**-7, 1.0, 1.0]
    odd = fold(weight + 2**-7, LowRank(left, right, 1.0), torch.bfloat16)
    assert odd.flatten().tolist() == [1 + 2**-6, 1 + 2**-6, 1 + 2**-7]


@pytest.mark.parametrize(
    ("dtype", "value"),
    [
        (torch.float16, 70_000.0),
        (torch.float16, torch.nan),
        (torch.bfloat16, torch.inf),
        (torch.float32, torch.nan),
        (torch.bfloat16, 3.4e38),
    ],
)
def test_what_is_no_finite_number_is_refused(dtype: torch.dtype, value: float) -> None:
    weight = torch.zeros((4, 3), dtype=torch.float32)
    left, right = torch.zeros((4, 1)), torch.ones((1, 3))
    left[2] = value

    with pytest.raises(XtguiError) as caught:
        fold(weight, LowRank(left, right, 1.0), dtype)

    assert caught.value.code == "convert.not_finite"
