"""A small model with the names and the layout of Baichuan's code. Written for the tests."""

from torch import nn

from .configuration_baichuan import BaichuanConfig
from .small_layers import SmallModel, attend, split_heads


class Attention(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.heads = config.num_attention_heads
        self.W_pack = nn.Linear(config.hidden_size, 3 * config.hidden_size, bias=False)
        self.o_proj = nn.Linear(config.hidden_size, config.hidden_size, bias=False)

    def forward(self, hidden, past, mask):
        found, cache = attend(*split_heads(self.W_pack(hidden), self.heads), past, mask)
        return self.o_proj(found), cache


class MLP(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.gate_proj = nn.Linear(config.hidden_size, config.intermediate_size, bias=False)
        self.up_proj = nn.Linear(config.hidden_size, config.intermediate_size, bias=False)
        self.down_proj = nn.Linear(config.intermediate_size, config.hidden_size, bias=False)

    def forward(self, hidden):
        return self.down_proj(nn.functional.silu(self.gate_proj(hidden)) * self.up_proj(hidden))


class DecoderLayer(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.self_attn, self.mlp = Attention(config), MLP(config)
        self.input_layernorm = nn.LayerNorm(config.hidden_size)
        self.post_attention_layernorm = nn.LayerNorm(config.hidden_size)

    def forward(self, hidden, past, mask):
        found, cache = self.self_attn(self.input_layernorm(hidden), past, mask)
        hidden = hidden + found
        return hidden + self.mlp(self.post_attention_layernorm(hidden)), cache


class BaichuanModel(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.embed_tokens = nn.Embedding(config.vocab_size, config.hidden_size)
        self.layers = nn.ModuleList(DecoderLayer(config) for _ in range(config.num_hidden_layers))
        self.norm = nn.LayerNorm(config.hidden_size)


class BaichuanForCausalLM(SmallModel):
    config_class = BaichuanConfig
    base_model_prefix = "model"

    def __init__(self, config, *_, **__):
        super().__init__(config)
        self.model = BaichuanModel(config)
        self.lm_head = nn.Linear(config.hidden_size, config.vocab_size, bias=False)
        self.post_init()

    def embedding(self):
        return self.model.embed_tokens

    def blocks(self):
        return self.model.layers

    def last_norm(self):
        return self.model.norm

    def head(self):
        return self.lm_head
