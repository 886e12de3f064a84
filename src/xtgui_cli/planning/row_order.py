"""The order in which a seeded run uses its rows, without numpy.

Packing depends on it: the rows of the last batch decide whether the remainder becomes a separate
sample. xtuner draws a subset with numpy's global generator and `datasets` shuffles with a PCG64
seeded from it, so the few generators that this takes are here; a test compares them with numpy's.

Source: numpy 2.4 (BSD-3-Clause): random/bit_generator.pyx (SeedSequence), src/pcg64, src/mt19937,
src/distributions/distributions.c (random_interval); datasets 5.2, arrow_dataset.py `shuffle`.
"""

from __future__ import annotations

import random
from array import array
from collections.abc import Iterator
from functools import lru_cache

_WORD = 0xFFFFFFFF
_LONG = (1 << 64) - 1
_WIDE = (1 << 128) - 1
_STATE_WORDS = 624


@lru_cache(maxsize=4)
def shuffled(seed: int, size: int) -> array[int]:
    """Return `numpy.random.default_rng(seed).permutation(size)`."""
    order = array("Q", range(size))
    _shuffle(order, _pcg64_words(seed))
    return order


def chosen(seed: int, population: int, size: int) -> tuple[list[int], int]:
    """Return a random subset and the seed of a following shuffle.

    The subset is `numpy.random.choice(population, size, replace=False)` right after
    `numpy.random.seed(seed)`.
    """
    generator = random.Random()  # noqa: S311 (numpy's very numbers are wanted)
    generator.setstate((3, (*_mersenne_state(seed), _STATE_WORDS), None))
    order = array("Q", range(population))
    _shuffle(order, iter(lambda: generator.getrandbits(32), None))
    *words, position = generator.getstate()[1]
    return list(order[:size]), words[position] if position < _STATE_WORDS else words[0]


def _shuffle(order: array[int], words: Iterator[int]) -> None:
    """Shuffle as both numpy generators do: from the end, discarding numbers beyond the range."""
    for last in range(len(order) - 1, 0, -1):
        mask = (1 << last.bit_length()) - 1
        other = next(words) & mask
        while other > last:
            other = next(words) & mask
        order[last], order[other] = order[other], order[last]


def _mersenne_state(seed: int) -> list[int]:
    words = [seed & _WORD]
    for number in range(1, _STATE_WORDS):
        before = words[-1]
        words.append((1812433253 * (before ^ (before >> 30)) + number) & _WORD)
    return words


def _pcg64_words(seed: int) -> Iterator[int]:
    """Yield the 32-bit outputs of numpy's PCG64: the lower half of each 64-bit output first."""
    multiplier = 0x2360ED051FC65DA44385DF649FCCF645
    first, second, third, fourth = _spread(seed)
    increment = (((third << 64 | fourth) << 1) | 1) & _WIDE
    state = ((increment + (first << 64 | second)) * multiplier + increment) & _WIDE
    while True:
        state = (state * multiplier + increment) & _WIDE
        value = (state >> 64 ^ state) & _LONG
        turn = state >> 122
        value = (value >> turn | value << (64 - turn)) & _LONG
        yield value & _WORD
        yield value >> 32


def _spread(seed: int) -> list[int]:
    """Return the four 64-bit numbers that numpy's SeedSequence makes of a 32-bit seed."""
    constant = 0x43B0D7E5

    def hashed(value: int) -> int:
        nonlocal constant
        value ^= constant
        constant = constant * 0x931E8875 & _WORD
        value = value * constant & _WORD
        return value ^ value >> 16

    pool = [hashed(value) for value in (seed & _WORD, 0, 0, 0)]
    for source in range(4):
        for target in range(4):
            if source != target:
                mixed = 0xCA01F9DD * pool[target] - 0x4973F715 * hashed(pool[source]) & _WORD
                pool[target] = mixed ^ mixed >> 16
    constant, words = 0x8B51F9DD, []
    for number in range(8):
        value = pool[number % 4] ^ constant
        constant = constant * 0x58F38DED & _WORD
        value = value * constant & _WORD
        words.append(value ^ value >> 16)
    return [words[2 * number] | words[2 * number + 1] << 32 for number in range(4)]
