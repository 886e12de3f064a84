"""How the engine is started: by path, under an interpreter that may be another environment's."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

ENGINE_MAIN = Path(__file__).resolve().parents[1] / "engine" / "__main__.py"


def engine_command(python: Path, *arguments: str) -> list[str]:
    """Give the command line of the engine: by path, so that no path of ours leaks into it."""
    return [str(python), "-u", str(ENGINE_MAIN), *arguments]


def engine_environment(environment: Mapping[str, str] = os.environ) -> dict[str, str]:
    """Give the engine's environment: offline, unbuffered, UTF-8, and without our PYTHONPATH.

    Sources are local by the time the engine runs, and hub calls hang where there is no route.
    """
    clean = {name: value for name, value in environment.items() if name != "PYTHONPATH"}
    return clean | {
        "HF_HUB_OFFLINE": "1",
        "HF_DATASETS_OFFLINE": "1",
        "TRANSFORMERS_NO_ADVISORY_WARNINGS": "1",
        "TOKENIZERS_PARALLELISM": "false",
        "PYTHONUNBUFFERED": "1",
        "PYTHONIOENCODING": "utf-8",
        "PYTHONUTF8": "1",
    }
