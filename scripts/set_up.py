"""Create the development environment: `python scripts/set_up.py .venv`.

With `classic` as second argument, create the classic engine's environment beside it, in
`.venv/classic`. With `light`, install everything except the engine, which any supported Python can
run.

Runs under any Python that has venv and pip, before anything is installed. A second run compares a
stamp with the files that say what to install, and returns at once.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(REPOSITORY / "src"))

from xtgui_cli.runs import uv  # noqa: E402  (not installed yet: the path comes first)

EXTRAS = "dev,demo"
FIRST_IMPORT = (
    "import datasets, mmengine.runner, peft, torch, torchvision, transformers.generation, xtuner"
)
"""Checks that the engine starts, as `xtgui setup` does, and compiles files for later starts."""


def fingerprint(venv: Path) -> str:
    """Return what the environment was made from: interpreter, path and requirement files."""
    digest = hashlib.sha256(f"{sys.version} {venv}".encode())
    for file in (REPOSITORY / "pyproject.toml", *sorted(uv.STACKS_DIR.glob("*.txt"))):
        digest.update(file.read_bytes())
    return digest.hexdigest()


def run(command: list[str], environment: dict[str, str] | None = None) -> None:
    """Run a command; if it fails, exit with its exit code."""
    print("+", *command, flush=True)
    code = subprocess.run(command, env=environment, cwd=REPOSITORY, check=False).returncode
    if code:
        sys.exit(code)


def add_classic(venv: Path) -> None:
    """Create or update the environment of the classic engine, with the Python of the other one."""
    classic = venv / "classic"
    stamp, wanted = classic / "set-up-from", fingerprint(classic)
    if stamp.is_file() and stamp.read_text() == wanted:
        return
    python = venv / "bin" / "python"
    environment = uv.uv_environment(os.environ, uv.read_pip_config(python))
    command = [str(python), "-m", "uv"]
    run([*command, "venv", "--clear", "--python", str(python), str(classic)], environment)
    install = [*command, "pip", "install", "--python", str(classic / "bin" / "python")]
    run([*install, *uv.engine_requirements("classic")], environment)
    stamp.write_text(wanted)


def main(venv: Path, *, light: bool = False) -> None:
    """Create or update the environment, unless its stamp says that it is up to date.

    Args:
        venv: Its folder.
        light: Leave out the engine and the demo, whose packages exist only for some Pythons.
    """
    if not light and not (3, 11) <= sys.version_info < (3, 13):
        sys.exit(f"The training engine needs Python 3.11 or 3.12; this is {sys.version.split()[0]}")
    stamp = venv / "set-up-from"
    wanted = fingerprint(venv)
    if stamp.is_file() and stamp.read_text() == wanted:
        return
    python = venv / "bin" / "python"
    if not python.exists():
        run([sys.executable, "-m", "venv", str(venv)])
    run([str(python), "-m", "pip", "install", "--quiet", "uv"])
    environment = uv.uv_environment(os.environ, uv.read_pip_config(python))
    install = [str(python), "-m", "uv", "pip", "install", "--python", str(python)]
    if light:
        run([*install, "-e", ".[dev]"], environment)
    else:
        run([*install, "-e", f".[{EXTRAS}]", *uv.engine_requirements()], environment)
        run([*install, *uv.demo_requirements()], environment)
        run([str(python), "-P", "-c", FIRST_IMPORT])  # -P: not from the current folder
    stamp.write_text(wanted)


if __name__ == "__main__":
    folder = Path(sys.argv[1]).absolute()
    main(folder, light=sys.argv[2:] == ["light"])
    if sys.argv[2:] == ["classic"]:
        add_classic(folder)
