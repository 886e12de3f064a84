"""`xtgui results --png FILE`: the curves as a picture, drawn by the training interpreter."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

from ..project.engine_environment import find_engine
from ..runs.progress import RECENT
from ..runs.series import Point, finite, smooth
from ..runs.snapshot import Snapshot
from ..runs.training_process import engine_command, engine_environment
from ..shared.errors import Exit, XtguiError
from ..shared.run_folder import RunFolder, list_checkpoints
from ..texts import in_english, t
from ..ui.console import ACCENT, talk

_PNG = b"\x89PNG"
_LONGEST_S = 120


def write(folder: RunFolder, snapshot: Snapshot, path: Path) -> Path:
    """Draw the curves of a run into *path* and give it, absolute.

    A picture that is there is replaced, any other file is not.
    Raises — XtguiError "results.png_name", "results.png_taken", "results.png_failed", and those of
    `find_engine`.
    """
    target = path.expanduser().absolute()
    _require_place(target)
    request = {
        "path": str(target),
        "loss": _pairs(snapshot.losses),
        "smoothed": _pairs(smooth(snapshot.losses, RECENT)),
        "lr": _pairs(snapshot.lrs),
        "checkpoints": [saved.iter for saved in list_checkpoints(folder.work_dir)],
        "words": _words(folder, snapshot),
        "plain_words": in_english(lambda: _ascii(_words(folder, snapshot))),
    }
    with talk().status(t("results.png_drawing"), spinner_style=ACCENT):
        _run(request, target)
    return target


def _run(request: dict[str, Any], target: Path) -> None:
    try:
        done = subprocess.run(
            engine_command(find_engine(), "draw"),
            input=json.dumps(request),
            capture_output=True,
            encoding="utf-8",
            env=engine_environment(),
            timeout=_LONGEST_S,
            check=False,
        )
        said = "" if done.returncode == 0 else (done.stderr.strip().splitlines() or ["?"])[-1]
    except (OSError, subprocess.TimeoutExpired) as error:
        said = getattr(error, "strerror", None) or str(error)
    if said:
        raise XtguiError("results.png_failed", Exit.FAILED, path=target, reason=said)


def _require_place(target: Path) -> None:
    if target.suffix.lower() != ".png":
        raise XtguiError("results.png_name", Exit.ANSWERS, path=target)
    if not target.parent.is_dir():
        raise XtguiError("results.png_no_folder", Exit.ANSWERS, folder=target.parent)
    if not target.exists():
        return
    is_picture = target.is_file() and not target.is_symlink()
    if is_picture:
        with target.open("rb") as file:
            is_picture = file.read(len(_PNG)) in (_PNG, b"")
    if not is_picture:
        raise XtguiError("results.png_taken", Exit.ANSWERS, path=target)


def _words(folder: RunFolder, snapshot: Snapshot) -> dict[str, str]:
    facts = (folder.root.resolve().name, snapshot.method, Path(snapshot.model).name)
    return {
        "title": " · ".join(fact for fact in facts if fact),
        "loss": t("results.png_loss"),
        "smoothed": t("results.png_smoothed", count=RECENT),
        "lr": t("results.png_lr"),
        "iteration": t("results.png_iteration"),
    }


def _ascii(words: dict[str, str]) -> dict[str, str]:
    plain = {name: text.replace("·", "-") for name, text in words.items()}
    return {name: text.encode("ascii", "replace").decode() for name, text in plain.items()}


def _pairs(points: tuple[Point, ...] | list[Point]) -> list[tuple[int, float]]:
    return [(point.iteration, point.value) for point in finite(points)]
