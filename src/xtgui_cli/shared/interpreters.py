"""How other interpreters, and uv, are run: apart from the folder that the user stands in.

There `python -c` and `python -m` look for modules first, uv for uv.toml and pyproject.toml, and
matplotlib for matplotlibrc. In a folder that was found somewhere, all of these are a stranger's.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

NOWHERE = Path(os.sep).resolve()
"""The root of all folders: nobody but the system's owner puts anything there."""


def run_apart(
    command: Sequence[str | Path], environment: Mapping[str, str] = os.environ, **options: Any
) -> subprocess.CompletedProcess[Any]:
    """Run a command to its end, as `subprocess.run` does, and keep what it prints.

    Args:
        command: Its paths have to be absolute.
        environment: For the process.
        options: As for `subprocess.run`.
    """
    return subprocess.run(
        command,
        capture_output=True,
        cwd=NOWHERE,
        env=without_current_folder(environment),
        check=False,
        **options,
    )


def start_apart(
    command: Sequence[str | Path], environment: Mapping[str, str] = os.environ, **options: Any
) -> subprocess.Popen[Any]:
    """Start a command as `run_apart` runs one; *options* are those of `subprocess.Popen`."""
    return subprocess.Popen(
        command, cwd=NOWHERE, env=without_current_folder(environment), **options
    )


def without_current_folder(environment: Mapping[str, str]) -> dict[str, str]:
    """Return an environment in which no interpreter looks for modules where it is started.

    It holds for those that it starts in turn as well. Python 3.10 knows no such setting.
    """
    return {**environment, "PYTHONSAFEPATH": "1"}
