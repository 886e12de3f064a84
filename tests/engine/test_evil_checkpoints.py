"""Files that are made to do harm, through each door: convert, resume, and the resume state."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import pytest
import torch
from evil_archives import two_directories
from evil_checkpoints import EVIL, EVIL_FOR_RESUME
from evil_file import Evil
from training_runs import NewRun

from xtgui_cli.engine.checkpoint_reader.errors import CheckpointError
from xtgui_cli.engine.resume_state import ResumeState
from xtgui_cli.runs.engine_session import BrokenCheckpointError, EngineSession
from xtgui_cli.shared.checkpoint_faults import CheckpointFault
from xtgui_cli.shared.errors import Exit

pytestmark = [pytest.mark.engine, pytest.mark.xdist_group("engine")]


_Method = TypeVar("_Method", bound=Callable[..., Any])
# By a name with a type: TorchScript would read a comment that tells mypy to ignore it.
exported: Callable[[_Method], _Method] = torch.jit.export


def torchscript(mark: Path) -> bytes:
    """Return a TorchScript program that writes the mark as soon as it is loaded."""

    class Writes(torch.nn.Module):  # type: ignore[misc]  # mypy does not read torch
        def __init__(self) -> None:
            super().__init__()
            self.path = str(mark)

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return x

        @exported
        def __getstate__(self) -> tuple[str, bool]:
            return (self.path, self.training)

        @exported
        def __setstate__(self, state: tuple[str, bool]) -> None:
            self.training = state[1]
            written = torch.from_file(state[0], True, 8, dtype=torch.uint8)
            total = written.copy_(torch.full([8], 88, dtype=torch.uint8)).sum()
            self.path = state[0] + str(int(total))

    file = io.BytesIO()
    torch.jit.save(torch.jit.script(Writes()), file)
    return file.getvalue()


ALL = {
    **EVIL,
    "a_program": Evil(torchscript, CheckpointFault.PROGRAM),
    "a_program_behind_a_second_directory": Evil(
        lambda mark: two_directories(torchscript(mark)), CheckpointFault.ODD
    ),
}


TELLING = (
    "nothing",
    "cut_in_the_middle",
    "a_flipped_bit_in_the_weights",
    "a_flipped_bit_in_the_pickle",
    "os_system",
    "forged_objects_hashed_by_set",
    "a_torch_class_gets_another_len",
    "a_storage_larger_than_its_record",
    "writing_into_a_tensor",
    "tuples_within_tuples",
    "a_zip_bomb",
    "a_program",
    "a_program_behind_a_second_directory",
)
"""For the door whose every opening takes a process; the reader behind it is the same."""


def each(evils: dict[str, Evil]) -> list[object]:
    return [pytest.param(evil, id=label) for label, evil in evils.items()]


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EngineSession]:
    log = tmp_path_factory.mktemp("session") / "engine.log"
    with EngineSession(Path(sys.executable), log) as session:
        yield session


def test_the_program_does_what_it_is_made_for_where_torch_loads_it(tmp_path: Path) -> None:
    """What the tests below refuse is not refused for being broken."""
    mark = tmp_path / "mark"
    for content in (torchscript(mark), two_directories(torchscript(mark))):
        (tmp_path / "program.pt").write_bytes(content)

        torch.jit.load(tmp_path / "program.pt")

        assert mark.read_bytes() == b"X" * 8
        mark.unlink()


@pytest.mark.parametrize("evil", each(ALL))
def test_nothing_is_converted_run_or_written(
    session: EngineSession, tiny_model: Path, tmp_path: Path, evil: Evil
) -> None:
    path = tmp_path / "iter_20.pth"
    path.write_bytes(evil.make(tmp_path / "mark"))

    with pytest.raises(BrokenCheckpointError) as caught:
        session.result(
            "convert", checkpoint=str(path), out=str(tmp_path / "hf"), base=str(tiny_model)
        )

    assert caught.value.code == f"faults.{evil.fault.value}"
    assert caught.value.exit is Exit.ANSWERS
    assert [entry.name for entry in tmp_path.iterdir()] == ["iter_20.pth"]


@pytest.mark.parametrize("evil", each({label: ALL[label] for label in TELLING} | EVIL_FOR_RESUME))
def test_nothing_is_resumed_run_or_written(new_run: NewRun, evil: Evil) -> None:
    run = new_run("lora")
    mark = run.folder.root / "mark"
    (run.folder.work_dir / "iter_20.pth").write_bytes(evil.make(mark))

    run.start(resume="iter_20.pth")
    code = run.wait()

    end = run.events("end")[-1]
    assert (code, end["code"]) == (1, evil.fault.value), run.log()
    assert end["data"]["file"] == str(run.folder.work_dir / "iter_20.pth")
    assert not mark.exists()
    assert [path.name for path in run.folder.work_dir.glob("*.pth")] == ["iter_20.pth"]


@pytest.mark.parametrize("evil", each(ALL))
def test_no_resume_state_is_taken(tmp_path: Path, evil: Evil) -> None:
    path = tmp_path / "iter_20.pth"
    path.write_bytes(evil.make(tmp_path / "mark"))

    with pytest.raises(CheckpointError) as caught:
        ResumeState.load(path)

    assert caught.value.fault is evil.fault
    assert [entry.name for entry in tmp_path.iterdir()] == ["iter_20.pth"]
