"""What to do next, as bare `xtgui` shows it."""

from __future__ import annotations

import pytest

from xtgui_cli.ui.overview_view import show_advice

LONG = "xtgui train --resume --set train.use_activation_checkpointing=true"


def test_what_a_command_does_stands_beside_it(capfd: pytest.CaptureFixture[str]) -> None:
    show_advice([("xtgui train", "train"), ("xtgui logs", "see why")])

    assert capfd.readouterr().out.splitlines() == [
        " Next  xtgui train  train",
        " Or    xtgui logs   see why",
        "",
    ]


def test_what_does_not_fit_beside_a_long_command_stands_below_it(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")

    show_advice([(LONG, "Resume with less memory"), ("xtgui logs", "see why")])

    assert capfd.readouterr().out.splitlines() == [
        f" Next  {LONG}",
        "         Resume with less memory",
        " Or    xtgui logs  see why",
        "",
    ]
