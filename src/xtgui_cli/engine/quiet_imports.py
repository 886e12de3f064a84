"""Imports that would cost seconds for nothing."""

from __future__ import annotations

import importlib
import sys
from types import ModuleType


def import_peft(needs_bitsandbytes: bool = False) -> ModuleType:
    """Import peft, which imports bitsandbytes (6 s) wherever it finds it, needed or not."""
    if not needs_bitsandbytes and "bitsandbytes" not in sys.modules:
        sys.modules["bitsandbytes"] = None  # type: ignore[assignment]  # "there is no such module"
    return importlib.import_module("peft")
