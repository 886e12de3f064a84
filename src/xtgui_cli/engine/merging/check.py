"""Checks that a merged model, or at least some of its layers, computes what base and adapter do."""

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
from ..quick_imports import import_transformers
from ..weights.weight_files import Weights
from .adapter_folder import AdapterFolder
from .asked_tokens import AskedTokens, asked_tokens
from .fold import folded
from .layer_sample import compare_layers
from .plan import MergePlan
from .quantized_base import QuantizedBase
from .whole_check import Compared, likeliest_tokens, multiplies_bfloat16

LEAST_AGREEMENT = 0.95
"""A merge below this share of equal tokens is an error."""
CLOSE_AGREEMENT = 0.99
"""A merge from this share on gets no warning (project/merge_check.py)."""
MOST_ON_CPU, MOST_ON_GPU = 4_000_000_000, 40_000_000_000
"""Maximum number of weights for a complete check; a larger model would take minutes."""


@dataclass(frozen=True)
class Check:
    """What was compared, and the result."""

    of: str
    """ "answers" of taught rows, the built-in "text" or "both"; "layers" if that would take too
    long or the model class cannot be computed piece by piece."""
    same: int
    """Number of positions where both models predict the same token."""
    tokens: int
    """Number of compared positions; 0 if layers were compared."""
    layers: int
    """Number of layers compared instead."""
    base: str = "only"
    """The base weights that were merged into, if training had them in 4 bits: "original" or
    "dequantized", whichever is closer to the trained model; "assumed": the original ones, without
    comparison. "only": there was no choice."""
    other_same: int = 0
    """Equal positions with the other base weights."""


@dataclass(frozen=True)
class Merge:
    """A merge to be checked."""

    base: Path
    weights: Weights
    """Weights of the base model."""
    adapter_folder: Path
    adapter: AdapterFolder
    plan: MergePlan
    config: Path | None
    """The run's config, if known; it says what was taught."""
    quantized: QuantizedBase | None
    """The 4-bit base weights used in training, if they can be compared."""
    trust_remote_code: bool


class Checker:
    """Compares merged models with base model and adapter."""

    def __init__(self, merge: Merge) -> None:
        self._merge = merge
        self._asked: AskedTokens | None = None
        self._expected: dict[bool, Any] = {}
        """Predictions of base and adapter, by whether layers computed in bfloat16."""

    def prepare(self) -> None:
        """Choose the tokens to compare, unless the model is too large.

        No model is ever loaded completely: see `streamed_model`.
        """
        most = MOST_ON_GPU if torch.cuda.is_available() else MOST_ON_CPU
        if sum(one.spec.count for one in self._merge.weights.tensors.values()) <= most:
            import_transformers(trust_remote_code=self._merge.trust_remote_code)
            load_older_code()
            self._asked = self._or_none(self._ask)

    def same_dequantized(self) -> int:
        """Return at how many positions a merge into the 4-bit weights would predict the same."""
        merge, quantized = self._merge, self._merge.quantized
        if quantized is None or merge.adapter.replaced or merge.plan.is_untied:
            return 0

        def merged(name: str, weight: torch.Tensor) -> torch.Tensor:
            whole = quantized.as_trained(name, weight)
            return folded(merge.plan.tensors[name], whole).float()

        compared = Compared(merge.base, merge.weights.tensors, change=merged)
        return self._same(compared, is_rounded=False) or 0

    def compare(self, folder: Path, written: Weights) -> Check:
        """Compare a merged model; `require_close` judges the result.

        A CPU that multiplies bfloat16 faster does so if all weights are stored as that. If too many
        tokens differ, everything is computed again in float32.

        Args:
            folder: Folder of the merged model.
            written: Its weights.

        Raises:
            XtguiError: "convert.layers_differ", "convert.not_finite".
        """
        compared = Compared(folder, written.tensors)
        same, asked = None, self._asked
        if asked is not None and self._may_round():
            same = self._same(compared, is_rounded=True)
        if asked is not None and (same is None or same < CLOSE_AGREEMENT * len(asked.positions)):
            same = self._same(compared, is_rounded=False)
        if asked is None or same is None:
            sample = compare_layers(self._merge.plan, dict(written.tensors))
            return Check("layers", 0, 0, sample.layers)
        return Check(_of(asked), same, len(asked.positions), 0)

    def _may_round(self) -> bool:
        """Return whether all weights are bfloat16 and multiplied faster as such.

        Two bases are compared in float32, because one token may decide which is closer.
        """
        dtypes = {
            dtype
            for planned in self._merge.plan.tensors.values()
            for dtype in (planned.source.spec.dtype, planned.spec.dtype)
        }
        is_possible = dtypes == {"bfloat16"} and self._merge.quantized is None
        return is_possible and multiplies_bfloat16()

    def _same(self, compared: Compared, *, is_rounded: bool) -> int | None:
        """Return at how many positions a model agrees with base and adapter; None if unknown."""
        if is_rounded not in self._expected:
            base = self._base_and_adapter()
            self._expected[is_rounded] = self._likeliest(base, is_rounded=is_rounded)
        expected = self._expected[is_rounded]
        found = None if expected is None else self._likeliest(compared, is_rounded=is_rounded)
        return None if found is None else int((found == expected).sum())

    def _base_and_adapter(self) -> Compared:
        merge = self._merge
        return Compared(
            merge.base,
            merge.weights.tensors,
            merge.adapter_folder,
            frozenset([*merge.adapter.pairs, *_modules(merge.adapter)]),
            merge.quantized.as_trained if merge.quantized else None,
        )

    def _ask(self) -> AskedTokens:
        from transformers import AutoTokenizer

        tokenizer = AutoTokenizer.from_pretrained(
            self._merge.base, trust_remote_code=self._merge.trust_remote_code
        )
        return asked_tokens(self._merge.config, tokenizer)

    def _likeliest(self, compared: Compared, *, is_rounded: bool) -> Any:
        asked = self._asked
        if asked is None:
            return None
        return self._or_none(
            lambda: likeliest_tokens(
                compared,
                asked,
                trust_remote_code=self._merge.trust_remote_code,
                is_rounded=is_rounded,
            )
        )

    def _or_none(self, ask: Callable[[], Any]) -> Any:
        """Return a result, or None if computing it fails: models may come with any code."""
        try:
            return ask()
        except XtguiError:
            raise
        except Exception:
            traceback.print_exc()
            return None


def require_close(check: Check) -> None:
    """Raise an error if a merged model predicts too many different tokens.

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
