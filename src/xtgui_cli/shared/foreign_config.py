"""Reads from other people's configs the values for which our own have names.

XTuner's configs set some things only inside `model = dict(...)` and the like, and XtunerGUI changes
them there before mmengine dumps everything, so that the names above may say something else: the
inner values are what trains.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .config_file import UNKNOWN, ParsedConfig, in_table, table_of, value_of
from .custom_template import as_template, to_fields
from .templates import PromptTemplate, all_templates

_DATASET = ("train_dataloader", "dataset")
_OPTIMIZER = ("optim_wrapper", "optimizer")
_CHECKPOINTS = ("default_hooks", "checkpoint")
_PLACES: Mapping[str, tuple[str, ...]] = {
    "pretrained_model_name_or_path": ("model", "llm", "pretrained_model_name_or_path"),
    "use_activation_checkpointing": ("model", "use_activation_checkpointing"),
    "lora_r": ("model", "lora", "r"),
    "lora_alpha": ("model", "lora", "lora_alpha"),
    "lora_dropout": ("model", "lora", "lora_dropout"),
    "prompt_template": (*_DATASET, "template_map_fn", "template"),
    "dataset_map_fn": (*_DATASET, "dataset_map_fn"),
    "max_dataset_length": (*_DATASET, "max_dataset_length"),
    "max_length": (*_DATASET, "max_length"),
    "pack_to_max_length": (*_DATASET, "pack_to_max_length"),
    "batch_size": ("train_dataloader", "batch_size"),
    "dataloader_num_workers": ("train_dataloader", "num_workers"),
    "accumulative_counts": ("optim_wrapper", "accumulative_counts"),
    "max_norm": ("optim_wrapper", "clip_grad", "max_norm"),
    "optim_type": (*_OPTIMIZER, "type"),
    "lr": (*_OPTIMIZER, "lr"),
    "betas": (*_OPTIMIZER, "betas"),
    "weight_decay": (*_OPTIMIZER, "weight_decay"),
    "max_epochs": ("train_cfg", "max_epochs"),
    "save_steps": (*_CHECKPOINTS, "interval"),
    "save_total_limit": (*_CHECKPOINTS, "max_keep_ckpts"),
    "seed": ("randomness", "seed"),
}
"""Names in our configs to the places in others; consent to a model's code is not among them."""
_OF_CHAT_HOOK = {
    "evaluation_freq": "every_n_iters",
    "evaluation_inputs": "evaluation_inputs",
    "SYSTEM": "system",
}
_CHAT_HOOK = "EvaluateChatHook"
_SYSTEM_TABLE = "xtuner.utils.SYSTEM_TEMPLATE."


def find_values(config: ParsedConfig) -> dict[str, Any]:
    """Return the plain values of somebody else's config, under the names in ours."""
    within = {name: _at(config.nested, *place) for name, place in _PLACES.items()}
    hook = _chat_hook(config)
    within |= {name: hook.get(field, UNKNOWN) for name, field in _OF_CHAT_HOOK.items()}
    within["data_path"] = _data_path(_at(config.nested, *_DATASET, "dataset"))
    told = {name: _plain(name, value) for name, value in within.items()}
    values = {name: _plain(name, value) for name, value in config.values.items()}
    values |= {name: value for name, value in told.items() if value is not UNKNOWN}
    return {name: value for name, value in values.items() if value is not UNKNOWN}


def _at(value: Any, *place: str) -> Any:
    for name in place:
        value = value.get(name, UNKNOWN) if isinstance(value, Mapping) else UNKNOWN
    return value


def _chat_hook(config: ParsedConfig) -> Mapping[str, Any]:
    """Return the arguments of the hook that asks the evaluation questions."""
    for assignment in config.assignments:
        if assignment.name == "custom_hooks":
            hooks = value_of(assignment.node, config.nested)
            for hook in hooks if isinstance(hooks, list) else ():
                if str(_at(hook, "type")).endswith(_CHAT_HOOK):
                    return dict(hook)
    return {}


def _data_path(dataset: Any) -> Any:
    """Return the only data file, or else the name of the dataset that is loaded."""
    files = _at(dataset, "data_files")
    if isinstance(files, Mapping):
        files = files.get("train", UNKNOWN)
    if isinstance(files, (list, tuple)):
        files = files[0] if len(files) == 1 else UNKNOWN
    path = _at(dataset, "path")
    return path if files is UNKNOWN and path != "json" else files


def _name_of(template: PromptTemplate) -> str | None:
    """Return the name of a template that is written out; None if it is not xtuner's."""
    fields = to_fields(template)
    return next((name for name, one in all_templates().items() if to_fields(one) == fields), None)


def _plain(name: str, value: Any) -> Any:
    """Return a value in the form of our own configs; UNKNOWN if they cannot have it."""
    if isinstance(value, tuple):
        return list(value)
    if isinstance(value, Mapping):
        template = as_template(value) if name == "prompt_template" else None
        return _name_of(template) or value if template else UNKNOWN
    if isinstance(value, str) and table_of(name):
        known = in_table(name, value)
        return known if known in table_of(name) else UNKNOWN
    if isinstance(value, str) and value.startswith(_SYSTEM_TABLE):
        return UNKNOWN
    return value
