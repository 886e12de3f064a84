"""What was counted of a run before it starts: the engine trains exactly that, or says why not."""

from __future__ import annotations

import hashlib
import json
from array import array
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from .atomic import write_text
from .json_values import count, mapping, required, text
from .regular_file import read_json

_MODULUS = 1 << 128


@dataclass(frozen=True)
class CheckedRun:
    """The samples of a run as counted, and a digest of the rows they are made from."""

    samples: int
    iterations: int
    """Iterations of the whole run."""
    tokens: str
    """The sum of `row_hash` over all rows that are trained, modulo 2^128, as 32 hex digits."""
    made_of: str = ""
    """What it was counted from, so that it need not be counted again."""

    def write(self, file: Path) -> None:
        """Write it beside the run.

        Raises:
            OSError: If the file cannot be written.
        """
        write_text(file, json.dumps(asdict(self)) + "\n")


def read_checked_run(file: Path) -> CheckedRun | None:
    """Return what was counted; None if nothing was, or the file cannot be read."""
    try:
        said = mapping(read_json(file))
        return CheckedRun(
            samples=required(count(said.get("samples"))),
            iterations=required(count(said.get("iterations"))),
            tokens=required(text(said.get("tokens"))),
            made_of=text(said.get("made_of")) or "",
        )
    except (OSError, ValueError):
        return None


def row_hash(input_ids: Sequence[int], labels: Sequence[int]) -> int:
    """Return a 128-bit number for a row as it is trained.

    Args:
        input_ids: Token ids, cut at max_length.
        labels: As many, -100 where a token is not trained.
    """
    content = array("i", input_ids).tobytes() + array("i", labels).tobytes()
    return int.from_bytes(hashlib.blake2b(content, digest_size=16).digest(), "big")


def sum_of_hashes(hashes: Sequence[int]) -> str:
    """Return the digest of rows in any order."""
    return f"{sum(hashes) % _MODULUS:032x}"
