"""Random changes of a good checkpoint, each given by its seed."""

from __future__ import annotations

import random
import struct
from collections.abc import Callable, Sequence

from checkpoint_files import STORAGES, checkpoint_content, pickled, torch_zip

_OPCODES = b"}()](.\x85\x86\x87\x88\x89\x8a\x8bNKMJGXhjqrtusaecRQbo\x81\x80ilP012SV\x93\x94\x95"
_NAMES = (
    b"cposix\nsystem\n",
    b"cnumpy\nndarray\n",
    b"cnumpy\ndtype\n",
    b"ccollections\nOrderedDict\n",
    b"c__builtin__\ngetattr\n",
    b"cmmengine.logging.history_buffer\nHistoryBuffer\n",
    b"ctorch._utils\n_rebuild_tensor_v2\n",
    b"ctorch\nFloatStorage\n",
)
_NUMBERS = (0, 1, 2, 63, 64, 65535, 65536, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFE, 0xFFFFFFFF)

Change = Callable[[bytearray, random.Random], None]


def _flip_bits(content: bytearray, dice: random.Random) -> None:
    for _ in range(dice.choice((1, 1, 1, 2, 8))):
        content[dice.randrange(len(content))] ^= 1 << dice.randrange(8)


def _cut(content: bytearray, dice: random.Random) -> None:
    del content[dice.randrange(len(content)) :]


def _take_out(content: bytearray, dice: random.Random) -> None:
    place = dice.randrange(len(content))
    del content[place : place + dice.choice((1, 2, 4, 16, 300))]


def _splice(content: bytearray, dice: random.Random) -> None:
    """Copy a part over another part, or in between."""
    begin, place = dice.randrange(len(content)), dice.randrange(len(content))
    part = content[begin : begin + dice.choice((1, 4, 16, 46, 64, 600))]
    content[place : place + dice.choice((0, len(part)))] = part


def _put_number(content: bytearray, dice: random.Random) -> None:
    place = dice.randrange(len(content))
    number = struct.pack("<Q", dice.choice(_NUMBERS))[: dice.choice((2, 4, 8))]
    content[place : place + len(number)] = number


def _put_opcode(content: bytearray, dice: random.Random) -> None:
    place = dice.randrange(len(content))
    content[place : place + dice.randrange(2)] = bytes([dice.choice(_OPCODES)])


def _put_name(content: bytearray, dice: random.Random) -> None:
    place = dice.randrange(len(content))
    content[place:place] = dice.choice(_NAMES) + dice.choice((b"", b")R", b"}b", b"q\x01"))


_FILE: Sequence[Change] = (_flip_bits, _cut, _take_out, _splice, _put_number)
_PICKLE: Sequence[Change] = (*_FILE, _put_opcode, _put_opcode, _put_name)

GOOD = {
    "data.pkl": pickled(checkpoint_content()),
    ".format_version": b"1",
    ".storage_alignment": b"64",
    "byteorder": b"little",
    **{f"data/{key}": data for key, data in STORAGES.items()},
    "version": b"3\n",
    ".data/serialization_id": b"0" * 40,
}
"""The records of `checkpoint_files.small_checkpoint`."""


def changed_file(good: bytes, seed: int) -> bytes:
    """Return a file with bytes changed that its checksums may tell of."""
    dice = random.Random(seed)
    content = bytearray(good)
    dice.choice(_FILE)(content, dice)
    return bytes(content)


def changed_pickle(records: dict[str, bytes], seed: int) -> bytes:
    """Return a file whose pickle is changed and whose checksums are right all the same."""
    dice = random.Random(seed)
    content = bytearray(records["data.pkl"])
    for _ in range(dice.choice((1, 1, 2, 4))):
        dice.choice(_PICKLE)(content, dice)
        if not content:
            break
    return torch_zip({**records, "data.pkl": bytes(content)})
