"""Checks whether the GPU can be used: driver, torch's build, compute capability."""

from __future__ import annotations

from .engine_checks import dotted, pip
from .facts import EngineFacts, Facts, Gpu, TorchBuild, Version
from .findings import Finding, failure, fine, warning

_AMPERE = (8, 0)
"""From this capability on a GPU computes in bfloat16."""
_OLDER_BUILD, _OLDEST_OF_IT = "cu126", (5, 0)
"""The build of the tested torch for cards that are too old for the usual one."""
_FIRST_CUDA_WITH_BUILDS = 12
"""The oldest CUDA of a driver for which a build of the tested torch exists."""


def check_gpu(facts: Facts) -> Finding:
    """Judge whether there is a GPU and a driver for it."""
    gpu = facts.gpu
    if gpu.is_silent:
        return warning("doctor.gpu.silent", "sudo reboot")
    if gpu.used is not None:
        used = gpu.used
        key = "doctor.gpu.ok" if len(gpu.gpus) == 1 else "doctor.gpu.ok_many"
        return fine(
            key,
            name=used.name,
            memory=used.memory_gib,
            free=used.free_gib,
            driver=gpu.driver,
            count=len(gpu.gpus),
            index=used.index,
        )
    if gpu.is_hidden:
        return warning("doctor.gpu.hidden", "unset CUDA_VISIBLE_DEVICES", visible=gpu.visible or "")
    if gpu.complaint and (gpu.is_on_bus or gpu.driver):
        commands = () if facts.is_wsl else ("sudo reboot",)
        return warning("doctor.gpu.failed", *commands, said=gpu.complaint)
    if gpu.driver:
        return warning("doctor.gpu.no_program", driver=gpu.driver)
    if gpu.is_on_bus:
        return warning("doctor.gpu.no_driver", "sudo ubuntu-drivers install")
    if facts.system == "darwin":
        return warning("doctor.gpu.mac")
    return warning("doctor.gpu.none")


def check_cuda(facts: Facts) -> Finding | None:
    """Compare the CUDA that torch was built for with the one that the driver supports.

    A driver runs code that was built for any minor version of its own CUDA, and for older ones.
    """
    engine, known = facts.engine, facts.gpu.cuda
    if engine is None or engine.torch is None:
        return None
    built = engine.torch.cuda
    if facts.gpu.used is None:
        return (
            fine("doctor.cuda.unused", built=dotted(built))
            if built
            else fine("doctor.cuda.for_cpu")
        )
    if built is None:
        return warning("doctor.cuda.cpu_build", _other_build(facts, engine, "auto"))
    if known is None:
        return fine("doctor.cuda.built", built=dotted(built))
    data = {"built": dotted(built), "known": dotted(known)}
    if known[0] >= built[0]:
        return fine("doctor.cuda.ok" if known >= built else "doctor.cuda.ok_minor", **data)
    if known[0] < _FIRST_CUDA_WITH_BUILDS:
        return warning("doctor.cuda.old_driver", **data)
    return warning("doctor.cuda.older_build", _other_build(facts, engine, "auto"), **data)


def check_capability(facts: Facts) -> Finding | None:
    """Judge whether torch has code for the GPU, and say in which dtype it computes."""
    engine, used = facts.engine, facts.gpu.used
    if used is None or used.capability is None:
        return None
    build = engine.torch if engine is not None else None
    if engine is not None and build is not None and not _has_code_for(build, used.capability):
        return _no_code(facts, engine, used, used.capability)
    key = "doctor.capability.bf16" if used.capability >= _AMPERE else "doctor.capability.fp16"
    return fine(key, capability=dotted(used.capability))


def _has_code_for(build: TorchBuild, capability: Version) -> bool:
    """Return whether a build has code for a GPU's generation, not only for later cards of it."""
    if not build.architectures:
        return True  # the files do not tell
    return any(
        major == capability[0] and minor <= capability[1] for major, minor in build.architectures
    )


def _no_code(facts: Facts, engine: EngineFacts, used: Gpu, capability: Version) -> Finding:
    build = engine.torch
    oldest = min(build.architectures) if build else capability
    data = {"name": used.name, "capability": dotted(capability), "oldest": dotted(oldest)}
    if capability > oldest:
        return failure("doctor.capability.too_new", _other_build(facts, engine, "auto"), **data)
    if capability >= _OLDEST_OF_IT:
        return failure(
            "doctor.capability.too_old", _other_build(facts, engine, _OLDER_BUILD), **data
        )
    return failure("doctor.capability.never", 'export CUDA_VISIBLE_DEVICES=""', **data)


def _other_build(facts: Facts, engine: EngineFacts, backend: str) -> str:
    """Return the command that installs another build of the tested torch; uv knows where."""
    pins = " ".join(f"{name}=={engine.tested[name]}" for name in ("torch", "torchvision"))
    return pip(facts, engine, f"install --reinstall --torch-backend {backend} {pins}")
