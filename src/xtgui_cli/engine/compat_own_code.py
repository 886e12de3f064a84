"""Fixes for models that come with their own code, written for older libraries (see compat.py)."""

from __future__ import annotations

import functools
import importlib
import inspect
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

from .config_facts import ConfigFacts

_READ_TOO_LATE = frozenset({"BaichuanTokenizer", "BaiChuanTokenizer"})


def knows_older_code(_: ConfigFacts | None = None) -> bool:
    """Return whether this is a transformers version that can load such code."""
    import transformers

    return int(transformers.__version__.partition(".")[0]) < 5


def load_older_code(_: ConfigFacts | None = None) -> None:
    """Have transformers load tokenizers and models of 2023; once, and only in older versions."""
    from transformers import AutoTokenizer

    load = AutoTokenizer.from_pretrained
    if not knows_older_code() or getattr(load, "mends", False):
        return

    @functools.wraps(load)
    def from_pretrained(*arguments: Any, **options: Any) -> Any:
        return mend_tokenizer(load(*arguments, **options))

    from_pretrained.mends = True  # type: ignore[attr-defined]
    AutoTokenizer.from_pretrained = from_pretrained

    from transformers import dynamic_module_utils

    get_class = dynamic_module_utils.get_class_in_module
    dynamic_module_utils.get_class_in_module = with_package(get_class)
    quantise_on_any_cpu()


def mend_tokenizer(tokenizer: Any) -> Any:
    """Return a tokenizer that names its end token, and can be asked to pad.

    Qwen 1's has its end token only as `eod_id`. ChatGLM's pads only at the left, and its `_pad`,
    which encoding calls too, has no parameter for the side:
    transformers/tokenization_utils_base.py:3352 (4.48.3).
    """
    kind = type(tokenizer)
    if kind.__name__ == "QWenTokenizer" and tokenizer.eos_token_id is None:
        tokenizer.eos_token = tokenizer.decode([tokenizer.eod_id])
    if not _takes_side(kind._pad):
        kind._pad = _without_side(kind._pad)
    own_side = inspect.signature(kind.__init__).parameters.get("padding_side")
    if hasattr(kind._pad, "own_pad") and own_side and isinstance(own_side.default, str):
        tokenizer.padding_side = own_side.default
    return tokenizer


def _takes_side(pad: Callable[..., Any]) -> bool:
    parameters = inspect.signature(pad).parameters
    takes_any = any(each.kind is each.VAR_KEYWORD for each in parameters.values())
    return takes_any or "padding_side" in parameters


def _without_side(pad: Callable[..., Any]) -> Callable[..., Any]:
    """Return a `_pad` that pads at the tokenizer's own side, whatever it is asked."""

    def _pad(self: Any, *arguments: Any, padding_side: Any = None, **options: Any) -> Any:
        return pad(self, *arguments, **options)

    _pad.own_pad = pad  # type: ignore[attr-defined]
    return _pad


def with_package(get_class: Callable[..., Any]) -> Callable[..., Any]:
    """Return transformers' function that imports code, so that the folder's name may contain dots.

    Python takes the parts for nested packages and does not find them: `from .other_file import`
    fails.
    """

    @functools.wraps(get_class)
    def get_class_in_module(class_name: str, module_path: Any, **options: Any) -> Any:
        folder = Path(module_path).parent
        name = ".".join(folder.parts)
        if "." in folder.name and name not in sys.modules:
            package = ModuleType(name)
            package.__path__ = [str(_modules_dir() / folder)]
            sys.modules[name] = package
        kind = get_class(class_name, module_path, **options)
        return _with_vocabulary_first(kind) if kind.__name__ in _READ_TOO_LATE else kind

    return get_class_in_module


def _with_vocabulary_first(kind: Any) -> Any:
    """Have a tokenizer read its vocabulary before its base class asks for it.

    Baichuan's reads it afterwards; since transformers 4.34 the base class asks at once.
    """
    make = kind.__init__

    @functools.wraps(make)
    def __init__(self: Any, *arguments: Any, **options: Any) -> None:  # noqa: N807 (it is that)
        from sentencepiece import SentencePieceProcessor

        given = inspect.signature(make).bind(self, *arguments, **options).arguments
        self.vocab_file = given["vocab_file"]
        self.sp_model = SentencePieceProcessor(model_file=self.vocab_file)
        make(self, *arguments, **options)

    kind.__init__ = __init__
    return kind


def quantise_on_any_cpu() -> None:
    """Have transformers 4.48 quantize without IPEX, as bitsandbytes does by now.

    It takes "cpu" out of a frozenset, which fails: transformers/integrations/bitsandbytes.py:499.
    """
    from transformers.quantizers.quantizer_bnb_4bit import Bnb4BitHfQuantizer

    validate = Bnb4BitHfQuantizer.validate_environment

    @functools.wraps(validate)
    def validate_environment(self: Any, *arguments: Any, **options: Any) -> Any:
        integration = importlib.import_module("transformers.integrations.bitsandbytes")
        integration.is_ipex_available = lambda: True  # type: ignore[attr-defined]
        return validate(self, *arguments, **options)

    Bnb4BitHfQuantizer.validate_environment = validate_environment


def forget_code(folder: Path) -> None:
    """Delete transformers' copy of the code of a temporary folder."""
    shutil.rmtree(_modules_dir() / "transformers_modules" / folder.name, ignore_errors=True)


def _modules_dir() -> Path:
    from transformers.dynamic_module_utils import HF_MODULES_CACHE

    return Path(HF_MODULES_CACHE)
