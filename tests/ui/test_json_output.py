"""What `--json` writes."""

from __future__ import annotations

import json
import math

import pytest

from xtgui_cli.ui.json_output import print_json


def test_a_document_is_one_line_that_a_terminal_can_show_and_a_script_can_read(
    capsys: pytest.CaptureFixture[str],
) -> None:
    text = "你好\n\x1b[31m\x9b\u202e\ud800"

    print_json({"text": text})

    line = capsys.readouterr().out
    assert line.count("\n") == 1
    assert line.endswith("\n")
    assert not any(character in line for character in "\x1b\x9b\u202e\ud800")
    assert "你好" in line
    assert json.loads(line) == {"text": text}


def test_a_number_that_json_does_not_know_becomes_a_word(
    capsys: pytest.CaptureFixture[str],
) -> None:
    print_json({"loss": math.nan, "all": [1.0, -math.inf]})

    assert json.loads(capsys.readouterr().out) == {"loss": "nan", "all": [1.0, "-inf"]}
