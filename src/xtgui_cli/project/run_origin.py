"""What a run begins with, and what has changed if it is resumed."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from ..models.model_mark import ModelMark, digest_file, mark_model
from ..settings.table import BY_CONFIG_NAME, BY_KEY
from ..shared.atomic import write_text
from ..shared.checked_run import CheckedRun
from ..shared.config_file import parse_config, read_file, read_known
from ..shared.custom_template import as_template, to_fields
from ..shared.errors import Exit, Notice, XtguiError
from ..shared.json_values import mapping, text
from ..shared.regular_file import read_json
from ..shared.run_folder import RunFolder
from .written_config import METHOD, is_equal

MAY_SET = frozenset(
    {
        "train.save_steps",
        "train.save_total_limit",
        "train.evaluation_freq",
        "train.evaluation_inputs",
        "train.max_new_tokens",
        "train.stop_on_nan",
        "train.use_activation_checkpointing",
        "data.tests",
    }
)
"""Settings that `--set` may change in a resumed run."""
_FREE = MAY_SET | {
    "model.trust_remote_code",
    "train.dataloader_num_workers",
    "train.SYSTEM",
    "train.until_learned",
}
"""Settings that may change in a run: what is learned does not depend on them."""
_SEEN_OTHERWISE = frozenset(
    {
        "model.path",
        "model.prompt_template",
        "data.path",
        "data.mix_general",
        "data.repeat_rows",
        "train.val_ratio",
    }
)
"""Settings that matter only through the model, the template and the rows that they lead to."""
_KEPT = frozenset(
    {
        "train.betas",
        "train.lr",
        "train.seed",
        "train.warmup_ratio",
        "train.weight_decay",
    }
)
"""Settings that a resume takes from the checkpoint (xtuner restores optimizer and schedule)."""
_MISFITS = frozenset({"train.method", "train.optim_type", "lora.lora_r"})
"""Settings that must not change, or a checkpoint's weights or optimizer state cannot be loaded."""
_SCHEDULE = frozenset({"train.lr", "train.max_epochs", "train.warmup_ratio"})
"""Settings that `--more` obeys, since its schedule restarts."""
_EFFECTS = {
    **dict.fromkeys(_KEPT, "kept"),
    **dict.fromkeys(_MISFITS, "misfit"),
    "train.max_epochs": "epochs",
}


@dataclass(frozen=True, kw_only=True)
class RunOrigin:
    """What a run is made from; "" if unknown."""

    data: str = ""
    """Digest of the file that is trained."""
    model_config: str = ""
    tokenizer: str = ""
    weights: str = ""
    template: str = ""
    """The prompt template's fields, as JSON."""
    settings: Mapping[str, Any] = field(default_factory=dict)
    """By key, those that the config says plainly."""


@dataclass(frozen=True)
class RunChanges:
    """What has changed since the run began."""

    notices: tuple[Notice, ...]
    is_misfit: bool
    """Whether the checkpoint cannot be loaded."""
    old_values: Mapping[str, Any]
    """By key, the old values of changed settings, as far as a config can say them again."""


def read_origin(folder: RunFolder, config: Path) -> RunOrigin:
    """Return what a config trains now; what is missing or cannot be read is not known."""
    try:
        parsed = parse_config(read_file(config), str(config))
    except (OSError, XtguiError):
        return RunOrigin()
    said = {**parsed.values, METHOD: parsed.method}
    model = _mark(_path(folder, said.get("pretrained_model_name_or_path")))
    template = as_template(said.get("prompt_template"))
    return RunOrigin(
        data=_digest(_path(folder, said.get("data_path"))),
        model_config=model.config if model else "",
        tokenizer=model.tokenizer if model else "",
        weights=model.weights if model else "",
        template=json.dumps(to_fields(template)) if template else "",
        settings=_settings(said),
    )


def remember(folder: RunFolder, origin: RunOrigin, checked: CheckedRun | None) -> None:
    """Record what a run is trained on from here on.

    Args:
        folder: The project.
        origin: What it is made from.
        checked: What was counted; None: nothing, so that the engine trains whatever it finds.

    Raises:
        XtguiError: "train.not_writable" if that cannot be written.
    """
    file = _record(folder)
    try:
        write_text(file, json.dumps(asdict(origin), indent=1) + "\n")
        if checked is None:
            folder.checked_run_file.unlink(missing_ok=True)
        else:
            checked.write(folder.checked_run_file)
    except OSError as error:
        raise XtguiError(
            "train.not_writable",
            Exit.ANSWERS,
            path=error.filename or file,
            reason=error.strerror or str(error),
        ) from None


def find_changes(
    folder: RunFolder, config: Path, now: RunOrigin, *, restarts_schedule: bool
) -> RunChanges | None:
    """Return what has changed since a run began; None if nothing has, or its origin is unknown.

    Args:
        folder: The project.
        config: The config that is trained.
        now: What it would be trained with.
        restarts_schedule: Whether the schedule restarts, and epochs are added, on purpose.
    """
    before = _recorded(folder)
    if before is None:
        return None
    said = read_known(config)
    notices = [
        Notice(f"train.changed_{part}", {"path": str(said.get(name, ""))})
        for part, name in _PARTS.items()
        if _differ(getattr(before, part), getattr(now, part))
    ]
    free = _FREE | (_SCHEDULE if restarts_schedule else frozenset())
    effects = {
        key: effect
        for key in _changed_settings(before, now, free)
        if (effect := _effect(key, before, now))
    }
    notices += [_in_words(key, effect, before, now) for key, effect in effects.items()]
    if not notices:
        return None
    old = {key: before.settings[key] for key in effects if BY_KEY[key].config_name}
    return RunChanges(tuple(notices), is_misfit="misfit" in effects.values(), old_values=old)


def differing_parts(one: RunFolder, other: RunFolder) -> list[str]:
    """Return the parts in which two runs' origins differ, as far as they were recorded.

    Out of "data", "model_config", "tokenizer", "weights" and "template".
    """
    records = _recorded(one), _recorded(other)
    if records[0] is None or records[1] is None:
        return []
    return [part for part in _PARTS if _differ(*(getattr(record, part) for record in records))]


def changed_base(folder: RunFolder, model: Path, *, with_weights: bool) -> list[str]:
    """Return the parts of a base model that have changed since the run began, as far as is known.

    Args:
        folder: The project of the run.
        model: The base model's folder.
        with_weights: Whether its weights matter: they do beside an adapter.

    Returns:
        Some of "model_config", "tokenizer" and "weights".
    """
    before = _recorded(folder)
    now = None if before is None else _mark(model, with_weights=with_weights)
    if before is None or now is None:
        return []
    found = {"model_config": now.config, "tokenizer": now.tokenizer, "weights": now.weights}
    return [part for part, digest in found.items() if _differ(getattr(before, part), digest)]


def recorded_base(folder: RunFolder) -> ModelMark | None:
    """Return the mark of a run's base model; None if it was not recorded completely."""
    before = _recorded(folder)
    if before is None or not (before.model_config and before.tokenizer and before.weights):
        return None
    return ModelMark(config=before.model_config, tokenizer=before.tokenizer, weights=before.weights)


def _recorded(folder: RunFolder) -> RunOrigin | None:
    """Return the recorded origin; None for a run of xtuner's own, or of an older version."""
    try:
        return _from_json(read_json(_record(folder)))
    except (OSError, ValueError):
        return None


_PARTS = {
    "data": "data_path",
    "model_config": "pretrained_model_name_or_path",
    "tokenizer": "pretrained_model_name_or_path",
    "weights": "pretrained_model_name_or_path",
    "template": "prompt_template",
}


def _differ(before: str, now: str) -> bool:
    return bool(before and now) and before != now


def _changed_settings(before: RunOrigin, now: RunOrigin, free: Collection[str]) -> Iterator[str]:
    for key, value in now.settings.items():
        is_known = key in before.settings and key not in free
        if is_known and not is_equal(before.settings[key], value):
            yield key


def _effect(key: str, before: RunOrigin, now: RunOrigin) -> str:
    """Return what a changed setting does to a resumed run; "" if it changes nothing.

    Without weight decay AdamW is Adam (Loshchilov and Hutter 2019, arXiv:1711.05101, algorithm 2),
    and the weight decay that counts is the checkpoint's.
    """
    values = before.settings[key], now.settings[key]
    is_adam = key == "train.optim_type" and sorted(map(str, values)) == ["Adam", "AdamW"]
    if is_adam and before.settings.get("train.weight_decay") == 0:
        return ""
    return _EFFECTS.get(key, "obeyed")


def _in_words(key: str, effect: str, before: RunOrigin, now: RunOrigin) -> Notice:
    data = {"key": key, "before": _shown(before.settings[key]), "now": _shown(now.settings[key])}
    return Notice(f"train.changed_setting_{effect}", data)


def _shown(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _settings(said: Mapping[str, Any]) -> dict[str, Any]:
    names = {METHOD: BY_KEY["train.method"], **BY_CONFIG_NAME}
    return {
        setting.key: said[name]
        for name, setting in names.items()
        if name in said and setting.key not in _SEEN_OTHERWISE
    }


def _from_json(content: object) -> RunOrigin:
    said = mapping(content)
    parts = {part: text(said.get(part)) or "" for part in _PARTS}
    return RunOrigin(**parts, settings=mapping(said.get("settings")))


def _record(folder: RunFolder) -> Path:
    return folder.state_dir / "run_origin.json"


def _path(folder: RunFolder, named: object) -> Path | None:
    return folder.root / Path(named).expanduser() if isinstance(named, str) and named else None


def _mark(model: Path | None, *, with_weights: bool = True) -> ModelMark | None:
    try:
        if model is None or not model.is_dir():
            return None
        return mark_model(model, with_weights=with_weights)
    except OSError:
        return None


def _digest(data: Path | None) -> str:
    try:
        return digest_file(data) if data is not None else ""
    except OSError:
        return ""
