"""xtgui.toml: what is read, what is refused, and that a person's file stays theirs."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xtgui_cli.project import settings_file
from xtgui_cli.settings.table import SETTINGS, Setting
from xtgui_cli.shared.errors import XtguiError
from xtgui_cli.ui import console

MINE = """\
# my project
[train]
lr = 1e-4        # found by trial
# the questions
evaluation_inputs = [
    "Who are you?",   # English
    "你是谁？",
]

[model]
path = "/models/小模型"
"""


def write(folder: Path, text: str) -> Path:
    file = folder / "xtgui.toml"
    file.write_text(text, "utf-8")
    return file


def test_only_what_changed_is_written_and_comments_stay(tmp_path: Path) -> None:
    file = write(tmp_path, MINE)

    settings_file.save(
        file,
        {"train.lr": 3e-4, "train.evaluation_inputs": ("Who are you?", "你是谁？")},
    )

    assert file.read_text("utf-8") == MINE.replace("1e-4", "0.0003")


def test_saving_what_is_there_already_does_not_touch_the_file(tmp_path: Path) -> None:
    file = write(tmp_path, MINE)
    os.utime(file, (1, 1))

    settings_file.save(file, {"train.lr": 1e-4, "train.seed": None})

    assert file.stat().st_mtime == 1


def test_an_answer_that_is_taken_back_leaves_the_file(tmp_path: Path) -> None:
    file = write(tmp_path, MINE)

    settings_file.save(file, {"train.lr": None})

    assert "lr" not in file.read_text("utf-8").replace("url", "")
    assert settings_file.load(file).keys() == {"train.evaluation_inputs", "model.path"}


def test_a_new_section_is_set_off_from_the_one_before(tmp_path: Path) -> None:
    file = write(tmp_path, "[train]\nlr = 1e-4\n")

    settings_file.save(file, {"lora.lora_r": 8})

    assert file.read_text("utf-8") == "[train]\nlr = 1e-4\n\n[lora]\nlora_r = 8\n"


def test_everything_wrong_in_a_file_is_named_at_once(tmp_path: Path) -> None:
    file = write(
        tmp_path,
        "stray = 1\n[train]\nlrr = 1\nlr = nan\nseed = 2024-01-01\nmax_epochs = [3]\n",
    )

    with pytest.raises(XtguiError) as caught:
        settings_file.load(file)

    assert {problem.code for problem in caught.value.problems} == {
        "settings.unknown",
        "settings.unknown_near",
        "settings.not_a_number",
        "settings.not_a_integer",
    }
    assert len(caught.value.problems) == 5


@pytest.mark.parametrize(
    ("text", "line"),
    [("[train]\nlr = \n", 2), ("[train\nlr = 1\n", 1), ("a = 1\na = 2\n", 2), ('x = "', 1)],
)
def test_broken_toml_is_reported_with_its_line(tmp_path: Path, text: str, line: int) -> None:
    file = write(tmp_path, text)

    with pytest.raises(XtguiError) as caught:
        settings_file.load(file)

    assert caught.value.code == "settings.broken_toml"
    assert abs(caught.value.data["line"] - line) <= 1


def test_a_broken_file_is_not_overwritten(tmp_path: Path) -> None:
    file = write(tmp_path, "[train]\nlr = \n")

    with pytest.raises(XtguiError):
        settings_file.save(file, {"train.lr": 1e-4})

    assert file.read_text("utf-8") == "[train]\nlr = \n"


def test_a_file_in_another_encoding_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "xtgui.toml"
    file.write_bytes('[train]\nSYSTEM = "你好"\n'.encode("gb18030"))

    with pytest.raises(XtguiError) as caught:
        settings_file.load(file)

    assert caught.value.code == "settings.not_utf8"


def test_a_byte_order_mark_does_no_harm(tmp_path: Path) -> None:
    file = tmp_path / "xtgui.toml"
    file.write_bytes(b"\xef\xbb\xbf[train]\nlr = 1e-4\n")

    assert settings_file.load(file) == {"train.lr": 1e-4}


def test_relative_paths_in_a_file_start_beside_it(tmp_path: Path) -> None:
    file = write(tmp_path, '[data]\npath = "rows.jsonl"\n')

    assert settings_file.load(file)["data.path"] == str(tmp_path / "rows.jsonl")


def test_relative_paths_in_a_flag_start_where_the_user_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    assert settings_file.parse_sets(["data.path=rows.jsonl"])["data.path"] == str(
        tmp_path / "rows.jsonl"
    )


def test_all_wrong_flags_are_named_at_once() -> None:
    with pytest.raises(XtguiError) as caught:
        settings_file.parse_sets(["train.lr=fast", "train.max_epochs", "lr=1"])

    assert [problem.code for problem in caught.value.problems] == [
        "settings.not_a_number",
        "settings.no_equals",
        "settings.unknown_near",
    ]


def test_a_value_may_hold_an_equals_sign() -> None:
    assert settings_file.parse_sets(["train.SYSTEM=a=b"]) == {"train.SYSTEM": "a=b"}


def test_a_full_disk_leaves_the_old_file_whole_and_nothing_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = write(tmp_path, MINE)

    def no_space(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", no_space)
    with pytest.raises(XtguiError) as caught:
        settings_file.save(file, {"train.lr": 3e-4})

    assert caught.value.code == "settings.cannot_write"
    assert file.read_text("utf-8") == MINE
    assert list(tmp_path.iterdir()) == [file]


def values_of(setting: Setting) -> st.SearchStrategy[Any]:
    texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\r"))
    if setting.choices:
        return st.sampled_from(setting.choices)
    low = max(setting.low, -1e6)
    return {
        "text": texts.map(lambda text: f"/{text}" if setting.is_path else text),
        "flag": st.booleans(),
        "integer": st.integers(int(max(low, 1)), int(min(setting.high, 1e6))),
        "number": st.floats(max(low, 1e-9), min(setting.high, 1e6) * 0.99),
        "texts": st.lists(texts, min_size=1, max_size=10).map(tuple),
        "pair": st.tuples(st.floats(0, 0.99), st.floats(0, 0.99)),
    }[setting.kind]


SOME = st.fixed_dictionaries(
    {},
    optional={setting.key: values_of(setting) for setting in SETTINGS if not setting.is_path},
)


@given(first=SOME, second=SOME)
def test_whatever_is_saved_reads_back_the_same(
    tmp_path_factory: pytest.TempPathFactory, first: dict[str, Any], second: dict[str, Any]
) -> None:
    file = tmp_path_factory.mktemp("answers") / "xtgui.toml"

    settings_file.save(file, first)
    settings_file.save(file, second)

    assert settings_file.load(file) == first | second


@pytest.mark.parametrize(
    "text",
    [
        "a = " + "[" * 5000 + "]" * 5000,
        "a = " + "{b=" * 5000 + "1" + "}" * 5000,
        f"[{'.'.join('a' * 5000)}]\nb = 1",
        f"[train]\n{'.'.join('a' * 5000)} = 1",
        "[train]\nlr = " + "1" * 5000,
        "[train]\nlr = 1e999",
        "[train]\nmax_epochs = " + "1" * 400,
        "[train]\nlr = 1979-05-27T07:32:00Z",
        "x = 1\n" * 200_000,
        "".join(f"[t{number}]\nx = 1\n" for number in range(20_000)),
    ],
    ids=[
        *("lists", "tables", "table name", "name", "digits", "infinite", "large", "date"),
        *("too large", "many"),
    ],
)
def test_a_file_of_a_stranger_is_refused_in_words(
    tmp_path: Path, text: str, capfd: pytest.CaptureFixture[str]
) -> None:
    file = write(tmp_path, text)

    for read in (lambda: settings_file.load(file), lambda: settings_file.save(file, {"a.b": 1})):
        try:
            read()
        except XtguiError as error:
            console.talk.cache_clear()
            console.show_error(error)

    told = capfd.readouterr().err.splitlines()
    assert max(map(len, told), default=0) < 20_000
    assert len(told) < 500


@pytest.mark.parametrize(
    "text",
    [
        f"[{'.'.join('a' * 100)}]\n",
        f"{' . '.join('a' * 100)} = 1\n",
        "x = {" + ".".join(['"a"'] * 100) + " = 1}\n",
    ],
    ids=["table", "spaces", "quoted"],
)
def test_a_key_of_a_hundred_parts_is_refused_at_its_line(tmp_path: Path, text: str) -> None:
    with pytest.raises(XtguiError) as caught:
        settings_file.load(write(tmp_path, f"[train]\n{text}"))

    assert (caught.value.code, caught.value.data["line"]) == ("settings.broken_toml", 2)


def test_dots_in_a_text_are_no_key(tmp_path: Path) -> None:
    said = ". ".join(["one two"] * 100) + "." * 100

    file = write(tmp_path, f'[train]\nSYSTEM = """\n{said}"""\n')

    assert settings_file.load(file) == {"train.SYSTEM": said}
