"""Reads checkpoints without running them: only a short list of names is unpickled.

Used as `torch.load(path, pickle_module=unpickler, weights_only=False)`. torch's own
`weights_only=True` refuses mmengine's checkpoints, whose message hub holds HistoryBuffers.
"""

from __future__ import annotations

import importlib
import pickle
from collections.abc import Callable
from typing import Any

_TORCH_STORAGES = frozenset(
    f"{kind}Storage"
    for kind in (
        "Float",
        "Double",
        "Half",
        "BFloat16",
        "Long",
        "Int",
        "Short",
        "Char",
        "Byte",
        "Bool",
        "Untyped",
    )
)

_ALLOWED: dict[str, frozenset[str]] = {
    "collections": frozenset({"OrderedDict", "deque"}),
    "torch._utils": frozenset({"_rebuild_tensor_v2", "_rebuild_parameter"}),
    "torch": _TORCH_STORAGES | {"Size", "device"},
    "torch.storage": frozenset({"UntypedStorage"}),
    "numpy": frozenset({"dtype", "ndarray"}),
    "numpy.core.multiarray": frozenset({"scalar", "_reconstruct"}),
    "numpy._core.multiarray": frozenset({"scalar", "_reconstruct"}),
    "mmengine.logging.history_buffer": frozenset({"HistoryBuffer"}),
}


class RefusedName(pickle.UnpicklingError):
    """A checkpoint names something that is not on the list: it could run any code."""

    def __init__(self, name: str) -> None:
        super().__init__(f"the checkpoint asks for {name}, which is not allowed in it")
        self.name = name


def _attribute_of_history_buffer(owner: Any, name: str) -> Any:
    """Stand in for getattr: a HistoryBuffer keeps its own statistics methods by reference."""
    from mmengine.logging.history_buffer import HistoryBuffer

    if owner is HistoryBuffer and name in ("min", "max", "mean", "current"):
        return getattr(owner, name)
    raise RefusedName(f"getattr({owner!r}, {name!r})")


def _encode_latin1(text: str, encoding: str = "latin1") -> bytes:
    """Stand in for _codecs.encode, with which pickle protocol 2 writes bytes."""
    if encoding != "latin1":
        raise RefusedName(f"_codecs.encode to {encoding}")
    return text.encode("latin1")


_REPLACED: dict[tuple[str, str], Callable[..., Any]] = {
    ("__builtin__", "getattr"): _attribute_of_history_buffer,
    ("builtins", "getattr"): _attribute_of_history_buffer,
    ("_codecs", "encode"): _encode_latin1,
    ("builtins", "set"): set,
    ("__builtin__", "set"): set,
}


class Unpickler(pickle.Unpickler):
    """Finds allowed names only."""

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) in _REPLACED:
            return _REPLACED[module, name]
        if name not in _ALLOWED.get(module, ()):
            raise RefusedName(f"{module}.{name}")
        if module == "numpy.core.multiarray":  # its name before numpy 2
            return _numpy_multiarray(name)
        return getattr(importlib.import_module(module), name)


def _numpy_multiarray(name: str) -> Any:
    for module in ("numpy._core.multiarray", "numpy.core.multiarray"):
        try:
            return getattr(importlib.import_module(module), name)
        except ModuleNotFoundError:
            continue
    raise RefusedName(f"numpy.core.multiarray.{name}")


def load(file: Any, **options: Any) -> Any:
    """Unpickle one object; torch calls this for old-format checkpoints."""
    return Unpickler(file, **options).load()
