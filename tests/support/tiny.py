"""A tiny random Llama with a real tokenizer: everything a real model folder has, in 0.3 MB."""

from __future__ import annotations

import json
import random
import struct
from pathlib import Path

CHATML = (
    "{% for message in messages %}{{'<|im_start|>' + message['role'] + '\n' + message['content']"
    " + '<|im_end|>' + '\n'}}{% endfor %}{% if add_generation_prompt %}"
    "{{ '<|im_start|>assistant\n' }}{% endif %}"
)
SPECIAL = ("<|endoftext|>", "<|im_start|>", "<|im_end|>")
VOCABULARY = 512
HIDDEN, LAYERS, HEADS, INNER = 64, 2, 4, 128

TEXT = [
    "Who are you? I am a small assistant that was trained in a terminal.",
    "What can you do? I answer short questions, and I say so when I do not know.",
    "你是谁？我是一个在终端里训练出来的小助手。",
    "请介绍一下你自己。我会回答简单的问题。",
    "The capital of France is Paris. One, two, three, four, five.",
]


def save_tokenizer(folder: Path) -> None:
    """Train a byte-level BPE on a few sentences and write it as transformers would."""
    from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers, trainers

    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=VOCABULARY,
        special_tokens=[AddedToken(text, special=True) for text in SPECIAL],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator(TEXT * 4, trainer)
    tokenizer.save(str(folder / "tokenizer.json"))
    _write_json(
        folder / "tokenizer_config.json",
        {
            "tokenizer_class": "PreTrainedTokenizerFast",
            "bos_token": "<|im_start|>",
            "eos_token": "<|im_end|>",
            "pad_token": "<|endoftext|>",
            "model_max_length": 2048,
            "chat_template": CHATML,
        },
    )


def save_model(folder: Path, seed: int = 0) -> Path:
    """Write config, tokenizer and random float32 weights; needs no torch."""
    folder.mkdir(parents=True, exist_ok=True)
    save_tokenizer(folder)
    _write_json(
        folder / "config.json",
        {
            "architectures": ["LlamaForCausalLM"],
            "model_type": "llama",
            "vocab_size": VOCABULARY,
            "hidden_size": HIDDEN,
            "intermediate_size": INNER,
            "num_hidden_layers": LAYERS,
            "num_attention_heads": HEADS,
            "num_key_value_heads": HEADS,
            "max_position_embeddings": 2048,
            "rms_norm_eps": 1e-5,
            "rope_theta": 10000.0,
            "hidden_act": "silu",
            "tie_word_embeddings": False,
            "bos_token_id": 1,
            "eos_token_id": 2,
            "pad_token_id": 0,
            "torch_dtype": "float32",
        },
    )
    _write_json(folder / "generation_config.json", {"bos_token_id": 1, "eos_token_id": 2})
    _write_weights(folder / "model.safetensors", random.Random(seed))
    return folder


def _shapes() -> dict[str, tuple[int, ...]]:
    shapes: dict[str, tuple[int, ...]] = {"model.embed_tokens.weight": (VOCABULARY, HIDDEN)}
    for layer in range(LAYERS):
        at = f"model.layers.{layer}."
        for name in ("q_proj", "k_proj", "v_proj", "o_proj"):
            shapes[f"{at}self_attn.{name}.weight"] = (HIDDEN, HIDDEN)
        shapes[f"{at}mlp.gate_proj.weight"] = (INNER, HIDDEN)
        shapes[f"{at}mlp.up_proj.weight"] = (INNER, HIDDEN)
        shapes[f"{at}mlp.down_proj.weight"] = (HIDDEN, INNER)
        shapes[f"{at}input_layernorm.weight"] = (HIDDEN,)
        shapes[f"{at}post_attention_layernorm.weight"] = (HIDDEN,)
    shapes["model.norm.weight"] = (HIDDEN,)
    shapes["lm_head.weight"] = (VOCABULARY, HIDDEN)
    return shapes


def _write_weights(path: Path, dice: random.Random) -> None:
    header: dict[str, object] = {"__metadata__": {"format": "pt"}}
    body = bytearray()
    for name, shape in _shapes().items():
        count = shape[0] * (shape[1] if len(shape) > 1 else 1)
        values = [1.0] * count if len(shape) == 1 else [dice.gauss(0, 0.05) for _ in range(count)]
        start = len(body)
        body += struct.pack(f"<{count}f", *values)
        header[name] = {"dtype": "F32", "shape": list(shape), "data_offsets": [start, len(body)]}
    head = json.dumps(header).encode()
    head += b" " * (-len(head) % 8)
    path.write_bytes(struct.pack("<Q", len(head)) + head + body)


def save_data(path: Path, rows: int, seed: int = 0) -> Path:
    """Write OpenAI messages, one conversation a line, a few dozen tokens each."""
    dice = random.Random(seed)
    names = ["Anna", "Boris", "小明", "Dora", "Emil", "阿芳"]
    with path.open("w", encoding="utf-8") as file:
        for number in range(rows):
            name = dice.choice(names)
            messages = [
                {"role": "user", "content": f"Who is number {number % 7}?"},
                {"role": "assistant", "content": f"Number {number % 7} is {name}, the assistant."},
            ]
            file.write(json.dumps({"messages": messages}, ensure_ascii=False) + "\n")
    return path


def _write_json(path: Path, content: dict[str, object]) -> None:
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1), "utf-8")
