"""xtuner's own trainer, with nothing of xtgui except its fixes: the reference of `make bench`.

bare_engine.py bare CONFIG TIMES     all fixes
bare_engine.py xtuner CONFIG TIMES   only those without which nothing runs on this machine
bare_engine.py long_base CONFIG TIMES   all except the one that keeps a frozen base in 16 bits

TIMES gets the seconds of each iteration and the peak memory of the process, in MB.
"""

from __future__ import annotations

import json
import resource
import runpy
import sys
import time
from pathlib import Path
from typing import Any

REPOSITORY = Path(__file__).resolve().parents[1]
NEEDED = frozenset(
    {
        "cpu_bf16_support",
        "set_device_without_cuda",
        "is_safetensors_available",
        "checkpoints_as_data",
        "bos_as_in_chat_template",
    }
)

runpy.run_path(str(REPOSITORY / "src" / "xtgui_cli" / "engine" / "__main__.py"))

from xtgui_cli.engine import compat  # noqa: E402  (importable only now)
from xtgui_cli.engine.config_facts import read_config_facts  # noqa: E402


def main(which: str, config: Path, times: Path) -> None:
    """Train, and write how long each iteration took and the peak memory."""
    for stage in ("BEFORE_IMPORTS", "BEFORE_XTUNER", "AFTER_XTUNER"):
        fixes = tuple(fix for fix in getattr(compat, stage) if _is_used(fix.name, which))
        setattr(compat, stage, fixes)
    train = compat.import_xtuner(read_config_facts(config.read_text("utf-8")), [])
    taken = _time_iterations()
    sys.argv = ["train.py", str(config), "--work-dir", str(config.parent)]
    train.main()
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    times.write_text(json.dumps({"iterations_s": taken, "peak_mb": peak_mb}))


def _is_used(fix: str, which: str) -> bool:
    if which == "xtuner":
        return fix in NEEDED
    is_left_out = which == "long_base" and fix == "frozen_base_kept_short"
    return fix != "bitsandbytes_hidden" and not is_left_out


def _time_iterations() -> list[float]:
    from mmengine.runner import Runner

    taken: list[float] = []
    began = 0.0
    call_hook = Runner.call_hook

    def call_hook_timed(self: Any, name: str, **arguments: Any) -> None:
        nonlocal began
        if name == "after_train_iter":
            taken.append(time.perf_counter() - began)
        call_hook(self, name, **arguments)
        if name == "before_train_iter":
            began = time.perf_counter()

    Runner.call_hook = call_hook_timed
    return taken


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))
