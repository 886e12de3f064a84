"""Imports transformers without what language models do not need: half of the time that it takes.

With any model, transformers 5.23 imports torch's compiler, because some functions are marked for
it, scipy for a loss of object detection, and torchvision for images: 1.2 of 2.4 s.
"""

from __future__ import annotations

import contextlib
import importlib
import sys
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any

from ..shared.rare_collection import rare_collection

_MODULES = ("transformers.modeling_utils", "transformers.generation.utils")
"""Whose imports take long."""
_UNUSED = ("scipy", "sklearn", "torchvision")
"""Packages that transformers does without if they are not installed."""
_COMPILER = "torch._dynamo"
_MARKS = ("disable", "allow_in_graph", "assume_constant_result")
"""Its decorators, which matter only to functions that are compiled."""
_TRACING = f"{_COMPILER}._trace_wrapped_higher_order_op"


def import_transformers(*, trust_remote_code: bool) -> None:
    """Import what tokenizers and models have in common; what comes later finds it imported.

    A version that needs more than that is imported as usual by whoever uses it, and so is any for
    code of a model's own.
    """
    if trust_remote_code or "transformers" in sys.modules:
        return
    stand_ins = {**dict.fromkeys(_UNUSED), **_compiler()}
    with contextlib.suppress(Exception), rare_collection(), _instead(stand_ins):
        for name in _MODULES:
            importlib.import_module(name)


def skipped_initialization() -> contextlib.AbstractContextManager[None]:
    """Return a context in which new models get no first weights, which takes the compiler too."""
    for module in ("transformers.initialization", "transformers.modeling_utils"):
        with contextlib.suppress(ImportError, AttributeError):
            return importlib.import_module(module).no_init_weights()  # type: ignore[no-any-return]
    return contextlib.nullcontext()


@contextlib.contextmanager
def _instead(modules: dict[str, ModuleType | None]) -> Iterator[None]:
    """Let imports find these modules (None: no module), unless the true ones are imported."""
    missing = {name: module for name, module in modules.items() if name not in sys.modules}
    sys.modules.update(missing)  # type: ignore[arg-type]
    try:
        yield
    finally:
        for name in missing:
            sys.modules.pop(name, None)


def _compiler() -> dict[str, ModuleType]:
    """Return as much of the compiler as transformers imports."""
    compiler, tracing = ModuleType(_COMPILER), ModuleType(_TRACING)
    vars(compiler).update(dict.fromkeys(_MARKS, _unmarked))
    vars(tracing).update(TransformGetItemToIndex=_transform_get_item_to_index)
    return {_COMPILER: compiler, _TRACING: tracing}


def _unmarked(function: Callable[..., Any] | None = None, *_: Any, **__: Any) -> Any:
    """Decorate a function, with or without options, with nothing."""
    return function or _unmarked


def _transform_get_item_to_index() -> Any:
    """Return the true context manager, for the masks that are computed with it."""
    return importlib.import_module(_TRACING).TransformGetItemToIndex()
