"""What the engine needs to know about a config besides running it.

Before a run: whether bitsandbytes can stay out, and what to announce. For a checkpoint: how its
adapter is scaled. The text may be a stranger's; it is parsed and never run.
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from typing import Any

from ..shared.config_file import parse_config
from ..shared.custom_template import as_template
from ..shared.errors import XtguiError
from ..shared.methods import METHODS, MethodName
from ..shared.regular_file import MOST_WRITTEN_BYTES
from ..shared.templates import PromptTemplate


@dataclass(frozen=True)
class ConfigFacts:
    """The facts of one config; None if it does not say them plainly."""

    method: MethodName = "full"
    model: str | None = None
    """Path of the base model."""
    data: str | None = None
    """Path of the training data."""
    template: PromptTemplate | None = None
    """The prompt template, whether xtuner's own or written out in the config."""
    has_autocast: bool = False
    """Whether it trains in mixed precision."""
    needs_bitsandbytes: bool = True
    trust_remote_code: bool = False
    """Whether the user has agreed to run Python files that came with the model."""
    lora_alpha: float | None = None
    lora_dropout: float | None = None
    use_rslora: bool = False
    """Whether the adapter is scaled by alpha / sqrt(rank) instead of alpha / rank."""

    @property
    def quantizes(self) -> bool:
        """Whether the base is held in fewer than 16 bits."""
        return METHODS[self.method].quantizes_base

    @property
    def trains_adapter(self) -> bool:
        """Whether the base stays as it is and an adapter is trained."""
        return METHODS[self.method].trains_adapter


def read_config_facts(text: str, file: str = "") -> ConfigFacts:
    """Return the facts of a config.

    Raises:
        XtguiError: "config.syntax" if it is not Python.
    """
    config = parse_config(text, file)
    values, model = config.values, _mapping(config.nested.get("model"))
    llm, lora = _mapping(model.get("llm")), _mapping(model.get("lora"))
    names = {name.rpartition(".")[2] for name in config.objects}
    packages = {name.partition(".")[0] for name in config.objects}
    # Our configs say it as `amp_dtype`, other people's only by their optimizer wrapper.
    wrapped = "AmpOptimWrapper" in names
    return ConfigFacts(
        method=config.method,
        model=_text(llm.get("pretrained_model_name_or_path"))
        or _text(values.get("pretrained_model_name_or_path")),
        data=_text(values.get("data_path")),
        template=as_template(values.get("prompt_template")),
        has_autocast=values["amp_dtype"] is not None if "amp_dtype" in values else wrapped,
        needs_bitsandbytes=METHODS[config.method].quantizes_base or "bitsandbytes" in packages,
        trust_remote_code=values.get("trust_remote_code") is True,
        lora_alpha=_number(lora.get("lora_alpha")),
        lora_dropout=_number(lora.get("lora_dropout")),
        use_rslora=lora.get("use_rslora") is True,
    )


def read_unsure_facts(text: object) -> ConfigFacts:
    """Return the facts of what may be a config; if it is none, that nothing is known."""
    if isinstance(text, str) and len(text) <= MOST_WRITTEN_BYTES:
        with contextlib.suppress(XtguiError):
            return read_config_facts(text)
    return ConfigFacts()


def _mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None


def _number(value: Any) -> float | None:
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return value if is_number else None
