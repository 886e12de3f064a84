"""Interprets a pickle as data: thirty of its opcodes, and names from a closed list.

It reads protocol 2, which torch.save writes. Every other opcode and name is refused; nothing is
imported or called except the functions of `stand_ins`. It does not recurse, and the size of what a
pickle can make it build is bounded by the pickle's own size and by the limits here.

Source: CPython's Lib/pickletools.py describes the opcodes.
"""

from __future__ import annotations

import struct
from collections import OrderedDict
from collections.abc import Callable, Mapping
from typing import Any

from ...shared.checkpoint_faults import CheckpointFault
from .errors import CheckpointError, refuse
from .stand_ins import NAMES, Name, load_storage, new_object, put_state
from .zip_layout import Record

MOST_STEPS = 8_000_000
"""Opcodes: SmolLM2's LoRA, 1,680 tensors, takes 57,000."""
DEEPEST = 64
"""Nesting of containers: xtuner's checkpoints have 5 levels."""
_LONGEST_NAME = 256
_LARGEST_KEY = 1 << 31

_UINT16, _UINT32 = struct.Struct("<H"), struct.Struct("<L")
_INT32, _FLOAT = struct.Struct("<l"), struct.Struct(">d")


def interpret(pickled: bytes, records: Mapping[str, Record]) -> Any:
    """Return the content of a pickle, as a tree of containers, plain values and stand-ins.

    Args:
        pickled: The bytes of data.pkl.
        records: The records that tensors may be views of.

    Raises:
        CheckpointError: UNSAFE for a name that is not on the list, ODD for anything else.
    """
    interpreter = _Interpreter(pickled, records)
    try:
        return interpreter.run()
    except (IndexError, KeyError, struct.error, UnicodeDecodeError):
        refuse(f"the pickle is broken at byte {interpreter.position}")


class _Interpreter:
    def __init__(self, pickled: bytes, records: Mapping[str, Record]) -> None:
        self._pickled = pickled
        self._records = records
        self._stack: list[Any] = []
        """What was pushed since the last mark."""
        self._marked: list[list[Any]] = []
        """What was pushed before each mark."""
        self._memo: dict[int, Any] = {}
        self.position = 0

    def run(self) -> Any:
        if self._pickled[:2] != b"\x80\x02":
            refuse("a pickle of another protocol than 2")
        self.position = 2
        pickled, handlers = self._pickled, _HANDLERS
        for _ in range(MOST_STEPS):
            opcode = pickled[self.position]
            self.position += 1
            if opcode == _STOP:
                return self._result()
            handler = handlers.get(opcode)
            if handler is None:
                refuse(f"the pickle's opcode {opcode:#04x} at byte {self.position - 1}")
            handler(self)
        refuse("a pickle of too many steps")

    def _result(self) -> Any:
        if self._marked or len(self._stack) != 1 or self.position != len(self._pickled):
            refuse("a pickle that ends in the middle")
        return self._stack[0]

    # --- arguments ---------------------------------------------------------------------------

    def _take(self, size: int) -> bytes:
        begin = self.position
        self.position += size
        if self.position > len(self._pickled):
            refuse("the pickle ends too early")
        return self._pickled[begin : self.position]

    def _byte(self) -> int:
        number = self._pickled[self.position]
        self.position += 1
        return number

    def _number(self, form: struct.Struct) -> Any:
        (number,) = form.unpack_from(self._pickled, self.position)
        self.position += form.size
        return number

    def _line(self) -> str:
        end = self._pickled.find(b"\n", self.position, self.position + _LONGEST_NAME)
        if end < 0:
            refuse("a name without an end")
        line = self._pickled[self.position : end]
        self.position = end + 1
        return line.decode("utf-8")

    def _pop_mark(self) -> list[Any]:
        items = self._stack
        self._stack = self._marked.pop()
        return items

    # --- plain values ------------------------------------------------------------------------

    def _none(self) -> None:
        self._stack.append(None)

    def _true(self) -> None:
        self._stack.append(True)

    def _false(self) -> None:
        self._stack.append(False)

    def _int_1(self) -> None:
        self._stack.append(self._byte())

    def _int_2(self) -> None:
        self._stack.append(self._number(_UINT16))

    def _int_4(self) -> None:
        self._stack.append(self._number(_INT32))

    def _long(self) -> None:
        self._stack.append(int.from_bytes(self._take(self._byte()), "little", signed=True))

    def _float(self) -> None:
        self._stack.append(self._number(_FLOAT))

    def _text(self) -> None:
        text = str(self._take(self._number(_UINT32)), "utf-8", "surrogatepass")
        self._stack.append(text)

    # --- containers --------------------------------------------------------------------------

    def _mark(self) -> None:
        if len(self._marked) >= DEEPEST:
            refuse("a pickle that is nested too deeply")
        self._marked.append(self._stack)
        self._stack = []

    def _empty_dict(self) -> None:
        self._stack.append({})

    def _empty_list(self) -> None:
        self._stack.append([])

    def _empty_tuple(self) -> None:
        self._stack.append(())

    def _tuple_1(self) -> None:
        self._stack[-1:] = [(self._stack[-1],)]

    def _tuple_2(self) -> None:
        self._stack[-2:] = [(self._stack[-2], self._stack[-1])]

    def _tuple_3(self) -> None:
        self._stack[-3:] = [(self._stack[-3], self._stack[-2], self._stack[-1])]

    def _tuple(self) -> None:
        items = tuple(self._pop_mark())
        self._stack.append(items)

    def _set_item(self) -> None:
        value, key = self._stack.pop(), self._stack.pop()
        self._put([key, value])

    def _set_items(self) -> None:
        self._put(self._pop_mark())

    def _put(self, items: list[Any]) -> None:
        target = self._stack[-1]
        if type(target) not in (dict, OrderedDict) or len(items) % 2:
            refuse("items of something that is no dict")
        for key, value in zip(items[::2], items[1::2], strict=True):
            if type(key) is not str and (type(key) is not int or not 0 <= key < _LARGEST_KEY):
                refuse("a key that is neither a text nor a number")
            target[key] = value

    def _append(self) -> None:
        value = self._stack.pop()
        self._extend([value])

    def _appends(self) -> None:
        self._extend(self._pop_mark())

    def _extend(self, items: list[Any]) -> None:
        target = self._stack[-1]
        if type(target) is not list:
            refuse("items of something that is no list")
        target.extend(items)

    # --- memo --------------------------------------------------------------------------------

    def _put_1(self) -> None:
        self._memo[self._byte()] = self._stack[-1]

    def _put_4(self) -> None:
        self._memo[self._number(_UINT32)] = self._stack[-1]

    def _get_1(self) -> None:
        self._stack.append(self._memo[self._byte()])

    def _get_4(self) -> None:
        self._stack.append(self._memo[self._number(_UINT32)])

    # --- names, which become stand-ins -------------------------------------------------------

    def _global(self) -> None:
        path = f"{self._line()}.{self._line()}"
        name = NAMES.get(path)
        if name is None:
            raise CheckpointError(CheckpointFault.UNSAFE, name=path)
        self._stack.append(name)

    def _reduce(self) -> None:
        arguments, function = self._stack.pop(), self._stack.pop()
        if type(function) is not Name or function.call is None or type(arguments) is not tuple:
            refuse("a call of something that is no function")
        self._stack.append(function.call(arguments))

    def _new_object(self) -> None:
        arguments, cls = self._stack.pop(), self._stack.pop()
        self._stack.append(new_object(cls, arguments))

    def _build(self) -> None:
        state = self._stack.pop()
        put_state(self._stack[-1], state)

    def _persistent(self) -> None:
        self._stack[-1:] = [load_storage(self._stack[-1], self._records)]


_STOP = ord(".")
_HANDLERS: dict[int, Callable[[_Interpreter], None]] = {
    ord(opcode): handler
    for opcode, handler in {
        "N": _Interpreter._none,
        "\x88": _Interpreter._true,
        "\x89": _Interpreter._false,
        "K": _Interpreter._int_1,
        "M": _Interpreter._int_2,
        "J": _Interpreter._int_4,
        "\x8a": _Interpreter._long,
        "G": _Interpreter._float,
        "X": _Interpreter._text,
        "(": _Interpreter._mark,
        "}": _Interpreter._empty_dict,
        "]": _Interpreter._empty_list,
        ")": _Interpreter._empty_tuple,
        "\x85": _Interpreter._tuple_1,
        "\x86": _Interpreter._tuple_2,
        "\x87": _Interpreter._tuple_3,
        "t": _Interpreter._tuple,
        "s": _Interpreter._set_item,
        "u": _Interpreter._set_items,
        "a": _Interpreter._append,
        "e": _Interpreter._appends,
        "q": _Interpreter._put_1,
        "r": _Interpreter._put_4,
        "h": _Interpreter._get_1,
        "j": _Interpreter._get_4,
        "c": _Interpreter._global,
        "R": _Interpreter._reduce,
        "\x81": _Interpreter._new_object,
        "b": _Interpreter._build,
        "Q": _Interpreter._persistent,
    }.items()
}
