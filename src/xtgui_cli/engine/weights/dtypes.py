"""The dtypes that weights have on disk, under the names of torch, safetensors and numpy."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class WeightDtype:
    """The type of a tensor's elements."""

    name: str
    """As in torch."""
    code: str
    """As in the header of a safetensors file."""
    itemsize: int
    """Bytes of an element."""
    numpy: str
    """The numpy dtype of its bits, little-endian; numpy has no bfloat16 and no float8."""


ROUNDED = ("float64", "float32", "float16", "bfloat16")
"""The dtypes that `rounding` converts into each other."""

DTYPES: dict[str, WeightDtype] = {
    dtype.name: dtype
    for dtype in (
        WeightDtype("float64", "F64", 8, "<f8"),
        WeightDtype("float32", "F32", 4, "<f4"),
        WeightDtype("float16", "F16", 2, "<f2"),
        WeightDtype("bfloat16", "BF16", 2, "<u2"),
        WeightDtype("float8_e4m3fn", "F8_E4M3", 1, "u1"),
        WeightDtype("float8_e5m2", "F8_E5M2", 1, "u1"),
        WeightDtype("int64", "I64", 8, "<i8"),
        WeightDtype("int32", "I32", 4, "<i4"),
        WeightDtype("int16", "I16", 2, "<i2"),
        WeightDtype("int8", "I8", 1, "i1"),
        WeightDtype("uint64", "U64", 8, "<u8"),
        WeightDtype("uint32", "U32", 4, "<u4"),
        WeightDtype("uint16", "U16", 2, "<u2"),
        WeightDtype("uint8", "U8", 1, "u1"),
        WeightDtype("bool", "BOOL", 1, "u1"),
    )
}
BY_CODE: dict[str, WeightDtype] = {dtype.code: dtype for dtype in DTYPES.values()}
