"""What is known about this machine and its training environments, before anything is judged."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Literal

Version = tuple[int, int]
"""A CUDA version or a compute capability: major and minor."""


@dataclass(frozen=True)
class TorchBuild:
    """What the files of an installed torch say, without importing it."""

    cuda: Version | None
    """The CUDA it was built for; None for a build for CPUs, or for another maker's GPUs."""
    architectures: frozenset[Version] = frozenset()
    """The compute capabilities it has code for; empty if its files do not tell."""


@dataclass(frozen=True, kw_only=True)
class EngineFacts:
    """One training environment."""

    stack: str
    """The name of its requirement file."""
    python: Path | None
    """Its interpreter; None if none was ever installed or named."""
    is_ours: bool = False
    """Whether xtgui itself runs on that interpreter."""
    version: tuple[int, int, int] | None = None
    """Its Python version; None if the interpreter cannot be run."""
    is_silent: bool = False
    """Whether the interpreter did not answer in time."""
    site_dir: Path | None = None
    """Where its packages are installed."""
    tested: Mapping[str, str] = field(default_factory=dict)
    """The versions of the requirement file, by package."""
    installed: Mapping[str, str] = field(default_factory=dict)
    """The installed versions of those packages and of `gather.BESIDE`."""
    torch: TorchBuild | None = None
    torch_of_torchvision: str = ""
    """The torch that the installed torchvision was built with; "" if it does not say."""
    triton_of_torch: str = ""
    """The triton that the installed torch asks for; "" if it asks for none."""
    bitsandbytes_cuda: frozenset[Version] = frozenset()
    """The CUDA versions that bitsandbytes has a library for."""

    @property
    def is_there(self) -> bool:
        """Whether it has what trains."""
        return {"xtuner", "torch"} <= self.installed.keys()


@dataclass(frozen=True)
class Gpu:
    """One NVIDIA GPU."""

    index: int
    uuid: str
    name: str
    memory_gib: float
    free_gib: float
    capability: Version | None
    """None if the driver is too old to say."""


@dataclass(frozen=True, kw_only=True)
class GpuFacts:
    """What the driver says about the GPUs."""

    is_on_bus: bool = False
    """Whether an NVIDIA GPU is plugged in, or handed to this container or WSL."""
    driver: str = ""
    """The driver's version; "" if there is none."""
    cuda: Version | None = None
    """The newest CUDA that the driver knows."""
    gpus: tuple[Gpu, ...] = ()
    visible: str | None = None
    """CUDA_VISIBLE_DEVICES."""
    complaint: str = ""
    """The message of nvidia-smi, if it fails."""
    is_silent: bool = False
    """Whether nvidia-smi did not answer in time."""

    @property
    def used(self) -> Gpu | None:
        """The GPU that a run uses: the first visible one."""
        if self.visible is None:
            return self.gpus[0] if self.gpus else None
        first = self.visible.split(",")[0].strip()
        names = ((str(gpu.index), gpu) for gpu in self.gpus)
        by_uuid = (gpu for gpu in self.gpus if first and gpu.uuid.startswith(first))
        return dict(names).get(first) or next(by_uuid, None)

    @property
    def is_hidden(self) -> bool:
        """Whether CUDA_VISIBLE_DEVICES hides all GPUs."""
        return bool(self.gpus) and self.used is None


@dataclass(frozen=True, kw_only=True)
class MemoryFacts:
    """Memory in GiB."""

    total_gib: float
    """Memory for programs: the machine's, or the limit of the container or group."""
    free_gib: float
    machine_gib: float
    """The machine's own."""
    shm_gib: float | None = None
    """The size of /dev/shm; None if there is none."""

    @property
    def is_limited(self) -> bool:
        """Whether a container or control group allows less than the machine has."""
        return self.total_gib < self.machine_gib - 0.01


@dataclass(frozen=True, kw_only=True)
class DiskFacts:
    """The disk that the runs of this folder go to."""

    folder: Path
    free_bytes: int
    is_writable: bool
    kind: str = ""
    """The type of its file system, such as "ext4"; "" if unknown."""


HubState = Literal["answered", "silent", "unreachable", "offline"]


@dataclass(frozen=True, kw_only=True)
class HubFacts:
    """How one hub answered."""

    name: str
    title: str
    host: str
    state: HubState
    """"offline": the user has forbidden connections, with HF_HUB_OFFLINE."""
    reason: str = ""
    """What went wrong, in the system's words."""
    clock: datetime | None = None
    """The hub's time."""
    mirror: str | None = None


@dataclass(frozen=True, kw_only=True)
class Facts:
    """All facts."""

    system: str
    """As `sys.platform`."""
    release: str
    """The kernel's."""
    cores: int
    is_wsl: bool
    python: tuple[int, int, int]
    """The Python that xtgui itself runs on."""
    uv: str
    """uv's command; "" if it is not installed."""
    engines: tuple[EngineFacts, ...]
    """The modern one first."""
    gpu: GpuFacts
    memory: MemoryFacts
    disk: DiskFacts
    hubs: tuple[HubFacts, ...]
    has_token: bool
    """Whether there is a Hugging Face token; the token itself is not kept."""
    now: datetime
    installed_at: datetime
    """When xtgui's own files were written: it cannot be earlier now."""
    encoding: str
    """The encoding of the terminal and of file names."""
    locale: str
    """The locale that the environment asks for; "" if it asks for none."""

    @property
    def engine(self) -> EngineFacts | None:
        """The environment that trains most models; None if none is installed."""
        return next((engine for engine in self.engines if engine.is_there), None)
