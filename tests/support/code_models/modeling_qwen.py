"""A small model with the names and the layout of Qwen 1's code. Written for the tests."""

from torch import nn

from .configuration_qwen import QWenConfig
from .small_layers import SmallModel, attend, split_heads


class QWenAttention(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.heads = config.num_attention_heads
        self.c_attn = nn.Linear(config.hidden_size, 3 * config.hidden_size)
        self.c_proj = nn.Linear(config.hidden_size, config.hidden_size, bias=False)

    def forward(self, hidden, past, mask):
        found, cache = attend(*split_heads(self.c_attn(hidden), self.heads), past, mask)
        return self.c_proj(found), cache


class QWenMLP(nn.Module):
    def __init__(self, config):
        super().__init__()
        inner = config.intermediate_size // 2
        self.w1 = nn.Linear(config.hidden_size, inner, bias=False)
        self.w2 = nn.Linear(config.hidden_size, inner, bias=False)
        self.c_proj = nn.Linear(inner, config.hidden_size, bias=False)

    def forward(self, hidden):
        return self.c_proj(self.w1(hidden) * nn.functional.silu(self.w2(hidden)))


class QWenBlock(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.ln_1 = nn.LayerNorm(config.hidden_size)
        self.attn = QWenAttention(config)
        self.ln_2 = nn.LayerNorm(config.hidden_size)
        self.mlp = QWenMLP(config)

    def forward(self, hidden, past, mask):
        found, cache = self.attn(self.ln_1(hidden), past, mask)
        hidden = hidden + found
        return hidden + self.mlp(self.ln_2(hidden)), cache


class QWenModel(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.wte = nn.Embedding(config.vocab_size, config.hidden_size)
        self.h = nn.ModuleList(QWenBlock(config) for _ in range(config.num_hidden_layers))
        self.ln_f = nn.LayerNorm(config.hidden_size)


class QWenLMHeadModel(SmallModel):
    config_class = QWenConfig
    base_model_prefix = "transformer"

    def __init__(self, config, *_, **__):
        super().__init__(config)
        self.transformer = QWenModel(config)
        self.lm_head = nn.Linear(config.hidden_size, config.vocab_size, bias=False)
        self.post_init()

    def embedding(self):
        return self.transformer.wte

    def blocks(self):
        return self.transformer.h

    def last_norm(self):
        return self.transformer.ln_f

    def head(self):
        return self.lm_head
