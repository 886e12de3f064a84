"""Checkpoints that are made to do harm, or broken, each with the fault that it must be told as.

They are made anew for each test and kept nowhere. What would be run touches a file, the mark.
"""

from __future__ import annotations

from typing import Any

from checkpoint_files import LORA, STORAGES, checkpoint_content, ordered, tensor, torch_file
from evil_archives import ARCHIVES
from evil_file import Evil
from evil_pickles import PICKLES

from xtgui_cli.shared.checkpoint_faults import CheckpointFault

_ODD, _UNSAFE = CheckpointFault.ODD, CheckpointFault.UNSAFE

EVIL: dict[str, Evil] = ARCHIVES | PICKLES

# --- harmful for a resume alone --------------------------------------------------------------


def resumed(**changes: dict[str, Any]) -> bytes:
    """Return a checkpoint with values changed or added, `meta={...}`, `runtime_info={...}`."""
    content = checkpoint_content()
    content["meta"] |= changes.get("meta", {})
    info = {"iter": 20, **changes.get("runtime_info", {})}
    content["message_hub"]["runtime_info"] = ordered(info)
    return torch_file(content, STORAGES)


EVIL_FOR_RESUME: dict[str, Evil] = {
    "a_config_that_is_run": Evil(
        lambda mark: resumed(meta={"config": f"open({str(mark)!r}, 'w')"}), _UNSAFE
    ),
    "checkpoints_to_delete_elsewhere": Evil(
        lambda mark: resumed(runtime_info={"keep_ckpt_ids": ["x/../../../other"]}), _ODD
    ),
    "a_best_checkpoint_that_is_a_folder": Evil(
        lambda mark: resumed(runtime_info={"best_ckpt": str(mark.parent)}), _ODD
    ),
    "no_seed": Evil(lambda _: resumed(meta={"seed": "x"}), CheckpointFault.INCOMPLETE),
    "no_message_hub": Evil(
        lambda _: torch_file(
            {
                "meta": {"epoch": 0, "iter": 1, "seed": 1},
                "state_dict": {f"{LORA}.lora_A.default.weight": tensor("0", (2, 4))},
            },
            {"0": STORAGES["0"]},
        ),
        CheckpointFault.INCOMPLETE,
    ),
}
"""Where convert needs nothing of what is wrong."""
