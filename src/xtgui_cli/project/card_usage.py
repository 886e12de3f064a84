"""The part of a model card about its use: the prompt template, and commands to copy."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from ..models.chat_template import find_chat_template
from ..shared.custom_template import CUSTOM, as_template
from ..shared.json_values import count, mapping
from ..shared.regular_file import read_json
from ..shared.templates import PromptTemplate
from ..texts import t
from ..ui.console import sanitize
from .card_markdown import block, code

CardKind = Literal["adapter", "merged", "full"]

_VLLM_RANKS = (8, 16, 32, 64, 128, 256, 320, 512)
"""Allowed values of vLLM's --max-lora-rank; the default is 16."""
_LONGEST_QUESTION = 200


@dataclass(frozen=True)
class Usage:
    """What the commands of a card depend on."""

    kind: CardKind
    name: str
    """The name of the model: letters, digits, ".", "_" and "-"."""
    base: str
    """Of an adapter: its base's name on a hub, or a path to be filled in."""
    template: PromptTemplate | None
    system: str
    question: str
    has_chat_template: bool
    has_own_code: bool
    rank: int
    """The adapter's rank, 0 for other models."""

    @property
    def prompt(self) -> str:
        """The text that the model gets for the question."""
        if self.template is None:
            return self.question
        begin = self.template.system.format(system=self.system) if self.system else ""
        return begin + self.template.instruction.format(input=self.question, round=1)

    @property
    def messages(self) -> list[dict[str, str]]:
        """The same as a conversation."""
        system = [{"role": "system", "content": self.system}] if self.system else []
        return [*system, {"role": "user", "content": self.question}]


def read_usage(
    made: Path, kind: CardKind, values: Mapping[str, Any], names: tuple[str, str]
) -> Usage:
    """Return what is known about how a model is used.

    Args:
        made: The converted folder.
        kind: Whether it holds an adapter or a model.
        values: The values of the config.
        names: The names of the project and of the base.
    """
    name, base = names
    system, asked = values.get("SYSTEM"), values.get("evaluation_inputs")
    question = asked[0] if isinstance(asked, list) and asked else ""
    is_short = isinstance(question, str) and 0 < len(question.strip()) <= _LONGEST_QUESTION
    adapter = _read(made / "adapter_config.json")
    return Usage(
        kind=kind,
        name=re.sub(r"[^A-Za-z0-9._-]+", "-", name).strip("-.") or "my-model",
        base=base if "/" in base else f"path/to/{base}",
        template=as_template(values.get("prompt_template")),
        system=sanitize(system).strip() if isinstance(system, str) else "",
        question=sanitize(question).strip() if is_short else "Who are you?",
        has_chat_template=bool(find_chat_template(made, _read(made / "tokenizer_config.json"))),
        has_own_code=values.get("trust_remote_code") is True,
        rank=count(adapter.get("r")) or 0,
    )


def _read(file: Path) -> dict[str, Any]:
    try:
        return dict(mapping(read_json(file)))
    except (OSError, ValueError):
        return {}


def usage_lines(usage: Usage) -> Iterator[str]:
    """Yield the sections on the prompt template and on how to use the model."""
    if usage.template is not None:
        yield f"## {t('model_card.template')}"
        yield ""
        is_own = usage.template.name == CUSTOM
        key = "model_card.template_own" if is_own else "model_card.template_named"
        yield t(key, name=code(usage.template.name))
        yield ""
        yield from block(usage.prompt + "…" + usage.template.suffix, "text")
        yield ""
    yield f"## {t('model_card.use')}"
    yield ""
    hint = t("model_card.use_chat_template")
    is_unsure = usage.template is not None and usage.has_chat_template
    yield t("model_card.use_here") + (f" {hint}" if is_unsure else "")
    yield ""
    yield "### transformers"
    yield ""
    yield from block("\n".join(_python(usage)), "python")
    yield ""
    yield "### vLLM"
    yield ""
    yield from block("\n".join(_vllm(usage)), "sh")
    yield ""
    yield "### Ollama"
    yield ""
    yield from _ollama(usage)


def _python(usage: Usage) -> Iterator[str]:
    own_code = ", trust_remote_code=True" if usage.has_own_code else ""
    is_adapter = usage.kind == "adapter"
    if is_adapter:
        yield "from peft import PeftConfig, PeftModel"
    yield "from transformers import AutoModelForCausalLM, AutoTokenizer"
    yield ""
    if is_adapter:
        yield f"# {t('model_card.base_elsewhere')}"
        yield 'base = PeftConfig.from_pretrained(".").base_model_name_or_path'
    yield f'tokenizer = AutoTokenizer.from_pretrained("."{own_code})'
    source = "base" if is_adapter else '"."'
    options = f'torch_dtype="auto"{own_code}'
    yield f"model = AutoModelForCausalLM.from_pretrained({source}, {options})"
    if is_adapter:
        yield 'model = PeftModel.from_pretrained(model, ".")'
    yield ""
    if usage.has_chat_template:
        yield f"messages = {json.dumps(usage.messages, ensure_ascii=False)}"
        yield "inputs = tokenizer.apply_chat_template("
        yield ('    messages, add_generation_prompt=True, return_dict=True, return_tensors="pt"')
        yield ")"
    else:
        yield f"prompt = {json.dumps(usage.prompt, ensure_ascii=False)}"
        yield 'inputs = tokenizer(prompt, return_tensors="pt")'
    yield "answer = model.generate(**inputs, max_new_tokens=200)"
    yield (
        'print(tokenizer.decode(answer[0, inputs["input_ids"].shape[1] :], '
        "skip_special_tokens=True))"
    )


def _vllm(usage: Usage) -> Iterator[str]:
    own_code = " --trust-remote-code" if usage.has_own_code else ""
    if usage.kind == "adapter":
        rank = next((rank for rank in _VLLM_RANKS if rank >= usage.rank), usage.rank)
        yield f"vllm serve {shlex.quote(usage.base)} --enable-lora --max-lora-rank {rank} \\"
        yield f"    --lora-modules {usage.name}=.{own_code}"
    else:
        yield f"vllm serve . --served-model-name {usage.name}{own_code}"
    yield ""
    if usage.has_chat_template:
        request: dict[str, Any] = {"model": usage.name, "messages": usage.messages}
        path = "chat/completions"
    else:
        request = {"model": usage.name, "prompt": usage.prompt, "max_tokens": 200}
        path = "completions"
    yield f"curl http://localhost:8000/v1/{path} -H 'Content-Type: application/json' \\"
    yield f"    -d {shlex.quote(json.dumps(request, ensure_ascii=False))}"


def _ollama(usage: Usage) -> Iterator[str]:
    if usage.kind == "adapter":
        yield t("model_card.ollama_adapter")
        return
    yield t("model_card.ollama")
    yield ""
    yield from block("\n".join(_modelfile(usage)), "text")
    yield ""
    create = f"ollama create {usage.name} -f Modelfile"
    run = f"ollama run {usage.name} {shlex.quote(usage.question)}"
    yield from block(f"{create}\n{run}", "sh")
    yield ""
    yield t("model_card.ollama_gguf")


_MARK = "\0"
"""Stands for the question or the system text while the rest of a template is escaped."""


def _modelfile(usage: Usage) -> Iterator[str]:
    """Yield Ollama's file: where the weights are, and the prompt template in Go's language."""
    yield "FROM ."
    template = usage.template
    if template is not None:
        system = _in_go(template.system.format(system=_MARK), "System") if template.system else ""
        turn = _in_go(template.instruction.format(input=_MARK, round=1), "Prompt")
        begin = f"{{{{ if .System }}}}{system}{{{{ end }}}}" if system else ""
        end = _in_go(template.suffix + template.sep)
        text = f"{begin}{turn}{{{{ .Response }}}}{end}"
        if '"""' not in text:  # which would end the text: the rest would be read as instructions
            yield f'TEMPLATE """{text}"""'
    if usage.system and '"""' not in usage.system:
        yield f'SYSTEM """{usage.system}"""'
    for word in template.stop_words if template else ():
        if '"' not in word and "\n" not in word:
            yield f'PARAMETER stop "{word}"'


def _in_go(text: str, field: str = "") -> str:
    """Return a text in the language of Go's templates, with a field in the place of the mark."""
    return text.replace("{", '{{"{"}}').replace(_MARK, f"{{{{ .{field} }}}}")
