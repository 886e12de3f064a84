"""What tells a base model from itself once it was changed."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from xtgui_cli.models import model_mark
from xtgui_cli.models.model_mark import mark_model


@pytest.fixture
def model(tiny_model: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(tiny_model, tmp_path / "model"))


def flip(file: Path, place: int) -> None:
    content = bytearray(file.read_bytes())
    content[place] ^= 1
    file.write_bytes(content)


def test_a_copy_has_the_same_mark(model: Path, tiny_model: Path) -> None:
    assert mark_model(model) == mark_model(tiny_model)


@pytest.mark.parametrize("place", [20, 1000, 100_000, -1])
def test_every_byte_of_small_weights_counts(place: int, model: Path) -> None:
    before = mark_model(model)
    flip(model / "model.safetensors", place)

    now = mark_model(model)

    assert now.weights != before.weights
    assert (now.config, now.tokenizer) == (before.config, before.tokenizer)


def test_of_large_weights_header_size_and_samples_from_end_to_end_count(
    model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(model_mark, "SAMPLES", 4)
    monkeypatch.setattr(model_mark, "SAMPLE_BYTES", 1000)
    weights = model / "model.safetensors"
    size = weights.stat().st_size
    before = mark_model(model).weights

    def is_noticed(place: int) -> bool:
        flip(weights, place)
        noticed = mark_model(model).weights != before
        flip(weights, place)
        return noticed

    assert [is_noticed(place) for place in (9, 999, size // 3 + 100, size - 1)] == [True] * 4
    assert not is_noticed(size // 2)
    weights.write_bytes(weights.read_bytes() + b"\0")
    assert mark_model(model).weights != before


def test_files_of_weights_are_told_apart_by_name(model: Path) -> None:
    before = mark_model(model).weights
    (model / "model.safetensors").rename(model / "other.safetensors")

    assert mark_model(model).weights != before
