"""Checkpoints whose archive is good and whose pickle is made to do harm."""

from __future__ import annotations

import pickle
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

from checkpoint_files import (
    STORAGES,
    Opcodes,
    build,
    call,
    checkpoint_content,
    encode,
    name,
    numpy_array,
    ordered,
    tensor,
    torch_file,
    torch_zip,
)
from evil_file import Call, Evil, registrar

from xtgui_cli.shared.checkpoint_faults import CheckpointFault

_ODD, _UNSAFE = CheckpointFault.ODD, CheckpointFault.UNSAFE

GIB_64 = 64 << 30

PICKLES: dict[str, Evil] = {}
_evil = registrar(PICKLES)


def _with(value: Any, **storages: bytes) -> bytes:
    """Return a checkpoint that is good but for one value in it."""
    return torch_file({**checkpoint_content(), "extra": value}, {**STORAGES, **storages})


# --- what DeepSpeed's files hold -----------------------------------------------------------------


@_evil(_ODD)
def _a_subclass_rebuilt_by_another_function(mark: Path) -> bytes:
    rebuild = name("torch._tensor", "_rebuild_from_type_v2")
    encode_text = name("_codecs", "encode")
    return _with(call(rebuild, encode_text, name("torch", "Tensor"), ("a", "latin1"), {}))


@_evil(_ODD)
def _a_subclass_that_is_none(mark: Path) -> bytes:
    rebuild = name("torch._tensor", "_rebuild_from_type_v2")
    return _with(call(rebuild, name("torch._utils", "_rebuild_tensor_v2"), "posix", (), {}))


@_evil(_ODD)
def _a_size_of_texts(mark: Path) -> bytes:
    return _with(call(name("torch", "Size"), ("a",)))


@_evil(_ODD)
def _an_enumeration_of_texts(mark: Path) -> bytes:
    return _with(call(name("deepspeed.runtime.zero.config", "ZeroStageEnum"), "gradients"))


@_evil(_ODD)
def _a_set_of_a_text(mark: Path) -> bytes:
    return _with(call(name("__builtin__", "set"), "abc"))


@_evil(_ODD)
def _a_loss_scaler_with_arguments(mark: Path) -> bytes:
    scaler = name("deepspeed.runtime.fp16.loss_scaler", "LossScaler")
    return _with(Opcodes(scaler + encode(("a",)) + b"\x81"))


@_evil(_ODD)
def _a_loss_scaler_that_is_called(mark: Path) -> bytes:
    return _with(call(name("deepspeed.runtime.fp16.loss_scaler", "LossScaler")))


@_evil(_UNSAFE)
def _another_object_of_deepspeed(mark: Path) -> bytes:
    return _with(call(name("deepspeed.runtime.engine", "DeepSpeedEngine")))


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
    """Return numpy.ndarray called on raw bytes: an array of whatever objects they point to."""
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
    PICKLES[_label] = Evil(_opcodes(_bytes), _UNSAFE if is_name else _ODD)


@_evil(_ODD)
def _protocol_4(_: Path) -> bytes:
    return torch_zip({"data.pkl": pickle.dumps({"meta": 1}, 4), "version": b"3\n"})


@_evil(_ODD)
def _a_pickle_without_an_end(_: Path) -> bytes:
    return torch_zip({"data.pkl": b"\x80\x02}", "version": b"3\n"})


@_evil(_ODD)
def _a_pickle_behind_the_pickle(mark: Path) -> bytes:
    second = pickle.dumps(Call(open, str(mark), "w"), 2)
    return torch_zip({"data.pkl": b"\x80\x02}." + second, "version": b"3\n"})
