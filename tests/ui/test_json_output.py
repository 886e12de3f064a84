"""What `--json` writes."""

from __future__ import annotations

import json
import math

import pytest

from xtgui_cli.ui.json_output import print_json

CONTROLS = "".join(map(chr, (*range(0x20), *range(0x7F, 0xA0))))
MISLEADING = "\u061c\u200e\u200f\u202a\u202e\u2066\u2069\u200b\u2028\ufeff\U000e0041"


@pytest.mark.parametrize("is_terminal", [True, False])
def test_a_document_is_one_line_and_holds_the_very_data(
    is_terminal: bool, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    text = f"你好{CONTROLS}{MISLEADING}\ud800"
    monkeypatch.setattr("sys.stdout.isatty", lambda: is_terminal)

    print_json({text: [text]})

    line = capsys.readouterr().out
    assert line.count("\n") == 1
    assert line.endswith("\n")
    assert "你好" in line
    assert json.loads(line) == {text: [text]}


def test_a_terminal_gets_no_control_and_no_misleading_character(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)

    print_json({CONTROLS: MISLEADING})

    line = capsys.readouterr().out.removesuffix("\n")
    assert not set(line) & set(CONTROLS + MISLEADING)


def test_a_pipe_gets_text_as_it_is(
    capsys: pytest.CaptureFixture[str],
) -> None:
    print_json({"text": f"\x9b{MISLEADING}"})

    assert f"\x9b{MISLEADING}" in capsys.readouterr().out


def test_a_number_that_json_does_not_know_becomes_a_word(
    capsys: pytest.CaptureFixture[str],
) -> None:
    print_json({"loss": math.nan, "all": [1.0, -math.inf]})

    assert json.loads(capsys.readouterr().out) == {"loss": "nan", "all": [1.0, "-inf"]}
