"""An exception of a library becomes a code that the user interface has words for."""

from __future__ import annotations

import errno

import pytest

from xtgui_cli.engine import faults
from xtgui_cli.engine.checkpoint_reader.errors import CheckpointError
from xtgui_cli.engine.faults import explain
from xtgui_cli.shared.checkpoint_faults import CheckpointFault
from xtgui_cli.texts import has


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (RuntimeError("CUDA out of memory. Tried to allocate 2.00 GiB."), "cuda_out_of_memory"),
        (MemoryError(), "host_out_of_memory"),
        (
            RuntimeError("[enforce fail] DefaultCPUAllocator: can't allocate memory"),
            "host_out_of_memory",
        ),
        (OSError(errno.ENOSPC, "No space left on device"), "disk_full"),
        (ModuleNotFoundError("No module named 'peft'"), "import_failed"),
        (ZeroDivisionError("division by zero"), "unknown"),
        (CheckpointError(CheckpointFault.EMPTY, file="iter_3.pth"), "checkpoint_empty"),
    ],
)
def test_an_exception_becomes_a_code(error: BaseException, code: str) -> None:
    assert explain(error, "training")[0] == code


CODES = {
    *(code for _, code in faults._BY_TEXT),
    *faults._BY_PHASE.values(),
    *(fault.value for fault in CheckpointFault),
    "unknown",
}


@pytest.mark.parametrize("code", sorted(CODES))
def test_every_code_has_its_words_and_a_hint(code: str) -> None:
    assert has(f"faults.{code}")
    assert has(f"faults.{code}.hint")
