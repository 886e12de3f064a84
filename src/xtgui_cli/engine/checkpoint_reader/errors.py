"""The only exception of the reader."""

from __future__ import annotations

from typing import NoReturn

from ...shared.checkpoint_faults import CheckpointFault


class CheckpointError(Exception):
    """The file is not a checkpoint, is damaged, or holds something that no checkpoint needs."""

    def __init__(self, fault: CheckpointFault, **data: str) -> None:
        super().__init__(fault.value)
        self.fault = fault
        self.data = data
        """The values of the fault's sentence, except `file`, which `CheckpointFile` adds."""

    def __str__(self) -> str:
        values = ", ".join(f"{name}: {value}" for name, value in self.data.items())
        return f"{self.fault.value} ({values})" if values else self.fault.value


def refuse(detail: str) -> NoReturn:
    """Raise the error for anything that torch.save would not have written."""
    raise CheckpointError(CheckpointFault.ODD, detail=detail[:200])
