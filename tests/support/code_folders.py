"""Model folders that bring Python code of their own, for the tests of the classic engine.

InternLM2 is the real modeling file that xtuner ships for its reward model, with random weights. The
others are small models of ours with the names and the layouts of ChatGLM, Baichuan and Qwen 1.
"""

from __future__ import annotations

import base64
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import sentencepiece
import tiny

HERE = Path(__file__).with_name("code_models")
_OURS = Path(sys.prefix, "classic", "bin", "python")
PYTHON = Path(os.environ.get("XTGUI_TEST_CLASSIC") or _OURS)
"""The classic engine of the tests: `make setup-classic`."""


def internlm2(folder: Path) -> None:
    """Write what InternLM2 consists of: its own code, and a tokenizer.json."""
    tiny.save_tokenizer(folder)
    site = next(PYTHON.parents[1].glob("lib/python*/site-packages/xtuner"))
    source = site / "tools" / "model_converters" / "modeling_internlm2_reward"
    for name in ("modeling_internlm2.py", "configuration_internlm2.py"):
        shutil.copy(source / name, folder / name)
    model = "modeling_internlm2.InternLM2ForCausalLM"
    _write(
        folder / "config.json",
        {
            "architectures": ["InternLM2ForCausalLM"],
            "auto_map": {
                "AutoConfig": "configuration_internlm2.InternLM2Config",
                "AutoModel": model,
                "AutoModelForCausalLM": model,
            },
            "model_type": "internlm2",
            "vocab_size": tiny.VOCABULARY,
            "hidden_size": 64,
            "intermediate_size": 128,
            "num_hidden_layers": 2,
            "num_attention_heads": 4,
            "num_key_value_heads": 2,
            "max_position_embeddings": 2048,
            "bias": False,
            "pretraining_tp": 1,
            "bos_token_id": 1,
            "eos_token_id": 2,
            "pad_token_id": 2,
            "tie_word_embeddings": False,
            "torch_dtype": "float32",
        },
    )


def baichuan(folder: Path) -> None:
    """Write a sentencepiece model with `W_pack`, and neither tokenizer.json nor chat template."""
    _save_sentencepiece(folder)
    _write_code(folder, "baichuan", "BaichuanForCausalLM", "BaichuanConfig", "BaichuanTokenizer")


def chatglm(folder: Path) -> None:
    """Write a model with `query_key_value`, whose tokenizer has a beginning of its own."""
    _save_sentencepiece(folder)
    names = ("ChatGLMForConditionalGeneration", "ChatGLMConfig", "ChatGLMTokenizer")
    _write_code(folder, "chatglm", *names)


def qwen(folder: Path) -> None:
    """Write a tiktoken model with `c_attn`, whose tokenizer names no special token at all."""
    lines = (f"{base64.b64encode(bytes([byte])).decode()} {byte}" for byte in range(256))
    (folder / "qwen.tiktoken").write_text("\n".join(lines) + "\n", "utf-8")
    _write_code(folder, "qwen", "QWenLMHeadModel", "QWenConfig", "QWenTokenizer")


FAMILIES: dict[str, Callable[[Path], None]] = {
    "internlm2": internlm2,
    "baichuan": baichuan,
    "chatglm": chatglm,
    "qwen": qwen,
}


def save_models(folder: Path) -> dict[str, Path]:
    """Write one folder for each family, with random weights; one start of the classic engine."""
    models = {name: folder / name for name in FAMILIES}
    for name, write in FAMILIES.items():
        models[name].mkdir()
        write(models[name])
    environment = os.environ | {
        "HF_HUB_OFFLINE": "1",
        "HF_MODULES_CACHE": str(folder / "modules"),
        "OMP_NUM_THREADS": "1",
    }
    command = [PYTHON, HERE / "make_weights.py", *models.values()]
    subprocess.run(command, env=environment, check=True, timeout=600)
    # only now: transformers alone loads no code from a folder with a dot in its name
    return {name: path.rename(folder / f"{name}-0.1b") for name, path in models.items()}


def _save_sentencepiece(folder: Path) -> None:
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter([*tiny.TEXT, "Who is number 3? Number 3 is Anna, 小明, 阿芳."] * 4),
        model_prefix=str(folder / "tokenizer"),
        vocab_size=400,
        model_type="bpe",
        byte_fallback=True,
        hard_vocab_limit=False,
        minloglevel=2,
    )
    (folder / "tokenizer.vocab").unlink()


def _write_code(folder: Path, family: str, model: str, config: str, tokenizer: str) -> None:
    names = [f"{kind}_{family}.py" for kind in ("configuration", "modeling", "tokenization")]
    for name in (*names, "small_layers.py"):
        shutil.copy(HERE / name, folder / name)
    causal = f"modeling_{family}.{model}"
    _write(
        folder / "config.json",
        {
            "architectures": [model],
            "auto_map": {
                "AutoConfig": f"configuration_{family}.{config}",
                "AutoModel": causal,
                "AutoModelForCausalLM": causal,
            },
            "model_type": family,
            "torch_dtype": "float32",
            "tie_word_embeddings": False,
        },
    )
    auto_map = {"AutoTokenizer": [f"tokenization_{family}.{tokenizer}", None]}
    _write(folder / "tokenizer_config.json", {"tokenizer_class": tokenizer, "auto_map": auto_map})


def _write(path: Path, content: dict[str, Any]) -> None:
    path.write_text(json.dumps(content, indent=1), "utf-8")
