"""A config text is read, never run."""

from __future__ import annotations

from pathlib import Path

import pytest
from checkpoints import config_text

from xtgui_cli.engine.trained_config import TrainedConfig, read_trained_config

CONFIGS = Path(__file__).parents[2] / "configs"


def test_a_dumped_config_says_base_and_scale() -> None:
    config = read_trained_config(config_text(Path("/models/a 'b'"), "qlora"))

    assert config == TrainedConfig("/models/a 'b'", 16, 0.1, False, True)


@pytest.mark.parametrize("method", ["lora", "qlora", "full"])
def test_our_own_configs_are_read_where_names_stand_for_values(method: str) -> None:
    config = read_trained_config((CONFIGS / f"{method}.py").read_text("utf-8"))

    assert config.base == "path/to/model"
    assert config.lora_alpha == (None if method == "full" else 16)
    assert config.is_quantised == (method == "qlora")


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
    config = read_trained_config(text)

    assert config.lora_alpha is None
    assert config.base is None
