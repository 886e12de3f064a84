"""Where everything of a project is stored (XtunerGUI's layout), and who is training in it."""

from __future__ import annotations

import json
import os
import re
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from .atomic import write_text
from .errors import Exit, XtguiError
from .json_values import amount, count, mapping, text
from .own_files import open_own
from .regular_file import open_descriptor, read_bytes, read_json

_CHECKPOINT = re.compile(r"iter_([0-9]{1,18})\.pth")
_OLD_RUNS = "runs"
_PUT_AWAY = re.compile(r"[0-9]{8}_[0-9]{6}(?:_[0-9]+)?")
_LAST = "last_checkpoint"
_SPELLING = re.compile(r"(?:iter_)?([0-9]{1,18})(?:\.pth)?")


@dataclass(frozen=True)
class RunFolder:
    """The paths below a project's root; nothing here touches the disk."""

    root: Path
    """A project, or an archived run: runs/20240131_145313 is its own work_dir."""

    @property
    def is_put_away(self) -> bool:
        """Whether this is an archived run, which can be viewed but not trained."""
        return self.root.parent.name == _OLD_RUNS and bool(_PUT_AWAY.fullmatch(self.root.name))

    @property
    def project_root(self) -> Path:
        """The project's folder, also of an archived run."""
        return self.root.parent.parent if self.is_put_away else self.root

    @property
    def settings_file(self) -> Path:
        """The answers and settings of the project."""
        return self.root / "xtgui.toml"

    @property
    def data_dir(self) -> Path:
        """Data converted from other formats; the originals are elsewhere."""
        return self.root / "data"

    @property
    def work_dir(self) -> Path:
        """XTuner's folder: config, checkpoints and logs."""
        return self.root if self.is_put_away else self.root / "work_dir"

    @property
    def old_runs_dir(self) -> Path:
        """Where a run is archived when another one starts over."""
        return self.root / _OLD_RUNS

    @property
    def config_file(self) -> Path:
        """The config that xtuner trains."""
        return self.work_dir / "xtuner_config.py"

    @property
    def trained_config_file(self) -> Path:
        """The config as it was at the last start, whatever was written to it since."""
        return self.state_dir / "trained_config.py"

    @property
    def log_file(self) -> Path:
        """The output of the training process."""
        return self.work_dir / "__xtuner_tr.log"

    @property
    def state_dir(self) -> Path:
        """What xtgui itself notes about the run."""
        return self.work_dir / ".xtgui"

    @property
    def events_file(self) -> Path:
        """The run's events, one JSON line each."""
        return self.state_dir / "events.jsonl"

    @property
    def lock_file(self) -> Path:
        """The lock that the training process holds as long as it lives."""
        return self.state_dir / "lock"

    @property
    def answers_dir(self) -> Path:
        """Answers to evaluation questions, a JSON file per checkpoint, such as iter_20.json."""
        return self.state_dir / "answers"

    @property
    def resume_dir(self) -> Path:
        """What an exact resume needs besides a checkpoint, under its name: iter_20.pth."""
        return self.state_dir / "resume"

    @property
    def schedule_restarts_file(self) -> Path:
        """Where the learning-rate schedule has restarted, for `xtgui train --more`."""
        return self.state_dir / "schedule_restarts.json"

    @property
    def checked_run_file(self) -> Path:
        """What was counted of the run before it started (see `checked_run`)."""
        return self.state_dir / "checked_run.json"

    @property
    def engine_log(self) -> Path:
        """The engine's output during conversions and chats."""
        return self.state_dir / "engine.log"


def old_runs(folder: RunFolder) -> list[RunFolder]:
    """Return the archived runs of a project, the oldest first."""
    there = folder.old_runs_dir.iterdir() if folder.old_runs_dir.is_dir() else ()
    found = sorted(path for path in there if path.is_dir() and not path.is_symlink())
    return [run for run in map(RunFolder, found) if run.is_put_away]


def find_root(start: Path) -> Path | None:
    """Return the nearest folder, from *start* upwards, that xtgui or XtunerGUI has worked in."""
    for folder in (start, *start.parents):
        here = RunFolder(folder)
        if here.settings_file.is_file() or here.config_file.is_file():
            return folder
    return None


@dataclass(frozen=True, order=True)
class Checkpoint:
    """A saved state: a `.pth` file, or with DeepSpeed a folder of that name."""

    iter: int
    path: Path

    @property
    def name(self) -> str:
        """Its file name: "iter_20.pth"."""
        return self.path.name

    @property
    def label(self) -> str:
        """Its short name: "iter_20"."""
        return self.path.stem

    @classmethod
    def at(cls, iteration: int, work_dir: Path) -> Checkpoint:
        """Return the checkpoint after so many iterations, whether it exists or not."""
        return cls(iteration, work_dir / f"iter_{iteration}.pth")

    @classmethod
    def parse(cls, spelling: str | os.PathLike[str], work_dir: Path = Path()) -> Checkpoint:
        """Return the checkpoint that a text names, whether it exists or not.

        Args:
            spelling: `20`, `iter_20`, `iter_20.pth`, or a path that ends so, which may be the
                folder that DeepSpeed writes.
            work_dir: The folder of a checkpoint that is not given as a path.

        Raises:
            NotACheckpointError: If it does not name a checkpoint.
        """
        path = Path(spelling)
        match = _SPELLING.fullmatch(path.name)
        if match is None:
            raise NotACheckpointError(
                "cli.not_a_checkpoint_name", Exit.ANSWERS, value=str(spelling)
            )
        return cls.at(int(match[1]), path.parent if len(path.parts) > 1 else work_dir)


class NotACheckpointError(XtguiError):
    """A text does not name a checkpoint."""


def list_checkpoints(work_dir: Path) -> list[Checkpoint]:
    """Return the checkpoints of a work_dir, oldest first (by number, not by spelling)."""
    if not work_dir.is_dir():
        return []
    matches = ((_CHECKPOINT.fullmatch(path.name), path) for path in work_dir.iterdir())
    return sorted(Checkpoint(int(match[1]), path) for match, path in matches if match)


def list_course(work_dir: Path) -> list[Checkpoint]:
    """Return the checkpoints of a run's current course, oldest first.

    A run that was resumed from an earlier checkpoint leaves the later ones of the abandoned course
    behind. `last_checkpoint` names the latest one of the current course: mmengine writes it with
    each save, and `resume_at` at a resume. If neither it nor an earlier one is left, all count.
    """
    there = list_checkpoints(work_dir)
    try:
        named = Path(read_bytes(work_dir / _LAST).decode("utf-8").strip()).name
        last = Checkpoint.parse(named).iter
    except (OSError, UnicodeDecodeError, NotACheckpointError):
        return there
    return [checkpoint for checkpoint in there if checkpoint.iter <= last] or there


def latest_checkpoint(work_dir: Path) -> Checkpoint | None:
    """Return the latest checkpoint of a run's current course, or None if there is none."""
    course = list_course(work_dir)
    return course[-1] if course else None


def resume_at(work_dir: Path, checkpoint: Path) -> None:
    """Record that a run resumes from a checkpoint; later ones then belong to an abandoned course.

    Raises:
        OSError: If it cannot be recorded.
    """
    write_text(work_dir / _LAST, str(checkpoint))


# --- one run at a time -----------------------------------------------------------------------
# A kernel lock that the training process itself holds as long as it lives: no stale pid files.


_FIRST_NO_PID = 1 << 31
"""Process numbers are smaller; 0, 1 and negative ones are never a training's."""


@dataclass(frozen=True)
class LockHolder:
    """The training process of a folder, according to its lock file."""

    pid: int | None = None
    """None while it is being launched."""
    host: str = ""
    run_id: str = ""
    at: float = 0.0
    """When it was launched, in seconds since the epoch; 0: unknown."""
    started: float = 0.0
    """Distinguishes the process from a later one with its number; see runs/lock_proof.py."""


def take_lock(path: Path, patience_s: float = 0.5) -> int:
    """Lock a run folder and return the file descriptor, which the training process inherits.

    It waits a moment, since `lock_holder` holds the lock briefly while it looks.

    Raises:
        XtguiError: "train.already_running" while another process holds it; those of `open_own`.
    """
    import fcntl

    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = open_own(path, os.O_RDWR | os.O_CREAT)
    deadline = time.monotonic() + patience_s
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return descriptor
        except BlockingIOError:
            if time.monotonic() > deadline:
                os.close(descriptor)
                pid = read_lock(path).pid or "?"
                raise XtguiError("train.already_running", Exit.ANSWERS, pid=pid) from None
            time.sleep(0.02)


def require_free(folder: RunFolder) -> None:
    """Raise an error unless a folder can be trained in, before anything in it is changed.

    Raises:
        XtguiError: "train.already_running", or "train.is_put_away" for an archived run.
    """
    if folder.is_put_away:
        path, project = folder.root, folder.project_root
        raise XtguiError("train.is_put_away", Exit.ANSWERS, path=path, project=project)
    holder = lock_holder(folder.lock_file)
    if holder is not None:
        raise XtguiError("train.already_running", Exit.ANSWERS, pid=holder.pid or "?")


def write_lock(descriptor: int, holder: LockHolder) -> None:
    """Note in the lock file who holds the lock."""
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, json.dumps(asdict(holder)).encode(), 0)


def read_lock(path: Path) -> LockHolder:
    """Return what the last holder wrote, whether it still holds the lock or not."""
    try:
        said = mapping(read_json(path))
    except (OSError, ValueError):
        said = {}
    pid = count(said.get("pid")) or 0
    return LockHolder(
        pid if 1 < pid < _FIRST_NO_PID else None,
        text(said.get("host")) or "",
        text(said.get("run_id")) or "",
        amount(said.get("at")) or 0.0,
        amount(said.get("started")) or 0.0,
    )


def lock_holder(path: Path) -> LockHolder | None:
    """Return the process that holds the lock, None if nobody does."""
    try:
        import fcntl
    except ImportError:  # native Windows: nothing trains there
        return None
    try:
        descriptor = open_descriptor(path, os.O_RDONLY)
    except OSError:
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return read_lock(path)
    else:
        return None
    finally:
        os.close(descriptor)
