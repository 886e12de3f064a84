"""Architectures whose packed samples can be kept from seeing each other."""

from __future__ import annotations

KEEPS_PACKS_APART = frozenset(
    {
        *("apertus", "arcee", "codegen", "cohere", "cohere2", "ernie4_5", "exaone4"),
        *("gemma", "gemma2", "gemma3_text", "glm", "glm4", "gpt2", "gpt_bigcode", "gpt_neox"),
        *("gptj", "granite", "granitemoe", "helium", "hunyuan_v1_dense", "internlm3", "llama"),
        *("ministral", "mistral", "mixtral", "nemotron", "olmo", "olmo2", "olmo3", "persimmon"),
        *("phi", "phi3", "qwen2", "qwen2_moe", "qwen3", "seed_oss", "smollm3", "stablelm"),
        "starcoder2",
    }
)
"""`model_type` of the models that take a new start from position ids that begin again at 0.

Each was checked with transformers 5.23 on a small random model: the logits of a pack equal those of
its samples (tests/engine/test_packs.py). Not among them are models whose samples leak by another
way than attention: convolutions and recurrent states (LFM2, Qwen3.5, Mamba and its hybrids),
positions that attention computes by itself (OPT, BLOOM, MPT).
"""
