"""Which interpreter trains, and whether it can: without importing torch here.

There are two stacks of versions, each in a separate environment: the modern one, which may be ours,
and the classic one for models with their own code that newer libraries do not run.
"""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from ..models.model_family import Stack, stack_of_folder
from ..shared.errors import Exit, XtguiError
from ..shared.interpreters import run_apart
from .user_config import cache_dir, user_table

SUPPORTED = ((3, 11), (3, 12))
"""The oldest and the newest Python for which the packages of both stacks exist."""

_NEEDED = ("xtuner", "torch")
_SETTING = {"modern": "python", "classic": "classic_python"}
"""The user's setting that says where a stack is."""

# Printed as one JSON line by the interpreter that is inspected.
_LOOK = """
import importlib.metadata, importlib.util, json, os, sys, sysconfig
versions = {}
for name in sys.argv[1:]:
    try:
        versions[name] = importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        pass
managed = os.path.exists(os.path.join(sysconfig.get_path("stdlib"), "EXTERNALLY-MANAGED"))
print(json.dumps({
    "version": list(sys.version_info[:3]),
    "site": sysconfig.get_path("purelib"),
    "managed": managed and sys.prefix == sys.base_prefix,
    "versions": versions,
}))
"""


class EngineMissingError(XtguiError):
    """The interpreter for training has no training engine; it can be installed.

    Its data say which `stack` is missing.
    """


@dataclass(frozen=True)
class Environment:
    """A Python interpreter and what is installed for it."""

    python: Path
    version: tuple[int, int, int]
    site_dir: Path
    """Where packages are installed."""
    is_managed: bool
    """Whether the system manages its packages itself (PEP 668)."""
    versions: dict[str, str]
    """The installed versions of the packages asked for."""


def find_engine_for(model: Path | None) -> Path:
    """Return the interpreter that trains and runs a model; without a model the modern one's.

    Raises:
        XtguiError: Those of `find_engine`.
    """
    return find_engine("modern" if model is None else stack_of_folder(model))


def find_engine(stack: Stack = "modern") -> Path:
    """Return the interpreter of a stack: the one that the user chose, else our own.

    Raises:
        EngineMissingError: "setup.engine_missing" or "setup.classic_missing".
        XtguiError: "setup.windows", "setup.engine_gone", or "setup.wrong_python" if it is missing
            and does not exist for this Python.
    """
    require_trainable_system()
    chosen = chosen_python(stack)
    if chosen is None and stack == "classic":
        raise EngineMissingError("setup.classic_missing", Exit.ENVIRONMENT)
    if chosen is None:
        if all(importlib.util.find_spec(name) for name in _NEEDED):
            return Path(sys.executable)
        require_supported(Path(sys.executable), sys.version_info[:3])
        raise EngineMissingError("setup.engine_missing", Exit.ENVIRONMENT, python=sys.executable)
    if not os.access(chosen, os.X_OK) or chosen.is_dir():
        if chosen == own_classic_python():
            raise EngineMissingError("setup.classic_missing", Exit.ENVIRONMENT)
        raise XtguiError("setup.engine_gone", Exit.ENVIRONMENT, python=chosen)
    code = "import importlib.util as u, sys; sys.exit(not all(map(u.find_spec, sys.argv[1:])))"
    try:
        done = run_apart([chosen, "-c", code, *_NEEDED], timeout=60)
    except (OSError, subprocess.TimeoutExpired):
        raise XtguiError("setup.engine_gone", Exit.ENVIRONMENT, python=chosen) from None
    if done.returncode:
        raise EngineMissingError("setup.engine_missing", Exit.ENVIRONMENT, python=chosen)
    return chosen


def chosen_python(stack: Stack = "modern") -> Path | None:
    """Return a stack's interpreter as the user's own settings name it; None if none is named.

    For the modern stack that means our own.
    """
    python = user_table("engine").get(_SETTING[stack])
    return Path(python).expanduser() if isinstance(python, str) and python else None


def own_classic_python() -> Path:
    """Return the interpreter of the classic environment that `xtgui setup` makes."""
    return cache_dir() / "engines" / "classic" / "bin" / "python"


def python_setting(stack: Stack) -> str:
    """Return the key of the user's setting that says where a stack is."""
    return f"engine.{_SETTING[stack]}"


def require_trainable_system() -> None:
    """Raise XtguiError "setup.windows" on native Windows, where xtuner does not run."""
    if sys.platform == "win32":
        raise XtguiError("setup.windows", Exit.ENVIRONMENT)


def require_supported(python: Path, version: tuple[int, int, int]) -> None:
    """Raise XtguiError "setup.wrong_python" if the engine's packages do not exist for it."""
    if not SUPPORTED[0] <= version[:2] <= SUPPORTED[1]:
        raise XtguiError(
            "setup.wrong_python",
            Exit.ENVIRONMENT,
            python=python,
            version=".".join(map(str, version)),
            oldest=".".join(map(str, SUPPORTED[0])),
            newest=".".join(map(str, SUPPORTED[1])),
        )


def inspect_environment(python: Path, packages: list[str]) -> Environment:
    """Run an interpreter once to learn what it is and which of *packages* it has.

    Raises:
        XtguiError: "setup.not_a_python" if it does not run.
    """
    try:
        done = run_apart([python, "-c", _LOOK, *packages], text=True, timeout=60)
        done.check_returncode()
        found = json.loads(done.stdout.splitlines()[-1])
        major, minor, patch = found["version"]
    except (OSError, subprocess.SubprocessError, ValueError, KeyError, IndexError):
        raise XtguiError("setup.not_a_python", Exit.ANSWERS, python=python) from None
    return Environment(
        python,
        (major, minor, patch),
        Path(found["site"]),
        found["managed"],
        found["versions"],
    )


def release(version: str) -> str:
    """Return a version without its build, such as "+cu128"."""
    return version.partition("+")[0]
