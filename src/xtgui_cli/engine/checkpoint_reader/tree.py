"""The interpreted content as a tree: bounded, without cycles, and of known types only.

A pickle may put one container into many others. Code that walks the tree meets it that many times,
so it is counted that many times here, although each container is visited once.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from .errors import refuse
from .interpreter import DEEPEST, MOST_STEPS
from .stand_ins import Array, History, Opaque, Scalar, Tensor

_PLAIN = frozenset({str, int, float, bool, bytes, type(None)})
_STAND_INS = frozenset({Tensor, Array, Scalar, History, Opaque})
_CONTAINERS = frozenset({dict, OrderedDict, list, tuple})


@dataclass
class _Visit:
    """A container on the path to the one that is being visited."""

    container: Any
    pending: Iterator[Any] = field(init=False)
    height: int = 1
    """Nesting of containers from this one down, as far as is known."""
    size: int = 0
    """Values below it, as far as is known."""

    def __post_init__(self) -> None:
        self.pending = _children(self.container)

    def add(self, height: int, size: int) -> None:
        self.height = max(self.height, height + 1)
        self.size += size


def check_tree(root: Any) -> None:
    """Raise an error unless a walk over everything below *root* ends soon and not too deep.

    Raises:
        CheckpointError: ODD if it does not.
    """
    visits, done = [_Visit([root])], dict[int, _Visit]()
    open_now: set[int] = set()
    while visits:
        visit = visits[-1]
        inner = _next_container(visit, done, depth=len(visits))
        if inner is not None:
            if id(inner) in open_now:
                refuse("a container that holds itself")
            open_now.add(id(inner))
            visits.append(_Visit(inner))
            continue
        visits.pop()
        open_now.discard(id(visit.container))
        done[id(visit.container)] = visit
        if visits:
            visits[-1].add(visit.height, visit.size)


def _next_container(visit: _Visit, done: dict[int, _Visit], *, depth: int) -> Any:
    """Return the next unvisited container of a visit; None if there is none."""
    for child in visit.pending:
        visit.size += 1
        if visit.size > MOST_STEPS or depth + visit.height > DEEPEST:
            refuse("a tree that is too large or too deep")
        if type(child) in _CONTAINERS:
            known = done.get(id(child))
            if known is None:
                return child
            visit.add(known.height, known.size)
        elif type(child) not in _PLAIN and not _is_whole(child):
            refuse(f"a {type(child).__name__} as a value")
    return None


def _is_whole(child: Any) -> bool:
    """Return whether it is a stand-in that has its state."""
    return (
        type(child) in _STAND_INS
        and not (type(child) is Array and child.dtype is None)
        and not (type(child) is History and child.values is None)
    )


def _children(container: Any) -> Iterator[Any]:
    if type(container) in (list, tuple):
        yield from container
        return
    yield from container.values()
    if type(container) is OrderedDict and hasattr(container, "_metadata"):
        yield container._metadata


def value_at(root: Any, path: str) -> Any:
    """Return the value at a path of keys, "meta.seed"; None if there is none."""
    for name in path.split("."):
        root = root.get(name) if isinstance(root, dict) else None
    return root


def replace_stand_ins(root: Any, make: Callable[[Any], Any]) -> Any:
    """Replace each stand-in of a checked tree, in place, and return the tree.

    A stand-in that occurs twice is made only once.

    Args:
        root: Checked by `check_tree`.
        make: Returns the replacement of a stand-in.

    Raises:
        CheckpointError: ODD for a stand-in in a tuple, where torch.save's checkpoints have none.
    """
    top = [root]
    waiting: list[Any] = [top]
    seen = {id(top)}
    made: dict[int, tuple[Any, Any]] = {}

    def replacement(child: Any) -> Any:
        if id(child) not in made:  # the stand-in is kept beside it, so that its id stays its own
            made[id(child)] = (child, make(child))
        return made[id(child)][1]

    while waiting:
        container = waiting.pop()
        for child in _children(container):
            if type(child) in _CONTAINERS and id(child) not in seen:
                seen.add(id(child))
                waiting.append(child)
        if type(container) is tuple:
            if any(type(child) in _STAND_INS for child in container):
                refuse("a tensor in a tuple")
            continue
        items = enumerate(container) if type(container) is list else list(container.items())
        for key, child in items:
            if type(child) in _STAND_INS:
                container[key] = replacement(child)
    return top[0]
