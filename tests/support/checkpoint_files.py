"""Files as torch.save writes them, made without torch; `evil_checkpoints` changes them.

A pickle is put together from its opcodes, so that it can say what no pickler would.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Mapping, Sequence
from math import prod
from typing import Any

UNALIGNED = 64
ITEMSIZE = {"Float": 4, "Double": 8, "BFloat16": 2, "Half": 2, "Long": 8, "Byte": 1, "Bool": 1}

LORA = "llm.base_model.model.model.layers.0.self_attn.q_proj"


# --- pickles ---------------------------------------------------------------------------------


class Opcodes(bytes):
    """Part of a pickle that leaves one value on the stack."""


def encode(value: Any) -> bytes:
    """Return the opcodes of a plain value; opcodes stay as they are."""
    match value:
        case Opcodes():
            return value
        case None | True | False:
            return {None: b"N", True: b"\x88", False: b"\x89"}[value]
        case int() if -(1 << 31) <= value < 1 << 31:
            return b"J" + struct.pack("<i", value)
        case int():
            number = value.to_bytes(value.bit_length() // 8 + 1, "little", signed=True)
            return b"\x8a" + bytes([len(number)]) + number
        case float():
            return b"G" + struct.pack(">d", value)
        case str():
            text = value.encode("utf-8", "surrogatepass")
            return b"X" + struct.pack("<I", len(text)) + text
        case bytes():
            return call(name("_codecs", "encode"), value.decode("latin1"), "latin1")
        case tuple():
            return b"(" + b"".join(map(encode, value)) + b"t"
        case list():
            return b"](" + b"".join(map(encode, value)) + b"e"
        case dict():
            return (
                b"}(" + b"".join(encode(key) + encode(item) for key, item in value.items()) + b"u"
            )
    raise TypeError(value)


def pickled(value: Any) -> bytes:
    """Return a whole pickle of protocol 2."""
    return b"\x80\x02" + encode(value) + b"."


def name(module: str, attribute: str) -> Opcodes:
    return Opcodes(b"c" + f"{module}\n{attribute}\n".encode())


def call(function: Opcodes, *arguments: Any) -> Opcodes:
    return Opcodes(function + encode(tuple(arguments)) + b"R")


def build(target: Opcodes, state: Any) -> Opcodes:
    return Opcodes(target + encode(state) + b"b")


def ordered(items: Mapping[Any, Any], metadata: Any = None) -> Opcodes:
    """Return an OrderedDict, with the `_metadata` that a module's state dict has."""
    made = call(name("collections", "OrderedDict"))
    filled = (
        made + b"(" + b"".join(encode(key) + encode(item) for key, item in items.items()) + b"u"
    )
    return Opcodes(filled) if metadata is None else build(Opcodes(filled), {"_metadata": metadata})


def storage(key: str, kind: str, elements: int) -> Opcodes:
    identity = ("storage", name("torch", f"{kind}Storage"), key, "cpu", elements)
    return Opcodes(encode(identity) + b"Q")


def tensor(
    key: str,
    shape: Sequence[int],
    *,
    stride: Sequence[int] | None = None,
    offset: int = 0,
    kind: str = "Float",
    elements: int | None = None,
) -> Opcodes:
    """Return a tensor; one that fills its storage in C order unless told otherwise."""
    if stride is None:
        stride = [prod(shape[place + 1 :]) for place in range(len(shape))]
    if elements is None:
        elements = prod(shape)
    parts = storage(key, kind, elements), offset, tuple(shape), tuple(stride), False, ordered({})
    return call(name("torch._utils", "_rebuild_tensor_v2"), *parts)


def numpy_dtype(code: str) -> Opcodes:
    state = (3, "<", None, None, None, -1, -1, 0)
    return build(call(name("numpy", "dtype"), code, False, True), state)


def numpy_array(code: str, shape: tuple[int, ...], data: bytes) -> Opcodes:
    empty = call(
        name("numpy._core.multiarray", "_reconstruct"), name("numpy", "ndarray"), (0,), b"b"
    )
    return build(empty, (1, shape, numpy_dtype(code), False, data))


def history(values: Sequence[float]) -> Opcodes:
    """Return an mmengine HistoryBuffer."""
    buffer = name("mmengine.logging.history_buffer", "HistoryBuffer")
    count = len(values)
    getattr_ = name("__builtin__", "getattr")
    methods = {each: call(getattr_, buffer, each) for each in ("min", "max", "current", "mean")}
    state = {
        "max_length": 1000000,
        "_log_history": numpy_array("f8", (count,), struct.pack(f"<{count}d", *values)),
        "_count_history": numpy_array("i8", (count,), struct.pack(f"<{count}q", *[1] * count)),
        "statistics_methods": methods,
    }
    return build(Opcodes(buffer + b")\x81"), state)


# --- archives --------------------------------------------------------------------------------


def torch_zip(records: Mapping[str, bytes], folder: str = "archive") -> bytes:
    """Return an archive byte for byte as torch writes it, up to 4 GiB."""
    body, directory = bytearray(), bytearray()
    for record, data in records.items():
        path, begin, crc = f"{folder}/{record}".encode(), len(body), zlib.crc32(data)
        flags = 0x0808 if data else 0x0800
        header = 30 + len(path)
        padding = (UNALIGNED - (begin + header + 4) % UNALIGNED) % UNALIGNED
        body += struct.pack("<4s5H3L2H", b"PK\x03\x04", 0, flags, *[0] * 6, len(path), padding + 4)
        body += path + struct.pack("<2s H", b"FB", padding) + b"Z" * padding + data
        if data:
            body += struct.pack("<4s3L", b"PK\x07\x08", crc, len(data), len(data))
        directory += struct.pack(
            "<4s6H3L5H2L",
            *(b"PK\x01\x02", 0, 0, flags, 0, 0, 0, crc, len(data), len(data)),
            *(len(path), 0, 0, 0, 0, 0, begin),
        )
        directory += path
    return bytes(body + directory + archive_end(len(body), len(directory), len(records)))


def archive_end(offset: int, size: int, count: int, at: int | None = None) -> bytes:
    """Return what stands behind a directory, *at* an offset, without one right behind it."""
    end_64 = struct.pack(
        "<4sQ2H2L4Q", b"PK\x06\x06", 44, 0x031E, 45, 0, 0, count, count, size, offset
    )
    locator = struct.pack("<4sLQL", b"PK\x06\x07", 0, at or offset + size, 1)
    short, begin = min(count, 0xFFFF), min(offset, 0xFFFFFFFF)
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, short, short, size, begin, 0)
    return end_64 + locator + end


def torch_file(content: Any, storages: Mapping[str, bytes], folder: str = "archive") -> bytes:
    """Return what torch.save writes of a content, given as `encode` takes it."""
    data = {f"data/{key}": value for key, value in storages.items()}
    before = {"data.pkl": pickled(content), ".format_version": b"1", ".storage_alignment": b"64"}
    after = {"version": b"3\n", ".data/serialization_id": b"0" * 40}
    return torch_zip({**before, "byteorder": b"little", **data, **after}, folder)


def checkpoint_content(iteration: int = 20, config: str = "lr = 1") -> dict[str, Any]:
    """Return what a small LoRA checkpoint of xtuner's holds; its storages are `STORAGES`."""
    weights = {
        f"{LORA}.lora_A.default.weight": tensor("0", (2, 4)),
        f"{LORA}.lora_B.default.weight": tensor("1", (4, 2)),
    }
    return {
        "meta": {"epoch": 0, "iter": iteration, "seed": 42, "cfg": config, "time": "now"},
        "state_dict": ordered(weights, ordered({"": {"version": 1}})),
        "message_hub": {
            "log_scalars": ordered({"train/loss": history([2.0, 1.5])}),
            "runtime_info": ordered({"iter": iteration, "keep_ckpt_ids": [10, iteration]}),
            "resumed_keys": ordered({"iter": True}),
        },
        "optimizer": {
            "state": {0: {"step": tensor("2", ()), "exp_avg": tensor("3", (2, 4))}},
            "param_groups": [{"lr": 1e-4, "betas": (0.9, 0.999), "params": [0, 1]}],
        },
        "param_schedulers": [{"last_step": iteration, "begin": 0}],
    }


STORAGES = {
    "0": struct.pack("<8f", *range(8)),
    "1": struct.pack("<8f", *range(8, 16)),
    "2": struct.pack("<f", 3),
    "3": bytes(32),
}


def small_checkpoint(iteration: int = 20, config: str = "lr = 1") -> bytes:
    """Return a whole checkpoint, of some 4 kB."""
    return torch_file(checkpoint_content(iteration, config), STORAGES)
