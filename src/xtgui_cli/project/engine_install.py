"""Installs the training engine where it can train, or adopts an existing one.

A second time it finds everything in place and returns at once. A user's own environment is never
changed without a yes.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from ..models.model_family import Stack
from ..runs import uv
from ..runs.training_process import engine_environment
from ..runs.uv_output import InstallProgress, advance, explain_failure
from ..shared.disk import free_bytes
from ..shared.errors import Exit, XtguiError
from ..shared.interpreters import run_apart, start_apart
from ..texts import t
from ..ui import console
from ..ui.install_progress import InstallScreen
from ..ui.units import file_size
from .engine_environment import (
    SUPPORTED,
    EngineMissingError,
    Environment,
    chosen_python,
    find_engine,
    inspect_environment,
    own_classic_python,
    python_setting,
    release,
    require_supported,
    require_trainable_system,
)
from .user_config import save_user_config

NEEDED_GB = 8
"""Size of the engine's packages on disk, unpacked; most of it is CUDA libraries."""

# Those that our own packages depend on too, with their own choice of versions.
_SHARED = frozenset({"numpy", "huggingface_hub", "safetensors"})

_START = """
import json, sys
import bitsandbytes, datasets, mmengine, peft, torch, torchvision, transformers, xtuner
cuda = torch.cuda.is_available()
print(json.dumps({
    "torch": torch.__version__,
    "xtuner": xtuner.__version__,
    "built": torch.version.cuda,
    "gpu": torch.cuda.get_device_name(0) if cuda else None,
}))
"""


def engine_or_install(stack: Stack, *, may_ask: bool) -> Path:
    """Return the interpreter of a stack; if it is missing, offer to install it.

    Raises:
        EngineMissingError: If it is missing, and the user does not install it now.
        XtguiError: Those of `find_engine` and `install_engine`.
    """
    try:
        return find_engine(stack)
    except EngineMissingError as error:
        if not may_ask:
            raise
        from ..ui import ask

        console.show_error(error)
        question = t(f"setup.question_{stack}", needed=NEEDED_GB)
        if not ask.confirm(question, default=True, name="install_engine"):
            raise
        install_engine(None, stack=stack, yes=True, says_next=False)
        return find_engine(stack)


def install_engine(
    python: Path | None, *, stack: Stack = "modern", yes: bool = False, says_next: bool = True
) -> None:
    """Install, adopt or find a stack's engine, and say what it is.

    Args:
        python: The interpreter for training; None: the one chosen before, or our own. Our own
            classic one is created if necessary.
        stack: Which versions.
        yes: Install without asking: somebody has to agree to 8 GB.
        says_next: Whether to say what to do next: not in the middle of something else.
    """
    require_trainable_system()
    own = own_classic_python() if stack == "classic" else Path(sys.executable)
    target = _locate(python) if python else chosen_python(stack) or own
    if target == own_classic_python() and not target.exists():
        _make_environment(target, yes=yes)
    wanted = _wanted(stack)
    environment = inspect_environment(target, list(wanted))
    if not _differing(environment, wanted):
        console.say("setup.nothing_to_do", python=target)
    elif target != own and {"xtuner", "torch"} <= environment.versions.keys():
        if stack == "classic":
            _require_classic(environment)
        _check_start(target)
        console.say(f"setup.adopted_{stack}", python=target, **_pick(environment.versions))
    else:
        _install(environment, stack, yes=yes)
        if says_next:
            console.say(f"setup.next_{stack}")
    _remember(target, stack)


def _wanted(stack: Stack) -> dict[str, str]:
    """Return the versions of a stack; the modern one includes the demo's model."""
    demo = uv.pinned_versions("demo") if stack == "modern" else {}
    return uv.pinned_versions(stack) | demo


def _differing(environment: Environment, wanted: Mapping[str, str]) -> dict[str, str]:
    """Return the packages that are not there in the wanted version; another build of it will do.

    An older driver needs "2.9.1+cu126" instead of "2.9.1".
    """
    there = {name: release(version) for name, version in environment.versions.items()}
    return {name: version for name, version in wanted.items() if there.get(name) != version}


def _require_classic(environment: Environment) -> None:
    """Raise XtguiError "setup.not_classic" if the libraries are as new as the modern ones."""
    version = environment.versions.get("transformers", "")
    if not version.startswith("4."):
        raise XtguiError(
            "setup.not_classic", Exit.ANSWERS, python=environment.python, version=version or "?"
        )


def _make_environment(python: Path, *, yes: bool) -> None:
    """Create an empty environment for the classic stack, once it is wanted and sure to fit."""
    if not uv.find_uv():
        raise XtguiError("setup.uv_missing", Exit.ENVIRONMENT, python=sys.executable)
    base, folder = _base_python(), python.parents[1]
    folder.parent.mkdir(parents=True, exist_ok=True)
    check_space([folder.parent, _cache_dir()])
    _require_wanted(python, yes=yes)
    command = [*uv.find_uv(), "venv", "--quiet", "--python", str(base), str(folder)]
    done = run_apart(command, text=True, errors="replace")
    if done.returncode:
        detail = (done.stderr.strip().splitlines() or ["?"])[-1]
        raise XtguiError("setup.install_failed", Exit.FAILED, detail=detail, log=log_file())


def _base_python() -> Path:
    """Return a Python for which the stacks exist: ours, or the one of the modern stack."""
    if SUPPORTED[0] <= sys.version_info[:2] <= SUPPORTED[1]:
        return Path(sys.executable)
    chosen = chosen_python()
    if chosen is None:
        require_supported(Path(sys.executable), sys.version_info[:3])
        return Path(sys.executable)
    require_supported(chosen, inspect_environment(chosen, []).version)
    return chosen


def install_demo_model(python: Path) -> None:
    """Install what the demo needs into an engine that we did not install."""
    wanted = uv.pinned_versions("demo")
    if set(wanted) - inspect_environment(python, list(wanted)).versions.keys():
        _run_uv(python, [uv.demo_requirements()])


def _locate(python: Path) -> Path:
    found = shutil.which(str(python.expanduser()))
    if found is None:
        raise XtguiError("setup.not_a_python", Exit.ANSWERS, python=python)
    return Path(found).absolute()


def _pick(versions: Mapping[str, str]) -> dict[str, str]:
    return {name: versions[name] for name in ("xtuner", "torch")}


def _install(environment: Environment, stack: Stack, *, yes: bool) -> None:
    wanted = _wanted(stack)
    check_target(environment, wanted)
    if "torch" not in environment.versions:
        check_space([environment.site_dir, _cache_dir()])
    if environment.python != own_classic_python():  # it holds nothing of the user's
        _agree_to_changes(environment, wanted)
    _require_wanted(environment.python, yes=yes)
    console.say("setup.installing", python=environment.python, needed=NEEDED_GB)
    jobs = [uv.engine_requirements(stack)]
    if stack == "modern":
        jobs.append(uv.demo_requirements())
    _run_uv(environment.python, jobs)
    console.say("setup.checking", style="dim")
    found = _check_start(environment.python)
    _warn_of_old_driver(found)
    device = found["gpu"] or "CPU"
    console.say("setup.ready", torch=found["torch"], xtuner=found["xtuner"], device=device)


def _require_wanted(python: Path, *, yes: bool) -> None:
    if not (yes or console.is_interactive()):
        raise XtguiError("setup.needs_yes", Exit.ANSWERS, python=python, needed=NEEDED_GB)


def check_target(environment: Environment, wanted: Mapping[str, str]) -> None:
    """Raise XtguiError if nothing can be installed into an environment.

    Raises:
        XtguiError: "setup.wrong_python", "setup.managed" or "setup.uv_missing".
    """
    require_supported(environment.python, environment.version)
    if environment.is_managed:
        raise XtguiError("setup.managed", Exit.ENVIRONMENT, python=environment.python)
    if not uv.find_uv():
        raise XtguiError("setup.uv_missing", Exit.ENVIRONMENT, python=sys.executable)


def check_space(folders: list[Path], free: Callable[[Path], int] = free_bytes) -> None:
    """Raise XtguiError "setup.no_space" for the first folder whose disk has too little room.

    uv unpacks into its cache and links from there, so on one disk the engine is stored once.
    """
    for folder in folders:
        there = free(folder)
        if there < NEEDED_GB * 1e9:
            raise XtguiError(
                "setup.no_space",
                Exit.FAILED,
                needed=NEEDED_GB,
                folder=folder,
                free=file_size(there),
            )


def _cache_dir() -> Path:
    command = [*uv.find_uv(), "cache", "dir"]
    done = run_apart(command, text=True, errors="surrogateescape")
    return Path(done.stdout.strip() or Path.home())


def _agree_to_changes(environment: Environment, wanted: Mapping[str, str]) -> None:
    changes = ", ".join(
        f"{name} {environment.versions[name]} → {version}"
        for name, version in _differing(environment, wanted).items()
        if name not in _SHARED and name in environment.versions
    )
    if not changes:
        return
    if console.is_interactive():
        from ..ui import ask

        if ask.confirm(t("setup.change_question", changes=changes), default=False):
            return
    raise XtguiError("setup.would_change", Exit.ANSWERS, python=environment.python, changes=changes)


def _run_uv(python: Path, jobs: list[list[str]]) -> None:
    """Run uv with one list of arguments after the other; its output goes to a log."""
    environment = uv.uv_environment(os.environ, uv.read_pip_config(Path(sys.executable)))
    log = log_file()
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("w", encoding="utf-8") as kept, InstallScreen() as screen:
        for arguments in jobs:
            command = [*uv.find_uv(), "pip", "install", "--python", str(python), *arguments]
            lines = []
            progress = InstallProgress()
            with start_apart(
                command,
                environment,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                errors="replace",
            ) as process:
                assert process.stdout is not None  # noqa: S101 (a pipe was asked for)
                for line in process.stdout:
                    kept.write(line)
                    lines.append(line.rstrip())
                    progress = advance(progress, line)
                    screen.show(progress)
            if process.returncode:
                raise explain_failure(lines, str(log))


def log_file() -> Path:
    """Return where uv's output of the last installation is kept."""
    import platformdirs

    return Path(platformdirs.user_cache_dir("xtgui")) / "setup.log"


def _check_start(python: Path) -> dict[str, str]:
    """Import the engine's packages once, in a separate process, and return its report."""
    done = run_apart([python, "-c", _START], engine_environment(), text=True, errors="replace")
    try:
        found: dict[str, str] = json.loads(done.stdout.splitlines()[-1])
    except (IndexError, ValueError):
        detail = (done.stderr.strip().splitlines() or ["?"])[-1]
        raise XtguiError("setup.broken", Exit.ENVIRONMENT, detail=detail) from None
    return found


def _warn_of_old_driver(found: Mapping[str, str]) -> None:
    driver = None if found["gpu"] else _cuda_of_driver()
    if driver:
        console.say("setup.old_driver", style="yellow", driver=driver, built=found["built"])


def _cuda_of_driver() -> str | None:
    """Return the newest CUDA that the NVIDIA driver supports, None if there is no driver."""
    import pynvml

    try:
        pynvml.nvmlInit()
        version = pynvml.nvmlSystemGetCudaDriverVersion_v2()
    except pynvml.NVMLError:
        return None
    return f"{version // 1000}.{version % 1000 // 10}"


def _remember(target: Path, stack: Stack) -> None:
    """Keep the interpreter in the user's own settings if it is not the one we run on."""
    chosen = chosen_python(stack)
    if stack == "modern" and target == Path(sys.executable):
        if chosen is not None:
            save_user_config({python_setting(stack): None})
    elif chosen != target:
        save_user_config({python_setting(stack): str(target)})
