"""Makes the installed libraries raise the errors that data, models and checkpoints cause."""

from __future__ import annotations

import importlib.util
import json
import runpy
from pathlib import Path
from typing import Any

import tiny
from provocations import Rows, provokes


def model_folder(folder: Path, **files: Any) -> str:
    """Make a folder with a tiny Llama's config; *files*: names with __ for a dot, text or JSON."""
    folder.mkdir()
    config = {
        "model_type": "llama",
        "hidden_size": 8,
        "intermediate_size": 8,
        "num_hidden_layers": 1,
        "num_attention_heads": 2,
        "num_key_value_heads": 2,
        "vocab_size": 16,
    }
    for name, content in {"config__json": config, **files}.items():
        data = content if isinstance(content, bytes) else json.dumps(content).encode()
        (folder / name.replace("__", ".")).write_bytes(data)
    return str(folder)


def load_model(folder: str) -> object:
    from transformers import AutoModelForCausalLM

    return AutoModelForCausalLM.from_pretrained(folder)


def tiny_weights(folder: Path) -> bytes:
    return (tiny.save_model(folder / "whole") / "model.safetensors").read_bytes()


def xtuners_map_fn() -> Any:
    """Return what xtuner maps our rows with, from its own file: the package needs our fixes."""
    spec = importlib.util.find_spec("xtuner")
    assert spec is not None
    assert spec.origin is not None
    functions = Path(spec.origin).parent / "dataset" / "map_fns" / "dataset_map_fns"
    return runpy.run_path(str(functions / "openai_map_fn.py"))["openai_map_fn"]


# --- data --------------------------------------------------------------------------------------


@provokes("data_empty", "data")
def pack_no_rows(_: Path) -> object:
    from datasets import Dataset

    return Dataset.from_list([{"text": "a"}])["length"]


@provokes("data_empty", "data")
def sample_from_no_rows(_: Path) -> object:
    from torch.utils.data import RandomSampler

    return RandomSampler([])


@provokes("data_column", "data")
def map_rows_of_another_format(_: Path) -> object:
    from datasets import Dataset

    return Dataset.from_list([{"text": "a"}]).map(xtuners_map_fn())


@provokes("data_role", "data")
def map_a_tools_message(_: Path) -> object:
    return xtuners_map_fn()({"messages": [{"role": "tool", "content": "42"}]})


@provokes("data_not_json", "data")
def load_a_cut_off_file(folder: Path) -> object:
    from datasets import load_dataset

    (folder / "rows.jsonl").write_text('{"a": 1}\n{"a":')
    return load_dataset(
        "json", data_files=str(folder / "rows.jsonl"), cache_dir=str(folder / "cache")
    )


@provokes("data_missing", "data")
def load_a_file_that_is_not_there(folder: Path) -> object:
    from datasets import load_dataset

    return load_dataset(
        "json", data_files=str(folder / "gone.jsonl"), cache_dir=str(folder / "cache")
    )


# --- models ------------------------------------------------------------------------------------


@provokes("model_missing", "model")
def load_a_folder_that_is_not_there(folder: Path) -> object:
    return load_model(str(folder / "gone"))


@provokes("model_missing", "model")
def load_a_name_that_was_never_downloaded(_: Path) -> object:
    return load_model("someone/some-model")


@provokes("model_no_config", "model")
def load_a_folder_without_a_model(folder: Path) -> object:
    return load_model(model_folder(folder / "model", config__json={}))


@provokes("model_no_config", "model")
def load_a_config_that_was_cut_off(folder: Path) -> object:
    return load_model(model_folder(folder / "model", config__json=b"{"))


@provokes("model_incomplete", "model")
def load_a_config_without_weights(folder: Path) -> object:
    return load_model(model_folder(folder / "model"))


@provokes("model_incomplete", "model")
def load_an_index_without_its_parts(folder: Path) -> object:
    parts = {"lm_head.weight": "model-00001-of-00002.safetensors"}
    index = {"weight_map": parts, "metadata": {}}
    return load_model(model_folder(folder / "model", model__safetensors__index__json=index))


@provokes("model_damaged", "model")
def load_weights_that_were_cut_off(folder: Path) -> object:
    cut = tiny_weights(folder)[:-100]
    return load_model(model_folder(folder / "model", model__safetensors=cut))


@provokes("model_damaged", "model")
def load_a_pointer_of_git_lfs(folder: Path) -> object:
    pointer = b"version https://git-lfs.github.com/spec/v1\noid sha256:ab\nsize 1\n"
    return load_model(model_folder(folder / "model", model__safetensors=pointer))


@provokes("model_other_sizes", "model")
def load_weights_of_another_size(folder: Path) -> object:
    return load_model(model_folder(folder / "model", model__safetensors=tiny_weights(folder)))


@provokes("model_too_new", "model")
def load_a_type_that_nobody_knows(folder: Path) -> object:
    return load_model(model_folder(folder / "model", config__json={"model_type": "qwen9"}))


@provokes("model_not_for_text", "model")
def load_a_model_for_images(folder: Path) -> object:
    return load_model(model_folder(folder / "model", config__json={"model_type": "vit"}))


@provokes("model_needs_code", "model")
def load_a_model_with_code(folder: Path) -> object:
    from transformers import AutoModelForCausalLM

    code = {"AutoConfig": "code.Config", "AutoModelForCausalLM": "code.Model"}
    config = {"model_type": "mine", "auto_map": code}
    return AutoModelForCausalLM.from_pretrained(
        model_folder(folder / "model", config__json=config), trust_remote_code=False
    )


@provokes("model_needs_packages", "model")
def load_code_that_imports_what_is_not_there(folder: Path) -> object:
    from transformers.dynamic_module_utils import check_imports

    (folder / "code.py").write_text("import no_such_package\n")
    return check_imports(folder / "code.py")


@provokes("tokenizer_unreadable", "data")
def load_a_tokenizer_without_its_files(folder: Path) -> object:
    from transformers import AutoTokenizer

    return AutoTokenizer.from_pretrained(model_folder(folder / "model"))


# --- checkpoints -------------------------------------------------------------------------------


@provokes("checkpoint_missing", "resuming")
def load_a_checkpoint_that_is_not_there(folder: Path) -> object:
    from mmengine.runner.checkpoint import _load_checkpoint

    return _load_checkpoint(str(folder / "iter_3.pth"))


@provokes("checkpoint_does_not_fit", "resuming")
def load_weights_into_another_model(_: Path) -> object:
    from torch.nn import Linear

    return Linear(2, 2).load_state_dict(Linear(3, 2).state_dict())


@provokes("checkpoint_does_not_fit", "resuming")
def load_the_state_of_another_optimizer(_: Path) -> object:
    from torch.nn import Linear, Sequential
    from torch.optim import SGD

    longer = SGD(Sequential(Linear(2, 2), Linear(2, 2)).parameters(), 0.1)
    return SGD(Linear(2, 2).parameters(), 0.1).load_state_dict(longer.state_dict())


@provokes("checkpoint_not_data", "resuming")
def load_more_than_data(folder: Path) -> object:
    import torch

    torch.save(Rows(0), folder / "iter_3.pth")
    return torch.load(folder / "iter_3.pth", weights_only=True)
