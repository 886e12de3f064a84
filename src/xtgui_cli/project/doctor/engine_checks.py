"""Checks whether the training engine is installed, in versions that go together."""

from __future__ import annotations

from dataclasses import replace

from ...runs.copied_command import quote
from ..engine_environment import SUPPORTED, release
from .facts import EngineFacts, Facts
from .findings import Finding, Level, failure, fine, warning

_MODERN = "modern"
_OPTIONAL = frozenset({"bitsandbytes"})
"""Packages of a requirement file that training does not need; they have their own checks."""
_SHOWN = ("torch", "transformers", "xtuner")
_MOST_NAMED = 3
_BROKEN_BITSANDBYTES, _BREAKING_TRITON = (0, 45, 1), (3, 2)
"""Versions before the first import `triton.ops`, which the second has dropped."""
_DISPATCHING_FLASH_ATTENTION = (2, 3, 3)
"""From this version on transformers reports it as available, and xtuner patches attention."""


def check_python(facts: Facts) -> Finding:
    """Judge the interpreter that trains."""
    engine = facts.engine or facts.engines[0]
    version = engine.version or facts.python
    data = {"version": dotted(version), "python": engine.python or ""}
    if engine.is_there or SUPPORTED[0] <= version[:2] <= SUPPORTED[1]:
        is_one = engine.version is None or engine.is_ours
        return fine("doctor.python.ok" if is_one else "doctor.python.ok_other", **data)
    oldest, newest = map(dotted, SUPPORTED)
    return failure(
        "doctor.python.wrong",
        f"python{newest} -m venv ~/xtgui-engine",
        "xtgui setup --python ~/xtgui-engine/bin/python",
        oldest=oldest,
        newest=newest,
        **data,
    )


def check_stack(stack: str, facts: Facts) -> Finding | None:
    """Judge one training environment; None if xtgui does not know it."""
    engine = next((engine for engine in facts.engines if engine.stack == stack), None)
    if engine is None:
        return None
    if engine.python is None:
        return fine(f"doctor.stack.absent_{stack}")
    found = _check_stack(facts, engine)
    is_needed = stack == _MODERN or facts.engine is engine
    return found if is_needed else replace(found, level=min(found.level, Level.WARNING))


def _check_stack(facts: Facts, engine: EngineFacts) -> Finding:
    if engine.is_silent:
        return warning("doctor.stack.silent", python=engine.python)
    if engine.version is None:
        command = "xtgui setup --python /path/to/python"
        return failure("doctor.stack.gone", command, python=engine.python)
    if not engine.is_there:
        return failure("doctor.stack.missing", _setup(engine), python=engine.python)
    lacking = [name for name in engine.tested if name not in engine.installed]
    needed = [name for name in lacking if name not in _OPTIONAL]
    if needed:
        return failure("doctor.stack.incomplete", _setup(engine), names=", ".join(needed))
    torch, wanted = release(engine.installed["torch"]), release(engine.torch_of_torchvision)
    if wanted and torch != wanted:
        command = _install_pinned(facts, engine, "torch", "torchvision")
        return failure("doctor.stack.torch_pair", command, torch=torch, wanted=wanted)
    others = [
        f"{name} {version} ({engine.tested[name]})"
        for name, version in engine.installed.items()
        if name in engine.tested and release(version) != engine.tested[name]
    ]
    if others:
        commands = [_setup(engine)] if engine.is_ours else []
        more = "…" if len(others) > _MOST_NAMED else ""
        return warning(
            "doctor.stack.untested", *commands, differences=", ".join(others[:_MOST_NAMED]) + more
        )
    shown = ", ".join(f"{name} {release(engine.installed[name])}" for name in _SHOWN)
    return fine("doctor.stack.ok", versions=shown)


def check_flash_attention(facts: Facts) -> Finding | None:
    """Judge flash-attn, which makes xtuner patch the attention of some models.

    Its patches need a process group, which a run of one process does not have
    (xtuner/model/modules/dispatch/llama.py:93, qwen2.py, mistral.py, internlm3.py).
    """
    engine = facts.engine
    if engine is None or "flash-attn" not in engine.installed:
        return None
    version = engine.installed["flash-attn"]
    is_used = facts.gpu.used is not None and engine.torch is not None and engine.torch.cuda
    if not is_used or numbers(version) < _DISPATCHING_FLASH_ATTENTION:
        return fine("doctor.flash.unused", version=version)
    return failure("doctor.flash.trap", pip(facts, engine, "uninstall flash-attn"), version=version)


def check_triton(facts: Facts) -> Finding | None:
    """Judge triton, which must match torch; only on GPUs."""
    engine = facts.engine
    if engine is None or not engine.triton_of_torch or facts.gpu.used is None:
        return None
    there, wanted = engine.installed.get("triton"), release(engine.triton_of_torch)
    command = pip(facts, engine, f"install triton=={wanted}")
    if there is None:
        return warning("doctor.triton.missing", command, wanted=wanted)
    if release(there) != wanted:
        return warning("doctor.triton.other", command, version=there, wanted=wanted)
    return fine("doctor.triton.ok", version=there)


def check_bitsandbytes(facts: Facts) -> Finding | None:
    """Judge bitsandbytes, which quantizes the base for qlora."""
    engine = facts.engine
    if engine is None:
        return None
    version = engine.installed.get("bitsandbytes")
    command = _install_pinned(facts, engine, "bitsandbytes")
    if version is None:
        return warning("doctor.bitsandbytes.missing", command)
    triton = engine.installed.get("triton")
    if triton and numbers(version) < _BROKEN_BITSANDBYTES and numbers(triton) >= _BREAKING_TRITON:
        return failure("doctor.bitsandbytes.broken", command, version=version, triton=triton)
    cuda = engine.torch.cuda if engine.torch else None
    if facts.gpu.used is not None and cuda is not None:
        majors = {major for major, _ in engine.bitsandbytes_cuda}
        if cuda[0] not in majors:
            return warning(
                "doctor.bitsandbytes.no_cuda", command, version=version, cuda=dotted(cuda)
            )
    return fine("doctor.bitsandbytes.ok", version=version)


def pip(facts: Facts, engine: EngineFacts, action: str) -> str:
    """Return the command that changes the packages of an environment."""
    verb, _, rest = action.partition(" ")
    python = quote(engine.python)
    return f"{facts.uv or 'uv'} pip {verb} --python {python} {rest}"


def _install_pinned(facts: Facts, engine: EngineFacts, *names: str) -> str:
    pins = (f"{name}=={engine.tested[name]}" for name in names)
    return pip(facts, engine, f"install {' '.join(pins)}")


def _setup(engine: EngineFacts) -> str:
    return "xtgui setup" if engine.stack == _MODERN else f"xtgui setup --stack {engine.stack}"


def dotted(version: tuple[int, ...]) -> str:
    """Write a version."""
    return ".".join(map(str, version))


def numbers(version: str) -> tuple[int, ...]:
    """Return the leading numbers of a version, for comparison."""
    parts = release(version).split(".")
    digits = ["".join(filter(str.isdigit, part)) for part in parts]
    return tuple(int(part) for part in digits if part)
