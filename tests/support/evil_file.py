"""One kind of harm, and the list that it stands in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from xtgui_cli.shared.checkpoint_faults import CheckpointFault


@dataclass(frozen=True)
class Evil:
    """One kind of harm."""

    make: Callable[[Path], bytes]
    """Gives the file, for a mark that must not come to be."""
    fault: CheckpointFault


Make = Callable[[Path], bytes]


def registrar(evils: dict[str, Evil]) -> Callable[[CheckpointFault], Callable[[Make], Make]]:
    """Return a decorator that puts a function into a list, under its name, with a fault."""

    def register(fault: CheckpointFault) -> Callable[[Make], Make]:
        def put(make: Make) -> Make:
            evils[make.__name__.removeprefix("_")] = Evil(make, fault)
            return make

        return put

    return register


class Call:
    """Pickles as a call of any function."""

    def __init__(self, function: object, *arguments: object) -> None:
        self.call = function, arguments

    def __reduce__(self) -> tuple[object, tuple[object, ...]]:
        return self.call
