"""Derives a prompt template from a chat template: it renders markers and reads what is between.

The result is a guess. `template_match` proves it, id by id, as it proves xtuner's own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ..shared.chat_template import Probe, render
from ..shared.custom_template import CUSTOM
from ..shared.templates import PromptTemplate

_SYSTEM = "Q7systemQ7"
_QUESTIONS = ("Q7askoneQ7", "Q7asktwoQ7", "Q7askthreeQ7")
_ANSWERS = ("Q7sayoneQ7", "Q7saytwoQ7", "Q7saythreeQ7")
_MARKERS = re.compile("|".join((_SYSTEM, *_QUESTIONS, *_ANSWERS)))
_NO_THOUGHTS = re.compile(r"<think>\s*</think>\s*")


@dataclass(frozen=True)
class Probed:
    """What a chat template writes around questions and answers."""

    uses_history: bool
    """Whether it writes one turn differently from another: xtuner cannot express that."""
    candidates: tuple[PromptTemplate, ...] = ()
    """Templates that may be equal, the likelier first; those without a place for a system last."""


def probe_template(chat_template: str, special_tokens: Mapping[str, str]) -> Probed | None:
    """Return what a chat template writes; None if it refuses a plain conversation."""
    plain = _conversation()
    system = [{"role": "system", "content": _SYSTEM}]
    whole, prompt, with_system = render(
        chat_template,
        special_tokens,
        [
            Probe(plain),
            Probe(plain[:-1], add_generation_prompt=True),
            Probe([*system, *plain[:-1]], add_generation_prompt=True),
        ],
    )
    if whole is None or prompt is None:
        return None
    order = [marker for pair in zip(_QUESTIONS, _ANSWERS, strict=True) for marker in pair]
    if _MARKERS.findall(whole) != order or _MARKERS.findall(prompt) != order[:-1]:
        return None
    parts, asked = _MARKERS.split(whole), _MARKERS.split(prompt)
    block = _thinking_block(parts[5], asked[5])
    if block:  # Hunyuan ends every text with it, also one whose last answer is there
        parts[5], parts[6] = asked[5], parts[6].removesuffix(block)
    gaps = {*parts[2:5:2]}
    uses_history = len({*parts[1:6:2]}) > 1
    is_said_in_prompt = parts[1] == parts[3] and asked[5] == parts[5]
    if len(gaps) > 1 or asked[:5] != parts[:5] or (uses_history and not is_said_in_prompt):
        return Probed(uses_history=True)
    start = None
    if with_system is not None and _MARKERS.findall(with_system) == [_SYSTEM, *order[:-1]]:
        start = tuple(_MARKERS.split(with_system)[:2])
    # the new turn counts: Qwen3 leaves the empty thinking block out of older ones
    around = _Around(begin=parts[0], lead=parts[5], gap=parts[2], end=parts[6])
    found = [
        *_candidates(around, start, special_tokens),
        *(_candidates(around, None, special_tokens) if start is not None else ()),
    ]
    return Probed(uses_history=uses_history, candidates=tuple(dict.fromkeys(found)))


def _thinking_block(lead: str, asked: str) -> str:
    """Return the empty thinking block that only a prompt has before its answer; "" for none."""
    rest = asked.removeprefix(lead)
    return rest if rest != asked and _NO_THOUGHTS.fullmatch(rest) else ""


@dataclass(frozen=True)
class _Around:
    begin: str
    """Before the first question."""
    lead: str
    """Between question and answer."""
    gap: str
    """Between answer and question."""
    end: str
    """After the last answer."""


def _conversation() -> list[dict[str, str]]:
    return [
        message
        for question, answer in zip(_QUESTIONS, _ANSWERS, strict=True)
        for message in (
            {"role": "user", "content": question},
            {"role": "assistant", "content": answer},
        )
    ]


def _candidates(
    around: _Around, system: tuple[str, ...] | None, special_tokens: Mapping[str, str]
) -> Iterator[PromptTemplate]:
    """Yield the ways to split what is between an answer and the next question.

    Args:
        around: What is around questions and answers.
        system: What is before and after a system text.
        special_tokens: Those of the model's tokenizer, by name.
    """
    lead, gap = around.lead, around.gap
    bos, eos = special_tokens.get("bos_token", ""), special_tokens.get("eos_token", "")
    heads = [around.begin.removeprefix(bos) if bos else around.begin, around.begin]
    heads += [gap[len(around.end) :]] if gap.startswith(around.end) else []
    for head in dict.fromkeys(heads):
        if not gap.endswith(head):
            continue
        close = gap[: len(gap) - len(head)]
        for before in dict.fromkeys((bos, "")):
            system_text = _system(system, head, before)
            if system_text is None:
                continue
            if close.strip():
                suffix = close.rstrip()
                yield PromptTemplate(
                    CUSTOM,
                    system_text,
                    _turn(head, lead),
                    suffix,
                    suffix_as_eos=True,
                    sep=close[len(suffix) :],
                    stop_words=(suffix.strip(),),
                )
            closed = close.removesuffix(bos) if bos else close
            if eos and eos in closed:
                suffix, _, sep = closed.partition(eos)
                yield PromptTemplate(
                    CUSTOM,
                    system_text,
                    _turn(head, lead),
                    suffix,
                    suffix_as_eos=False,
                    sep=sep,
                    stop_words=(eos,),
                )


def _system(system: tuple[str, ...] | None, head: str, bos: str) -> str | None:
    """Return the SYSTEM text, "" if there is no place for one, None if the split is wrong."""
    if system is None:
        return ""
    before, after = system
    if not after.endswith(head) or not before.startswith(bos):
        return None
    tail = after[: len(after) - len(head)]
    return _escape(before[len(bos) :]) + "{system}" + _escape(tail)


def _turn(head: str, lead: str) -> str:
    return _escape(head) + "{input}" + _escape(lead)


def _escape(text: str) -> str:
    """Return *text* so that `str.format` leaves it as it is."""
    return text.replace("{", "{{").replace("}", "}}")
