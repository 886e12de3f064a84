"""The sizes of a small model with the layout of ChatGLM's code. Written for the tests."""

from transformers import PretrainedConfig


class ChatGLMConfig(PretrainedConfig):
    model_type = "chatglm"

    def __init__(
        self,
        num_layers=2,
        padded_vocab_size=64800,
        hidden_size=16,
        ffn_hidden_size=32,
        num_attention_heads=2,
        seq_length=512,
        **options,
    ):
        self.num_layers = num_layers
        self.vocab_size = padded_vocab_size
        self.padded_vocab_size = padded_vocab_size
        self.hidden_size = hidden_size
        self.ffn_hidden_size = ffn_hidden_size
        self.num_attention_heads = num_attention_heads
        self.seq_length = seq_length
        super().__init__(**options)
