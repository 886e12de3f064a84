"""What the small models of the tests have in common; each folder gets a copy of it.

They are models as they were written in 2023: no cache classes, checkpointing switched by a method
of their own, tuples of keys and values.
"""

import math

import torch
from torch.nn import functional
from torch.utils.checkpoint import checkpoint
from transformers.modeling_outputs import CausalLMOutputWithPast
from transformers.modeling_utils import PreTrainedModel


def attend(queries, keys, values, past, mask):
    """Return what the heads give, (batch, tokens, heads * width), and the keys and values so far.

    Args:
        queries, keys, values: (batch, heads, tokens, width).
        past: Keys and values of the tokens before, or None.
        mask: (batch, tokens so far), 1 where something stands; or None.
    """
    if past is not None:
        keys, values = (torch.cat(pair, dim=2) for pair in zip(past, (keys, values), strict=True))
    tokens, total = queries.shape[2], keys.shape[2]
    hidden = torch.ones(tokens, total, dtype=torch.bool).triu(total - tokens + 1)[None, None]
    if mask is not None:
        hidden = hidden | (mask[:, None, None, -total:] == 0)
    bias = torch.zeros(hidden.shape, dtype=queries.dtype).masked_fill(hidden, -1e4)
    found = functional.scaled_dot_product_attention(queries, keys, values, attn_mask=bias)
    return found.transpose(1, 2).flatten(2), (keys, values)


def split_heads(packed, heads):
    """Split (batch, tokens, 3 * size) into queries, keys and values of several heads."""
    parts = packed.chunk(3, dim=-1)
    return [part.unflatten(-1, (heads, -1)).transpose(1, 2) for part in parts]


def positions(start, tokens, size):
    """Return what marks the place of each token, (tokens, size)."""
    places = torch.arange(start, start + tokens).unsqueeze(1)
    waves = torch.exp(torch.arange(0, size, 2) * (-math.log(10000.0) / size))
    return torch.cat([torch.sin(places * waves), torch.cos(places * waves)], dim=1)


class SmallModel(PreTrainedModel):
    """A causal language model around `embedding()`, `blocks()` and `head()` of its subclasses."""

    supports_gradient_checkpointing = True
    gradient_checkpointing = False

    def _set_gradient_checkpointing(self, module, value=False):
        if isinstance(module, SmallModel):
            module.gradient_checkpointing = value

    def _init_weights(self, module):
        if isinstance(module, (torch.nn.Linear, torch.nn.Embedding)):
            module.weight.data.normal_(0.0, 0.05)

    def get_input_embeddings(self):
        return self.embedding()

    def get_output_embeddings(self):
        return self.head()

    def prepare_inputs_for_generation(
        self, input_ids, past_key_values=None, attention_mask=None, **options
    ):
        return {
            "input_ids": input_ids[:, -1:] if past_key_values is not None else input_ids,
            "past_key_values": past_key_values,
            "attention_mask": attention_mask,
            "use_cache": options.get("use_cache"),
        }

    def forward(
        self,
        input_ids=None,
        attention_mask=None,
        position_ids=None,
        past_key_values=None,
        labels=None,
        use_cache=None,
        **_,
    ):
        start = past_key_values[0][0].shape[2] if past_key_values else 0
        hidden = self.embedding()(input_ids)
        hidden = hidden + positions(start, hidden.shape[1], hidden.shape[2]).to(hidden.dtype)
        cache = []
        for number, block in enumerate(self.blocks()):
            past = past_key_values[number] if past_key_values else None
            if self.gradient_checkpointing and self.training:
                hidden, new = checkpoint(block, hidden, past, attention_mask, use_reentrant=True)
            else:
                hidden, new = block(hidden, past, attention_mask)
            cache.append(new)
        logits = self.head()(self.last_norm()(hidden)).float()
        loss = None
        if labels is not None:
            loss = functional.cross_entropy(logits[:, :-1].flatten(0, 1), labels[:, 1:].flatten())
        return CausalLMOutputWithPast(
            loss=loss, logits=logits, past_key_values=tuple(cache) if use_cache else None
        )
