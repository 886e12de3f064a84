"""What an xtuner config says, read from its source without running it.

Needed before anything heavy is imported: whether bitsandbytes may stay out, and what to announce.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ..shared.config_file import method_of
from ..shared.custom_template import as_template
from ..shared.templates import PromptTemplate


@dataclass(frozen=True)
class ConfigFacts:
    """What the engine must know of a config before it can be loaded."""

    method: str = "full"
    """qlora, lora or full."""
    model: str | None = None
    """The base model's path, where the config says it in PART 1."""
    prompt_template: str | None = None
    """The name of the prompt template, None where it is not one of xtuner's own."""
    template: PromptTemplate | None = None
    """The prompt template, whether xtuner's own or written out in the config."""
    quantises: bool = False
    """Whether the base is held in fewer than 16 bits."""
    has_autocast: bool = False
    """Whether it trains in mixed precision."""
    needs_bitsandbytes: bool = True
    trust_remote_code: bool = False
    """Whether the user has agreed to run Python files that came with the model."""


def read_config_facts(source: str) -> ConfigFacts:
    """Give the facts of a config's source. Raises — SyntaxError where it is not Python."""
    tree = ast.parse(source)
    method = method_of(source)
    quantises = method == "qlora"
    assigned = dict(_assignments(tree))
    model = _literal(assigned.get("pretrained_model_name_or_path"))
    name = _template_name(assigned.get("prompt_template"))
    return ConfigFacts(
        method=method,
        model=model if isinstance(model, str) else None,
        prompt_template=name,
        template=as_template(name or _template_fields(assigned.get("prompt_template"))),
        quantises=quantises,
        has_autocast=_has_autocast(tree, assigned),
        needs_bitsandbytes=quantises or _uses_bitsandbytes(tree),
        trust_remote_code=_literal(assigned.get("trust_remote_code")) is True,
    )


def _assignments(tree: ast.Module) -> Iterator[tuple[str, ast.expr]]:
    for node in tree.body:
        if isinstance(node, ast.Assign) and len(node.targets) == 1:
            target = node.targets[0]
            if isinstance(target, ast.Name):
                yield target.id, node.value


def _literal(node: ast.expr | None) -> object:
    try:
        return ast.literal_eval(node) if node is not None else None
    except (ValueError, TypeError):
        return None


def _has_autocast(tree: ast.AST, assigned: Mapping[str, ast.expr]) -> bool:
    """Our configs say it as `amp_dtype`, those of others by their optimizer wrapper alone."""
    if "amp_dtype" in assigned:
        return _literal(assigned["amp_dtype"]) is not None
    return any(
        (isinstance(node, ast.Name) and node.id == "AmpOptimWrapper")
        or (isinstance(node, ast.Constant) and str(node.value).endswith(".AmpOptimWrapper"))
        for node in ast.walk(tree)
    )


def _template_name(node: ast.expr | None) -> str | None:
    """Give `qwen_chat` of `PROMPT_TEMPLATE.qwen_chat`, or of the text in a dumped config."""
    if isinstance(node, ast.Attribute):
        return node.attr
    text = _literal(node)
    return text.rpartition(".")[2] if isinstance(text, str) else None


def _template_fields(node: ast.expr | None) -> object:
    """Give the fields of a template that is written out, `dict(...)` or `{...}`."""
    if isinstance(node, ast.Call):
        return {item.arg: _literal(item.value) for item in node.keywords if item.arg}
    return _literal(node)


def _uses_bitsandbytes(tree: ast.AST) -> bool:
    imported = {
        alias.asname or alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("bitsandbytes")
        for alias in node.names
    }
    return any(_is_use(node, imported) for node in ast.walk(tree))


def _is_use(node: ast.AST, imported: set[str]) -> bool:
    if isinstance(node, ast.Name):
        return node.id in imported
    if isinstance(node, ast.Import):
        return any(alias.name.startswith("bitsandbytes") for alias in node.names)
    # a dumped config names classes as texts
    return (
        isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and node.value.startswith("bitsandbytes.")
    )
