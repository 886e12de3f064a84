"""The data that a run began with: its checkpoints do not fit any other."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from ..shared.atomic import write_text
from ..shared.config_file import read_known
from ..shared.errors import Exit, XtguiError
from ..shared.run_folder import RunFolder

_END_BYTES = 64 * 1024 * 1024
"""Of a file that is longer than two such ends, only these are looked at, and its size."""


def remember_data(folder: RunFolder, config: Path) -> None:
    """Write down which data a run begins with; nothing where its config does not say them plainly.

    Raises:
        XtguiError: "train.not_writable".
    """
    file = _record(folder)
    mark = _mark(_data_of(folder, config))
    try:
        if mark is None:
            file.unlink(missing_ok=True)
        else:
            write_text(file, json.dumps(mark) + "\n")
    except OSError as error:
        raise XtguiError(
            "train.not_writable", Exit.ANSWERS, path=file, reason=error.strerror or str(error)
        ) from None


def require_same_data(folder: RunFolder, config: Path, checkpoint: str) -> None:
    """See that a run is resumed with the data that it began with, wherever they lie by now.

    Args:
        folder: The project.
        config: What is trained.
        checkpoint: Where training resumes, to be named.

    Raises:
        XtguiError: "train.other_data".
    """
    data = _data_of(folder, config)
    try:
        before = json.loads(_record(folder).read_bytes())
    except (OSError, ValueError):
        return  # a run of xtuner's own, or of an older version
    now = _mark(data)
    if now is not None and now != before:
        raise XtguiError("train.other_data", Exit.ANSWERS, path=data, name=checkpoint)


def _record(folder: RunFolder) -> Path:
    return folder.state_dir / "data.json"


def _data_of(folder: RunFolder, config: Path) -> Path | None:
    named = read_known(config).get("data_path")
    return folder.root / Path(named).expanduser() if isinstance(named, str) and named else None


def _mark(data: Path | None) -> dict[str, object] | None:
    """Return what tells a file from others; None where it cannot be read."""
    if data is None:
        return None
    digest = hashlib.sha256()
    try:
        size = data.stat().st_size
        with data.open("rb") as file:
            while block := file.read(1 << 20):
                digest.update(block)
                if size > 2 * _END_BYTES and file.tell() == _END_BYTES:
                    file.seek(size - _END_BYTES)
    except OSError:
        return None
    return {"bytes": size, "sha256": digest.hexdigest()}
