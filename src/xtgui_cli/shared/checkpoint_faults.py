"""What can be wrong with a checkpoint: said by the engine, put into words by the UI."""

from __future__ import annotations

from enum import Enum


class CheckpointFault(str, Enum):
    """The value is the key of a text under `faults.`; each knows `file`, some more."""

    EMPTY = "checkpoint_empty"
    """Not a byte in it."""
    CUT_OFF = "checkpoint_cut_off"
    """It begins as a checkpoint does and has no end."""
    FOREIGN = "checkpoint_foreign"
    """No zip archive: another kind of file, or the format of torch before 1.6."""
    PROGRAM = "checkpoint_program"
    """TorchScript, which is code."""
    CHECKSUM = "checkpoint_checksum"
    """The bytes of `record` are not those that were written."""
    UNSAFE = "checkpoint_unsafe"
    """It asks for `name`, which no checkpoint needs."""
    ODD = "checkpoint_odd"
    """Not as torch.save writes it: `detail`, in English."""
    NO_WEIGHTS = "checkpoint_no_weights"
    """No weights of a language model that xtuner has trained."""
    INCOMPLETE = "checkpoint_incomplete"
    """It lacks `name`, without which training cannot resume."""
