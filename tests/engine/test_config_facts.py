"""A config text is read, never run."""

from __future__ import annotations

from pathlib import Path

import pytest
from made_checkpoints import config_text
from places import CONFIGS

from xtgui_cli.engine.config_facts import read_unsure_facts
from xtgui_cli.shared.methods import METHODS, MethodName


def test_a_dumped_config_says_base_and_scale() -> None:
    config = read_unsure_facts(config_text(Path("/models/a 'b'"), "qlora"))

    assert config.model == "/models/a 'b'"
    assert (config.lora_alpha, config.lora_dropout, config.use_rslora) == (16, 0.1, False)
    assert config.method == "qlora"


@pytest.mark.parametrize("method", METHODS)
def test_our_own_configs_are_read_where_names_stand_for_values(method: MethodName) -> None:
    config = read_unsure_facts((CONFIGS / f"{method}.py").read_text("utf-8"))

    assert config.model == "path/to/model"
    assert config.lora_alpha == (16 if METHODS[method].trains_adapter else None)
    assert config.quantizes == METHODS[method].quantizes_base


@pytest.mark.parametrize(
    "text",
    [
        "model = dict(lora=dict(lora_alpha=__import__('os').system('true')))",
        "import os; os.system('touch /tmp/x')",
        "model = [",
        "model = " + "(" * 5000,
        "model = dict(lora=dict(lora_alpha=True))",
        "\0",
        "",
    ],
)
def test_a_text_that_says_nothing_plainly_gives_nothing(text: str) -> None:
    config = read_unsure_facts(text)

    assert config.lora_alpha is None
    assert config.model is None
