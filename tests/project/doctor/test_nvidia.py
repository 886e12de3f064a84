"""What is known of GPUs: from a real command on the PATH, and from files as the kernel has them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import fake_nvidia_smi
import pytest
from fake_nvidia_smi import row

from xtgui_cli.project.doctor.facts import Gpu, GpuFacts
from xtgui_cli.project.doctor.nvidia import read_gpus

NO_FIELD = """
case "$*" in
*compute_cap*) echo 'Field "compute_cap" is not a valid field to query.'; exit 2;;
*query*) echo '0, GPU-0a, Tesla P40, 470.82.01, 24576, [N/A]';;
*) echo '| NVIDIA-SMI 470.82.01  Driver Version: 470.82.01  CUDA Version: 11.4 |';;
esac
"""
MISMATCH = "Failed to initialize NVML: Driver/library version mismatch"


@pytest.fixture(autouse=True)
def no_other_nvidia_smi(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("xtgui_cli.project.doctor.nvidia._WSL_PROGRAM", Path("/nowhere"))


def read(programs: Path, system: Path, **environment: str) -> GpuFacts:
    return read_gpus({"PATH": f"{programs}:/usr/bin:/bin", **environment}, system, limit_s=20)


def test_names_memory_and_versions_are_read(tmp_path: Path) -> None:
    folder = fake_nvidia_smi.install(
        tmp_path / "bin",
        row(0, "NVIDIA GeForce RTX 2080 Ti", "7.5"),
        row(1, "NVIDIA GeForce RTX 3090", "8.6"),
    )

    found = read(folder, tmp_path, CUDA_VISIBLE_DEVICES="1")

    assert (found.driver, found.cuda, found.complaint) == ("570.86.10", (12, 8), "")
    assert found.used == Gpu(1, "GPU-1a", "NVIDIA GeForce RTX 3090", 24.0, 23.5, (8, 6))


def test_an_old_driver_that_knows_no_compute_capability_is_asked_again(tmp_path: Path) -> None:
    folder = fake_nvidia_smi.install(tmp_path / "bin", script=NO_FIELD)

    found = read(folder, tmp_path)

    assert found.used == Gpu(0, "GPU-0a", "Tesla P40", 24.0, 0.0, None)
    assert (found.driver, found.cuda) == ("470.82.01", (11, 4))


@pytest.mark.parametrize("stream", ["", ">&2"])
def test_what_nvidia_smi_complains_of_is_kept(tmp_path: Path, stream: str) -> None:
    folder = fake_nvidia_smi.install(
        tmp_path / "bin", script=f"echo '{MISMATCH}' {stream}; exit 18"
    )

    found = read(folder, tmp_path)

    assert (found.used, found.complaint) == (None, MISMATCH)


@pytest.mark.parametrize("script", ["exit 0", "printf '\\377\\000,\\n'", "echo 'a,b,c,d,e,f,g'"])
def test_an_answer_that_is_none_is_no_gpu(tmp_path: Path, script: str) -> None:
    folder = fake_nvidia_smi.install(tmp_path / "bin", script=script)

    assert read(folder, tmp_path).gpus == ()


def test_a_file_that_cannot_be_started_is_no_gpu(tmp_path: Path) -> None:
    folder = fake_nvidia_smi.install(tmp_path / "bin")
    (folder / "nvidia-smi").write_bytes(b"\x7fELF no program")

    assert read(folder, tmp_path).gpus == ()


def test_one_that_never_answers_is_left_after_its_time(tmp_path: Path) -> None:
    folder = fake_nvidia_smi.install(tmp_path / "bin", script="exec tail -f /dev/null")

    found = read_gpus({"PATH": f"{folder}:/usr/bin:/bin"}, tmp_path, limit_s=0.2)

    assert found.is_silent


def on_disk(system: Path, files: Mapping[str, str]) -> Path:
    for name, content in files.items():
        file = system / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content)
    return system


def test_a_card_without_a_driver_is_seen_on_the_bus(tmp_path: Path) -> None:
    slot = "sys/bus/pci/devices/0000:01:00.0"
    system = on_disk(tmp_path, {f"{slot}/vendor": "0x10de\n", f"{slot}/class": "0x030000\n"})

    found = read(tmp_path / "none", system)

    assert (found.is_on_bus, found.driver, found.gpus) == (True, "", ())


def test_the_sound_of_a_card_and_cards_of_others_are_none(tmp_path: Path) -> None:
    slots = "sys/bus/pci/devices/a", "sys/bus/pci/devices/b"
    system = on_disk(
        tmp_path,
        {
            f"{slots[0]}/vendor": "0x10de\n",
            f"{slots[0]}/class": "0x040300\n",
            f"{slots[1]}/vendor": "0x1002\n",
            f"{slots[1]}/class": "0x030000\n",
        },
    )

    assert not read(tmp_path / "none", system).is_on_bus


@pytest.mark.parametrize(
    "module",
    ["NVIDIA UNIX x86_64 Kernel Module  535.104.05", "Kernel Module for x86_64  535.104.05"],
)
def test_a_loaded_driver_is_seen_without_nvidia_smi(tmp_path: Path, module: str) -> None:
    version = f"NVRM version: {module}  Sat Aug 19 01:15:15 UTC 2023\nGCC version: gcc 12\n"
    system = on_disk(tmp_path, {"proc/driver/nvidia/version": version})

    assert read(tmp_path / "none", system).driver == "535.104.05"
