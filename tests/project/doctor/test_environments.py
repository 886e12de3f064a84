"""What an environment holds, as its own interpreter and the files of its packages say."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from xtgui_cli.project.doctor.environments import read_environment, read_torch_build
from xtgui_cli.project.doctor.facts import TorchBuild

VERSION = "from typing import Optional\n__version__ = '2.9.1+cu128'\ncuda: Optional[str] = {cuda}\n"


@pytest.fixture(autouse=True)
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("xtgui_cli.project.doctor.environments.LIMIT_S", 60)


def add_package(site: Path, name: str, version: str, *requires: str) -> Path:
    """Install a package by hand: its folder, and what importlib.metadata reads."""
    folder = site / name.replace("-", "_")
    folder.mkdir(parents=True)
    info = site / f"{folder.name}-{version}.dist-info"
    info.mkdir()
    lines = ["Metadata-Version: 2.1", f"Name: {name}", f"Version: {version}"]
    lines += [f"Requires-Dist: {entry}" for entry in requires]
    (info / "METADATA").write_text("\n".join(lines) + "\n")
    return folder


def make_python(folder: Path, site: Path) -> Path:
    """Write an interpreter that finds the packages of one folder before its own."""
    script = folder / "python"
    script.write_text(f'#!/bin/sh\nPYTHONPATH="{site}" exec "{sys.executable}" -S "$@"\n')
    script.chmod(0o755)
    return script


def add_torch(site: Path, cuda: str = "'12.8'", library: bytes = b"") -> Path:
    torch = add_package(site, "torch", "2.9.1", 'triton==3.5.1; platform_system == "Linux"')
    (torch / "version.py").write_text(VERSION.format(cuda=cuda))
    (torch / "lib").mkdir()
    (torch / "lib" / "libtorch_python.so").write_bytes(library)
    return torch


def test_versions_build_and_libraries_are_read_without_importing_anything(tmp_path: Path) -> None:
    site = tmp_path / "site"
    torch = add_torch(site, library=b"\x7fELF sm_ \0a sm_70 sm_75 sm_120 compute_120\0 more")
    (torch / "__init__.py").write_text("raise SystemExit('imported')")
    add_package(site, "torchvision", "0.24.1", "numpy", "torch (==2.9.1)")
    add_package(site, "flash-attn", "2.8.3")
    bitsandbytes = add_package(site, "bitsandbytes", "0.50.2")
    for name in (
        "libbitsandbytes_cpu.so",
        "libbitsandbytes_cuda128.so",
        "libbitsandbytes_rocm64.so",
    ):
        (bitsandbytes / name).touch()

    found = read_environment("modern", make_python(tmp_path, site))

    assert found.version == sys.version_info[:3]
    assert found.torch == TorchBuild((12, 8), frozenset({(7, 0), (7, 5), (12, 0)}))
    assert (found.torch_of_torchvision, found.triton_of_torch) == ("2.9.1", "3.5.1")
    assert found.installed["flash-attn"] == "2.8.3"
    assert found.bitsandbytes_cuda == {(12, 8)}
    assert not found.is_there
    assert "transformers" in found.tested


@pytest.mark.parametrize(("cuda", "build"), [("None", None), ("'13.0'", (13, 0))])
def test_a_build_for_cpus_is_told_from_one_for_cuda(
    tmp_path: Path, cuda: str, build: tuple[int, int] | None
) -> None:
    assert read_torch_build(add_torch(tmp_path, cuda)) == TorchBuild(build)


def test_a_torch_without_readable_files_says_nothing(tmp_path: Path) -> None:
    assert read_torch_build(tmp_path / "torch") == TorchBuild(None)


@pytest.mark.parametrize("script", ["exit 1", "echo no json", "echo '[1, 2]'", "echo '{}'"])
def test_what_is_no_interpreter_has_no_version(tmp_path: Path, script: str) -> None:
    python = tmp_path / "python"
    python.write_text(f"#!/bin/sh\n{script}\n")
    python.chmod(0o755)

    assert read_environment("modern", python).version is None
    assert read_environment("modern", tmp_path / "nowhere").version is None


def test_one_that_never_answers_is_left_after_its_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    python = tmp_path / "python"
    python.write_text("#!/bin/sh\nexec tail -f /dev/null\n")
    python.chmod(0o755)
    monkeypatch.setattr("xtgui_cli.project.doctor.environments.LIMIT_S", 0.2)

    found = read_environment("modern", python)

    assert (found.version, found.is_silent) == (None, True)


def test_our_own_interpreter_is_not_started_again() -> None:
    found = read_environment("modern", Path(sys.executable))

    assert (found.is_ours, found.version) == (True, sys.version_info[:3])


def test_where_nothing_is_named_nothing_is_asked() -> None:
    found = read_environment("modern", None)

    assert (found.version, found.is_there, found.is_ours) == (None, False, False)
