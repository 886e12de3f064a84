"""A model folder is checked from its small files and headers alone."""

from __future__ import annotations

import json
import shutil
import struct
from collections.abc import Callable
from pathlib import Path

import pytest

from xtgui_cli.models.model_folder import check_model
from xtgui_cli.shared.errors import Exit, XtguiError


@pytest.fixture
def model(tmp_path: Path, tiny_model: Path) -> Path:
    """A model folder that a test may spoil."""
    shutil.copytree(tiny_model, tmp_path / "model")
    return tmp_path / "model"


def _refused(path: Path) -> XtguiError:
    with pytest.raises(XtguiError) as caught:
        check_model(path)
    assert caught.value.exit == Exit.ANSWERS
    return caught.value


def test_a_model_is_described(model: Path) -> None:
    info = check_model(model)

    assert (info.name, info.architecture, info.dtype) == ("model", "LlamaForCausalLM", "float32")
    assert info.shape is not None
    assert (info.parameters, info.shape.layers, info.shape.hidden) == (147_776, 2, 64)
    assert (info.max_positions, info.shape.vocabulary) == (2048, 512)
    assert info.special_tokens["bos_token"] == "<|im_start|>"
    assert not info.needs_remote_code
    assert info.chat_template is not None
    assert info.has_fast_tokenizer


def _delete(name: str) -> Callable[[Path], object]:
    return lambda model: (model / name).unlink()


def _write(name: str, content: bytes) -> Callable[[Path], object]:
    return lambda model: (model / name).write_bytes(content)


def _cut(model: Path) -> None:
    weights = model / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:-100])


LFS = b"version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n"
INDEX = json.dumps({"weight_map": {"a": "model-1.safetensors", "b": "model-2.safetensors"}})


@pytest.mark.parametrize(
    ("spoil", "codes"),
    [
        (_delete("tokenizer.json"), ["model.no_tokenizer"]),
        (_delete("model.safetensors"), ["model.no_weights"]),
        (_write("model.safetensors", b""), ["model.empty_weights"]),
        (_write("model.safetensors", LFS), ["model.lfs_pointer"]),
        (_write("model.safetensors", b"not weights at all"), ["model.broken_weights"]),
        (_write("model.safetensors", struct.pack("<Q", 3) + b"{} "), []),
        (_cut, ["model.short_weights"]),
        (_write("config.json", b"{"), ["model.broken_file"]),
        (_write("tokenizer_config.json", b"[]"), ["model.broken_file"]),
        (
            _write("model.safetensors.index.json", INDEX.encode()),
            ["model.missing_weights", "model.missing_weights"],
        ),
        (_write("model.safetensors.index.json", b"{}"), ["model.broken_file"]),
    ],
)
def test_everything_that_is_missing_or_broken_is_named(
    model: Path, spoil: Callable[[Path], object], codes: list[str]
) -> None:
    spoil(model)

    if not codes:
        assert check_model(model).parameters == 0
        return
    error = _refused(model)
    assert error.code == "model.broken"
    assert [problem.code for problem in error.problems] == codes


def test_several_faults_are_reported_at_once(model: Path) -> None:
    (model / "tokenizer.json").unlink()
    (model / "model.safetensors").unlink()

    codes = {problem.code for problem in _refused(model).problems}

    assert codes == {"model.no_tokenizer", "model.no_weights"}


def test_what_is_no_model_is_recognized(tmp_path: Path, model: Path) -> None:
    adapter = tmp_path / "adapter"
    adapter.mkdir()
    (adapter / "adapter_config.json").write_text('{"base_model_name_or_path": "the/base"}')
    (tmp_path / "empty").mkdir()
    (tmp_path / "model.gguf").write_bytes(b"GGUF")

    assert _refused(tmp_path / "none").code == "model.missing"
    assert _refused(tmp_path / "empty").code == "model.not_a_model"
    assert _refused(tmp_path / "model.gguf").code == "model.is_gguf"
    assert _refused(model / "config.json").code == "model.is_file"
    assert _refused(adapter).data["base"] == "the/base"
    assert _refused(model.parent).data["inside"] == "model"


def test_code_of_the_models_own_is_noticed(model: Path) -> None:
    config = json.loads((model / "config.json").read_text("utf-8"))
    config["auto_map"] = {"AutoModelForCausalLM": "modeling_x.XForCausalLM"}
    (model / "config.json").write_text(json.dumps(config), "utf-8")

    assert check_model(model).needs_remote_code


def test_an_embedded_text_config_is_looked_into(model: Path) -> None:
    config = json.loads((model / "config.json").read_text("utf-8"))
    inner = {"hidden_size": config.pop("hidden_size"), "num_hidden_layers": 7}
    (model / "config.json").write_text(json.dumps(config | {"text_config": inner}), "utf-8")

    info = check_model(model)

    assert info.shape is not None
    assert (info.shape.hidden, info.shape.layers) == (64, 7)
