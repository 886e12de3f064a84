"""Weights rounded to another dtype: the nearest number, and torch's own, bit by bit."""

from __future__ import annotations

import numpy
import pytest

from xtgui_cli.engine.weights.dtypes import DTYPES, ROUNDED
from xtgui_cli.engine.weights.rounding import round_bytes, to_float32

LOWER_HALVES = (0, 1, 2, 0x7FFE, 0x7FFF, 0x8000, 0x8001, 0xFFFE, 0xFFFF)


def every_upper_half() -> numpy.ndarray:
    """Return float32 of every sign, exponent and first seven bits, beside and on every tie."""
    upper = numpy.arange(1 << 16, dtype="<u4") << 16
    return numpy.concatenate([upper + lower for lower in LOWER_HALVES]).view("<f4")


def any_bits(dtype: str, count: int = 500_000) -> numpy.ndarray:
    """Return random bit patterns of a dtype, all of them where it has 16 bits."""
    if DTYPES[dtype].itemsize == 2:
        return numpy.arange(1 << 16, dtype="<u2").view(DTYPES[dtype].numpy)
    dice = numpy.random.default_rng(7)
    return numpy.frombuffer(dice.bytes(count * DTYPES[dtype].itemsize), DTYPES[dtype].numpy)


@pytest.mark.parametrize(
    ("number", "bits"),
    [
        (1.0, 0x3F80),
        (1.0 + 2**-8, 0x3F80),  # a tie, down to the even neighbour
        (1.0 + 3 * 2**-8, 0x3F82),  # a tie, up to it
        (1.0 + 2**-8 + 2**-20, 0x3F81),
        (-1.0 - 3 * 2**-8, 0xBF82),
        (3.4e38, 0x7F80),  # rounds to infinity
        (float("inf"), 0x7F80),
        (float("-inf"), 0xFF80),
        (1e-45, 0x0000),
        (-0.0, 0x8000),
    ],
)
def test_a_number_becomes_the_nearest_bfloat16(number: float, bits: int) -> None:
    content = numpy.array([number], "<f4").tobytes()

    assert int.from_bytes(round_bytes(content, "float32", "bfloat16"), "little") == bits


@pytest.mark.parametrize("bits", [0x7F800001, 0x7FFFFFFF, 0xFFFFFFFF, 0xFF800001, 0x7FC00000])
@pytest.mark.parametrize("target", ["float16", "bfloat16"])
def test_what_is_no_number_stays_none(bits: int, target: str) -> None:
    content = round_bytes(bits.to_bytes(4, "little"), "float32", target)

    value = to_float32(numpy.frombuffer(content, DTYPES[target].numpy), target)

    assert numpy.isnan(value).all()


@pytest.mark.engine
@pytest.mark.parametrize("source", ROUNDED)
@pytest.mark.parametrize("target", ROUNDED)
def test_every_bit_is_as_torch_has_it(source: str, target: str) -> None:
    """NaNs are compared as such: torch's own bits of one depend on the machine's instructions."""
    import torch

    values = any_bits(source)
    if source == "float32":
        values = numpy.concatenate([values, every_upper_half()])
    given = torch.frombuffer(bytearray(values.tobytes()), dtype=getattr(torch, source))
    expected = given.to(getattr(torch, target))

    rounded = bytearray(round_bytes(values.tobytes(), source, target))

    found = torch.frombuffer(rounded, dtype=getattr(torch, target))
    bits = torch.int64 if DTYPES[target].itemsize == 8 else torch.int32
    bits = torch.int16 if DTYPES[target].itemsize == 2 else bits
    differs = found.view(bits) != expected.view(bits)
    assert not (differs & ~(found.isnan() & expected.isnan())).any()
