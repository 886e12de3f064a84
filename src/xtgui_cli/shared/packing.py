"""Which samples can share a row of a batch without seeing each other."""

from __future__ import annotations

KEEPS_PACKS_APART = frozenset(
    {
        *("apertus", "arcee", "codegen", "cohere", "cohere2", "ernie4_5", "exaone4"),
        *("gemma", "gemma2", "gemma3_text", "glm", "glm4", "gpt2", "gpt_bigcode", "gpt_neox"),
        *("gptj", "granite", "granitemoe", "helium", "hunyuan_v1_dense", "internlm3", "llama"),
        *("minicpm3", "ministral", "mistral", "mixtral", "nemotron", "olmo", "olmo2", "olmo3"),
        *("persimmon", "phi", "phi3", "qwen2", "qwen2_moe", "qwen3", "seed_oss", "smollm3"),
        *("stablelm", "starcoder2", "youtu"),
    }
)
"""`model_type` of the models that start a new sample where position ids restart at 0. Each was
checked with transformers 5.23 on a small random model: the logits of a pack equal those of its
samples (tests/engine/test_packs.py). Not among them are models whose samples leak otherwise than
through attention: convolutions and recurrent states (LFM2, Qwen3.5, Mamba and its hybrids),
positions that attention computes itself (OPT, BLOOM, MPT). Granite 4.0 leaks even
where all its layers attend: its class makes one mask for the whole row."""
JOINED_TOKENS = 512
"""Up to this many tokens, unpacked samples are joined on a CPU. Longer batches are padded: the
attention between samples, which is computed and masked, then costs more than padding."""


def joins_samples(device: str, model_type: str, tokens: int) -> bool:
    """Return whether the unpacked samples of a batch are joined in one row.

    Args:
        device: "cuda" or "cpu".
        model_type: As in the model's config.json.
        tokens: Total of all samples of the batch.
    """
    return device == "cpu" and model_type in KEEPS_PACKS_APART and tokens <= JOINED_TOKENS
