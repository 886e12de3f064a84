"""xtuner's own conversion, with the fixes without which it does not run here, and no more.

xtuner_converter.py CONFIG CHECKPOINT OUT [--fp32]
"""

from __future__ import annotations

import runpy
import sys
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]  # it starts where nothing beside it is importable
NEEDED = frozenset(
    {
        "cpu_bf16_support",
        "set_device_without_cuda",
        "is_safetensors_available",
        "checkpoints_as_data",
    }
)


def main() -> None:
    """Convert as `xtuner convert pth_to_hf` does."""
    runpy.run_path(str(REPOSITORY / "src" / "xtgui_cli" / "engine" / "__main__.py"))

    from xtgui_cli.engine import compat
    from xtgui_cli.engine.config_facts import read_config_facts

    facts = read_config_facts(Path(sys.argv[1]).read_text("utf-8"))
    needed = tuple(fix for fix in compat.BEFORE_XTUNER if fix.name in NEEDED)
    compat.apply_fixes(needed, facts)

    from xtuner.tools.model_converters import pth_to_hf

    pth_to_hf.main()


if __name__ == "__main__":
    main()
