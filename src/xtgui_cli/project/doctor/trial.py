"""Has the engine quantize and train a tiny model, and judges the result."""

from __future__ import annotations

import time
from pathlib import Path

from ...runs.engine_session import EngineSession
from ...shared.errors import XtguiError
from ...ui.phases import show_progress
from ..user_config import cache_dir
from .findings import Finding, failure, fine, warning


def try_training(python: Path, *, has_gpu: bool) -> Finding:
    """Try to train and return the finding; half a minute, most of it imports.

    Args:
        python: The interpreter that trains.
        has_gpu: Whether a GPU should be used.
    """
    log = cache_dir() / "doctor.log"
    began = time.monotonic()
    try:
        with EngineSession(python, log) as session:
            done = show_progress(session.request("trial"))
    except XtguiError as error:
        return failure("doctor.deep.failed", "xtgui setup", problem=error.notice, log=log)
    if has_gpu and done["device"] == "cpu":
        return warning("doctor.deep.on_cpu")
    data = {"device": done["name"] or "CPU", "step_s": done["step_s"]}
    if done["reason"]:
        return warning("doctor.deep.no_4bit", reason=done["reason"], **data)
    return fine("doctor.deep.ok", seconds=time.monotonic() - began, **data)
