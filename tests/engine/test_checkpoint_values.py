"""What training resumes from is what torch.load would have given, key by key."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy
import pytest
import torch
from checkpoint_files import small_checkpoint, torch_zip
from mmengine.logging import HistoryBuffer
from training_runs import NewRun, TrainingRun

from xtgui_cli.engine import checkpoint_values
from xtgui_cli.engine.checkpoint_reader.zip_layout import read_records

pytestmark = [pytest.mark.engine, pytest.mark.xdist_group("engine")]

Trained = Callable[[str], TrainingRun]


def differences(ours: Any, theirs: Any, path: str = "") -> list[str]:
    """Return the places at which two contents of checkpoints differ."""
    if type(ours) is not type(theirs):
        return [f"{path}: {type(ours)} {type(theirs)}"]
    if isinstance(ours, dict):
        metadata = [getattr(each, "_metadata", None) for each in (ours, theirs)]
        if list(ours) != list(theirs) or metadata[0] != metadata[1]:
            return [path]
        pairs = [(f"{path}.{key}", ours[key], theirs[key]) for key in ours]
    elif isinstance(ours, (list, tuple)):
        both = enumerate(zip(ours, theirs, strict=True))
        pairs = [(f"{path}[{number}]", *pair) for number, pair in both]
    else:
        return [] if _is_equal(ours, theirs) else [path]
    return [place for inner, a, b in pairs for place in differences(a, b, inner)]


def _is_equal(ours: Any, theirs: Any) -> bool:
    if isinstance(ours, torch.Tensor):
        facts = [
            (each.dtype, each.shape, each.stride(), each.requires_grad) for each in (ours, theirs)
        ]
        return facts[0] == facts[1] and torch.equal(ours, theirs)
    if isinstance(ours, HistoryBuffer):
        arrays = [*zip(ours.data, theirs.data, strict=True)]
        return ours.max_length == theirs.max_length and all(
            a.dtype == b.dtype and numpy.array_equal(a, b, equal_nan=True) for a, b in arrays
        )
    return bool(ours == theirs)


@pytest.mark.parametrize("method", ["lora", "qlora", "full"])
def test_a_checkpoint_of_each_method_is_what_torch_loads(
    method: str, trained_runs: Trained
) -> None:
    folder = trained_runs(method).folder
    files = [*folder.work_dir.glob("iter_*.pth"), *folder.resume_dir.glob("iter_*.pth")]

    found = {path: checkpoint_values.load(path) for path in files}

    assert len(files) >= 2
    for path, content in found.items():
        expected = torch.load(path, map_location="cpu", weights_only=False)
        assert differences(content, expected) == []


def test_a_checkpoint_of_xtuner_alone_is_what_torch_loads(new_run: NewRun) -> None:
    run = new_run("lora")
    run.start_plain()
    assert run.wait() == 0, run.log()
    path = next(run.folder.work_dir.glob("iter_*.pth"))

    content = checkpoint_values.load(path)

    assert differences(content, torch.load(path, weights_only=False)) == []


def test_the_files_that_tests_make_are_byte_for_byte_as_torch_makes_them(tmp_path: Path) -> None:
    tensors = {"a": torch.ones(3, 5), "b": torch.zeros(0), "c": torch.ones(7, dtype=torch.bfloat16)}
    torch.save(tensors, tmp_path / "mine.pth")
    whole = (tmp_path / "mine.pth").read_bytes()

    records = read_records(lambda offset, size: whole[offset : offset + size], len(whole))
    contents = {name: whole[each.offset :][: each.size] for name, each in records.items()}

    assert torch_zip(contents, folder="mine") == whole


def test_mapped_weights_outlive_the_file_and_writing_to_them_does_not_reach_it(
    tmp_path: Path,
) -> None:
    path = tmp_path / "iter_20.pth"
    path.write_bytes(small_checkpoint())

    weight = next(iter(checkpoint_values.load(path)["state_dict"].values()))
    weight += 1

    assert path.read_bytes() == small_checkpoint()
    path.unlink()
    assert torch.equal(weight, torch.arange(1.0, 9.0).reshape(2, 4))


def test_a_model_saved_by_torch_as_a_bin_is_what_torch_loads(tmp_path: Path) -> None:
    model = torch.nn.Sequential(torch.nn.Linear(4, 3), torch.nn.BatchNorm1d(3)).bfloat16()
    content = {**model.state_dict(), "parameter": torch.nn.Parameter(torch.ones(2))}
    torch.save(content, tmp_path / "pytorch_model.bin")

    found = checkpoint_values.load(tmp_path / "pytorch_model.bin")

    expected = torch.load(tmp_path / "pytorch_model.bin", weights_only=False)
    expected["parameter"] = expected["parameter"].detach().requires_grad_()
    assert differences(found, expected) == []


@pytest.mark.parametrize(
    "history", [HistoryBuffer(), HistoryBuffer([1.5, float("nan")], [1, 2], 5)]
)
def test_histories_come_back_with_their_statistics(history: HistoryBuffer, tmp_path: Path) -> None:
    torch.save({"h": history}, tmp_path / "x.pth")

    found = checkpoint_values.load(tmp_path / "x.pth")["h"]

    assert _is_equal(found, history)
    found.update(3.0)
    assert found.statistics("max", 1) == 3.0
