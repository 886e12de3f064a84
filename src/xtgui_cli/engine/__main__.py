"""The engine's entry, run by path under the training interpreter.

That interpreter may have none of the UI's packages and no xtgui installed, so only `shared` and
`engine` are made importable here, under a real ModuleSpec: forked, spawned and forkserver workers
and torchrun import this file again and find the same packages. The script's own folder leaves
`sys.path`, or `engine/train.py` would shadow other modules of that name.
"""

from __future__ import annotations

import importlib.machinery
import importlib.util
import sys
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[1]


def register() -> None:
    """Make `xtgui_cli.shared` and `xtgui_cli.engine` importable, and nothing else of ours."""
    if "xtgui_cli" in sys.modules:
        return
    here = str(PACKAGE / "engine")
    sys.path[:] = [entry for entry in sys.path if entry != here]
    spec = importlib.machinery.ModuleSpec("xtgui_cli", None, is_package=True)
    spec.submodule_search_locations = []
    sys.modules["xtgui_cli"] = importlib.util.module_from_spec(spec)
    for name in ("shared", "engine"):
        folder = PACKAGE / name
        child = importlib.util.spec_from_file_location(
            f"xtgui_cli.{name}",
            folder / "__init__.py",
            submodule_search_locations=[str(folder)],
        )
        if child is None or child.loader is None:
            raise ImportError(f"{folder} holds no package")
        module = importlib.util.module_from_spec(child)
        sys.modules[child.name] = module
        setattr(sys.modules["xtgui_cli"], name, module)
        child.loader.exec_module(module)


register()


def main(arguments: list[str]) -> int:
    """Run one job: `train` one run, `serve` requests (convert, chat...), or `draw` curves."""
    job, rest = arguments[0], arguments[1:]
    if job == "train":
        from xtgui_cli.engine.train import main as train

        return train(rest)
    if job == "serve":
        from xtgui_cli.engine.serve import main as serve

        serve(rest)
    if job == "draw":
        from xtgui_cli.engine.draw import main as draw

        return draw(rest)
    print(f"unknown job {job!r}: train, serve or draw", file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
