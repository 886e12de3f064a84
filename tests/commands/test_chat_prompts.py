"""`xtgui chat --prompts`: where the questions come from."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from xtgui_cli.commands.chat import read_prompts
from xtgui_cli.shared.errors import Exit, XtguiError


def test_a_dash_means_stdin(monkeypatch: pytest.MonkeyPatch) -> None:
    typed = io.TextIOWrapper(io.BytesIO("你是谁？\n\nWho are you?\n".encode()), "utf-8")
    monkeypatch.setattr("sys.stdin", typed)

    assert read_prompts(None, Path("-")) == ["你是谁？", "Who are you?"]


def test_a_file_that_is_not_there_is_named_without_a_number(tmp_path: Path) -> None:
    with pytest.raises(XtguiError) as caught:
        read_prompts(None, tmp_path / "nosuch")

    assert (caught.value.code, caught.value.exit) == ("chat.prompts_unreadable", Exit.ANSWERS)
    assert caught.value.data["reason"] == "No such file or directory"
