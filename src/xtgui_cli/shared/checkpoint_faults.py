"""What can be wrong with a checkpoint: found by the engine, put into words by the UI."""

from __future__ import annotations

from enum import Enum


class CheckpointFault(str, Enum):
    """The value is the key of a text under `faults.`; all know `file`, some know more."""

    EMPTY = "checkpoint_empty"
    """It has no bytes."""
    CUT_OFF = "checkpoint_cut_off"
    """It begins like a checkpoint but has no end."""
    FOREIGN = "checkpoint_foreign"
    """It is not a zip archive: another kind of file, or the format of torch before 1.6."""
    PROGRAM = "checkpoint_program"
    """It is TorchScript, which is code."""
    CHECKSUM = "checkpoint_checksum"
    """The bytes of `record` are not those that were written."""
    UNSAFE = "checkpoint_unsafe"
    """It refers to `name`, which no checkpoint needs."""
    ODD = "checkpoint_odd"
    """torch.save does not write it like this: `detail`, in English."""
    NO_WEIGHTS = "checkpoint_no_weights"
    """It has no weights of a language model that xtuner trained."""
    INCOMPLETE = "checkpoint_incomplete"
    """It lacks `name`, without which training cannot resume."""
