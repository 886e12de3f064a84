"""What reaches the screen: sentences in one language, without what steers a terminal."""

from __future__ import annotations

import errno
import os

import pytest

from xtgui_cli.shared.errors import Exit, XtguiError
from xtgui_cli.texts import set_language
from xtgui_cli.texts.system import TEXTS
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
