"""xtuner's prompt templates, and the token ids of a conversation with one of them.

Both processes use it: the plan counts with it, the chat builds its prompt with it. The rules are
those of xtuner 0.2.0 (dataset/utils.py encode_fn, map_fns/template_map_fn.py); a test compares the
ids with those of xtuner's own functions.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

IGNORE_INDEX = -100
"""The label of a token that is not trained (xtuner's and torch's own value)."""


@dataclass(frozen=True)
class PromptTemplate:
    """How one turn is written. If `system` is empty there is no place for a system text."""

    name: str
    system: str
    instruction: str
    suffix: str = ""
    suffix_as_eos: bool = False
    sep: str = ""
    stop_words: tuple[str, ...] = ()


@dataclass(frozen=True)
class Turn:
    """One question and its answer; `output` is None if the answer is still to be given."""

    input: str
    output: str | None
    system: str = ""
    trained: bool = True
    """Whether the answer contributes to the loss."""


@dataclass(frozen=True)
class Encoder:
    """A tokenizer, as far as training needs it."""

    encode: Callable[[str], Sequence[int]]
    """Turns text into ids, without the tokenizer's own special tokens."""
    bos_ids: tuple[int, ...] = ()
    """Ids that xtuner puts before a conversation; empty if the chat template has them already."""
    eos_ids: tuple[int, ...] = ()


@dataclass(frozen=True)
class Encoded:
    """Token ids and labels of one conversation, both (tokens,)."""

    input_ids: list[int] = field(default_factory=list)
    labels: list[int] = field(default_factory=list)

    def add(self, ids: Iterable[int], *, trained: bool) -> None:
        """Append tokens, masked from the loss unless *trained*."""
        ids = list(ids)
        self.input_ids.extend(ids)
        self.labels.extend(ids if trained else [IGNORE_INDEX] * len(ids))


@functools.cache
def all_templates() -> Mapping[str, PromptTemplate]:
    """Return xtuner's 27 templates by name."""
    table = json.loads(Path(__file__).with_name("templates.json").read_text("utf-8"))["templates"]
    return {
        name: PromptTemplate(
            name=name,
            system=entry.get("SYSTEM", ""),
            instruction=entry.get("INSTRUCTION", "{input}"),
            suffix=entry.get("SUFFIX", ""),
            suffix_as_eos=entry.get("SUFFIX_AS_EOS", False),
            sep=entry.get("SEP", ""),
            stop_words=tuple(entry.get("STOP_WORDS", ())),
        )
        for name, entry in table.items()
    }


@dataclass(frozen=True)
class Piece:
    """A part of a conversation that is encoded separately: a text, or special tokens."""

    text: str = ""
    special: str = ""
    """"bos" or "eos" instead of a text."""
    trained: bool = False
    """Whether it contributes to the loss."""


def pieces_of(turns: Sequence[Turn], template: PromptTemplate) -> Iterator[Piece]:
    """Yield the pieces that xtuner encodes one by one and joins.

    If the last turn's `output` is None they end after its instruction: the prompt of a chat.
    """
    needs_bos = True
    for number, turn in enumerate(turns, start=1):
        prompt = template.instruction.format(input=turn.input, round=number)
        if turn.system:
            prompt = template.system.format(system=turn.system) + prompt
        if needs_bos:
            yield Piece(special="bos")
        yield Piece(prompt)
        if turn.output is None:
            return
        yield Piece(turn.output + template.suffix, trained=turn.trained)
        if not template.suffix_as_eos:
            yield Piece(special="eos", trained=turn.trained)
        needs_bos = not template.suffix_as_eos
        if template.sep:
            yield Piece(template.sep)


def encode_conversation(
    turns: Sequence[Turn], template: PromptTemplate, encoder: Encoder
) -> Encoded:
    """Return the ids and labels that xtuner trains on, not yet cut at max_length."""
    return encode_pieces(pieces_of(turns, template), encoder)


def encode_pieces(pieces: Iterable[Piece], encoder: Encoder) -> Encoded:
    """Return the ids and labels of pieces, each encoded separately."""
    special = {"bos": encoder.bos_ids, "eos": encoder.eos_ids}
    encoded = Encoded()
    for piece in pieces:
        ids = special[piece.special] if piece.special else encoder.encode(piece.text)
        encoded.add(ids, trained=piece.trained)
    return encoded


def turns_from_messages(messages: Sequence[Mapping[str, object]]) -> list[Turn]:
    """Return the turns that xtuner's openai_map_fn makes of OpenAI messages.

    Its rules, surprises included: assistant messages before any other are dropped, consecutive user
    messages are joined, the last of two systems wins, a question without an answer is dropped. The
    messages are checked already: roles are system, user or assistant, contents are text, or None
    for a system.

    Source: xtuner 0.2.0, dataset/map_fns/dataset_map_fns/openai_map_fn.py.
    """
    rest = list(messages)
    while rest and rest[0]["role"] == "assistant":
        rest.pop(0)
    turns: list[Turn] = []
    system = question = ""
    for message in rest:
        content = message["content"]
        text = content if isinstance(content, str) else ""
        if message["role"] == "system":
            system = text
        elif message["role"] == "user":
            question += text
        else:
            trained = str(message.get("loss", "True")).lower() == "true"
            turns.append(Turn(question, text, system, trained))
            system = question = ""
    return turns


def choose_bos(
    bos_id: int | None, chat_ids: Sequence[int] | None, turn_ids: Sequence[int]
) -> tuple[int, ...]:
    """Return the ids before a conversation, so that training begins as the model's own chat does.

    xtuner puts a BOS before every conversation. It is left out if the chat template emits none, or
    if the template's text begins with it already (SmolLM2: its BOS is <|im_start|>).

    Args:
        bos_id: The tokenizer's BOS, None if it has none.
        chat_ids: The model's own chat template rendered on one user message, as ids, None if it has
            no chat template.
        turn_ids: The same message under the xtuner template, without BOS.
    """
    if bos_id is None:
        return ()
    if chat_ids is None:
        return (bos_id,)
    if list(chat_ids[:1]) != [bos_id] or list(turn_ids[:1]) == [bos_id]:
        return ()
    return (bos_id,)
