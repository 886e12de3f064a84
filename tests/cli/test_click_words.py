"""Everything that click may find wrong is worded by us, whatever version of Typer is installed."""

from __future__ import annotations

import pytest

from xtgui_cli import texts
from xtgui_cli.cli import click_words, commands
from xtgui_cli.shared.errors import XtguiError

PROVOKED = {
    "no_option": ["train", "--fresch"],
    "no_command": ["trian"],
    "command_missing": ["check", "--lang", "en"],
    "missing": ["check", "model"],
    "extra": ["logs", "more"],
    "value_missing": ["chat", "--prompt"],
    "takes_no_value": ["train", "--fresh=1"],
    "no_choice": ["demo", "--method", "x"],
    "out_of_range": ["init", "--step", "4"],
    "too_low": ["logs", "--lines", "0"],
    "no_integer": ["init", "--step", "x"],
    "no_number": ["chat", "--top-p", "x"],
}


def test_every_sentence_is_provoked_by_one_of_these_tests() -> None:
    assert PROVOKED.keys() | {"did_you_mean"} == texts._area("click").keys()


@pytest.mark.parametrize("code", PROVOKED)
def test_a_sentence_of_click_is_recognised(code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(click_words, "t", lambda key, **data: key)

    with pytest.raises(XtguiError) as caught:
        commands.run(PROVOKED[code])

    assert caught.value.data["message"].removesuffix("click.did_you_mean") == f"click.{code}"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            ["chat", "--num-beams", "65"],
            "--num-beams must be between 1 and 64, got 65.",
        ),
        (["logs", "--lines", "0"], "--lines must be at least 1, got 0."),
        (["check", "modle", "x"], "There is no command modle. Did you mean model?"),
        (["train", "--fresch"], "There is no option --fresch. Did you mean --fresh?"),
        (["check", "model"], "MODEL is missing."),
    ],
)
def test_a_sentence_names_what_was_given_and_what_is_possible(
    arguments: list[str], message: str
) -> None:
    with pytest.raises(XtguiError) as caught:
        commands.run(arguments)

    assert caught.value.data["message"] == message


def test_a_sentence_that_nobody_knows_is_shown_as_it_is() -> None:
    error = click_words.UsageError("All is lost.")

    assert click_words.explain(error).data["message"] == "All is lost."
