"""Weights written piece by piece are what the safetensors library reads."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from written_weights import write_weights

from xtgui_cli.engine.weights.dtypes import BY_CODE, DTYPES
from xtgui_cli.engine.weights.safetensors_writer import (
    Shard,
    TensorSpec,
    plan_shards,
    planned_bytes,
    write_shards,
)


def content_of(tensor: TensorSpec) -> bytes:
    return random.Random(tensor.name).randbytes(tensor.size)


def in_pieces(tensor: TensorSpec) -> Iterator[bytes]:
    content = content_of(tensor)
    yield content[:3]
    yield content[3:]


def some_tensors(count: int, seed: int) -> list[TensorSpec]:
    """Return tensors of all dtypes and of zero to three dimensions, some without an element."""
    dice = random.Random(seed)
    dtypes = sorted(DTYPES)
    return [
        TensorSpec(
            f"层.{number}.weight",
            dtypes[number % len(dtypes)],
            tuple(dice.randint(0, 6) for _ in range(number % 4)),
        )
        for number in range(count)
    ]


def read_file(path: Path) -> dict[str, tuple[str, tuple[int, ...], bytes]]:
    """Read a file as its format says, each tensor at a multiple of its element's size."""
    whole = path.read_bytes()
    size = int.from_bytes(whole[:8], "little")
    header = json.loads(whole[8 : 8 + size])
    assert header.pop("__metadata__") == {"format": "pt"}
    assert size % 8 == 0
    found, end = {}, 0
    for name, entry in header.items():
        dtype = BY_CODE[entry["dtype"]]
        begin, last = entry["data_offsets"]
        assert begin == end
        assert begin % dtype.itemsize == 0
        found[name] = (dtype.name, tuple(entry["shape"]), whole[8 + size + begin : 8 + size + last])
        end = last
    assert len(whole) == 8 + size + end
    return found


@pytest.mark.parametrize("largest", [1, 100, 1000, 10**9])
@pytest.mark.parametrize("seed", range(5))
def test_every_tensor_is_in_one_file_with_its_bytes(
    tmp_path: Path, largest: int, seed: int
) -> None:
    tensors = some_tensors(seed * 15 + 1, seed)

    shards = plan_shards(tensors, largest=largest)
    write_weights(tmp_path, shards, in_pieces)

    files = {path.name: read_file(path) for path in tmp_path.glob("*.safetensors")}
    found = {name: tensor for file in files.values() for name, tensor in file.items()}
    assert found == {one.name: (one.dtype, one.shape, content_of(one)) for one in tensors}
    assert sum(len(file) for file in files.values()) == len(tensors)
    assert planned_bytes(shards) == sum(
        path.stat().st_size for path in map(tmp_path.joinpath, files)
    )
    assert all(
        len(shard.tensors) == 1 or sum(one.size for one in shard.tensors) <= largest
        for shard in shards
    )


def test_several_files_have_an_index_and_one_has_none(tmp_path: Path) -> None:
    tensors = [TensorSpec(name, "float32", (4,)) for name in ("a", "b", "c")]
    for name, largest in (("one", 48), ("two", 32)):
        (tmp_path / name).mkdir()
        write_weights(tmp_path / name, plan_shards(tensors, largest=largest), in_pieces)

    assert [path.name for path in (tmp_path / "one").iterdir()] == ["model.safetensors"]
    index = json.loads((tmp_path / "two" / "model.safetensors.index.json").read_text())
    first, second = "model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors"
    assert index == {
        "metadata": {"total_size": 48},
        "weight_map": {"a": first, "b": first, "c": second},
    }
    assert set(read_file(tmp_path / "two" / first)) == {"a", "b"}
    assert set(read_file(tmp_path / "two" / second)) == {"c"}


@pytest.mark.parametrize(
    ("sizes", "message"),
    [
        ([12], "a: 4 bytes too few"),
        ([12, 8], "a: 4 bytes too many"),
        ([16, 3], "b: 1 bytes too few"),
        ([16, 4, 1], "bytes of no tensor"),
    ],
)
def test_content_of_another_size_than_the_tensors_is_an_error(
    tmp_path: Path, sizes: list[int], message: str
) -> None:
    shards = plan_shards([TensorSpec("a", "float32", (4,)), TensorSpec("b", "uint8", (4,))])

    with pytest.raises(ValueError, match=message):
        write_shards(tmp_path, shards, map(bytes, sizes))


@pytest.mark.parametrize("names", [["a", "a"], ["__metadata__"]])
def test_a_name_that_no_reader_would_find_is_an_error(tmp_path: Path, names: list[str]) -> None:
    shard = Shard("model.safetensors", tuple(TensorSpec(name, "bool", ()) for name in names))

    with pytest.raises(ValueError, match=names[-1]):
        write_weights(tmp_path, [shard], in_pieces)


@pytest.mark.engine
def test_the_library_reads_what_was_written(tmp_path: Path) -> None:
    import torch
    from safetensors.torch import load_file

    tensors = [one for one in some_tensors(60, 3) if one.count]

    write_weights(tmp_path, plan_shards(tensors), in_pieces)

    loaded = load_file(tmp_path / "model.safetensors")
    assert set(loaded) == {one.name for one in tensors}
    for one in tensors:
        tensor = loaded[one.name]
        assert (str(tensor.dtype), tuple(tensor.shape)) == (f"torch.{one.dtype}", one.shape)
        assert tensor.reshape(-1).view(torch.uint8).numpy().tobytes() == content_of(one)
