"""A sentencepiece tokenizer shaped as ChatGLM's: slow, padding at the left, its own beginning."""

import sentencepiece
from transformers import PreTrainedTokenizer

FIRST_SPECIAL = 64789
SPECIAL = ("[MASK]", "[gMASK]", "[sMASK]", "sop", "eop")
ROLES = ("<|system|>", "<|user|>", "<|assistant|>", "<|observation|>")


class ChatGLMTokenizer(PreTrainedTokenizer):
    vocab_files_names = {"vocab_file": "tokenizer.model"}
    model_input_names = ["input_ids", "attention_mask", "position_ids"]

    def __init__(self, vocab_file, padding_side="left", **options):
        self.name = "GLMTokenizer"
        self.vocab_file = vocab_file
        self.sp_model = sentencepiece.SentencePieceProcessor(model_file=vocab_file)
        named = enumerate((*SPECIAL, *ROLES), FIRST_SPECIAL)
        self.special = {token: id for id, token in named}
        for name in ("eos_token", "unk_token", "pad_token"):
            options.pop(name, None)
        super().__init__(padding_side=padding_side, **options)

    @property
    def unk_token(self):
        return "<unk>"

    @property
    def pad_token(self):
        return "<unk>"

    @property
    def eos_token(self):
        return "</s>"

    @property
    def eos_token_id(self):
        return self.sp_model.eos_id()

    @property
    def pad_token_id(self):
        return 0

    @property
    def vocab_size(self):
        return FIRST_SPECIAL + len(self.special)

    def get_vocab(self):
        pieces = {self.sp_model.id_to_piece(id): id for id in range(self.sp_model.get_piece_size())}
        return {**pieces, **self.special}

    def _tokenize(self, text):
        return self.sp_model.encode(text, out_type=str)

    def _convert_token_to_id(self, token):
        return self.special.get(token, self.sp_model.piece_to_id(token))

    def _convert_id_to_token(self, index):
        known = {id: token for token, id in self.special.items()}
        if index in known:
            return known[index]
        return self.sp_model.id_to_piece(index) if index < self.sp_model.get_piece_size() else ""

    def convert_tokens_to_string(self, tokens):
        return self.sp_model.decode([token for token in tokens if token not in self.special])

    def get_prefix_tokens(self):
        return [self.special["[gMASK]"], self.special["sop"]]

    def build_inputs_with_special_tokens(self, ids, other=None):
        ids = [*self.get_prefix_tokens(), *ids]
        return ids if other is None else [*ids, *other, self.eos_token_id]

    def _pad(
        self,
        encoded_inputs,
        max_length=None,
        padding_strategy=None,
        pad_to_multiple_of=None,
        return_attention_mask=None,
    ):
        assert self.padding_side == "left"
        ids = encoded_inputs["input_ids"]
        encoded_inputs.setdefault("attention_mask", [1] * len(ids))
        encoded_inputs.setdefault("position_ids", list(range(len(ids))))
        return encoded_inputs

    def save_vocabulary(self, save_directory, filename_prefix=None):
        raise NotImplementedError
