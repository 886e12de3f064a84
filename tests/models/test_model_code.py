"""The Python files of a model, read without running them."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from xtgui_cli.models.model_code import brings_code, find_findings, read_code
from xtgui_cli.shared.errors import XtguiError


@pytest.fixture
def model(tmp_path: Path) -> Path:
    write(tmp_path, "config.json", {"auto_map": {"AutoModelForCausalLM": "modeling_x.X"}})
    (tmp_path / "modeling_x.py").write_text("from .layers import Layer\n")
    (tmp_path / "layers.py").write_text("import torch\n")
    return tmp_path


def write(folder: Path, name: str, content: object) -> None:
    (folder / name).write_text(json.dumps(content))


def test_all_python_files_of_a_model_are_read_since_each_may_import_the_others(model: Path) -> None:
    (model / "more").mkdir()
    (model / "more" / "deep.py").write_text("")

    names = [file.name for file in read_code(model).files]

    assert names == ["layers.py", "modeling_x.py", "more/deep.py"]


@pytest.mark.parametrize(
    "change",
    [
        lambda model: (model / "layers.py").write_text("import torch \n"),
        lambda model: (model / "layers.py").rename(model / "other.py"),
        lambda model: (model / "new.py").write_text(""),
        lambda model: (model / "layers.py").unlink(),
    ],
)
def test_any_change_of_the_files_changes_their_digest(
    model: Path, change: Callable[[Path], object]
) -> None:
    before = read_code(model).digest

    change(model)

    assert read_code(model).digest != before


def test_a_copy_of_the_files_elsewhere_has_the_same_digest(model: Path, tmp_path: Path) -> None:
    import shutil

    copy = Path(shutil.copytree(model, tmp_path / "copy"))
    shutil.copytree(copy, tmp_path / "model" / "again")

    assert read_code(copy).digest == read_code(tmp_path / "model" / "again").digest


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("import os", "system"),
        ("import os.path as p", "system"),
        ("from subprocess import run", "system"),
        ("import torch, socket", "network"),
        ("from urllib.request import urlopen", "network"),
        ("eval('1')", "code"),
        ("run = exec", "code"),
        ("__import__('o' + 's')", "code"),
        ("import pickle", "code"),
        ("open(path, 'wb')", "writes"),
        ("open(path, mode='a')", "writes"),
        ("open(path, mode)", "writes"),
        ("path.open('w')", "writes"),
        ("path.write_text('')", "writes"),
        ("class X:\n  def f(self):\n    import socket", "network"),
        ("def broken(", "unreadable"),
    ],
)
def test_what_stands_out_in_a_file_is_found(line: str, kind: str) -> None:
    (finding,) = find_findings(line.encode())

    assert finding.kind == kind


@pytest.mark.parametrize(
    "line",
    [
        "model.eval()",
        "re.compile('x')",
        "torch.compile(model)",
        "open(path)",
        "open(path, encoding='utf-8')",
        "open(path, 'rb')",
        "Image.open(path)",
        "from .os import Layer",
        "'import os'",
        "import ostrich",
    ],
)
def test_what_every_model_does_does_not_stand_out(line: str) -> None:
    assert find_findings(line.encode()) == ()


def test_a_thing_is_named_once_with_its_first_line() -> None:
    (finding,) = find_findings(b"\nimport os\nimport os\n")

    assert (finding.line, finding.what) == (2, "import os")


@pytest.mark.parametrize(
    "source", [b"(" * 5000 + b")" * 5000, b"\0", b"\xff\xfe", b"-" * 100_000 + b"1"]
)
def test_a_file_made_to_break_the_reader_is_one_that_cannot_be_parsed(source: bytes) -> None:
    assert [finding.kind for finding in find_findings(source)] == ["unreadable"]


@pytest.mark.parametrize(
    "reference",
    [
        "owner/name--modeling_x.X",
        "/tmp/evil.X",
        "../evil.X",
        "modeling_gone.X",
        ["tokenization_gone.Slow", None],
    ],
)
@pytest.mark.parametrize("name", ["config.json", "tokenizer_config.json"])
def test_code_that_lies_in_another_place_is_refused(
    model: Path, name: str, reference: object
) -> None:
    write(model, name, {"auto_map": {"AutoTokenizer": reference}})

    with pytest.raises(XtguiError) as caught:
        read_code(model)

    assert caught.value.code == "model_code.elsewhere"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes")
def test_a_pipe_in_the_place_of_a_file_is_refused_and_not_waited_for(model: Path) -> None:
    (model / "layers.py").unlink()
    os.mkfifo(model / "layers.py")

    with pytest.raises(XtguiError) as caught:
        read_code(model)

    assert caught.value.code == "model_code.unreadable"


def test_python_files_that_no_config_asks_for_are_not_run(model: Path) -> None:
    assert brings_code(model)

    write(model, "config.json", {"auto_map": {"AutoModelForVision2Seq": "modeling_x.X"}})

    assert not brings_code(model)


@pytest.mark.parametrize(
    ("model_type", "named", "asks"),
    [
        ("phi3", "modeling_phi3.Phi3ForCausalLM", False),
        ("minicpm3", "modeling_minicpm.MiniCPM3ForCausalLM", False),
        ("phi3", "modeling_mine.MyForCausalLM", True),
        ("llama", "modeling_phi3.Phi3ForCausalLM", True),
        ("internlm3", "modeling_internlm3.InternLM3ForCausalLM", True),
    ],
)
def test_code_that_transformers_has_by_now_is_not_asked_for(
    tmp_path: Path, model_type: str, named: str, *, asks: bool
) -> None:
    auto_map = {"AutoConfig": "configuration_x.XConfig", "AutoModelForCausalLM": named}
    write(tmp_path, "config.json", {"model_type": model_type, "auto_map": auto_map})

    assert brings_code(tmp_path) is asks
