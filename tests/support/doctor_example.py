"""A healthy machine with a GPU, and what may be wrong with it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from xtgui_cli.project.doctor.facts import (
    DiskFacts,
    EngineFacts,
    Facts,
    Gpu,
    GpuFacts,
    HubFacts,
    MemoryFacts,
    TorchBuild,
)

NOW = datetime(2026, 11, 29, 12, 0, tzinfo=timezone.utc)
TESTED = {
    "xtuner": "0.2.0",
    "torch": "2.9.1",
    "torchvision": "0.24.1",
    "transformers": "5.23.0",
    "bitsandbytes": "0.50.2",
}
TURING = Gpu(0, "GPU-aa", "NVIDIA GeForce RTX 2080 Ti", 11.0, 10.5, (7, 5))
AMPERE = Gpu(1, "GPU-bb", "NVIDIA GeForce RTX 3090", 24.0, 23.5, (8, 6))
ENGINE = EngineFacts(
    stack="modern",
    python=Path("/env/bin/python"),
    is_ours=True,
    version=(3, 11, 7),
    site_dir=Path("/env/lib"),
    tested=TESTED,
    installed={**TESTED, "triton": "3.5.1"},
    torch=TorchBuild((12, 8), frozenset({(7, 0), (7, 5), (8, 0), (8, 6), (9, 0), (12, 0)})),
    torch_of_torchvision="2.9.1",
    triton_of_torch="3.5.1",
    bitsandbytes_cuda=frozenset({(11, 8), (12, 8), (13, 0)}),
)
CLASSIC = replace(ENGINE, stack="classic", is_ours=False)
HUGGING_FACE = HubFacts(
    name="huggingface",
    title="Hugging Face",
    host="huggingface.co",
    state="answered",
    clock=NOW,
    mirror="https://hf-mirror.com",
)
MODELSCOPE = HubFacts(
    name="modelscope", title="ModelScope", host="www.modelscope.cn", state="answered", clock=NOW
)
HEALTHY = Facts(
    system="linux",
    release="6.1.0",
    cores=16,
    is_wsl=False,
    python=(3, 11, 7),
    uv="uv",
    engines=(ENGINE,),
    gpu=GpuFacts(is_on_bus=True, driver="570.86.10", cuda=(12, 8), gpus=(AMPERE,)),
    memory=MemoryFacts(total_gib=64.0, free_gib=60.0, machine_gib=64.0, shm_gib=32.0),
    disk=DiskFacts(
        folder=Path("/home/me"), free_bytes=200_000_000_000, is_writable=True, kind="ext4"
    ),
    hubs=(HUGGING_FACE, MODELSCOPE),
    has_token=True,
    now=NOW,
    installed_at=NOW,
    encoding="utf-8",
    locale="en_US.UTF-8",
)


def with_gpu(*gpus: Gpu, facts: Facts = HEALTHY, **said: Any) -> Facts:
    """Return a machine with these GPUs."""
    return replace(facts, gpu=replace(facts.gpu, gpus=gpus, **said))


def without_gpu(**said: Any) -> Facts:
    """Return a machine without a GPU that could be used."""
    return replace(HEALTHY, gpu=GpuFacts(**said))


def with_engine(**said: Any) -> Facts:
    """Return a machine whose one training environment differs."""
    return replace(HEALTHY, engines=(replace(ENGINE, **said),))


def with_packages(facts: Facts = HEALTHY, **versions: str | None) -> Facts:
    """Return other versions of packages; None for one that is not there."""
    changed = {name.replace("_", "-"): version for name, version in versions.items()}
    installed = {**facts.engines[0].installed, **changed}
    there = {name: version for name, version in installed.items() if version}
    engine = replace(facts.engines[0], installed=there)
    return replace(facts, engines=(engine, *facts.engines[1:]))
