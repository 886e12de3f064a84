"""Reads from files what training environments contain, without importing torch."""

from __future__ import annotations

import json
import mmap
import re
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from ...runs import uv
from ...shared.interpreters import run_apart
from ...shared.json_values import count, items, mapping, text, texts
from .facts import EngineFacts, TorchBuild, Version
from .installed_packages import look

LIMIT_S = 10.0
"""How long an interpreter may take to list its packages: network disks are slow."""
BESIDE = ("triton", "flash-attn")
"""Packages that no requirement file names, but that decide whether training works."""

_LOOK = Path(__file__).resolve().with_name("installed_packages.py")
_CUDA_LINE = re.compile(r"^cuda\b.*=\s*['\"](\d+)\.(\d+)", re.MULTILINE)
_ARCHITECTURES = re.compile(rb"(?:(?:sm|compute)_\d+[a-z]? ?){2,}\0")
_ARCHITECTURE = re.compile(rb"sm_(\d+)(\d)")
_LIBRARY = re.compile(r"libbitsandbytes_cuda(\d+)(\d)\.")


def read_environment(stack: str, python: Path | None) -> EngineFacts:
    """Return the packages of a stack that an environment has.

    Args:
        stack: The name of a requirement file.
        python: The environment's interpreter, None if there is none.
    """
    tested = uv.pinned_versions(stack)
    nothing = EngineFacts(
        stack=stack, python=python, tested=tested, is_ours=python == Path(sys.executable)
    )
    if python is None:
        return nothing
    names = [*tested, *BESIDE]
    try:
        said = look(names) if nothing.is_ours else _ask(python, names)
    except subprocess.TimeoutExpired:
        return replace(nothing, is_silent=True)
    version, site, packages = [*items(said), None, None, None][:3]
    parts = [count(part) for part in items(version)]
    if len(parts) != 3 or None in parts:
        return nothing
    found = {name: _Package(entry) for name, entry in mapping(packages).items()}
    torch, bitsandbytes = found.get("torch"), found.get("bitsandbytes")
    return EngineFacts(
        stack=stack,
        python=python,
        is_ours=nothing.is_ours,
        version=(parts[0] or 0, parts[1] or 0, parts[2] or 0),
        site_dir=Path(text(site) or ""),
        tested=tested,
        installed={name: package.version for name, package in found.items()},
        torch=read_torch_build(torch.folder) if torch else None,
        torch_of_torchvision=_required(found, "torchvision", "torch"),
        triton_of_torch=_required(found, "torch", "triton"),
        bitsandbytes_cuda=_bitsandbytes_libraries(bitsandbytes.folder)
        if bitsandbytes
        else frozenset(),
    )


class _Package:
    """What an interpreter says about an installed package."""

    def __init__(self, entry: Any) -> None:
        version, folder, requires = [*items(entry), None, None, None][:3]
        self.version = text(version) or ""
        self.folder = Path(text(folder) or "")
        self.requires = texts(requires)


def _ask(python: Path, names: Sequence[str]) -> Any:
    """Ask another interpreter for packages and return its reply.

    Raises:
        subprocess.TimeoutExpired: If it does not answer in time.
    """
    try:
        done = run_apart(
            [python, "-c", _LOOK.read_text("utf-8"), *names],
            text=True,
            errors="replace",
            timeout=LIMIT_S,
        )
        return json.loads(done.stdout.splitlines()[-1])
    except (OSError, ValueError, IndexError):
        return None


def _required(found: Mapping[str, _Package], package: str, wanted: str) -> str:
    """Return the exact version of *wanted* that an installed package requires, "" for none."""
    pattern = re.compile(rf"{wanted}\s*\(?==\s*([\w.+]+)")
    requires = found[package].requires if package in found else ()
    return next((match[1] for entry in requires if (match := pattern.match(entry))), "")


def read_torch_build(folder: Path) -> TorchBuild:
    """Return the CUDA and GPUs that an installed torch was built for, from its files."""
    try:
        said = (folder / "version.py").read_text("utf-8", errors="replace")
    except OSError:
        return TorchBuild(None)
    match = _CUDA_LINE.search(said)
    if match is None:
        return TorchBuild(None)
    return TorchBuild((int(match[1]), int(match[2])), _architectures(folder))


def _architectures(folder: Path) -> frozenset[Version]:
    """Return the compute capabilities that torch has code for, as `torch.cuda.get_arch_list()`.

    The list is one text in the library behind torch's Python module, "sm_70 sm_75 ..." and a zero.
    """
    try:
        with (
            (folder / "lib" / "libtorch_python.so").open("rb") as file,
            mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content,
        ):
            at = content.find(b"sm_")
            while at >= 0:
                match = _ARCHITECTURES.match(content, at)
                if match:
                    numbers = _ARCHITECTURE.findall(match[0])
                    return frozenset((int(major), int(minor)) for major, minor in numbers)
                at = content.find(b"sm_", at + 1)
    except (OSError, ValueError):  # another system's library, or an empty file
        pass
    return frozenset()


def _bitsandbytes_libraries(folder: Path) -> frozenset[Version]:
    matches = map(_LIBRARY.match, (file.name for file in folder.glob("libbitsandbytes_cuda*")))
    return frozenset((int(match[1]), int(match[2])) for match in matches if match)
