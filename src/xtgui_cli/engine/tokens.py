"""Encodes and decodes for the user interface, which cannot without a tokenizer.json.

BOS and EOS come from xtuner itself, which keeps a table for the oldest tokenizers.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ..shared.errors import Exit, XtguiError
from . import compat, compat_xtuner
from .config_facts import ConfigFacts
from .serve import Reply

_tokenizer: Any = None


def load(request: Mapping[str, Any], reply: Reply) -> dict[str, Any]:
    """Load a tokenizer in place of the one before.

    Args:
        request: `model`: its folder; `instruction`: how the prompt template writes a question;
            `trust_remote_code`.
        reply: Unused.

    Returns:
        `bos_ids`, `eos_ids`: what training puts around a conversation; `special_ids`: tokens that
            stand
        for no text.

    Raises:
        XtguiError: "preview.tokenizer_failed" with the reason.
    """
    global _tokenizer
    reply.enter("importing")
    facts = ConfigFacts(needs_bitsandbytes=False)
    compat.apply_fixes(compat.BEFORE_IMPORTS + compat.BEFORE_XTUNER, facts)
    from transformers import AutoTokenizer
    from xtuner.dataset.utils import get_bos_eos_token_ids

    reply.enter("reading_tokenizer")
    trust = bool(request.get("trust_remote_code"))
    try:
        tokenizer = AutoTokenizer.from_pretrained(request["model"], trust_remote_code=trust)
    except Exception as error:  # code of the model's own may raise anything
        raise XtguiError(
            "preview.tokenizer_failed",
            Exit.ANSWERS,
            path=str(Path(request["model"])),
            reason=" ".join(str(error).split())[:300],
        ) from error
    _tokenizer = tokenizer
    get_ids = compat_xtuner.with_bos_rule(get_bos_eos_token_ids, request["instruction"])
    bos, eos = get_ids(tokenizer)
    return {
        "bos_ids": bos,
        "eos_ids": eos,
        "special_ids": sorted(_special_ids(tokenizer)),
    }


def encode(request: Mapping[str, Any], reply: Reply) -> dict[str, Any]:
    """Return the `ids` of each of `texts`, without the tokenizer's own special tokens."""
    return {"ids": [_encode(text) for text in request["texts"]]}


def count(request: Mapping[str, Any], reply: Reply) -> dict[str, Any]:
    """Return the `lengths` of `texts`, in tokens."""
    return {"lengths": [len(_encode(text)) for text in request["texts"]]}


def decode(request: Mapping[str, Any], reply: Reply) -> dict[str, Any]:
    """Return the `text` of `ids`, special tokens written out."""
    text = _tokenizer.decode(
        request["ids"], skip_special_tokens=False, clean_up_tokenization_spaces=False
    )
    return {"text": text}


def _encode(text: str) -> list[int]:
    ids: list[int] = _tokenizer.encode(text, add_special_tokens=False)
    return ids


def _special_ids(tokenizer: Any) -> set[int]:
    added = getattr(tokenizer, "added_tokens_decoder", None) or {}
    return {*map(int, added), *tokenizer.all_special_ids}
