"""Checkpoints that are made to do harm, or broken, each with the fault that it must be told as.

They are made anew for each test and kept nowhere. What would be run touches a file, the mark.
"""

from __future__ import annotations

import io
import pickle
import struct
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from checkpoint_files import (
    LORA,
    STORAGES,
    Opcodes,
    archive_end,
    build,
    call,
    checkpoint_content,
    encode,
    name,
    numpy_array,
    ordered,
    small_checkpoint,
    tensor,
    torch_file,
    torch_zip,
)

from xtgui_cli.shared.checkpoint_faults import CheckpointFault

_ODD, _UNSAFE = CheckpointFault.ODD, CheckpointFault.UNSAFE

GIB_64 = 64 << 30


@dataclass(frozen=True)
class Evil:
    """One kind of harm."""

    make: Callable[[Path], bytes]
    """Gives the file, for a mark that must not come to be."""
    fault: CheckpointFault


EVIL: dict[str, Evil] = {}


def _evil(fault: CheckpointFault) -> Callable[[Callable[[Path], bytes]], Callable[[Path], bytes]]:
    def register(make: Callable[[Path], bytes]) -> Callable[[Path], bytes]:
        EVIL[make.__name__.removeprefix("_")] = Evil(make, fault)
        return make

    return register


def _with(value: Any, **storages: bytes) -> bytes:
    """Give a checkpoint that is good but for one value in it."""
    return torch_file({**checkpoint_content(), "extra": value}, {**STORAGES, **storages})


# --- no checkpoint at all --------------------------------------------------------------------


@_evil(CheckpointFault.EMPTY)
def _nothing(_: Path) -> bytes:
    return b""


@_evil(CheckpointFault.FOREIGN)
def _a_text(_: Path) -> bytes:
    return b"hello"


@_evil(CheckpointFault.FOREIGN)
def _zeros_after_a_power_cut(_: Path) -> bytes:
    return bytes(4096)


@_evil(CheckpointFault.FOREIGN)
def _a_bare_pickle_that_runs_a_command(mark: Path) -> bytes:
    return pickle.dumps(_Call(open, str(mark), "w"))


@_evil(CheckpointFault.CUT_OFF)
def _cut_in_the_middle(_: Path) -> bytes:
    return small_checkpoint()[:1500]


@_evil(CheckpointFault.CUT_OFF)
def _cut_by_one_byte(_: Path) -> bytes:
    return small_checkpoint()[:-1]


@_evil(CheckpointFault.CUT_OFF)
def _overwritten_at_its_end(_: Path) -> bytes:
    return small_checkpoint()[:-512] + bytes(512)


@_evil(CheckpointFault.CHECKSUM)
def _a_flipped_bit_in_the_weights(_: Path) -> bytes:
    return _flipped(STORAGES["1"])


@_evil(CheckpointFault.CHECKSUM)
def _a_flipped_bit_in_the_pickle(_: Path) -> bytes:
    return _flipped(b"train/loss")


def _flipped(part: bytes) -> bytes:
    content = bytearray(small_checkpoint())
    content[content.index(part) + 3] ^= 0x10
    return bytes(content)


# --- code by names ---------------------------------------------------------------------------


@_evil(_UNSAFE)
def _os_system(mark: Path) -> bytes:
    return _with(call(name("posix", "system"), f"touch {mark}"))


@_evil(_UNSAFE)
def _eval(mark: Path) -> bytes:
    return _with(call(name("builtins", "eval"), f"open({str(mark)!r}, 'w')"))


@_evil(_UNSAFE)
def _a_dotted_name(mark: Path) -> bytes:
    return _with(call(name("torch", "os.system"), f"touch {mark}"))


@_evil(_UNSAFE)
def _torch_load_within(mark: Path) -> bytes:
    return _with(call(name("torch", "load"), str(mark)))


@_evil(_ODD)
def _getattr_of_another_method(_: Path) -> bytes:
    buffer = name("mmengine.logging.history_buffer", "HistoryBuffer")
    return _with(call(name("__builtin__", "getattr"), buffer, "register_statistics"))


@_evil(_ODD)
def _getattr_of_something_else(_: Path) -> bytes:
    return _with(call(name("__builtin__", "getattr"), ordered({}), "min"))


@_evil(_ODD)
def _a_codec_that_unpacks(_: Path) -> bytes:
    return _with(call(name("_codecs", "encode"), "x", "zip"))


_POINTER = struct.pack("<Q", 0x4141414141414141)
"""Taken for the address of an object, this is a crash; a chosen one is any code."""


def _forged_objects(dtype: Opcodes) -> Opcodes:
    """Give numpy.ndarray called on raw bytes: an array of whatever objects they point to."""
    return call(name("numpy", "ndarray"), (1,), dtype, _POINTER)


@_evil(_ODD)
def _numpy_array_of_forged_objects(_: Path) -> bytes:
    return _with(_forged_objects(call(name("numpy", "dtype"), "O8", False, True)))


@_evil(_UNSAFE)
def _forged_objects_hashed_by_set(_: Path) -> bytes:
    objects = _forged_objects(call(name("numpy", "dtype"), "O8", False, True))
    return _with(call(name("builtins", "set"), objects))


@_evil(_ODD)
def _address_arithmetic_by_a_statistic(_: Path) -> bytes:
    """The middle of the chain: HistoryBuffer.mean as a function that adds what it is given."""
    buffer = name("mmengine.logging.history_buffer", "HistoryBuffer")
    mean = call(name("__builtin__", "getattr"), buffer, "mean")
    return _with(Opcodes(mean + encode((buffer, None)) + b"R"))


@_evil(_ODD)
def _numpy_array_of_objects_by_its_state(_: Path) -> bytes:
    return _with(numpy_array("O8", (1,), _POINTER))


@_evil(_UNSAFE)
def _a_torch_class_gets_another_len(_: Path) -> bytes:
    cls = name("torch.storage", "UntypedStorage")
    return _with(build(cls, {"__len__": name("builtins", "set")}))


@_evil(_ODD)
def _a_listed_class_gets_an_attribute(_: Path) -> bytes:
    return _with(build(name("torch", "FloatStorage"), {"dtype": 1}))


@_evil(_ODD)
def _an_ordered_dict_gets_a_method(_: Path) -> bytes:
    return _with(build(ordered({}), {"items": 1}))


@_evil(_ODD)
def _a_history_with_a_method_of_its_own(_: Path) -> bytes:
    buffer = name("mmengine.logging.history_buffer", "HistoryBuffer")
    array = numpy_array("f8", (0,), b"")
    state = {"max_length": 9, "_log_history": array, "_count_history": array}
    methods = {"statistics_methods": {"__getattribute__": None}}
    return _with(build(Opcodes(buffer + b")\x81"), {**state, **methods}))


# --- more than the file holds ----------------------------------------------------------------


@_evil(_ODD)
def _a_storage_larger_than_its_record(_: Path) -> bytes:
    return _with(tensor("9", (1 << 18,)), **{"9": bytes(16)})


@_evil(_ODD)
def _a_storage_smaller_than_its_record(_: Path) -> bytes:
    return _with(tensor("9", (1,)), **{"9": bytes(16)})


@_evil(_ODD)
def _a_storage_of_64_gib(_: Path) -> bytes:
    return _with(tensor("9", (GIB_64 // 4,)), **{"9": bytes(16)})


@_evil(_ODD)
def _a_storage_of_negative_size(_: Path) -> bytes:
    return _with(tensor("9", (0,), elements=-4), **{"9": bytes(16)})


@_evil(_ODD)
def _a_storage_without_a_record(_: Path) -> bytes:
    return _with(tensor("77", (4,)))


@_evil(_ODD)
def _a_storage_elsewhere(_: Path) -> bytes:
    return _with(tensor("../version", (2,), kind="Byte"))


def _strange_view(**view: Any) -> bytes:
    shape = view.pop("shape", (4,))
    return _with(tensor("9", shape, elements=4, **view), **{"9": bytes(16)})


@_evil(_ODD)
def _a_view_behind_its_storage(_: Path) -> bytes:
    return _strange_view(offset=1)


@_evil(_ODD)
def _a_view_before_its_storage(_: Path) -> bytes:
    return _strange_view(shape=(2,), offset=-1)


@_evil(_ODD)
def _a_view_that_strides_out(_: Path) -> bytes:
    return _strange_view(shape=(2, 2), stride=(3, 1))


@_evil(_ODD)
def _a_view_that_strides_backwards(_: Path) -> bytes:
    return _strange_view(shape=(2,), stride=(-1,), offset=1)


@_evil(_ODD)
def _a_view_of_4_tib_of_one_number(_: Path) -> bytes:
    return _strange_view(shape=(1 << 40,), stride=(0,))


@_evil(_ODD)
def _a_view_whose_size_overflows(_: Path) -> bytes:
    return _strange_view(shape=(1 << 62, 4), stride=(4, 1 << 62))


@_evil(_ODD)
def _an_empty_view_behind_its_storage(_: Path) -> bytes:
    return _strange_view(shape=(0,), offset=1 << 62)


@_evil(_ODD)
def _a_view_of_numbers_that_are_none(_: Path) -> bytes:
    return _strange_view(shape=(2.0,), stride=(1,))


@_evil(_ODD)
def _writing_into_a_tensor(_: Path) -> bytes:
    whole = tensor("9", (4,))
    return _with(Opcodes(whole + encode(0) + encode(1.0) + b"s"), **{"9": bytes(16)})


@_evil(_ODD)
def _a_numpy_array_of_64_gib(_: Path) -> bytes:
    return _with(numpy_array("f8", (GIB_64 // 8,), bytes(8)))


@_evil(_ODD)
def _a_text_of_4_gib(_: Path) -> bytes:
    return _with(Opcodes(b"X\xff\xff\xff\xff" + b"x"))


# --- bombs -----------------------------------------------------------------------------------


@_evil(_ODD)
def _tuples_within_tuples(_: Path) -> bytes:
    return _with(Opcodes(b")" + b"\x85" * 100_000))


@_evil(_ODD)
def _a_key_that_is_a_deep_tuple(_: Path) -> bytes:
    return _with(Opcodes(b"})" + b"\x85" * 100_000 + b"Ns"))


@_evil(_ODD)
def _marks_within_marks(_: Path) -> bytes:
    return _with(Opcodes(b"(" * 100_000 + b"t" * 100_000))


@_evil(_ODD)
def _lists_within_lists(_: Path) -> bytes:
    """Each list holds the one before it."""
    return _with(Opcodes(b"(]q\x01" + b"]h\x01aq\x01" * 50_000 + b"t"))


@_evil(_ODD)
def _a_dict_that_holds_itself(_: Path) -> bytes:
    return _with(Opcodes(b"}q\x01X\x01\x00\x00\x00ah\x01s"))


@_evil(_ODD)
def _metadata_that_holds_itself(_: Path) -> bytes:
    made = call(name("collections", "OrderedDict"))
    return _with(Opcodes(made + b"q\x01}X\x09\x00\x00\x00_metadatah\x01sb"))


@_evil(_ODD)
def _a_billion_laughs(_: Path) -> bytes:
    """Forty lists, each twice in the next: 10^12 values for whoever walks over them."""
    return _with(Opcodes(b"(]q\x01" + b"](h\x01h\x01eq\x01" * 40 + b"t"))


# --- opcodes that no checkpoint needs --------------------------------------------------------


def _opcodes(opcodes: bytes) -> Callable[[Path], bytes]:
    return lambda _: _with(Opcodes(opcodes))


for _label, _bytes in {
    "an_extension": b"\x82\x01",
    "an_instance": b"(iposix\nsystem\n",
    "an_object": b"(cposix\nsystem\no",
    "a_stack_global": b"X\x05\x00\x00\x00posixX\x06\x00\x00\x00system\x93",
    "a_long_of_4_gib": b"\x8b\xff\xff\xff\x7f",
    "a_persistent_id_in_text": b"Pstorage\n",
    "a_pop": b"N0N",
    "a_duplicate": b"N2",
    "a_line_of_text": b"S'x'\n",
    "an_unknown_opcode": b"\xff",
    "a_persistent_id_that_is_a_text": encode("storage") + b"Q",
    "a_persistent_id_of_no_storage": encode(("module", 1, "0", "cpu", 1)) + b"Q",
    "an_empty_stack": b"(a",
    "a_memo_that_is_empty": b"h\xee",
    "a_class_left_over": name("torch", "FloatStorage"),
    "an_array_left_unfinished": call(
        name("numpy._core.multiarray", "_reconstruct"), name("numpy", "ndarray"), (0,), b"b"
    ),
    "a_text_that_is_no_utf8": b"X\x02\x00\x00\x00\xff\xfe",
    "a_call_of_a_text": encode("posix.system") + b")R",
}.items():
    is_name = _label in ("an_object",)
    EVIL[_label] = Evil(_opcodes(_bytes), _UNSAFE if is_name else _ODD)


@_evil(_ODD)
def _protocol_4(_: Path) -> bytes:
    return torch_zip({"data.pkl": pickle.dumps({"meta": 1}, 4), "version": b"3\n"})


@_evil(_ODD)
def _a_pickle_without_an_end(_: Path) -> bytes:
    return torch_zip({"data.pkl": b"\x80\x02}", "version": b"3\n"})


@_evil(_ODD)
def _a_pickle_behind_the_pickle(mark: Path) -> bytes:
    second = pickle.dumps(_Call(open, str(mark), "w"), 2)
    return torch_zip({"data.pkl": b"\x80\x02}." + second, "version": b"3\n"})


# --- archives that can be read in two ways ---------------------------------------------------

_PROGRAM = {"data.pkl": b"\x80\x02}.", "constants.pkl": b".", "version": b"3\n"}


@_evil(_ODD)
def _two_directories(mark: Path) -> bytes:
    """Python's reader takes the last directory, miniz the one at the offset that is written."""
    return two_directories(torch_zip(_PROGRAM))


@_evil(_ODD)
def _two_directories_of_64_bits(_: Path) -> bytes:
    archive = torch_zip(_PROGRAM)
    return two_directories(archive, in_64_bits=True)


def two_directories(archive: bytes, *, in_64_bits: bool = False) -> bytes:
    """Give an archive a second directory, of data.pkl alone, as long as its own one.

    The end record names the first one by its offset; Python's zipfile looks right before the end.
    """
    *_, size, offset, _ = struct.unpack("<4s4H2LH", archive[-22:])
    own = archive[offset : offset + size]
    count = own.count(b"PK\x01\x02")
    entry = struct.unpack_from("<4s6H3L5H2L", own)
    path = own[46 : 46 + entry[10]]
    comment = size - 46 - len(path)
    first = struct.pack("<4s6H3L5H2L", *entry[:11], 0, comment, *entry[13:]) + path
    end = archive_end(offset, size, count, at=offset + 2 * size)
    both = archive[: offset + size] + first + b" " * comment
    return both + (end if in_64_bits else end[-22:])


@_evil(CheckpointFault.PROGRAM)
def _torchscript(_: Path) -> bytes:
    return torch_zip({"data.pkl": b".", "code/x.py": b"", "constants.pkl": b".", "version": b"3"})


@_evil(CheckpointFault.CUT_OFF)
def _a_comment_behind_the_end(_: Path) -> bytes:
    return small_checkpoint()[:-2] + struct.pack("<H", 4) + b"PK\x05\x06"


@_evil(CheckpointFault.CUT_OFF)
def _bytes_behind_the_end(_: Path) -> bytes:
    return small_checkpoint() + b"\0"


@_evil(CheckpointFault.FOREIGN)
def _bytes_before_the_beginning(_: Path) -> bytes:
    return b"#!/bin/sh\n" + small_checkpoint()


@_evil(_ODD)
def _an_archive_before_the_archive(_: Path) -> bytes:
    return torch_zip({"data.pkl": b"."}) + small_checkpoint()


@_evil(_ODD)
def _the_offsets_of_the_ends_differ(_: Path) -> bytes:
    content = bytearray(small_checkpoint())
    content[-6:-2] = struct.pack("<L", 0)
    return bytes(content)


def _patched(find: bytes, put: bytes, *, last: bool = False) -> bytes:
    content = small_checkpoint()
    place = content.rindex(find) if last else content.index(find)
    return content[:place] + put + content[place + len(find) :]


@_evil(_ODD)
def _another_name_in_the_header(_: Path) -> bytes:
    return _patched(b"archive/data/0", b"archive/data/8")


@_evil(_ODD)
def _another_checksum_behind_the_record(_: Path) -> bytes:
    crc = struct.pack("<L", zlib.crc32(STORAGES["1"]))
    return _patched(b"PK\x07\x08" + crc, b"PK\x07\x08\0\0\0\0")


@_evil(_ODD)
def _an_encrypted_record(_: Path) -> bytes:
    return _patched(b"PK\x01\x02\0\0\0\0\x08\x08", b"PK\x01\x02\0\0\0\0\x09\x08")


@_evil(_ODD)
def _a_record_of_64_gib(_: Path) -> bytes:
    sizes = struct.pack("<2L", 32, 32)
    return _patched(sizes, struct.pack("<2L", 0xFFFFFFFE, 0xFFFFFFFE), last=True)


@_evil(_ODD)
def _more_records_than_there_are(_: Path) -> bytes:
    content = small_checkpoint()
    *_, size, offset, _ = struct.unpack("<4s4H2LH", content[-22:])
    return content[: offset + size] + archive_end(offset, size, 1 << 40)[:-22] + content[-22:]


@_evil(_ODD)
def _two_records_of_one_name(_: Path) -> bytes:
    return _renamed("data/3", "data/0")


@_evil(_ODD)
def _a_record_with_dots(_: Path) -> bytes:
    return _renamed("data/0", "../../")


@_evil(_ODD)
def _a_record_with_backslashes(_: Path) -> bytes:
    return _renamed("data/0", "..\\..\\")


@_evil(_ODD)
def _an_unknown_record(_: Path) -> bytes:
    return torch_zip({"data.pkl": pickle.dumps({}, 2), "version": b"3", "extra/x": b""})


@_evil(_ODD)
def _a_folder_with_dots(_: Path) -> bytes:
    return torch_file(checkpoint_content(), STORAGES, folder="..")


@_evil(_ODD)
def _a_folder_with_control_characters(_: Path) -> bytes:
    return torch_file(checkpoint_content(), STORAGES, folder="a\x1b[2Jb")


@_evil(_ODD)
def _no_pickle(_: Path) -> bytes:
    return torch_zip({"version": b"3\n", "data/0": b"1234"})


@_evil(_ODD)
def _big_endian(_: Path) -> bytes:
    content = {"data.pkl": b"\x80\x02}.", "byteorder": b"big", "version": b"3\n"}
    return torch_zip(content)


@_evil(_ODD)
def _a_zip_bomb(_: Path) -> bytes:
    return _zipped(zipfile.ZIP_DEFLATED, {"archive/data.pkl": bytes(10 << 20)})


@_evil(_ODD)
def _a_zip_by_somebody_else(mark: Path) -> bytes:
    content = pickle.dumps(_Call(open, str(mark), "w"), 2)
    return _zipped(zipfile.ZIP_STORED, {"archive/data.pkl": content, "archive/version": b"3\n"})


@_evil(_ODD)
def _records_that_overlap(_: Path) -> bytes:
    """The entries of data/0 and data/1 name the same header."""
    content = small_checkpoint()
    *_, size, offset, _ = struct.unpack("<4s4H2LH", content[-22:])
    directory = content[offset : offset + size].split(b"PK\x01\x02")
    entries = {entry.rpartition(b"/")[2]: place for place, entry in enumerate(directory)}
    zero, one = directory[entries[b"0"]], directory[entries[b"1"]]
    directory[entries[b"1"]] = one[:38] + zero[38:42] + one[42:]
    return content[:offset] + b"PK\x01\x02".join(directory) + content[offset + size :]


def _renamed(before: str, after: str) -> bytes:
    old, new = f"archive/{before}".encode(), f"archive/{after}".encode()
    return small_checkpoint().replace(old, new)


def _zipped(method: int, records: dict[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        for path, content in records.items():
            archive.writestr(path, content)
    return file.getvalue()


class _Call:
    """Pickles as a call of any function."""

    def __init__(self, function: object, *arguments: object) -> None:
        self.call = function, arguments

    def __reduce__(self) -> tuple[object, tuple[object, ...]]:
        return self.call


# --- harmful for a resume alone --------------------------------------------------------------


def resumed(**changes: dict[str, Any]) -> bytes:
    """Give a checkpoint with values changed or added, `meta={...}`, `runtime_info={...}`."""
    content = checkpoint_content()
    content["meta"] |= changes.get("meta", {})
    info = {"iter": 20, **changes.get("runtime_info", {})}
    content["message_hub"]["runtime_info"] = ordered(info)
    return torch_file(content, STORAGES)


EVIL_FOR_RESUME: dict[str, Evil] = {
    "a_config_that_is_run": Evil(
        lambda mark: resumed(meta={"config": f"open({str(mark)!r}, 'w')"}), _UNSAFE
    ),
    "checkpoints_to_delete_elsewhere": Evil(
        lambda mark: resumed(runtime_info={"keep_ckpt_ids": ["x/../../../other"]}), _ODD
    ),
    "a_best_checkpoint_that_is_a_folder": Evil(
        lambda mark: resumed(runtime_info={"best_ckpt": str(mark.parent)}), _ODD
    ),
    "no_seed": Evil(lambda _: resumed(meta={"seed": "x"}), CheckpointFault.INCOMPLETE),
    "no_message_hub": Evil(
        lambda _: torch_file(
            {
                "meta": {"epoch": 0, "iter": 1, "seed": 1},
                "state_dict": {f"{LORA}.lora_A.default.weight": tensor("0", (2, 4))},
            },
            {"0": STORAGES["0"]},
        ),
        CheckpointFault.INCOMPLETE,
    ),
}
"""Where convert needs nothing of what is wrong."""
