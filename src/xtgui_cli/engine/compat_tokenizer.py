"""A fix to transformers' tokenizers: they encode as the model's tokenizer.json says.

transformers 5 builds the tokenizer of a class of its own (GPT2Tokenizer, Qwen2Tokenizer...) anew
and takes only the vocabulary from tokenizer.json. Where a model splits its text in another way
than the class (SmolLM2 names GPT2Tokenizer but splits digits one by one), the model would be
trained on, and asked with, tokens it has never seen. Up to transformers 4 the file was taken whole.
"""

from __future__ import annotations

import functools
from pathlib import Path
from typing import Any

from .config_facts import ConfigFacts


def rebuilds_tokenizers(_: ConfigFacts) -> bool:
    """Whether this is a transformers that does so."""
    import transformers

    return int(transformers.__version__.partition(".")[0]) >= 5


def load_tokenizers_from_file(_: ConfigFacts) -> None:
    """Have AutoTokenizer.from_pretrained give tokenizers that keep to their tokenizer.json."""
    from transformers import AutoTokenizer

    load = AutoTokenizer.from_pretrained
    if getattr(load, "keeps_to_file", False):
        return

    @functools.wraps(load)
    def from_pretrained(pretrained_model_name_or_path: Any, *rest: Any, **options: Any) -> Any:
        tokenizer = load(pretrained_model_name_or_path, *rest, **options)
        return keep_to_file(tokenizer, Path(str(pretrained_model_name_or_path)))

    from_pretrained.keeps_to_file = True  # type: ignore[attr-defined]
    AutoTokenizer.from_pretrained = from_pretrained


def keep_to_file(tokenizer: Any, folder: Path) -> Any:
    """Give *tokenizer* with the splitting, normalizing and model of the folder's tokenizer.json.

    A tokenizer without that file, or with code of the model's own, stays as it is.
    """
    file = folder / "tokenizer.json"
    backend = getattr(tokenizer, "_tokenizer", None)
    is_own = not type(tokenizer).__module__.startswith("transformers.")
    if backend is None or is_own or not file.is_file():
        return tokenizer
    from tokenizers import Tokenizer

    as_written = Tokenizer.from_file(str(file))
    backend.model = as_written.model
    backend.normalizer = as_written.normalizer
    backend.pre_tokenizer = as_written.pre_tokenizer
    backend.decoder = as_written.decoder
    return tokenizer
