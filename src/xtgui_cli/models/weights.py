"""Looks at the weight files of a model folder: are they all there, whole, and how many numbers.

The safetensors layout (8 bytes with the header's length, a JSON header, the tensors) is that of
https://github.com/huggingface/safetensors#format.
"""

from __future__ import annotations

import json
import math
import struct
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..shared.errors import Notice

_LFS_POINTER = b"version https://git-lfs.github.com/spec"
_HEADER_LIMIT = 100_000_000
_DTYPES = {"F64": "float64", "F32": "float32", "F16": "float16", "BF16": "bfloat16"}
_INDEXES = ("model.safetensors.index.json", "pytorch_model.bin.index.json")
_SINGLE = ("model.safetensors", "pytorch_model.bin")


@dataclass(frozen=True)
class Weights:
    """What the headers of the weight files say."""

    bytes: int
    parameters: int
    """0 where the files are pickles: reading those would run what is in them."""
    dtype: str


class _BrokenFileError(Exception):
    """A file that is not whole; the text key is its only argument."""


def find_weight_problems(folder: Path) -> list[Notice]:
    """Give what is missing or broken among the weight files; nothing when all is there."""
    names, problems = _weight_names(folder)
    if not names and not problems:
        return [Notice("model.no_weights", {})]
    for name in names:
        file = folder / name
        if not file.is_file():
            problems.append(Notice("model.missing_weights", {"file": name}))
            continue
        try:
            _require_whole(file)
        except _BrokenFileError as broken:
            problems.append(Notice(str(broken), {"file": name}))
        except OSError as error:
            data = {"file": name, "reason": error.strerror or ""}
            problems.append(Notice("model.unreadable_file", data))
    return problems


def read_weights(folder: Path) -> Weights:
    """Give size, count and prevailing dtype of weight files that have no problems."""
    names, _ = _weight_names(folder)
    files = [folder / name for name in names]
    counts: Counter[str] = Counter()
    for file in files:
        if file.suffix == ".safetensors":
            counts.update(_count_by_dtype(_read_header(file).values()))
    prevailing = counts.most_common(1)
    return Weights(
        bytes=sum(file.stat().st_size for file in files),
        parameters=sum(counts.values()),
        dtype=_DTYPES.get(prevailing[0][0], "") if prevailing else "",
    )


def _weight_names(folder: Path) -> tuple[list[str], list[Notice]]:
    for index in _INDEXES:
        if (folder / index).is_file():
            try:
                listed = json.loads((folder / index).read_bytes())["weight_map"].values()
                return sorted({Path(name).name for name in listed}), []
            except (OSError, ValueError, KeyError, AttributeError, TypeError) as error:
                return [], [Notice("model.broken_file", {"file": index, "reason": str(error)})]
    for name in _SINGLE:
        if (folder / name).is_file():
            return [name], []
    return [], []


def _require_whole(file: Path) -> None:
    with file.open("rb") as opened:
        if opened.read(len(_LFS_POINTER)) == _LFS_POINTER:
            raise _BrokenFileError("model.lfs_pointer")
    if file.stat().st_size == 0:
        raise _BrokenFileError("model.empty_weights")
    if file.suffix == ".safetensors":
        _read_header(file)


def _read_header(file: Path) -> dict[str, Any]:
    size = file.stat().st_size
    with file.open("rb") as opened:
        start = opened.read(8)
        length = struct.unpack("<Q", start)[0] if len(start) == 8 else 0
        if not 0 < length <= min(size - 8, _HEADER_LIMIT):
            raise _BrokenFileError("model.broken_weights")
        try:
            header = json.loads(opened.read(length))
            header.pop("__metadata__", None)
            ends = [tensor["data_offsets"][1] for tensor in header.values()]
        except (ValueError, AttributeError, KeyError, TypeError, IndexError):
            raise _BrokenFileError("model.broken_weights") from None
    if 8 + length + max(ends, default=0) > size:
        raise _BrokenFileError("model.short_weights")
    return dict(header)


def _count_by_dtype(tensors: Iterable[dict[str, Any]]) -> Counter[str]:
    counts: Counter[str] = Counter()
    for tensor in tensors:
        counts[tensor["dtype"]] += math.prod(tensor["shape"])
    return counts
