"""Which interpreter trains, and whether an interpreter can: asked without importing torch here."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from ..shared.errors import Exit, XtguiError
from ..shared.interpreters import run_apart
from .user_config import user_table

SUPPORTED = ((3, 11), (3, 12))
"""The oldest and the newest Python that the packages of the modern stack exist for."""

_NEEDED = ("xtuner", "torch")

# Printed as one JSON line by the interpreter that is looked at.
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
    """The interpreter that is to train has no training engine; it can be installed."""


@dataclass(frozen=True)
class Environment:
    """A Python interpreter and what is installed beside it."""

    python: Path
    version: tuple[int, int, int]
    site_dir: Path
    """Where packages are installed."""
    is_managed: bool
    """Whether the system keeps its packages to itself (PEP 668)."""
    versions: dict[str, str]
    """The installed versions of the packages asked for."""


def find_engine() -> Path:
    """Give the interpreter that trains: the one that the user chose, else our own.

    Raises — XtguiError "setup.windows", "setup.engine_gone", "setup.engine_missing" or
    "setup.wrong_python", where it is missing beside a Python that it does not exist for.
    """
    require_trainable_system()
    chosen = chosen_python()
    if chosen is None:
        if all(importlib.util.find_spec(name) for name in _NEEDED):
            return Path(sys.executable)
        require_supported(Path(sys.executable), sys.version_info[:3])
        raise EngineMissingError("setup.engine_missing", Exit.ENVIRONMENT, python=sys.executable)
    if not os.access(chosen, os.X_OK) or chosen.is_dir():
        raise XtguiError("setup.engine_gone", Exit.ENVIRONMENT, python=chosen)
    code = "import importlib.util as u, sys; sys.exit(not all(map(u.find_spec, sys.argv[1:])))"
    try:
        done = run_apart([chosen, "-c", code, *_NEEDED], timeout=60)
    except (OSError, subprocess.TimeoutExpired):
        raise XtguiError("setup.engine_gone", Exit.ENVIRONMENT, python=chosen) from None
    if done.returncode:
        raise EngineMissingError("setup.engine_missing", Exit.ENVIRONMENT, python=chosen)
    return chosen


def chosen_python() -> Path | None:
    """Give the interpreter named in the user's own settings, None where it is ours."""
    python = user_table("engine").get("python")
    return Path(python).expanduser() if isinstance(python, str) and python else None


def require_trainable_system() -> None:
    """Raises — XtguiError "setup.windows" on native Windows, where nothing of xtuner runs."""
    if sys.platform == "win32":
        raise XtguiError("setup.windows", Exit.ENVIRONMENT)


def require_supported(python: Path, version: tuple[int, int, int]) -> None:
    """Raises — XtguiError "setup.wrong_python" where the engine's packages do not exist for it."""
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
    """Give what an interpreter is and which of *packages* it has, by running it once.

    Raises — XtguiError "setup.not_a_python".
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
