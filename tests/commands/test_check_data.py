"""`xtgui check data`: what the screen, the JSON and the repaired file say."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from xtgui_cli.cli.entry import main
from xtgui_cli.texts import set_language

GOOD = '{"messages": [{"role": "user", "content": "a"}, {"role": "assistant", "content": "b"}]}'
MISSPELT = GOOD.replace("user", "usr")
JOINED = GOOD.replace('{"role": "user"', '{"role": "user", "content": "z"}, {"role": "user"', 1)
CHINESE_ESCAPE = GOOD.replace('"user"', '"\\u001b[31m"')


def _check(*arguments: str | Path) -> int:
    try:
        return main(["check", "data", *map(str, arguments), "--lang", "en"])
    finally:
        set_language("en")


def _file(folder: Path, *lines: str) -> Path:
    path = folder / "rows.jsonl"
    path.write_text("\n".join(lines), "utf-8")
    return path


def test_the_exit_code_is_2_only_where_something_stops(tmp_path: Path) -> None:
    assert _check(_file(tmp_path, GOOD)) == 0
    assert _check(_file(tmp_path, GOOD, JOINED)) == 0
    assert _check(_file(tmp_path, GOOD, MISSPELT)) == 2
    assert _check(tmp_path / "nothing.jsonl") == 2


def test_faults_are_grouped_and_only_the_first_of_each_listed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _check(_file(tmp_path, *[MISSPELT] * 50))

    shown = capsys.readouterr().out

    assert shown.count("did you mean user?") == 3
    assert "50 ×" in shown
    assert "and 47 more" in shown
    assert len(shown.splitlines()) < 40


def test_no_line_is_wider_than_the_screen_and_no_escape_reaches_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    from rich.cells import cell_len

    _check(_file(tmp_path, CHINESE_ESCAPE, GOOD.replace('"messages"', '"数据' * 30 + '"')))

    shown = capsys.readouterr().out

    assert "\x1b" not in shown
    assert max(map(cell_len, shown.splitlines())) <= 80


def test_the_json_holds_every_fault_and_its_counts(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _check(_file(tmp_path, *[MISSPELT] * 50, JOINED), "--json")

    report = json.loads(capsys.readouterr().out)

    assert (report["format"], report["rows"], len(report["faults"])) == ("lines", 51, 100)
    assert (report["counts"]["stop"], report["counts"]["silent"]) == (50, 1)
    assert report["faults"][0] == {
        "code": "unknown_role",
        "severity": "stop",
        "row": 1,
        "line": 1,
        "field": "messages[0].role",
        "text": 'unknown role "usr"; did you mean user?',
    }


@pytest.mark.parametrize(
    ("content", "code"),
    [(GOOD.encode("utf-16"), "encoding"), (b"{\0\1", "binary"), (None, "missing")],
)
def test_the_json_is_there_too_where_the_file_is_no_text(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes | None, code: str
) -> None:
    path = tmp_path / "rows.jsonl"
    if content is not None:
        path.write_bytes(content)

    assert _check(path, "--json") == 2

    report = json.loads(capsys.readouterr().out)
    (fault,) = report["faults"]
    assert (fault["code"], fault["severity"]) == (code, "stop")
    assert str(path) in fault["text"]
    assert report["counts"] == {"stop": 1, "silent": 0, "note": 0, "codes": {code: 1}}


def test_examples_in_json_are_shown_as_they_are_to_be_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _check(_file(tmp_path, "5", '{"messages": ["a"]}'))

    shown = capsys.readouterr().out

    assert '{"messages": [...]}' in shown
    assert "{{" not in shown


@pytest.mark.parametrize(
    ("name", "content", "format"),
    [
        ("pairs.csv", "问题,回答\n你,我\n".encode("gb18030"), "questions and answers, csv"),
        ("rows.jsonl", b'{"instruction": "a", "input": "", "output": "b"}\n', "Alpaca, jsonl"),
        ("one.json", f'{{"data": [{GOOD}]}}'.encode(), "OpenAI messages, jsonl"),
        ("windows.jsonl", GOOD.encode("utf-16"), "UTF-16"),
        ("broken.json", f"[\n{GOOD},\n{{oops}}\n]".encode(), "OpenAI messages, json"),
    ],
)
def test_a_file_of_another_format_is_named_and_its_conversion_works(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    content: bytes,
    format: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / name).write_bytes(content)

    assert _check(name) == 2
    shown = capsys.readouterr().out
    command = next(line.split() for line in shown.splitlines() if "xtgui data convert" in line)

    _check(name, "--json")
    report = json.loads(capsys.readouterr().out)

    assert report["convert"].split() == command
    assert "broken_json" not in report["counts"]["codes"]
    assert format in shown
    assert "broken" not in shown.replace("broken.json", "").replace("broken-messages", "")
    assert main(command[1:]) == 0
    assert _check(command[-1]) == 0


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("<!DOCTYPE html><html>", "web page"),
        ("version https://git-lfs.github.com/spec/v1\noid sha256:0\n", "Git LFS"),
        ('{"role": "user", "content": "a"}\n' * 2, "whole conversation"),
        ("Who?\nMe.\n", "neither JSON nor a table"),
        ("你,我\n他,她\n它,谁\n", "no header"),
    ],
)
def test_what_no_command_can_put_right_is_called_what_it_is(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: str, said: str
) -> None:
    assert _check(_file(tmp_path, content)) == 2

    shown = capsys.readouterr()

    assert said in " ".join(shown.err.split())
    assert "--fix" not in shown.out + shown.err


@pytest.mark.parametrize("as_json", [True, False])
def test_a_table_with_only_a_heading_has_no_rows(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], as_json: bool
) -> None:
    path = tmp_path / "shop.csv"
    path.write_text("question,answer\n")

    assert _check(path, *["--json"] * as_json) == 2

    shown = capsys.readouterr()
    said = json.loads(shown.out)["faults"][0]["text"] if as_json else shown.err
    assert "no rows" in " ".join(said.split())
    assert "JSON" not in said


def test_unclear_columns_are_one_fault_in_json_too(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "shop.csv"
    path.write_text("left,right,middle\na,b,c\nd,e,f\n")

    assert _check(path, "--json") == 2

    report = json.loads(capsys.readouterr().out)
    assert list(report["counts"]["codes"]) == ["unclear_table"]


_PIECES = some.one_of(
    some.sampled_from(
        [GOOD, MISSPELT, JOINED, '{"text": "a"}', '{"role": "user", "content": "a"}']
    ),
    some.sampled_from(
        ["\n", ",", "[", "]", "{", '"messages"', "question,answer\n", "a;b\n", "你好"]
    ),
    some.sampled_from(["\0", "\x1b[31m", "PAR1", "<html>"]),
)


@settings(
    max_examples=40,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(pieces=some.lists(_PIECES, max_size=6), encoding=some.sampled_from(["utf-8", "utf-16"]))
def test_of_no_file_is_it_said_that_something_unexpected_happened(
    tmp_path: Path, pieces: list[str], encoding: str
) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_bytes("".join(pieces).encode(encoding))

    assert _check(path) in (0, 2)
    assert _check(path, "--json") in (0, 2)


def test_a_repaired_file_passes_and_the_original_stays(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, fixed = _file(tmp_path, GOOD, MISSPELT, JOINED, "{oops"), tmp_path / "fixed.jsonl"
    before = path.read_bytes()

    assert _check(path, "--fix", fixed) == 0
    said = capsys.readouterr().out

    assert path.read_bytes() == before
    assert len(fixed.read_text("utf-8").splitlines()) == 3
    assert "unknown roles  1 ×" in said
    assert "invalid JSON  1 ×" in said
    assert _check(fixed) == 0
    assert [file.name for file in tmp_path.iterdir() if file.name.startswith(".")] == []


def test_nothing_that_exists_is_overwritten(tmp_path: Path) -> None:
    path = _file(tmp_path, MISSPELT)
    other = tmp_path / "other.jsonl"
    other.write_text("mine", "utf-8")

    assert _check(path, "--fix", path) == 2
    assert _check(path, "--fix", other) == 2
    assert path.read_text("utf-8") == MISSPELT
    assert other.read_text("utf-8") == "mine"


def test_where_nothing_can_be_repaired_nothing_is_written(tmp_path: Path) -> None:
    path = _file(tmp_path, '{"question": "a", "answer": "b"}')

    assert _check(path, "--fix", tmp_path / "fixed.jsonl") == 2
    assert [file.name for file in tmp_path.iterdir()] == ["rows.jsonl"]
