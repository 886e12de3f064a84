"""Checks a model folder on disk and returns what plan, template match and config need.

Only small files and the headers of the weights are read: no torch, no tensor. The safetensors
layout (8 bytes with the header's length, a JSON header, the tensors) is that of
https://github.com/huggingface/safetensors#format.
"""

from __future__ import annotations

import struct
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from ..planning.base_facts import BaseFacts
from ..planning.memory.model_shape import ModelShape, read_shape
from ..shared.errors import Exit, Notice, XtguiError
from ..shared.json_values import count, is_unicode, items, mapping, parse, required, text
from ..shared.regular_file import open_regular, read_json
from .chat_template import find_chat_template
from .model_code import asks_for_code
from .untrainable import find_reason, is_hybrid

_SPECIAL_TOKENS = (
    "bos_token",
    "eos_token",
    "unk_token",
    "sep_token",
    "pad_token",
    "cls_token",
    "mask_token",
)

# The defaults of transformers' tokenizer classes if neither file says anything.
_CLASS_DEFAULTS: Mapping[str, Mapping[str, str]] = {
    "Llama": {"bos_token": "<s>", "eos_token": "</s>", "unk_token": "<unk>"},
    "CodeLlama": {"bos_token": "<s>", "eos_token": "</s>", "unk_token": "<unk>"},
    "Gemma": {"bos_token": "<bos>", "eos_token": "<eos>", "unk_token": "<unk>"},
    "GPT2": {"bos_token": "<|endoftext|>", "eos_token": "<|endoftext|>"},
    "Qwen2": {"eos_token": "<|endoftext|>", "pad_token": "<|endoftext|>"},
}
_LFS_POINTER = b"version https://git-lfs.github.com/spec"
_HEADER_LIMIT = 100_000_000
_FLOAT8 = "float8"
_DTYPES = {
    "F64": "float64",
    "F32": "float32",
    "F16": "float16",
    "BF16": "bfloat16",
} | dict.fromkeys(("F8_E4M3", "F8_E5M2"), _FLOAT8)
_INDEXES = ("model.safetensors.index.json", "pytorch_model.bin.index.json")
_SINGLE = ("model.safetensors", "pytorch_model.bin")


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
    """The dtype of most weights: float32, bfloat16, float16; "" if unknown."""
    parameters: int
    """Their number; 0 if the weights do not tell (pickled .bin files)."""
    weight_bytes: int
    needs_remote_code: bool
    """Whether its config asks to run Python files of the folder that transformers does not have."""
    max_positions: int | None
    """The longest sequence it was built for, in tokens."""
    shape: ModelShape | None
    """None for a kind whose memory is not counted."""
    has_fast_tokenizer: bool
    """Whether there is a tokenizer.json; without one only the engine can count tokens."""
    special_tokens: Mapping[str, str]
    """bos_token, eos_token and others that are set, as text."""
    chat_template: str | None
    """The jinja program that writes a conversation, None if the model has none."""
    is_hybrid: bool = False
    """Whether some layers carry a state from token to token instead of attending."""

    @property
    def base(self) -> BaseFacts:
        """What a plan needs to know about it."""
        return BaseFacts(
            shape=self.shape,
            max_positions=self.max_positions,
            model_type=self.model_type,
            has_chat_template=self.chat_template is not None,
        )


def check_model(path: Path | str) -> ModelInfo:
    """Return the content of a folder, or raise everything that is wrong with it at once.

    Raises:
        XtguiError: "model.missing", "model.is_file", "model.is_adapter", "model.not_a_model",
            "model.untrainable_..." for a kind that cannot be trained well, or "model.broken" with
            problems.
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
    config = _read_json(path / "config.json", problems)
    reason = find_reason(config)
    if reason is not None:
        raise XtguiError(f"model.untrainable_{reason}", Exit.ANSWERS, name=path.name)
    tokenizer_config = _read_json(path / "tokenizer_config.json", problems, may_miss=True)
    has_fast_tokenizer = (path / "tokenizer.json").is_file()
    if not has_fast_tokenizer and not _has_slow_tokenizer(path):
        problems.append(Notice("model.no_tokenizer", {}))
    problems += _find_weight_problems(path)
    if problems:
        raise XtguiError("model.broken", Exit.ANSWERS, problems, path=path)
    model = _describe(path, config, tokenizer_config, has_fast_tokenizer=has_fast_tokenizer)
    if model.dtype == _FLOAT8:
        raise XtguiError("model.untrainable_quantised", Exit.ANSWERS, name=path.name)
    return model


def _read_json(path: Path, problems: list[Notice], *, may_miss: bool = False) -> dict[str, Any]:
    """Return the object in a JSON file; {} and a problem if there is none."""
    try:
        content = read_json(path)
    except FileNotFoundError:
        if not may_miss:
            problems.append(Notice("model.no_file", {"file": path.name}))
        return {}
    except OSError as error:
        reason = error.strerror or ""
        problems.append(Notice("model.unreadable_file", {"file": path.name, "reason": reason}))
        return {}
    except ValueError as error:
        problems.append(Notice("model.broken_file", {"file": path.name, "reason": str(error)}))
        return {}
    if isinstance(content, dict):
        return content
    problems.append(Notice("model.broken_file", {"file": path.name, "reason": "{}"}))
    return {}


def _explain_no_config(path: Path) -> None:
    if (path / "adapter_config.json").is_file():
        base = _read_json(path / "adapter_config.json", []).get("base_model_name_or_path", "?")
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
    *,
    has_fast_tokenizer: bool,
) -> ModelInfo:
    weights = _read_weights(path)
    # multimodal models keep a language model's keys one level deeper
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
        needs_remote_code=asks_for_code(config) or asks_for_code(tokenizer_config),
        max_positions=_integer(facts, "max_position_embeddings", "seq_length", "n_positions"),
        shape=_read_shape(config, path.name),
        has_fast_tokenizer=has_fast_tokenizer,
        special_tokens=_read_special_tokens(path, tokenizer_config),
        chat_template=find_chat_template(path, tokenizer_config),
        is_hybrid=is_hybrid(config),
    )


def _read_shape(config: Mapping[str, Any], name: str) -> ModelShape | None:
    try:
        return read_shape(config, name)
    except XtguiError:
        return None


def _integer(facts: Mapping[str, Any], *names: str) -> int | None:
    return next((found for name in names if (found := count(facts.get(name)))), None)


# --- special tokens -------------------------------------------------------------------------------


def _read_special_tokens(folder: Path, tokenizer_config: Mapping[str, Any]) -> dict[str, str]:
    """Return the special tokens that are set, as transformers would set them.

    They come from tokenizer_config.json, else special_tokens_map.json, else the tokenizer's class.
    """
    kind = str(tokenizer_config.get("tokenizer_class") or "")
    kind = kind.removesuffix("Fast").removesuffix("Tokenizer")
    sources = (tokenizer_config, _special_tokens_map(folder), _CLASS_DEFAULTS.get(kind, {}))
    tokens: dict[str, str] = {}
    for name in _SPECIAL_TOKENS:
        said = next((source[name] for source in sources if name in source), None)
        token = text(said.get("content") if isinstance(said, dict) else said)
        if token and is_unicode(token):
            tokens[name] = token
    return tokens


def _special_tokens_map(folder: Path) -> Mapping[str, Any]:
    try:
        return mapping(read_json(folder / "special_tokens_map.json"))
    except (OSError, ValueError):
        return {}


# --- weights --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Weights:
    """What the headers of the weight files say."""

    bytes: int
    parameters: int
    """0 if the files are pickles: reading those would run their content."""
    dtype: str


class _BrokenFileError(Exception):
    """A file is incomplete; the text key is its only argument."""


def _find_weight_problems(folder: Path) -> list[Notice]:
    """Return what is missing or broken among the weight files; empty if all is well."""
    names, problems = _weight_names(folder)
    if not names and not problems:
        return [Notice("model.no_weights", {})]
    for name in names:
        file = folder / name
        try:
            if not file.is_file():
                problems.append(Notice("model.missing_weights", {"file": name}))
                continue
            _require_whole(file)
        except _BrokenFileError as broken:
            problems.append(Notice(str(broken), {"file": name}))
        except OSError as error:
            data = {"file": name, "reason": error.strerror or ""}
            problems.append(Notice("model.unreadable_file", data))
    return problems


def _read_weights(folder: Path) -> _Weights:
    """Return size, count and prevailing dtype of weight files that have no problems."""
    names, _ = _weight_names(folder)
    files = [folder / name for name in names]
    counts: Counter[str] = Counter()
    for file in files:
        if file.suffix == ".safetensors":
            counts.update(_count_by_dtype(_read_header(file)))
    prevailing = counts.most_common(1)
    return _Weights(
        bytes=sum(file.stat().st_size for file in files),
        parameters=sum(counts.values()),
        dtype=_DTYPES.get(prevailing[0][0], "") if prevailing else "",
    )


def _weight_names(folder: Path) -> tuple[list[str], list[Notice]]:
    for index in _INDEXES:
        if (folder / index).is_file():
            try:
                return _listed(mapping(read_json(folder / index)).get("weight_map")), []
            except (OSError, ValueError) as error:
                return [], [Notice("model.broken_file", {"file": index, "reason": str(error)})]
    for name in _SINGLE:
        if (folder / name).is_file():
            return [name], []
    return [], []


def _listed(weight_map: Any) -> list[str]:
    """Return the names of the files in an index.

    Raises:
        ValueError: If it names no files, or is not an index.
    """
    names = {Path(required(text(name))).name for name in mapping(weight_map).values()}
    if not names:
        raise ValueError("weight_map")
    return sorted(names)


def _require_whole(file: Path) -> None:
    with open_regular(file) as opened:
        if opened.read(len(_LFS_POINTER)) == _LFS_POINTER:
            raise _BrokenFileError("model.lfs_pointer")
    if file.stat().st_size == 0:
        raise _BrokenFileError("model.empty_weights")
    if file.suffix == ".safetensors":
        _read_header(file)


class _Tensor(NamedTuple):
    """What a header says about one tensor."""

    dtype: str
    size: int
    end: int
    """Where its bytes end, counted from the end of the header."""


def _read_header(file: Path) -> list[_Tensor]:
    size = file.stat().st_size
    with open_regular(file) as opened:
        start = opened.read(8)
        length = struct.unpack("<Q", start)[0] if len(start) == 8 else 0
        if not 0 < length <= min(size - 8, _HEADER_LIMIT):
            raise _BrokenFileError("model.broken_weights")
        try:
            header = parse(opened.read(length))
            tensors = [_tensor(said) for name, said in header.items() if name != "__metadata__"]
        except (ValueError, AttributeError):
            raise _BrokenFileError("model.broken_weights") from None
    if 8 + length + max((tensor.end for tensor in tensors), default=0) > size:
        raise _BrokenFileError("model.short_weights")
    return tensors


def _tensor(said: Any) -> _Tensor:
    fields, size = mapping(said), 1
    for length in items(fields.get("shape")):
        size = required(count(size * required(count(length))))
    _, end = map(count, items(fields.get("data_offsets")))
    return _Tensor(required(text(fields.get("dtype"))), size, required(end))


def _count_by_dtype(tensors: Iterable[_Tensor]) -> Counter[str]:
    counts: Counter[str] = Counter()
    for tensor in tensors:
        counts[tensor.dtype] += tensor.size
    return counts
