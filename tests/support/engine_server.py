"""The training engine with its imports done once: every run is a fork of this process.

Reads one JSON line each and answers with one. {"argv", "cwd", "log", "largest_file", "patience_s",
"items"} starts a run and gives {"pid"}; {"wait": pid} gives {"code"} when that run has ended.
Importing torch and xtuner takes 15 seconds; a fork has them at once and is otherwise a training
process like any other. "items" is a folder of questions of general knowledge in place of those that
we ship, "patience_s" how long the run waits for room on its disk.
"""

from __future__ import annotations

import functools
import json
import os
import resource
import sys
import traceback
from pathlib import Path
from unittest import mock

import datasets

from xtgui_cli.engine import full_disk


def import_everything() -> None:
    """Import what a run imports, with the fixes that must come before."""
    from xtgui_cli.engine import compat
    from xtgui_cli.engine.config_facts import ConfigFacts

    compat.apply_fixes(compat.BEFORE_XTUNER, ConfigFacts())
    import xtuner.tools.train  # noqa: F401

    from xtgui_cli.engine import evaluation, hook_saving  # noqa: F401


def run(
    argv: list[str], cwd: str, log: str, largest_file: int, patience_s: float, items: str
) -> int:
    """Be the training process, in the forked child."""
    full_disk.TRY_AGAIN_S, full_disk.PATIENCE_S = 0.2, patience_s
    if items:
        from xtgui_cli.engine import hook_learning, kept

        ours = functools.partial(kept.read_items, folder=Path(items))
        mock.patch.object(hook_learning, "read_items", ours).start()
    if largest_file:
        # A limit that can be taken away again, as room can be made on a disk.
        resource.setrlimit(resource.RLIMIT_FSIZE, (largest_file, resource.RLIM_INFINITY))
    os.setsid()
    datasets.config.HF_DATASETS_CACHE = Path(cwd, "datasets")  # the environment is read at import
    os.chdir(cwd)
    file = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
    for stream in (1, 2):
        os.dup2(file, stream)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    try:
        if argv[0] == "plain":  # xtuner as it is, but for the fixes that let it run at all
            import xtuner.tools.train as xtuner_train

            sys.argv = ["train.py", *argv[1:]]
            xtuner_train.main()
            return 0
        from xtgui_cli.engine.__main__ import main

        return int(main(argv))
    except BaseException:
        traceback.print_exc()
        return 70
    finally:
        sys.stdout.flush()
        sys.stderr.flush()


def main() -> None:
    replies = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    import_everything()
    for line in sys.stdin:
        request = json.loads(line)
        if "wait" in request:
            _, status = os.waitpid(request["wait"], 0)
            answer = {"code": os.waitstatus_to_exitcode(status)}
        else:
            pid = os.fork()
            if pid == 0:
                os._exit(run(**request))
            answer = {"pid": pid}
        replies.write(json.dumps(answer) + "\n")
        replies.flush()


if __name__ == "__main__":
    main()
