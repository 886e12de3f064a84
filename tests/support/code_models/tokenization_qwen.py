"""A tiktoken tokenizer shaped as Qwen 1's: bytes as tokens; no BOS, no EOS, no pad token."""

import base64

import tiktoken
from transformers import PreTrainedTokenizer

SPECIAL = ("<|endoftext|>", "<|im_start|>", "<|im_end|>")
SPLIT = r"""[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"""


class QWenTokenizer(PreTrainedTokenizer):
    vocab_files_names = {"vocab_file": "qwen.tiktoken"}

    def __init__(self, vocab_file, errors="replace", **options):
        self.errors = errors
        with open(vocab_file, "rb") as file:
            pairs = [line.split() for line in file.read().splitlines() if line]
        self.ranks = {base64.b64decode(token): int(rank) for token, rank in pairs}
        self.special_tokens = {token: id for id, token in enumerate(SPECIAL, start=len(self.ranks))}
        self.tokenizer = tiktoken.Encoding(
            "Qwen", pat_str=SPLIT, mergeable_ranks=self.ranks, special_tokens=self.special_tokens
        )
        self.decoder = {id: token for token, id in self.ranks.items()}
        self.decoder.update({id: token for token, id in self.special_tokens.items()})
        self.eod_id = self.tokenizer.eot_token
        self.im_start_id = self.special_tokens["<|im_start|>"]
        self.im_end_id = self.special_tokens["<|im_end|>"]
        super().__init__(**options)

    @property
    def vocab_size(self):
        return self.tokenizer.n_vocab

    def get_vocab(self):
        return self.ranks

    def convert_tokens_to_ids(self, tokens):
        if isinstance(tokens, (str, bytes)):
            return self.special_tokens.get(tokens, self.ranks.get(tokens))
        return [self.convert_tokens_to_ids(token) for token in tokens]

    def tokenize(self, text, allowed_special="all", disallowed_special=(), **_):
        ids = self.tokenizer.encode(
            text, allowed_special=allowed_special, disallowed_special=disallowed_special
        )
        return [self.decoder[id] for id in ids]

    def _convert_id_to_token(self, index):
        return self.decoder[index]

    def convert_tokens_to_string(self, tokens):
        parts = [token.encode() if isinstance(token, str) else token for token in tokens]
        return b"".join(parts).decode("utf-8", errors=self.errors)

    def _decode(self, token_ids, skip_special_tokens=False, errors=None, **_):
        ids = [token_ids] if isinstance(token_ids, int) else list(token_ids)
        if skip_special_tokens:
            ids = [id for id in ids if id < self.eod_id]
        return self.tokenizer.decode(ids, errors=errors or self.errors)

    def save_vocabulary(self, save_directory, filename_prefix=None):
        raise NotImplementedError
