"""Which samples may stand in one row of a batch without seeing each other."""

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
"""`model_type` of the models that take a new start from position ids that begin again at 0.

Each was checked with transformers 5.23 on a small random model: the logits of a pack equal those of
its samples (tests/engine/test_packs.py). Not among them are models whose samples leak by another
way than attention: convolutions and recurrent states (LFM2, Qwen3.5, Mamba and its hybrids),
positions that attention computes by itself (OPT, BLOOM, MPT). Granite 4.0 leaks even where all its
layers attend: its class makes one mask for the whole row.
"""
JOINED_TOKENS = 512
"""So many tokens of samples that are not packed are joined on a CPU. Longer batches are padded: the
attention between samples, which is computed and masked, then costs more than padding does."""


def joins_samples(device: str, model_type: str, tokens: int) -> bool:
    """Return whether the samples of a batch that are not packed are put into one row.

    Args:
        device: "cuda" or "cpu".
        model_type: As the model's config.json says.
        tokens: Of all samples of the batch.
    """
    return device == "cpu" and model_type in KEEPS_PACKS_APART and tokens <= JOINED_TOKENS
