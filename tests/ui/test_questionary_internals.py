"""What ui/ask.py takes from inside questionary: undocumented, so a new version may change it."""

from __future__ import annotations

from typing import Any

import prompt_toolkit
import pytest
import questionary
from prompt_toolkit.application import Application
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.output import DummyOutput

CHANGED = (
    f"questionary {questionary.__version__} with prompt_toolkit {prompt_toolkit.__version__} has "
    "changed what ui/ask.py takes from inside it: see there, then pin or adapt. What differs: "
)


def select(**terminal: Any) -> Application[Any]:
    choices = [questionary.Choice(f"model-{n}", str(n)) for n in range(3)]
    return application_of(
        questionary.select("Which?", choices, use_search_filter=True, use_jk_keys=False, **terminal)
    )


def application_of(question: Any) -> Application[Any]:
    application = getattr(question, "application", None)
    if not isinstance(application, Application):
        pytest.fail(f"{CHANGED}a question has no prompt_toolkit application")
    return application


def list_control(application: Application[Any]) -> Any:
    """Return the control that ui/ask.py finds by its attribute."""
    controls = list(application.layout.find_all_controls())
    found = [control for control in controls if hasattr(control, "found_in_search")]
    if len(found) != 1:
        pytest.fail(f"{CHANGED}{len(found)} controls of a list have `found_in_search`, not 1")
    return found[0]


@pytest.mark.parametrize("kind", ["select", "text"])
def test_a_question_has_an_application_that_takes_more_keys(kind: str) -> None:
    application = select() if kind == "select" else application_of(questionary.text("Name?"))

    assert application.key_bindings is not None, f"{CHANGED}a prompt has no keys of its own"
    assert hasattr(application, "ttimeoutlen"), f"{CHANGED}`ttimeoutlen` is gone"


def test_a_list_says_what_was_typed_and_whether_it_found_anything() -> None:
    control = list_control(select())

    assert control.search_filter is None, f"{CHANGED}`search_filter` is not None at first"
    for typed, found, shown in (("model-2", True, 1), ("nothing", False, 3)):
        control.search_filter = typed
        names = [choice.title for choice in control.filtered_choices]
        assert control.found_in_search is found, f"{CHANGED}`found_in_search` after {typed!r}"
        assert len(names) == shown, f"{CHANGED}{typed!r} shows {names}"


def test_a_list_looks_for_what_was_typed_in_the_small_letters_of_its_lines() -> None:
    from xtgui_cli.ui.ask import _Label

    choices = [questionary.Choice(_Label("Qwen/Qwen2.5-7B"), "7b"), questionary.Choice("other")]
    question = questionary.select("Which?", choices, use_search_filter=True, use_jk_keys=False)
    control = list_control(application_of(question))

    for typed, found in (("qwen2.5 7b", True), ("7b qwen", True), ("qwen 8b", False)):
        control.search_filter = typed
        names = [choice.value for choice in control.filtered_choices]
        assert (names == ["7b"]) is found, f"{CHANGED}{typed!r} shows {names}"


def test_what_is_typed_into_a_list_becomes_its_filter() -> None:
    with create_pipe_input() as typed:
        application = select(input=typed, output=DummyOutput())
        typed.send_text("-2\r")

        answer = application.run()

    assert answer == "2", f"{CHANGED}Enter after typing gives {answer!r}"
    assert list_control(application).search_filter == "-2", f"{CHANGED}`search_filter`"
