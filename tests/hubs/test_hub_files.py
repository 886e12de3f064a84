"""Which files of a repository are fetched, what users may call it, and what a record is worth."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from xtgui_cli.hubs import record
from xtgui_cli.hubs.choose_files import choose
from xtgui_cli.hubs.hub import Kind, RemoteFile
from xtgui_cli.hubs.names import folder_of, repository_id
from xtgui_cli.hubs.registry import USUAL_HUB
from xtgui_cli.hubs.wanted import Wanted
from xtgui_cli.shared.errors import XtguiError

pytestmark = pytest.mark.process


def files(*paths: str) -> list[RemoteFile]:
    return [RemoteFile(path, 5_000_000, "", "", "") for path in paths]


def chosen(kind: Kind, *paths: str, patterns: tuple[str, ...] = ()) -> list[str]:
    place = USUAL_HUB.place_of(kind, "a/b")
    return [file.path for file in choose(place, files(*paths), patterns)]


def test_safetensors_are_taken_and_all_other_forms_of_the_weights_left() -> None:
    taken = chosen(
        "model",
        ".gitattributes",
        "README.md",
        "LICENSE",
        "config.json",
        "model.safetensors",
        "pytorch_model.bin",
        "tf_model.h5",
        "flax_model.msgpack",
        "model.gguf",
        "onnx/model.onnx",
        "onnx/config.json",
        "original/consolidated.00.pth",
        "tokenizer.model",
        "qwen.tiktoken",
        "chat_template.jinja",
        "additional_chat_templates/tool.jinja",
        "modeling_x.py",
        "picture.png",
        "training_args.bin",
    )

    assert taken == [
        "README.md",
        "LICENSE",
        "config.json",
        "model.safetensors",
        "tokenizer.model",
        "qwen.tiktoken",
        "chat_template.jinja",
        "additional_chat_templates/tool.jinja",
        "modeling_x.py",
    ]


def test_pickled_weights_are_taken_where_there_is_nothing_else() -> None:
    taken = chosen(
        "model",
        "config.json",
        "pytorch_model-00001-of-00002.bin",
        "pytorch_model-00002-of-00002.bin",
        "pytorch_model.bin.index.json",
        "optimizer.bin",
    )

    assert taken == [
        "config.json",
        "pytorch_model-00001-of-00002.bin",
        "pytorch_model-00002-of-00002.bin",
        "pytorch_model.bin.index.json",
    ]


def test_the_index_of_weights_that_are_left_is_left_too() -> None:
    taken = chosen(
        "model", "model.safetensors", "pytorch_model.bin", "pytorch_model.bin.index.json"
    )

    assert taken == ["model.safetensors"]


def test_a_second_copy_of_the_weights_is_left() -> None:
    """Mistral's repositories hold consolidated.safetensors beside the shards: twice the size."""
    taken = chosen("model", "consolidated.safetensors", "model-00001-of-00001.safetensors")

    assert taken == ["model-00001-of-00001.safetensors"]


def test_a_repository_without_weights_that_train_says_what_it_has() -> None:
    with pytest.raises(XtguiError) as caught:
        chosen("model", "config.json", "model-q4.gguf")

    assert caught.value.code == "download.no_weights"
    assert ".gguf" in caught.value.data["others"]


def test_rows_are_taken_and_scripts_and_pictures_left() -> None:
    taken = chosen(
        "dataset", ".gitattributes", "README.md", "data/train.parquet", "x.jsonl", "x.py", "a.PNG"
    )

    assert taken == ["README.md", "data/train.parquet", "x.jsonl"]


def test_a_catalogue_may_name_the_files() -> None:
    taken = chosen(
        "dataset", "README.md", "finetune/en.json", "pretrain/en.json", patterns=("finetune/*",)
    )

    assert taken == ["README.md", "finetune/en.json"]


def test_patterns_that_match_nothing_are_a_wrong_answer() -> None:
    with pytest.raises(XtguiError) as caught:
        chosen("dataset", "README.md", "x.json", patterns=("*.csv",))

    assert caught.value.code == "download.nothing_there"


@pytest.mark.parametrize(
    "typed",
    [
        "Qwen/Qwen2.5-0.5B",
        "https://huggingface.co/Qwen/Qwen2.5-0.5B",
        "https://huggingface.co/Qwen/Qwen2.5-0.5B/tree/main?x=y",
        "https://hf-mirror.com/Qwen/Qwen2.5-0.5B",
        "https://www.modelscope.cn/models/Qwen/Qwen2.5-0.5B/summary",
    ],
)
def test_an_id_may_be_the_address_of_its_page(typed: str) -> None:
    assert repository_id(typed, "model") == "Qwen/Qwen2.5-0.5B"


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "a/b/c",
        "../x",
        "a/..",
        "./a",
        "a b",
        "a\\b",
        "https://example.com/a/b",
        "a/",
        "通义千问",
    ],
)
def test_what_is_no_id_is_refused(typed: str) -> None:
    with pytest.raises(XtguiError) as caught:
        repository_id(typed, "model")

    assert caught.value.code == "download.bad_id"


@pytest.mark.parametrize(
    ("typed", "kind", "other"),
    [
        ("https://huggingface.co/datasets/tatsu-lab/alpaca", "model", "dataset"),
        ("https://www.modelscope.cn/models/Qwen/Qwen2.5-0.5B", "dataset", "model"),
    ],
)
def test_the_page_of_the_other_kind_names_the_other_command(
    typed: str, kind: Kind, other: str
) -> None:
    with pytest.raises(XtguiError) as caught:
        repository_id(typed, kind)

    assert (caught.value.code, caught.value.data["other"]) == ("download.other_kind", other)


def test_folders_are_those_of_xtunergui() -> None:
    cache = Path("/c")

    assert folder_of(Wanted("model", "a/b", {}), cache) == cache / "model_download" / "a_b"
    assert folder_of(Wanted("dataset", "a/b", {}), cache) == cache / "data_download" / "dataset_a_b"


FILE = {"path": "a", "size": 0, "algorithm": "", "digest": "", "mtime_ns": 0}
RECORD: dict[str, Any] = dict.fromkeys(("name", "kind", "hub", "id", "host", "revision"), "a")
RECORD |= {"format": 1, "patterns": [], "complete": True, "files": [FILE]}
"""One that can be read."""


@pytest.mark.parametrize(
    "content",
    [
        *("", "[]", "{}", '{"format": 2}', '{"format": 1}', "\x00", "[" * 100_000),
        json.dumps({**RECORD, "files": [{**FILE, "path": "../a"}]}),
        json.dumps({**RECORD, "files": [{**FILE, "path": "/a"}]}),
    ],
)
def test_a_record_that_cannot_be_read_is_none(tmp_path: Path, content: str) -> None:
    record.record_file(tmp_path).write_text(content)

    assert record.read(tmp_path) is None


@pytest.mark.parametrize(("files", "is_whole"), [([FILE], True), ([], False)])
def test_a_record_of_no_files_is_not_one_of_a_whole_download(
    tmp_path: Path, files: list[object], *, is_whole: bool
) -> None:
    record.record_file(tmp_path).write_text(json.dumps({**RECORD, "files": files}))

    assert record.is_complete(tmp_path) is is_whole
