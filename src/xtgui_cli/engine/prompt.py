"""A transformers tokenizer as training uses it, and a chat's prompt as training writes it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..shared.chat_template import QUESTION, render_question
from ..shared.templates import Encoder, PromptTemplate, Turn, choose_bos, encode_conversation

_FIXED_BOS = {"ChatGLMTokenizer": (64790, 64792), "QWenTokenizer": ()}
"""What xtuner puts before a conversation for tokenizers of these classes, whatever their BOS is
(xtuner/dataset/utils.py, get_bos_eos_token_ids): `[gMASK]sop`, and nothing."""


def encoder_of(tokenizer: Any, template: PromptTemplate) -> Encoder:
    """Return an encoder with the BOS and EOS ids that training puts around a conversation."""
    bos = _FIXED_BOS.get(type(tokenizer).__name__)
    if bos is None:
        bos = bos_ids(tokenizer, tokenizer.bos_token_id, template.instruction)
    eos = tokenizer.eos_token_id
    return Encoder(lambda text: _encode(tokenizer, text), bos, () if eos is None else (eos,))


def bos_ids(tokenizer: Any, bos_id: int | None, instruction: str) -> tuple[int, ...]:
    """Return the ids that `shared.templates.choose_bos` puts before a conversation.

    The chat template is rendered in another process, since it could run forever in this one.

    Args:
        tokenizer: Of transformers.
        bos_id: Its BOS, None if it has none.
        instruction: How the xtuner template writes a question, with {input} in it.
    """
    template = getattr(tokenizer, "chat_template", None)
    if isinstance(template, Mapping):  # several, by name
        template = template.get("default")
    named = tokenizer.special_tokens_map.items()
    tokens = {name: token for name, token in named if isinstance(token, str)}
    text = render_question(template, tokens) if template else None
    chat_ids = None if text is None else _encode(tokenizer, text)
    turn_ids = _encode(tokenizer, instruction.format(input=QUESTION, round=1))
    return choose_bos(bos_id, chat_ids, turn_ids)


def _encode(tokenizer: Any, text: str) -> Sequence[int]:
    ids: Sequence[int] = tokenizer.encode(text, add_special_tokens=False)
    return ids


def prompt_ids(
    conversation: Sequence[Mapping[str, str | None]],
    system: str,
    template: PromptTemplate,
    encoder: Encoder,
) -> list[int]:
    """Return the ids of a chat so far, ending where the model's answer begins.

    Args:
        conversation: {"input", "output"} each, the last output None.
        system: Stands before the first turn if the template has a place for it; "" for none.
        template: How turns are written.
        encoder: Turns text into ids.
    """
    turns = [
        Turn(
            input=turn["input"] or "",
            output=turn["output"],
            system=system if number == 0 and template.system else "",
        )
        for number, turn in enumerate(conversation)
    ]
    return encode_conversation(turns, template, encoder).input_ids


def stop_ids(tokenizer: Any, template: PromptTemplate, own_eos: Sequence[int]) -> list[int]:
    """Return the tokens that end an answer, sorted.

    They are the tokenizer's EOS, the stop words and the suffix that are a single token, and
    *own_eos*: those of the model's generation config.
    """
    ids = set(own_eos)
    if tokenizer.eos_token_id is not None:
        ids.add(tokenizer.eos_token_id)
    for text in (*template.stop_words, template.suffix):
        encoded = tokenizer.encode(text, add_special_tokens=False) if text else []
        if len(encoded) == 1:
            ids.add(encoded[0])
    return sorted(ids)


def stop_texts(tokenizer: Any, template: PromptTemplate) -> tuple[str, ...]:
    """Return the stop words of several tokens, which can only be found in the text of an answer."""
    texts = {text for text in (*template.stop_words, template.suffix) if text.strip()}
    return tuple(sorted(t for t in texts if len(tokenizer.encode(t, add_special_tokens=False)) > 1))
