"""Checks a model folder on disk and gives what the plan, the template match and the config need.

Only small files and the headers of the weights are read: no torch, no tensor.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..shared.errors import Exit, Notice, XtguiError
from .chat_template import find_chat_template
from .special_tokens import read_special_tokens
from .weights import find_weight_problems, read_weights

_REMOTE_KEYS = ("AutoModelForCausalLM", "AutoModel", "AutoTokenizer", "AutoConfig")


@dataclass(frozen=True)
class ModelInfo:
    """A causal language model in a folder."""

    path: Path
    name: str
    """The folder's name."""
    architecture: str
    """The class that its config names, such as LlamaForCausalLM."""
    model_type: str
    dtype: str
    """What most weights are stored as: float32, bfloat16, float16; "" where unknown."""
    parameters: int
    """How many; 0 where the weights do not tell (pickled .bin files)."""
    weight_bytes: int
    needs_remote_code: bool
    """Whether its config asks to run Python files of the folder, which transformers has not."""
    max_positions: int | None
    """The longest sequence it was built for."""
    hidden_size: int
    layers: int
    intermediate_size: int
    vocab_size: int
    has_fast_tokenizer: bool
    """Whether there is a tokenizer.json; without one only the engine can count tokens."""
    special_tokens: Mapping[str, str]
    """bos_token, eos_token and others that are set, as text."""
    chat_template: str | None
    """The jinja program that writes a conversation, None where the model brings none."""


def check_model(path: Path | str) -> ModelInfo:
    """Give what a folder holds, or raise all that is wrong with it at once.

    Raises — XtguiError "model.missing", "model.is_file", "model.is_adapter", "model.not_a_model",
    or "model.broken" with problems.
    """
    path = Path(path).expanduser().absolute()
    if not path.exists():
        raise XtguiError("model.missing", Exit.ANSWERS, path=path)
    if not path.is_dir():
        code = "model.is_gguf" if path.suffix == ".gguf" else "model.is_file"
        raise XtguiError(code, Exit.ANSWERS, path=path)
    if not (path / "config.json").is_file():
        _explain_no_config(path)
    problems: list[Notice] = []
    config = read_json(path / "config.json", problems)
    tokenizer_config = read_json(path / "tokenizer_config.json", problems, may_miss=True)
    has_fast_tokenizer = (path / "tokenizer.json").is_file()
    if not has_fast_tokenizer and not _has_slow_tokenizer(path):
        problems.append(Notice("model.no_tokenizer", {}))
    problems += find_weight_problems(path)
    if problems:
        raise XtguiError("model.broken", Exit.ANSWERS, problems, path=path, count=len(problems))
    return _describe(path, config, tokenizer_config, has_fast_tokenizer)


def read_json(path: Path, problems: list[Notice], may_miss: bool = False) -> dict[str, Any]:
    """Give the object in a JSON file; {} and a problem where there is none."""
    try:
        content = json.loads(path.read_bytes())
    except FileNotFoundError:
        if not may_miss:
            problems.append(Notice("model.no_file", {"file": path.name}))
        return {}
    except OSError as error:
        reason = error.strerror or ""
        problems.append(Notice("model.unreadable_file", {"file": path.name, "reason": reason}))
        return {}
    except (ValueError, RecursionError) as error:
        problems.append(Notice("model.broken_file", {"file": path.name, "reason": str(error)}))
        return {}
    if isinstance(content, dict):
        return content
    problems.append(Notice("model.broken_file", {"file": path.name, "reason": "{}"}))
    return {}


def _explain_no_config(path: Path) -> None:
    if (path / "adapter_config.json").is_file():
        base = read_json(path / "adapter_config.json", []).get("base_model_name_or_path", "?")
        raise XtguiError("model.is_adapter", Exit.ANSWERS, path=path, base=base)
    inside = [entry for entry in sorted(path.glob("*/config.json")) if entry.is_file()]
    if inside:
        raise XtguiError(
            "model.is_one_deeper", Exit.ANSWERS, path=path, inside=inside[0].parent.name
        )
    raise XtguiError("model.not_a_model", Exit.ANSWERS, path=path)


def _has_slow_tokenizer(path: Path) -> bool:
    names = ("tokenizer.model", "vocab.json", "vocab.txt", "qwen.tiktoken", "spiece.model")
    return any((path / name).is_file() for name in names) or any(path.glob("tokenization_*.py"))


def _describe(
    path: Path,
    config: Mapping[str, Any],
    tokenizer_config: Mapping[str, Any],
    has_fast_tokenizer: bool,
) -> ModelInfo:
    weights = read_weights(path)
    # multimodal models keep what a language model has one level deeper
    inner = config.get("text_config") if isinstance(config.get("text_config"), dict) else {}
    facts = {**config, **(inner or {})}
    architectures = config.get("architectures")
    named = architectures[0] if isinstance(architectures, list) and architectures else ""
    return ModelInfo(
        path=path,
        name=path.name,
        architecture=str(named),
        model_type=str(config.get("model_type") or ""),
        dtype=weights.dtype or str(facts.get("torch_dtype") or facts.get("dtype") or ""),
        parameters=weights.parameters,
        weight_bytes=weights.bytes,
        needs_remote_code=_asks_for_code(config) or _asks_for_code(tokenizer_config),
        max_positions=_integer(facts, "max_position_embeddings", "seq_length", "n_positions"),
        hidden_size=_integer(facts, "hidden_size", "n_embd", "d_model") or 0,
        layers=_integer(facts, "num_hidden_layers", "n_layer", "num_layers") or 0,
        intermediate_size=_integer(facts, "intermediate_size", "ffn_hidden_size", "n_inner") or 0,
        vocab_size=_integer(facts, "vocab_size", "padded_vocab_size") or 0,
        has_fast_tokenizer=has_fast_tokenizer,
        special_tokens=read_special_tokens(path, tokenizer_config),
        chat_template=find_chat_template(path, tokenizer_config),
    )


def _integer(facts: Mapping[str, Any], *names: str) -> int | None:
    for name in names:
        if isinstance(facts.get(name), int):
            return int(facts[name])
    return None


def _asks_for_code(config: Mapping[str, Any]) -> bool:
    auto_map = config.get("auto_map")
    if not isinstance(auto_map, dict):
        return False
    return any(auto_map.get(key) for key in _REMOTE_KEYS)
