"""Counts what a config trains, from its own values, right before the start."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from ..data.checked_rows import check_rows, encode_rows
from ..data.messages import read_messages
from ..models.model_folder import check_model
from ..models.template_match import bos_for
from ..models.tokenization import load_tokenizer
from ..shared.chat_template import is_given_up
from ..shared.checked_run import CheckedRun, read_checked_run
from ..shared.config_file import DATASET_MAP_FUNCTIONS, read_known
from ..shared.custom_template import as_template
from ..shared.errors import XtguiError
from ..shared.run_folder import RunFolder
from ..shared.templates import Encoded, PromptTemplate
from ..texts import t
from ..ui.console import ACCENT, talk
from .run_origin import RunOrigin


@dataclass(frozen=True, kw_only=True)
class _Counted:
    """What the samples of a config depend on."""

    model: Path
    data: Path
    template: PromptTemplate
    max_length: int
    pack: bool
    seed: int
    most: int | None
    """Maximum number of rows."""
    batch_size: int
    epochs: int


def count_run(folder: RunFolder, config: Path, origin: RunOrigin) -> CheckedRun | None:
    """Count what a config trains, so that the engine can compare its own data.

    What was counted before is not counted again.

    Returns:
        None if the config does not say plainly what it trains, its model has no tokenizer that can
            be
        read here, or its chat template takes too long.

    Raises:
        DataChangedError: At a row of the data that cannot be trained.
    """
    counted = _read(config, folder.root)
    before = read_checked_run(folder.checked_run_file)
    return None if counted is None else _check(counted, origin, before)


def _read(config: Path, root: Path) -> _Counted | None:
    said = read_known(config)
    template = as_template(said.get("prompt_template"))
    paths = said.get("pretrained_model_name_or_path"), said.get("data_path")
    if said.get("dataset_map_fn") not in DATASET_MAP_FUNCTIONS or template is None:
        return None
    try:
        model, data = (root / Path(_text(path)).expanduser() for path in paths)
        most = said["max_dataset_length"]
        return _Counted(
            model=model,
            data=data,
            template=template,
            max_length=_count(said["max_length"]),
            pack=said["pack_to_max_length"] is True,
            seed=_count(said["seed"], least=0),
            most=most if most is None else _count(most),
            batch_size=_count(said["batch_size"]),
            epochs=_count(said["max_epochs"]),
        )
    except (KeyError, ValueError):
        return None


def _text(value: object) -> str:
    if not isinstance(value, str) or not value:
        raise ValueError
    return value


def _count(value: object, least: int = 1) -> int:
    if type(value) is not int or value < least:
        raise ValueError
    return value


def _check(counted: _Counted, origin: RunOrigin, before: CheckedRun | None) -> CheckedRun | None:
    made_of = _made_of(counted, origin)
    if before is None or before.made_of != made_of or not (origin.data and origin.tokenizer):
        with talk().status(t("train.checking_data"), spinner_style=ACCENT):
            rows = _rows(counted)
            if rows is None:
                return None
            samples, tokens = check_rows(
                rows, counted.max_length, pack=counted.pack, seed=counted.seed, most=counted.most
            )
        before = CheckedRun(samples, 0, tokens, made_of)
    per_epoch = math.ceil(before.samples / counted.batch_size)
    return replace(before, iterations=per_epoch * counted.epochs)


def _rows(counted: _Counted) -> Iterator[Encoded] | None:
    """Return the rows as tokens; None if data or tokenizer are missing or cannot be read."""
    template = counted.template
    try:
        model = check_model(counted.model)
        if not model.has_fast_tokenizer or not counted.data.is_file():
            return None
        tokenizer, bos_ids = load_tokenizer(model), bos_for(model, template)
    except (XtguiError, ValueError):
        return None  # training reports what is wrong with the model
    if model.chat_template is not None and is_given_up(model.chat_template):
        return None  # it decides on the BOS, and the engine may have it in time
    return encode_rows(read_messages(counted.data), template, tokenizer, bos_ids)


def _made_of(counted: _Counted, origin: RunOrigin) -> str:
    values: Mapping[str, Any] = {
        "data": origin.data,
        "tokenizer": origin.tokenizer,
        "template": origin.template,
        "max_length": counted.max_length,
        "pack": counted.pack,
        "seed": counted.seed,
        "most": counted.most,
    }
    return hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()
