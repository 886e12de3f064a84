"""Questions and answers as token ids, and small random models to read them."""

from __future__ import annotations

from typing import Any

import torch
from small_models import small_model

from xtgui_cli.engine.checked_model import CheckedModel
from xtgui_cli.engine.question_pack import Asked

TOLERANCE = 1e-4
"""Nats, of sums of up to twenty log-probabilities in float32."""
ASKED = (
    Asked([5, 6, 7, 8], [[9, 2], [10, 11, 12, 2], [13], list(range(20, 40))]),
    Asked([5, 6, 7, 8, 14, 15, 16, 17, 18], [[9, 2], [10, 2], [11, 2], [12, 13, 2]]),
    Asked([5], [[9, 2], [8, 7, 6, 2]]),
)
SYSTEM = list(range(40, 52))
ASKED_ALIKE = tuple(Asked([*SYSTEM, *each.prompt], each.answers) for each in ASKED)
"""All with one system text, longer than what is read again for each."""


def checked_small_model(model_type: str, **changes: Any) -> CheckedModel:
    """Return a random model of a type; nothing else of it is used."""
    model = small_model(model_type, **changes)
    with torch.no_grad():  # as initialised, everything is about as likely
        for parameter in model.parameters():
            parameter.mul_(8 if parameter.dim() > 1 else 1)
    unused: Any = None
    return CheckedModel(model, unused, unused, unused)
