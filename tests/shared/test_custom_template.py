"""A prompt template that is written out: in the answers, in the config, read back."""

from __future__ import annotations

import ast
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xtgui_cli.engine.config_facts import read_config_facts
from xtgui_cli.project.config_filler import fill
from xtgui_cli.shared.config_file import config_templates_dir, read, read_file
from xtgui_cli.shared.custom_template import (
    as_template,
    from_fields,
    to_fields,
)
from xtgui_cli.shared.errors import XtguiError
from xtgui_cli.shared.templates import Turn, all_templates, pieces_of

FIELDS: dict[str, Any] = {
    "SYSTEM": "<sys>{system}</sys>\n",
    "INSTRUCTION": '"Q" {{x}}: {input}\nA: ',
    "SUFFIX": "</a>",
    "SUFFIX_AS_EOS": True,
    "SEP": "\n",
    "STOP_WORDS": ["</a>"],
}
SHIPPED = read_file(config_templates_dir() / "lora.py")


def test_a_template_in_a_config_is_read_back_as_it_was_written() -> None:
    text = fill(SHIPPED, {"prompt_template": FIELDS})

    assert read(text)["prompt_template"] == FIELDS
    facts = read_config_facts(text)
    assert facts.template == from_fields(FIELDS)


def test_a_config_can_go_back_to_a_template_of_xtuner() -> None:
    text = fill(fill(SHIPPED, {"prompt_template": FIELDS}), {"prompt_template": "default"})

    assert text == SHIPPED


def test_a_template_that_a_person_wrote_as_a_dict_is_read() -> None:
    text = SHIPPED.replace("PROMPT_TEMPLATE.default", repr(FIELDS))

    assert read(text)["prompt_template"] == FIELDS
    assert read_config_facts(text).template == from_fields(FIELDS)


def test_a_template_that_is_computed_is_not_read() -> None:
    text = SHIPPED.replace("PROMPT_TEMPLATE.default", "dict(INSTRUCTION=open('x').read())")

    assert "prompt_template" not in read(text)
    assert read_config_facts(text).template is None


@given(st.text(), st.text(), st.text())
def test_no_text_of_a_template_becomes_code(before: str, suffix: str, sep: str) -> None:
    escaped = before.replace("{", "{{").replace("}", "}}")
    fields = {"SYSTEM": "", "INSTRUCTION": escaped + "{input}", "SUFFIX": suffix, "SEP": sep}

    try:
        text = fill(SHIPPED, {"prompt_template": fields})
    except UnicodeEncodeError:
        return
    wrote = read(text)["prompt_template"]

    assert from_fields(wrote) == from_fields(fields)
    assert len(ast.parse(text).body) == len(ast.parse(SHIPPED).body)
    pieces = list(pieces_of([Turn("q{}", "a")], from_fields(fields)))
    assert pieces[1].text == before + "q{}"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"INSTRUCTION": "no place"}, "INSTRUCTION"),
        ({"INSTRUCTION": "{input} {other}"}, "INSTRUCTION"),
        ({"INSTRUCTION": "{input} {"}, "INSTRUCTION"),
        ({"INSTRUCTION": "{input.__class__}"}, "INSTRUCTION"),
        ({"INSTRUCTION": "{input!r}"}, "INSTRUCTION"),
        ({"INSTRUCTION": 3}, "INSTRUCTION"),
        ({"SYSTEM": "no place"}, "SYSTEM"),
        ({"SUFFIX": ""}, "SUFFIX"),
        ({"STOP_WORDS": "text"}, "STOP_WORDS"),
    ],
)
def test_a_wrong_field_is_named(change: dict[str, Any], field: str) -> None:
    with pytest.raises(XtguiError) as caught:
        from_fields(FIELDS | change)

    assert (caught.value.code, caught.value.data) == ("settings.template_wrong", {"field": field})
    assert as_template(FIELDS | change) is None


@pytest.mark.parametrize("name", sorted(all_templates()))
def test_each_template_of_xtuner_can_be_written_out(name: str) -> None:
    """As a start for a person who wants to change one."""
    template = all_templates()[name]

    again = from_fields(to_fields(template))

    turns = [Turn("q", "a"), Turn("r", "b")]
    assert list(pieces_of(turns, again)) == list(pieces_of(turns, template))
