"""The table of checks: a new one is a row, a function, and its texts in `texts/doctor.py`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from .engine_checks import (
    check_bitsandbytes,
    check_flash_attention,
    check_python,
    check_stack,
    check_triton,
)
from .facts import Facts
from .findings import Finding
from .gpu_checks import check_capability, check_cuda, check_gpu
from .machine_checks import (
    check_clock,
    check_disk,
    check_hubs,
    check_locale,
    check_memory,
    check_shared_memory,
    check_system,
    check_token,
    check_wsl,
)


@dataclass(frozen=True)
class Check:
    """One check."""

    name: str
    """In JSON; on the screen it is called `ui.doctor_view.label_of`."""
    find: Callable[[Facts], Finding | None]
    """Judges the facts; None if the check does not apply to this machine."""


CHECKS: tuple[Check, ...] = (
    Check("system", check_system),
    Check("python", check_python),
    Check("modern", partial(check_stack, "modern")),
    Check("classic", partial(check_stack, "classic")),
    Check("gpu", check_gpu),
    Check("cuda", check_cuda),
    Check("capability", check_capability),
    Check("flash_attention", check_flash_attention),
    Check("triton", check_triton),
    Check("bitsandbytes", check_bitsandbytes),
    Check("disk", check_disk),
    Check("memory", check_memory),
    Check("shared_memory", check_shared_memory),
    Check("wsl", check_wsl),
    Check("hub", check_hubs),
    Check("token", check_token),
    Check("clock", check_clock),
    Check("locale", check_locale),
)
"""In the order in which they are shown."""


def examine(facts: Facts) -> dict[str, Finding]:
    """Return the finding of each check that applies, by name."""
    found = ((check.name, check.find(facts)) for check in CHECKS)
    return {name: finding for name, finding in found if finding is not None}
