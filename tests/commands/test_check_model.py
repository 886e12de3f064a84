"""`xtgui check model` and `xtgui templates`, as a user and as a program see them."""

from __future__ import annotations

import json
import shutil
import struct
from pathlib import Path

import pytest

from xtgui_cli.commands import check_model, templates
from xtgui_cli.commands.check_model import CheckModelRequest
from xtgui_cli.commands.templates import TemplatesRequest
from xtgui_cli.shared.errors import Exit, XtguiError
from xtgui_cli.shared.templates import all_templates

SHARDS, TENSORS, TENSOR_SIZE = 30, 28, 166_700_000


def _read(capsys: pytest.CaptureFixture[str]) -> dict[str, object]:
    content: dict[str, object] = json.loads(capsys.readouterr().out)
    return content


def test_a_whole_model_is_told_as_one_object(
    tiny_model: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert check_model.run(CheckModelRequest(path=tiny_model, as_json=True)) is Exit.DONE

    told = _read(capsys)
    assert told["template"] == {"kind": "exact", "name": "qwen_chat"}
    assert (told["faults"], told["stack"], told["bos"]) == ([], "modern", None)
    assert told["parameters"] == 147776


def test_every_fault_is_told_with_its_sentence(
    tiny_model: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = shutil.copytree(tiny_model, tmp_path / "model")
    (folder / "tokenizer.json").unlink()
    weights = folder / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:-1])

    assert check_model.run(CheckModelRequest(path=folder, as_json=True)) is Exit.ANSWERS

    told = _read(capsys)
    faults = told["faults"]
    assert isinstance(faults, list)
    assert [fault["code"] for fault in faults] == ["no_tokenizer", "short_weights"]
    assert all(fault["text"] for fault in faults)


def test_a_model_without_a_chat_template_gets_a_suggestion_only(
    tiny_model: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = shutil.copytree(tiny_model, tmp_path / "Llama-2-7b-hf")
    file = folder / "tokenizer_config.json"
    content = json.loads(file.read_text())
    del content["chat_template"]
    file.write_text(json.dumps(content))

    check_model.run(CheckModelRequest(path=folder, as_json=True))

    assert _read(capsys)["template"] == {
        "kind": "suggested",
        "name": "llama2_chat",
        "like": "meta-llama/Llama-2-7b-hf",
        "is_same_model": True,
    }


def test_a_model_of_seventy_billion_is_counted_from_its_headers(
    tiny_model: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = shutil.copytree(tiny_model, tmp_path / "big")
    save_shards(folder)

    assert check_model.run(CheckModelRequest(path=folder, as_json=True)) is Exit.DONE

    assert _read(capsys)["parameters"] == SHARDS * TENSORS * TENSOR_SIZE // 2


def save_shards(folder: Path) -> None:
    """Put in place of the weights what a 70-billion model has: real headers, sparse files."""
    (folder / "model.safetensors").unlink()
    weight_map: dict[str, str] = {}
    for shard in range(SHARDS):
        name = f"model-{shard + 1:05}-of-{SHARDS:05}.safetensors"
        header = {
            f"layer.{shard}.{number}": {
                "dtype": "BF16",
                "shape": [TENSOR_SIZE // 2],
                "data_offsets": [number * TENSOR_SIZE, (number + 1) * TENSOR_SIZE],
            }
            for number in range(TENSORS)
        }
        head = json.dumps(header).encode()
        with (folder / name).open("wb") as file:
            file.write(struct.pack("<Q", len(head)) + head)
            file.truncate(8 + len(head) + TENSORS * TENSOR_SIZE)
        weight_map |= dict.fromkeys(header, name)
    index = folder / "model.safetensors.index.json"
    index.write_text(json.dumps({"weight_map": weight_map}))


def test_all_templates_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert templates.run(TemplatesRequest(as_json=True)) is Exit.DONE

    listed = json.loads(capsys.readouterr().out)
    assert [one["name"] for one in listed] == list(all_templates())
    assert all(one["for"] for one in listed)


@pytest.mark.parametrize("name", sorted(all_templates()))
def test_a_template_is_shown_with_its_trained_parts_between_marks(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without colour too; minicpm, which has no place for a system text, as well."""
    assert templates.run(TemplatesRequest(name=name)) is Exit.DONE

    shown = "".join(capsys.readouterr().out.split())  # lines are wrapped at the window's width
    assert "▶OntheeastcoastofChina." in shown
    assert ("Youareafriendlyguide." in shown) == bool(all_templates()[name].system)


def test_an_unknown_template_is_answered_with_the_nearest() -> None:
    with pytest.raises(XtguiError) as caught:
        templates.run(TemplatesRequest(name="qwen-chat"))

    assert caught.value.data["near"] == "qwen_chat"
