"""A model folder that a stranger wrote: described or refused in words, whatever its files hold."""

from __future__ import annotations

import json
import shutil
import struct
from collections.abc import Iterator
from pathlib import Path

import pytest
from hostile import PLACE, VALUES, paths, with_value

from xtgui_cli.cli.entry import main
from xtgui_cli.models.model_folder import check_model
from xtgui_cli.shared.errors import XtguiError
from xtgui_cli.shared.json_values import LARGEST

HEADER = {
    "__metadata__": {"format": "pt"},
    "embed": {"dtype": "F32", "shape": [2, 3], "data_offsets": [0, 24]},
}
FEW = [value for value in VALUES if value in ("null", "1e999") or "ud800" in value]
"""Those that differ in what is told: a whole check takes long."""
INDEX = {"metadata": {"total_size": 24}, "weight_map": {"embed": "model.safetensors"}}


@pytest.fixture
def model(tmp_path: Path, tiny_model: Path) -> Path:
    shutil.copytree(tiny_model, tmp_path / "model")
    return tmp_path / "model"


def spoiled(model: Path, name: str, value: str) -> Iterator[str]:
    """Yield the content of a JSON file once for each value in it that is replaced."""
    content = json.loads((model / name).read_text("utf-8"))
    for path in paths(content):
        yield with_value(content, path, value)


def look(model: Path) -> None:
    """Check a model; what is told of it can be shown."""
    try:
        info = check_model(model)
    except XtguiError:
        return
    assert 0 <= info.parameters <= LARGEST
    assert 0 <= (info.max_positions or 0) <= LARGEST


def tell(model: Path) -> None:
    main(["check", "model", str(model)])
    main(["estimate", str(model)])


@pytest.mark.parametrize("value", VALUES, ids=lambda value: value[:16])
@pytest.mark.parametrize("name", ["config.json", "tokenizer_config.json"])
def test_what_the_configs_hold_ends_no_check(value: str, name: str, model: Path) -> None:
    for content in spoiled(model, name, value):
        (model / name).write_text(content)

        look(model)


@pytest.mark.parametrize("value", VALUES, ids=lambda value: value[:16])
def test_what_headers_and_indexes_hold_ends_no_check(value: str, model: Path) -> None:
    for path in [(), *paths(HEADER)]:
        head = with_value(HEADER, path, value).encode()
        content = struct.pack("<Q", len(head)) + head + bytes(24)
        (model / "model.safetensors").write_bytes(content)

        look(model)
    for path in [(), *paths(INDEX)]:
        (model / "model.safetensors.index.json").write_text(with_value(INDEX, path, value))

        look(model)


@pytest.mark.parametrize("value", FEW, ids=lambda value: value[:16])
def test_what_is_told_of_them_can_be_shown(
    value: str, model: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    for name, kept in (("config.json", "architectures"), ("tokenizer_config.json", "x")):
        content = json.loads((model / name).read_text("utf-8"))
        spoiled = {key: value if key == kept else PLACE for key, value in content.items()}
        (model / name).write_text(json.dumps(spoiled).replace(f'"{PLACE}"', value))
    tell(model)

    told = capfd.readouterr()
    assert "Unexpected error" not in told.out + told.err


def test_a_shape_of_a_million_dimensions_is_refused(model: Path) -> None:
    shape = [LARGEST] * 1_000_000
    head = json.dumps({"a": {"dtype": "F32", "shape": shape, "data_offsets": [0, 24]}}).encode()
    (model / "model.safetensors").write_bytes(struct.pack("<Q", len(head)) + head + bytes(24))

    with pytest.raises(XtguiError) as caught:
        check_model(model)

    assert [problem.code for problem in caught.value.problems] == ["model.broken_weights"]
