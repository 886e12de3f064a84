"""The order of rows is the one that numpy gives the engine."""

from __future__ import annotations

import pytest

from xtgui_cli.planning.row_order import chosen, shuffled

numpy = pytest.importorskip("numpy")


@pytest.mark.parametrize("seed", [0, 42, 123456, 2**32 - 1])
@pytest.mark.parametrize("size", [0, 1, 2, 7, 1000, 70_000])
def test_a_shuffle_is_that_of_numpy(seed: int, size: int) -> None:
    expected = numpy.random.default_rng(numpy.uint32(seed)).permutation(size)

    assert list(shuffled(seed, size)) == expected.tolist()


@pytest.mark.parametrize("seed", [0, 42, 2**32 - 1])
@pytest.mark.parametrize(("population", "size"), [(1, 1), (10, 3), (1500, 700), (5000, 5000)])
def test_a_subset_is_that_of_numpy_and_so_is_the_shuffle_after_it(
    seed: int, population: int, size: int
) -> None:
    numpy.random.seed(seed)
    expected = numpy.random.choice(population, size, replace=False).tolist()
    _, state, position, *_ = numpy.random.get_state()

    rows, next_seed = chosen(seed, population, size)

    assert rows == expected
    assert next_seed == int(state[position] if position < 624 else state[0])
