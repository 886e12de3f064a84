"""What reaches the screen: sentences in one language, without what steers a terminal."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from xtgui_cli.shared.errors import Exit, XtguiError
from xtgui_cli.texts import set_language
from xtgui_cli.texts.system import TEXTS
from xtgui_cli.ui import console
from xtgui_cli.ui.console import show_error


@pytest.fixture(autouse=True)
def chinese() -> None:
    set_language("zh")


def test_what_the_system_refuses_is_said_in_the_users_language(
    capsys: pytest.CaptureFixture[str],
) -> None:
    reason = os.strerror(errno.ENOSPC)

    show_error(XtguiError("config.not_writable", Exit.ANSWERS, path="/x", reason=reason))

    assert "无法写入 /x：磁盘空间不足" in capsys.readouterr().err


def test_any_other_reason_stays_without_its_escape_sequences(
    capsys: pytest.CaptureFixture[str],
) -> None:
    show_error(XtguiError("config.not_writable", Exit.ANSWERS, path="/x", reason="\x1b[2Jodd"))

    assert "无法写入 /x：odd" in capsys.readouterr().err


def test_every_reason_has_a_number_that_systems_know() -> None:
    assert set(TEXTS) <= set(errno.errorcode.values())


def test_a_long_text_is_shown_in_the_pager_of_whoever_reads_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(console, "is_interactive", lambda: True)
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    monkeypatch.setenv("PAGER", f"cat > {tmp_path / 'shown'}")

    console.show_paged("lr = 1\x1b[31m\n" * 200)

    assert (tmp_path / "shown").read_text() == "lr = 1\n" * 200
