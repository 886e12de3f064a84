"""Checks that a merged model answers as base and adapter did, or at least that its layers do."""

from __future__ import annotations

import math
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from ...shared.errors import Exit, XtguiError
from ..compat_own_code import load_older_code
from ..weights.weight_files import Weights
from .adapter_folder import AdapterFolder
from .asked_tokens import AskedTokens, asked_tokens
from .fold import folded
from .layer_sample import compare_layers
from .plan import MergePlan
from .quantized_base import QuantizedBase
from .whole_check import Compared, likeliest_tokens

LEAST_AGREEMENT = 0.95
"""Below this share of equal tokens a merge is an error."""
MOST_ON_CPU, MOST_ON_GPU = 4_000_000_000, 40_000_000_000
"""Weights of a model that is checked as a whole; a larger one would take minutes."""


@dataclass(frozen=True)
class Check:
    """What was compared, and how it came out."""

    of: str
    """ "answers" of taught rows, a "text" of ours, "both"; or "layers", where that would take too
    long or the class of the model cannot be computed piece by piece."""
    same: int
    """Tokens that both models find likeliest."""
    tokens: int
    """How many were compared; 0 where layers were."""
    layers: int
    """How many layers were compared instead."""
    base: str = "only"
    """The base that was merged into, where training had it in 4 bits: its "original" weights, or
    the "dequantized" ones, whichever comes closer to what was trained; "assumed": the original
    ones, the others not compared. "only": there were no others."""
    other_same: int = 0
    """Tokens that the other base would have had."""


@dataclass(frozen=True)
class Merge:
    """A merge that is about to be checked."""

    base: Path
    weights: Weights
    """Of the base."""
    adapter_folder: Path
    adapter: AdapterFolder
    plan: MergePlan
    config: Path | None
    """Of the run, where it is known; it says what was taught."""
    quantized: QuantizedBase | None
    """What the base was while the adapter was trained, where that can be compared."""
    trust_remote_code: bool


class Checker:
    """Compares merged models with base and adapter, which are asked once."""

    def __init__(self, merge: Merge) -> None:
        self._merge = merge
        self._asked: AskedTokens | None = None
        self._expected: Any = None

    def ask_base(self) -> None:
        """Ask base and adapter, where the model is not too large for that.

        No model is read as a whole: see `streamed_model`.
        """
        most = MOST_ON_GPU if torch.cuda.is_available() else MOST_ON_CPU
        merge = self._merge
        if sum(one.spec.count for one in merge.weights.tensors.values()) > most:
            return
        load_older_code()
        adapted = frozenset([*merge.adapter.pairs, *_modules(merge.adapter)])
        compared = Compared(
            merge.base,
            merge.weights.tensors,
            merge.adapter_folder,
            adapted,
            merge.quantized.as_trained if merge.quantized else None,
        )
        asked = self._or_none(self._ask)
        if asked is not None:
            self._asked = asked
            self._expected = self._or_none(lambda: self._likeliest(compared, asked))

    def same_dequantized(self) -> int:
        """Return at how many tokens a merge into the 4-bit weights would be as trained."""
        merge, asked, quantized = self._merge, self._asked, self._merge.quantized
        is_plain = not merge.adapter.replaced and not merge.plan.is_untied
        if quantized is None or asked is None or self._expected is None or not is_plain:
            return 0

        def merged(name: str, weight: torch.Tensor) -> torch.Tensor:
            whole = quantized.as_trained(name, weight)
            return folded(merge.plan.tensors[name], whole).float()

        compared = Compared(merge.base, merge.weights.tensors, change=merged)
        found = self._or_none(lambda: self._likeliest(compared, asked))
        return 0 if found is None else int((found == self._expected).sum())

    def compare(self, folder: Path, written: Weights) -> Check:
        """Compare a merged model; `require_close` judges what is found.

        Args:
            folder: Its own.
            written: Its weights.

        Raises:
            XtguiError: "convert.layers_differ", "convert.not_finite".
        """
        asked, found = self._asked, None
        if asked is not None and self._expected is not None:
            compared = Compared(folder, written.tensors)
            found = self._or_none(lambda: self._likeliest(compared, asked))
        if asked is None or found is None:
            sample = compare_layers(self._merge.plan, dict(written.tensors))
            return Check("layers", 0, 0, sample.layers)
        return Check(_of(asked), int((found == self._expected).sum()), len(found), 0)

    def _ask(self) -> AskedTokens:
        from transformers import AutoTokenizer

        tokenizer = AutoTokenizer.from_pretrained(
            self._merge.base, trust_remote_code=self._merge.trust_remote_code
        )
        return asked_tokens(self._merge.config, tokenizer)

    def _likeliest(self, compared: Compared, asked: AskedTokens) -> Any:
        return likeliest_tokens(compared, asked, trust_remote_code=self._merge.trust_remote_code)

    def _or_none(self, ask: Callable[[], Any]) -> Any:
        """Return an answer, None where there is none: models may bring code of any kind."""
        try:
            return ask()
        except XtguiError:
            raise
        except Exception:
            traceback.print_exc()
            return None


def require_close(check: Check) -> None:
    """Raise an error for a merged model that answers otherwise.

    Raises:
        XtguiError: "convert.merge_differs".
    """
    if check.same < math.ceil(LEAST_AGREEMENT * check.tokens):
        raise XtguiError("convert.merge_differs", Exit.FAILED, same=check.same, tokens=check.tokens)


def _modules(adapter: AdapterFolder) -> list[str]:
    return [name.rpartition(".")[0] for name in adapter.replaced]


def _of(asked: AskedTokens) -> str:
    if not asked.taught:
        return "text"
    return "answers" if asked.taught == len(asked.positions) else "both"
