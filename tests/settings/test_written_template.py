"""A template that is written out, as settings."""

from __future__ import annotations

from settings_of import settings_of

from xtgui_cli.settings.written_template import as_settings, read_template
from xtgui_cli.shared.custom_template import from_fields, to_fields

FIELDS = {
    "SYSTEM": "<sys>{system}</sys>\n",
    "INSTRUCTION": "Q: {input}\nA: ",
    "SUFFIX": "</a>",
    "SUFFIX_AS_EOS": True,
    "SEP": "\n",
    "STOP_WORDS": ["</a>"],
}


def test_a_template_becomes_settings_and_comes_back() -> None:
    template = from_fields(FIELDS)

    settings = settings_of(as_settings(to_fields(template)))

    assert read_template(settings.model) == template


def test_without_an_instruction_no_template_is_written_out() -> None:
    settings = settings_of({"model.prompt_template": "custom"})

    assert read_template(settings.model) is None
