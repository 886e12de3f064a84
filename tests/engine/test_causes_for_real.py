"""The table of causes knows what the libraries really say.

Most errors are provoked: the installed library raises them. What needs a GPU, several machines or
an old system cannot be provoked on a CPU: its text is found in the installed library's own code,
and where that is not the library which said it, the test names that one.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import provoked_by_files  # noqa: F401 (registers what it provokes)
import pytest
from messages_in_libraries import IN_LIBRARIES, OTHER_RELEASES, holds
from provocations import PROVOKED

from xtgui_cli.engine.faults import explain
from xtgui_cli.shared.causes import CAUSES

pytestmark = [pytest.mark.engine, pytest.mark.xdist_group("engine")]


@pytest.fixture(scope="module")
def errors(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, BaseException]]:
    """Return what each provocation raises; those that this machine cannot make are left out."""
    found: dict[str, BaseException] = {}
    with pytest.MonkeyPatch.context() as patch, Path(os.devnull).open() as nobody:
        for variable in ("HF_HUB_OFFLINE", "HF_DATASETS_OFFLINE"):
            patch.setenv(variable, "1")
        patch.setattr("sys.stdin", nobody)
        for _code, _phase, provoke in PROVOKED:
            try:
                provoke(tmp_path_factory.mktemp("provoked"))
            except pytest.skip.Exception:
                continue
            except Exception as error:
                found[provoke.__name__] = error
            else:
                pytest.fail(f"{provoke.__name__} raises nothing")
        yield found


@pytest.mark.parametrize(
    ("code", "phase", "name"),
    [(code, phase, provoke.__name__) for code, phase, provoke in PROVOKED],
    ids=lambda value: value,
)
def test_a_real_error_is_recognised(
    code: str, phase: str, name: str, errors: dict[str, BaseException]
) -> None:
    if name not in errors:
        pytest.skip("cannot be provoked on this machine")

    assert explain(errors[name], phase)[0] == code, repr(errors[name])


@pytest.mark.parametrize("message", IN_LIBRARIES)
def test_a_message_that_cannot_be_provoked_stands_in_the_library(message: str) -> None:
    for place, text in IN_LIBRARIES[message]:
        assert text == message if not place else holds(place, text), place


def test_every_message_of_the_table_was_met_or_read(errors: dict[str, BaseException]) -> None:
    phases = {provoke.__name__: phase for _code, phase, provoke in PROVOKED}
    chains = [(error, phases[name]) for name, first in errors.items() for error in chain_of(first)]

    unseen = [
        sign.says
        for cause in CAUSES
        for sign in (*cause.signs, *cause.otherwise)
        if sign.says
        and sign.says not in {*IN_LIBRARIES, *OTHER_RELEASES}
        and all(sign.find(error, phase) is None for error, phase in chains)
    ]

    assert unseen == []


def chain_of(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__
