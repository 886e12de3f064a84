"""A checkpoint from anywhere may be read: nothing in it is run."""

from __future__ import annotations

import io
import pickle
from pathlib import Path

import pytest

from xtgui_cli.engine import unpickler

MARK = "xtgui_was_here"


def _text(value: str) -> bytes:
    return pickle.BINUNICODE + len(value.encode()).to_bytes(4, "little") + value.encode()


def _name(module: str, name: str) -> bytes:
    return pickle.GLOBAL + f"{module}\n{name}\n".encode()


def _call(function: bytes, *arguments: bytes) -> bytes:
    return function + pickle.MARK + b"".join(arguments) + pickle.TUPLE + pickle.REDUCE


def _load(content: bytes) -> object:
    return unpickler.load(io.BytesIO(content))


class Command:
    """Pickles as a call of any function."""

    def __init__(self, function: object, *arguments: object) -> None:
        self.call = function, arguments

    def __reduce__(self) -> tuple[object, tuple[object, ...]]:
        return self.call


@pytest.mark.parametrize("function", [eval, exec, __import__, open, getattr])
def test_a_call_of_a_python_function_is_refused(function: object, tmp_path: Path) -> None:
    target = tmp_path / MARK

    with pytest.raises(unpickler.RefusedName):
        _load(pickle.dumps(Command(function, f"open({str(target)!r}, 'w')", "x")))

    assert not target.exists()


@pytest.mark.parametrize(
    ("module", "name"),
    [
        ("os", "system"),
        ("posix", "system"),
        ("subprocess", "Popen"),
        ("builtins", "eval"),
        ("torch", "load"),
        ("torch._utils", "sys.modules"),
        ("torch.storage", "os.system"),
        ("mmengine.logging.history_buffer", "np.load"),
        ("numpy", "load"),
        ("collections", "namedtuple"),
        ("xtgui_cli.engine.unpickler", "importlib.import_module"),
    ],
)
def test_a_name_that_is_not_on_the_list_is_refused(module: str, name: str) -> None:
    with pytest.raises(unpickler.RefusedName) as caught:
        _load(_call(_name(module, name), _text("true")) + pickle.STOP)

    assert name in str(caught.value)


def test_codecs_encode_is_held_to_latin1() -> None:
    harmless = _call(_name("_codecs", "encode"), _text("\xe9"), _text("latin1")) + pickle.STOP
    other = _call(_name("_codecs", "encode"), _text("x"), _text("zip")) + pickle.STOP

    assert _load(harmless) == b"\xe9"
    with pytest.raises(unpickler.RefusedName):
        _load(other)


@pytest.mark.engine
def test_a_history_buffer_cannot_widen_what_getattr_gives(tmp_path: Path) -> None:
    """Its __setstate__ adds to a dict of its class: the way from there to any module is shut."""
    target = tmp_path / MARK
    buffer, getattr_ = (
        _name("mmengine.logging.history_buffer", "HistoryBuffer"),
        _name("builtins", "getattr"),
    )
    methods = pickle.EMPTY_DICT + _text("__getattribute__") + pickle.NONE + pickle.SETITEM
    state = pickle.EMPTY_DICT + _text("statistics_methods") + methods + pickle.SETITEM
    widen = _call(buffer) + state + pickle.BUILD + pickle.POP

    def reach(owner: bytes, name: str) -> bytes:
        return _call(_call(getattr_, buffer, _text("__getattribute__")), owner, _text(name))

    module_of_ours = reach(_name("_codecs", "encode"), "__globals__")
    importlib = _call(reach(module_of_ours, "get"), _text("importlib"))
    system = reach(_call(reach(importlib, "import_module"), _text("os")), "system")

    with pytest.raises(unpickler.RefusedName):
        _load(widen + _call(system, _text(f"touch {target}")) + pickle.STOP)

    assert not target.exists()
