"""Runs `xtgui setup` as a user does, and makes interpreters for it to find."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path


def run_setup(
    tmp_path: Path, *arguments: str, **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run `xtgui setup` with its settings and its cache below *tmp_path*."""
    return subprocess.run(
        [sys.executable, "-m", "xtgui_cli", "setup", *arguments],
        capture_output=True,
        text=True,
        env=os.environ
        | {
            "XTGUI_CONFIG_DIR": str(tmp_path / "config"),
            "XDG_CACHE_HOME": str(tmp_path / "cache"),
            "COLUMNS": "400",
            "LANG": "C.UTF-8",
        }
        | environment,
    )


def make_python(tmp_path: Path, **said: object) -> Path:
    """Write an interpreter that says what it is told to say about itself."""
    found = {
        "version": [3, 11, 7],
        "site": str(tmp_path / "site"),
        "managed": False,
        "versions": {},
    } | said
    script = tmp_path / "python"
    script.write_text(f"#!/bin/sh\ncat <<'END'\n{json.dumps(found)}\nEND\n")
    script.chmod(0o755)
    return script
