"""Weights are read as the libraries read them, and hostile files are refused."""

from __future__ import annotations

import json
import os
import random
import struct
from pathlib import Path
from typing import Any

import pytest
from written_weights import write_weights

from xtgui_cli.engine.checkpoint_reader.errors import CheckpointError
from xtgui_cli.engine.weights.safetensors_header import LARGEST_HEADER
from xtgui_cli.engine.weights.safetensors_writer import TensorSpec, plan_shards
from xtgui_cli.engine.weights.weight_files import StoredTensor, open_weights
from xtgui_cli.shared.errors import Exit, XtguiError

SPECS = [
    TensorSpec("first", "float32", (3, 4)),
    TensorSpec("second", "bfloat16", (5,)),
    TensorSpec("empty", "float16", (0, 7)),
    TensorSpec("scalar", "int64", ()),
]


def content_of(tensor: TensorSpec) -> bytes:
    return random.Random(tensor.name).randbytes(tensor.size)


def read_in_parts(tensor: StoredTensor) -> bytes:
    size = tensor.spec.size
    return b"".join(bytes(tensor.read(at, min(7, size - at))) for at in range(0, size, 7))


def read_all(folder: Path) -> dict[str, tuple[TensorSpec, bytes]]:
    with open_weights(folder) as weights:
        weights.verify()
        return {
            name: (tensor.spec, read_in_parts(tensor)) for name, tensor in weights.tensors.items()
        }


def reason_of(folder: Path) -> str:
    with pytest.raises(XtguiError) as caught:
        read_all(folder)
    assert caught.value.exit is Exit.ANSWERS
    return f"{caught.value.code} {caught.value.data.get('name', '')}".strip()


@pytest.mark.parametrize("largest", [10_000, 50])
def test_weights_in_one_file_or_several_are_read_byte_for_byte(
    tmp_path: Path, largest: int
) -> None:
    write_weights(tmp_path, plan_shards(SPECS, largest=largest), lambda one: [content_of(one)])

    found = read_all(tmp_path)

    assert found == {spec.name: (spec, content_of(spec)) for spec in SPECS}
    assert len(list(tmp_path.glob("*.safetensors"))) == (1 if largest > 50 else 2)


def test_a_bin_is_read_as_torch_reads_it(tmp_path: Path) -> None:
    import torch

    dice = torch.Generator().manual_seed(1)
    whole = torch.randn((6, 4), generator=dice)
    state = {"whole": whole, "part": whole[2:4], "half": whole[:3].bfloat16().clone()}
    torch.save(state, tmp_path / "pytorch_model.bin")

    found = read_all(tmp_path)

    for name, tensor in state.items():
        spec, content = found[name]
        assert (spec.dtype, spec.shape) == (str(tensor.dtype)[6:], tuple(tensor.shape))
        same = torch.frombuffer(bytearray(content), dtype=tensor.dtype).reshape(tensor.shape)
        assert torch.equal(same, tensor)


def test_what_is_in_a_bin_is_not_run(tmp_path: Path) -> None:
    import torch

    class Evil:
        def __reduce__(self) -> Any:
            return os.mkdir, (str(tmp_path / "was_here"),)

    torch.save({"weight": torch.zeros(2), "evil": Evil()}, tmp_path / "pytorch_model.bin")

    with pytest.raises(CheckpointError):
        read_all(tmp_path)
    assert not (tmp_path / "was_here").exists()


def test_a_bin_whose_bytes_were_changed_is_found_out(tmp_path: Path) -> None:
    import torch

    path = tmp_path / "pytorch_model.bin"
    torch.save({"weight": torch.full((1000,), 3.0)}, path)
    content = bytearray(path.read_bytes())
    at = content.find(struct.pack("<f", 3.0) * 100)
    content[at + 40] ^= 1
    path.write_bytes(content)

    with pytest.raises(CheckpointError):
        read_all(tmp_path)


def test_a_tensor_of_a_bin_that_is_transposed_is_refused(tmp_path: Path) -> None:
    import torch

    torch.save({"weight": torch.zeros(3, 4).t()}, tmp_path / "pytorch_model.bin")

    assert reason_of(tmp_path) == "convert.weights_scattered weight"


def tensor(begin: int, end: int, dtype: str = "U8", **other: Any) -> dict[str, Any]:
    return {"dtype": dtype, "shape": [end - begin], "data_offsets": [begin, end], **other}


HOSTILE: dict[str, tuple[Any, int, str]] = {
    "overlap": ({"a": tensor(0, 8), "b": tensor(4, 12)}, 12, "layout"),
    "hole": ({"a": tensor(0, 4), "b": tensor(8, 12)}, 12, "layout"),
    "begins late": ({"a": tensor(4, 8)}, 8, "layout"),
    "behind": ({"a": tensor(0, 4)}, 8, "layout"),
    "cut off": ({"a": tensor(0, 8)}, 4, "cut_off"),
    "far out": ({"a": tensor(0, 1 << 62)}, 4, "cut_off"),
    "backwards": ({"a": {"dtype": "U8", "shape": [0], "data_offsets": [4, 0]}}, 4, "header a"),
    "negative": ({"a": {"dtype": "U8", "shape": [4], "data_offsets": [-4, 0]}}, 4, "header a"),
    "negative shape": ({"a": tensor(0, 4, shape=[-2, -2])}, 4, "header a"),
    "floats": ({"a": tensor(0, 4, shape=[4.0])}, 4, "header a"),
    "true": ({"a": tensor(0, 1, shape=[True])}, 1, "header a"),
    "other size": ({"a": tensor(0, 4, shape=[5])}, 4, "header a"),
    "huge shape": ({"a": tensor(0, 4, shape=[1 << 40, 1 << 40])}, 4, "header a"),
    "dimensions": ({"a": tensor(0, 1, shape=[1] * 65)}, 1, "header a"),
    "dtype": ({"a": tensor(0, 4, "F3")}, 4, "dtype a"),
    "no entry": ({"a": [1]}, 0, "header a"),
    "three offsets": ({"a": tensor(0, 4, data_offsets=[0, 2, 4])}, 4, "header a"),
    "a list": ([], 0, "not_safetensors"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_header_that_no_library_writes_is_refused(tmp_path: Path, name: str) -> None:
    header, size, expected = HOSTILE[name]
    text = json.dumps(header).encode()
    (tmp_path / "model.safetensors").write_bytes(struct.pack("<Q", len(text)) + text + bytes(size))

    assert reason_of(tmp_path) == f"convert.weights_{expected}"


RAW: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "cut_off"),
    "seven bytes": (b"\0" * 7, "cut_off"),
    "a long header": (struct.pack("<Q", LARGEST_HEADER + 1) + b"{}", "not_safetensors"),
    "a header beyond the end": (struct.pack("<Q", 1000) + b"{}", "cut_off"),
    "twice": (struct.pack("<Q", 15) + b'{"a":{},"a":{}}', "header a"),
    "twice inside": (struct.pack("<Q", 21) + b'{"a":{"b":1,"b":2}}  ', "header b"),
    "nested": (struct.pack("<Q", 100_005) + b'{"a":' + b"[" * 100_000, "not_safetensors"),
    "a long number": (struct.pack("<Q", 5006) + b'{"a":' + b"1" * 5000 + b"}", "not_safetensors"),
    "no text": (struct.pack("<Q", 4) + b'{"\xff"', "not_safetensors"),
    "a zip": (b"PK\3\4" + bytes(100), "cut_off"),
}


@pytest.mark.parametrize("name", RAW)
def test_what_does_not_begin_with_a_header_is_refused(tmp_path: Path, name: str) -> None:
    content, expected = RAW[name]
    (tmp_path / "model.safetensors").write_bytes(content)

    assert reason_of(tmp_path) == f"convert.weights_{expected}"


@pytest.mark.parametrize(
    "index",
    [
        {"weight_map": {"a": "../../etc/passwd.safetensors"}},
        {"weight_map": {"a": "/etc/passwd"}},
        {"weight_map": {"a": 3}},
        {"weight_map": ["a"]},
        [],
        {},
    ],
)
def test_an_index_that_leads_elsewhere_or_nowhere_is_refused(tmp_path: Path, index: Any) -> None:
    (tmp_path / "model.safetensors.index.json").write_text(json.dumps(index))

    assert reason_of(tmp_path) == "convert.weights_index"


def test_a_shard_that_lacks_what_the_index_says_is_named(tmp_path: Path) -> None:
    write_weights(tmp_path, plan_shards(SPECS, largest=50), lambda one: [content_of(one)])
    index = tmp_path / "model.safetensors.index.json"
    content = json.loads(index.read_text())
    content["weight_map"]["third" * 1000] = content["weight_map"]["first"]
    index.write_text(json.dumps(content))

    assert reason_of(tmp_path) == "convert.weights_lacking " + "third" * 16


def test_a_shard_that_is_gone_or_a_pipe_is_named(tmp_path: Path) -> None:
    write_weights(tmp_path, plan_shards(SPECS, largest=50), lambda one: [content_of(one)])
    shard = min(tmp_path.glob("*.safetensors"))
    shard.unlink()

    assert "convert.weights_missing" in reason_of(tmp_path)
    os.mkfifo(shard)
    assert "convert.weights_missing" in reason_of(tmp_path)


def test_a_file_that_is_cut_off_while_it_is_read_gives_an_error(tmp_path: Path) -> None:
    write_weights(tmp_path, plan_shards(SPECS), lambda one: [content_of(one)])

    with open_weights(tmp_path) as weights:
        os.truncate(tmp_path / "model.safetensors", 300)
        with pytest.raises(XtguiError) as caught:
            [read_in_parts(each) for each in weights.tensors.values()]

    assert caught.value.code == "convert.weights_cut_off"
