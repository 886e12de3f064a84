"""A small model with the names and the layout of ChatGLM's code. Written for the tests."""

from torch import nn

from .configuration_chatglm import ChatGLMConfig
from .small_layers import SmallModel, attend, split_heads


class SelfAttention(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.heads = config.num_attention_heads
        self.query_key_value = nn.Linear(config.hidden_size, 3 * config.hidden_size)
        self.dense = nn.Linear(config.hidden_size, config.hidden_size, bias=False)

    def forward(self, hidden, past, mask):
        found, cache = attend(*split_heads(self.query_key_value(hidden), self.heads), past, mask)
        return self.dense(found), cache


class MLP(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.dense_h_to_4h = nn.Linear(config.hidden_size, 2 * config.ffn_hidden_size, bias=False)
        self.dense_4h_to_h = nn.Linear(config.ffn_hidden_size, config.hidden_size, bias=False)

    def forward(self, hidden):
        gate, up = self.dense_h_to_4h(hidden).chunk(2, dim=-1)
        return self.dense_4h_to_h(nn.functional.silu(gate) * up)


class GLMBlock(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.input_layernorm = nn.LayerNorm(config.hidden_size)
        self.self_attention = SelfAttention(config)
        self.post_attention_layernorm = nn.LayerNorm(config.hidden_size)
        self.mlp = MLP(config)

    def forward(self, hidden, past, mask):
        found, cache = self.self_attention(self.input_layernorm(hidden), past, mask)
        hidden = hidden + found
        return hidden + self.mlp(self.post_attention_layernorm(hidden)), cache


class Embedding(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.word_embeddings = nn.Embedding(config.padded_vocab_size, config.hidden_size)


class GLMTransformer(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.layers = nn.ModuleList(GLMBlock(config) for _ in range(config.num_layers))
        self.final_layernorm = nn.LayerNorm(config.hidden_size)


class ChatGLMModel(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.embedding = Embedding(config)
        self.encoder = GLMTransformer(config)
        self.output_layer = nn.Linear(config.hidden_size, config.padded_vocab_size, bias=False)


class ChatGLMForConditionalGeneration(SmallModel):
    config_class = ChatGLMConfig
    base_model_prefix = "transformer"

    def __init__(self, config, *_, **__):
        super().__init__(config)
        self.transformer = ChatGLMModel(config)
        self.post_init()

    def embedding(self):
        return self.transformer.embedding.word_embeddings

    def blocks(self):
        return self.transformer.encoder.layers

    def last_norm(self):
        return self.transformer.encoder.final_layernorm

    def head(self):
        return self.transformer.output_layer
