"""Inert stand-ins for what a checkpoint names: torch's tensors, numpy's arrays, mmengine's buffers.

`NAMES` is the closed list of names that a pickle may use. Measured: checkpoints of lora, qlora and
full runs need ten of them; base models saved as `.bin`, other dtypes, numpy before 2 and
DeepSpeed's folders need the rest. Calling a name returns a stand-in, after all arguments have been
checked; none of them does anything.
"""

from __future__ import annotations

import math
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from .errors import refuse
from .zip_layout import Record

MOST_DIMENSIONS = 64
"""The limit of torch and numpy."""


@dataclass(frozen=True)
class Dtype:
    """The type of a tensor's elements, under torch's name."""

    name: str
    itemsize: int


@dataclass(frozen=True)
class Storage:
    """The bytes that tensors are views of: one record of the file."""

    record: Record
    dtype: Dtype
    size: int
    """Number of elements; they fill the record exactly."""


@dataclass(frozen=True)
class Tensor:
    """A view of a storage, checked to stay inside it."""

    storage: Storage
    offset: int
    """Offset of the first element, in elements, as the strides."""
    shape: tuple[int, ...]
    stride: tuple[int, ...]
    requires_grad: bool

    @property
    def count(self) -> int:
        """Number of elements."""
        return math.prod(self.shape)

    @property
    def span(self) -> int:
        """Number of elements of the storage from its first to its last one."""
        if not self.count:
            return 0
        return 1 + sum((n - 1) * step for n, step in zip(self.shape, self.stride, strict=True))

    @property
    def is_contiguous(self) -> bool:
        """Whether its elements are adjacent, in C order."""
        expected = 1
        for size, step in zip(reversed(self.shape), reversed(self.stride), strict=True):
            if size != 1 and step != expected:
                return not self.count
            expected *= size
        return True


@dataclass
class NumpyDtype:
    """A numpy dtype of plain numbers: "f8" is an eight-byte float, always little-endian."""

    code: str

    @property
    def itemsize(self) -> int:
        """Bytes of one element."""
        return int(self.code[1:])


@dataclass
class Array:
    """A numpy array; empty until `fill` is called."""

    dtype: NumpyDtype | None = None
    shape: tuple[int, ...] = ()
    data: bytes = b""
    """In C order."""


@dataclass(frozen=True)
class Scalar:
    """A numpy scalar."""

    dtype: NumpyDtype
    data: bytes


@dataclass
class History:
    """An mmengine HistoryBuffer: logged values, and how many values each entry stands for."""

    values: Array | None = None
    counts: Array | None = None
    max_length: int = 0


@dataclass
class Opaque:
    """An object of DeepSpeed's that is not needed; its state is read and dropped."""


StandIn = Tensor | Array | Scalar | History | Opaque
"""What a checkpoint's content may hold besides containers and plain values."""


@dataclass(frozen=True)
class Name:
    """A name that a pickle may use."""

    path: str
    """"numpy.dtype"."""
    call: Callable[[tuple[Any, ...]], Any] | None = None
    """What calling it returns; None: it may not be called."""
    dtype: Dtype | None = None
    """The element type of a torch storage class."""


_STORAGE_PARTS = [str, Name, str, str, int]
_TENSOR_PARTS = [Storage, int, tuple, tuple, bool, OrderedDict]


def load_storage(identity: Any, records: Mapping[str, Record]) -> Storage:
    """Return the storage that a persistent id names: ("storage", class, key, device, elements)."""
    if type(identity) is not tuple or [type(part) for part in identity] != _STORAGE_PARTS:
        refuse("a persistent id")
    kind, cls, key, _, size = identity
    if kind != "storage" or cls.dtype is None:
        refuse("a persistent id")
    record = records.get(f"data/{key}")
    if record is None:
        refuse(f"a tensor without its record data/{key[:20]}")
    if size < 0 or size * cls.dtype.itemsize != record.size:
        refuse(f"{record.name} holds {record.size} bytes, not {size} × {cls.dtype.itemsize}")
    return Storage(record, cls.dtype, size)


# --- calls -----------------------------------------------------------------------------------


def _no_arguments(arguments: tuple[Any, ...], name: str) -> None:
    if arguments:
        refuse(f"arguments of {name}")


def _ordered_dict(arguments: tuple[Any, ...]) -> OrderedDict[Any, Any]:
    _no_arguments(arguments, "OrderedDict")
    return OrderedDict()


def _rebuild_tensor(arguments: tuple[Any, ...]) -> Tensor:
    if [type(part) for part in arguments] != _TENSOR_PARTS:
        refuse("the parts of a tensor")
    storage, offset, shape, stride, grad, hooks = arguments
    if hooks:
        refuse("the parts of a tensor")
    _check_view(storage, offset, shape, stride)
    return Tensor(storage, offset, shape, stride, grad)


def _check_view(
    storage: Storage, offset: int, shape: tuple[Any, ...], stride: tuple[Any, ...]
) -> None:
    """Raise an error unless a view stays inside its storage and uses no element twice."""
    if len(shape) != len(stride) or len(shape) > MOST_DIMENSIONS or offset < 0:
        refuse("the dimensions of a tensor")
    count, last = 1, offset
    for size, step in zip(shape, stride, strict=True):
        if type(size) is not int or type(step) is not int or size < 0 or step < 0:
            refuse("the dimensions of a tensor")
        count *= size
        last += (size - 1) * step
    is_inside = last < storage.size if count else offset <= storage.size
    if not is_inside or count > storage.size:
        refuse(f"a tensor that reaches out of {storage.record.name}")


def _rebuild_parameter(arguments: tuple[Any, ...]) -> Tensor:
    match arguments:
        case (Tensor() as tensor, bool(grad), OrderedDict()):
            shape, stride = tensor.shape, tensor.stride
            return Tensor(tensor.storage, tensor.offset, shape, stride, grad)
    refuse("the parts of a parameter")


def _rebuild_subclass(arguments: tuple[Any, ...]) -> Tensor:
    """Return a tensor that had attributes of its own, without them."""
    match arguments:
        case (Name() as function, Name(path="torch.Tensor"), tuple(parts), dict()):
            if function.path == "torch._utils._rebuild_tensor_v2":
                return _rebuild_tensor(parts)
    refuse("the parts of a tensor with attributes")


def _size(arguments: tuple[Any, ...]) -> tuple[int, ...]:
    match arguments:
        case (tuple(sizes),) if all(type(size) is int for size in sizes):
            return sizes
    refuse("a torch.Size")


def _member(arguments: tuple[Any, ...]) -> int:
    """Return the number of a member of an enumeration."""
    match arguments:
        case (int(number),):
            return number
    refuse("a member of an enumeration")


def _list_of_set(arguments: tuple[Any, ...]) -> list[Any]:
    match arguments:
        case (list(members),):
            return members
    refuse("a set")


_NUMBERS = frozenset({"f8", "f4", "f2", "i8", "i4", "i2", "i1", "u8", "u4", "u2", "u1", "b1"})


def _numpy_dtype(arguments: tuple[Any, ...]) -> NumpyDtype:
    match arguments:
        case (str(code), False, True) if code in _NUMBERS:
            return NumpyDtype(code)
    refuse("a numpy dtype")


def _numpy_reconstruct(arguments: tuple[Any, ...]) -> Array:
    match arguments:
        case (Name(path="numpy.ndarray"), (0,), b"b"):
            return Array()
    refuse("the parts of a numpy array")


def _numpy_scalar(arguments: tuple[Any, ...]) -> Scalar:
    match arguments:
        case (NumpyDtype() as dtype, bytes(data)) if len(data) == dtype.itemsize:
            return Scalar(dtype, data)
    refuse("a numpy number")


def _encode_latin1(arguments: tuple[Any, ...]) -> bytes:
    """Return the bytes of a text, in which protocol 2 stores them."""
    match arguments:
        case (str(text), "latin1"):
            try:
                return text.encode("latin1")
            except UnicodeEncodeError:
                refuse("bytes beyond 255")
    refuse("an encoding other than latin1")


def _empty_bytes(arguments: tuple[Any, ...]) -> bytes:
    _no_arguments(arguments, "bytes")
    return b""


def _statistic(arguments: tuple[Any, ...]) -> Name:
    """Stand in for getattr: a HistoryBuffer refers to four of its own methods."""
    match arguments:
        case (Name(path=path), "min" | "max" | "mean" | "current" as name) if path == _HISTORY:
            return Name(f"{path}.{name}")
    refuse("a getattr")


# --- states ----------------------------------------------------------------------------------


def new_object(cls: Any, arguments: Any) -> History | Opaque:
    """Return an instance of a class that is created without a call: HistoryBuffer, DeepSpeed's."""
    if isinstance(cls, Name) and arguments == ():
        if cls.path == _HISTORY:
            return History()
        if cls.path in _OPAQUE:
            return Opaque()
    refuse("an object of a class")


def put_state(target: Any, state: Any) -> None:
    """Set a stand-in's state to what the pickle says."""
    match target, state:
        case OrderedDict(), {"_metadata": OrderedDict() as metadata} if len(state) == 1:
            target._metadata = metadata  # type: ignore[attr-defined]
        case NumpyDtype(), (3, "<" | "|", None, None, None, -1, -1, 0):
            pass
        case Array(dtype=None), (1, tuple(shape), NumpyDtype() as dtype, False, bytes(data)):
            _fill(target, shape, dtype, data)
        case Opaque(), dict():
            pass
        case History(values=None), dict():
            _fill_history(target, state)
        case _:
            refuse("the state of an object")


def _fill(array: Array, shape: tuple[Any, ...], dtype: NumpyDtype, data: bytes) -> None:
    if len(shape) > MOST_DIMENSIONS or any(type(n) is not int or n < 0 for n in shape):
        refuse("the shape of a numpy array")
    if math.prod(shape) * dtype.itemsize != len(data):
        refuse("the size of a numpy array")
    array.dtype, array.shape, array.data = dtype, shape, data


def _fill_history(history: History, state: dict[Any, Any]) -> None:
    match state:
        case {
            "max_length": int(max_length),
            "_log_history": Array(shape=(length,)) as values,
            "_count_history": Array() as counts,
            **rest,
        }:
            if max_length > 0 and counts.shape == (length,) and _are_statistics(rest):
                history.values, history.counts = values, counts
                history.max_length = max_length
                return
    refuse("a history buffer")


def _are_statistics(rest: dict[Any, Any]) -> bool:
    """Return whether the rest of a buffer's state is only the methods that every buffer has."""
    methods = rest.pop("statistics_methods", {})
    return (
        not rest
        and isinstance(methods, dict)
        and all(
            isinstance(method, Name) and method.path == f"{_HISTORY}.{name}"
            for name, method in methods.items()
        )
    )


# --- the list --------------------------------------------------------------------------------

_HISTORY = "mmengine.logging.history_buffer.HistoryBuffer"
_OPAQUE = (
    "deepspeed.runtime.fp16.loss_scaler.LossScaler",
    "deepspeed.runtime.fp16.loss_scaler.DynamicLossScaler",
    "deepspeed.utils.tensor_fragment.fragment_address",
)
_STORAGES = {
    "Double": Dtype("float64", 8),
    "Float": Dtype("float32", 4),
    "Half": Dtype("float16", 2),
    "BFloat16": Dtype("bfloat16", 2),
    "Long": Dtype("int64", 8),
    "Int": Dtype("int32", 4),
    "Short": Dtype("int16", 2),
    "Char": Dtype("int8", 1),
    "Byte": Dtype("uint8", 1),
    "Bool": Dtype("bool", 1),
}

NAMES: dict[str, Name] = {
    name.path: name
    for name in (
        Name("collections.OrderedDict", _ordered_dict),
        Name("torch._utils._rebuild_tensor_v2", _rebuild_tensor),
        Name("torch._utils._rebuild_parameter", _rebuild_parameter),
        *(Name(f"torch.{kind}Storage", dtype=dtype) for kind, dtype in _STORAGES.items()),
        Name("numpy.dtype", _numpy_dtype),
        Name("numpy.ndarray"),
        *(
            Name(f"{module}.{name}", call)
            for module in ("numpy._core.multiarray", "numpy.core.multiarray")
            for name, call in (("_reconstruct", _numpy_reconstruct), ("scalar", _numpy_scalar))
        ),
        Name("_codecs.encode", _encode_latin1),
        Name("__builtin__.bytes", _empty_bytes),
        Name("__builtin__.getattr", _statistic),
        Name(_HISTORY),
        # DeepSpeed's folders
        Name("torch.Size", _size),
        Name("torch.Tensor"),
        Name("torch._tensor._rebuild_from_type_v2", _rebuild_subclass),
        Name("deepspeed.runtime.zero.config.ZeroStageEnum", _member),
        Name("__builtin__.set", _list_of_set),
        *map(Name, _OPAQUE),
    )
}
