"""Whatever happens to a checkpoint: an error, or what was written; never a crash or a wait."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from checkpoint_files import small_checkpoint
from checkpoint_mutations import GOOD, changed_file, changed_pickle

from xtgui_cli.engine.checkpoint_reader.checkpoint_file import open_checkpoint
from xtgui_cli.engine.checkpoint_reader.errors import CheckpointError
from xtgui_cli.engine.checkpoint_reader.stand_ins import Tensor
from xtgui_cli.engine.checkpoint_reader.tree import replace_stand_ins

TRIED = 150
"""Here; tens of thousands of each were tried when the reader was written."""


def read(path: Path, content: bytes) -> Any:
    """Return what a file holds, None where it is refused."""
    path.write_bytes(content)
    try:
        with open_checkpoint(path) as file:
            found = file.read()
            file.verify()
            return found
    except CheckpointError:
        return None


def test_a_changed_file_is_refused_or_says_what_it_said_before(tmp_path: Path) -> None:
    good = small_checkpoint()
    expected = read(tmp_path / "good.pth", good)

    found = [read(tmp_path / f"{seed}.pth", changed_file(good, seed)) for seed in range(TRIED)]

    refused = [content for content in found if content is None]
    assert len(refused) > TRIED / 2
    assert all(content == expected for content in found if content is not None)


def test_a_changed_pickle_is_refused_or_gives_tensors_within_their_records(tmp_path: Path) -> None:
    checked = 0

    def check(stand_in: Any) -> None:
        nonlocal checked
        if isinstance(stand_in, Tensor):
            sizes = zip(stand_in.shape, stand_in.stride, strict=True)
            last = stand_in.offset + sum((size - 1) * step for size, step in sizes)
            itemsize = stand_in.storage.dtype.itemsize
            checked += 1
            assert last * itemsize < len(GOOD[stand_in.storage.record.name])

    for seed in range(TRIED):
        content = read(tmp_path / f"{seed}.pth", changed_pickle(GOOD, seed))
        if content is not None:
            replace_stand_ins(content, check)

    assert checked > 0
