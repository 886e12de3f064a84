"""Finds the xtuner template that writes conversations as a model's own chat template does.

Token ids are compared, never text: two templates can agree as text and differ in what precedes it.
The probes are conversations with and without a system text, of one to three turns, each as a prompt
(the last answer still to come) and complete.

Of a prompt every id has to be equal. Of a complete conversation everything up to the last trained
token has to be; after it the chat template may only add the template's SEP, white space, or an end
token after a template's own end: xtuner trains on none of that, and some chat templates end with it
and some do not.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from ..shared.chat_template import (
    QUESTION,
    EndlessTemplateError,
    Probe,
    render,
    render_question,
)
from ..shared.errors import XtguiError
from ..shared.templates import (
    IGNORE_INDEX,
    PromptTemplate,
    Turn,
    all_templates,
    choose_bos,
    encode_conversation,
)
from .model_folder import ModelInfo
from .template_probe import Probed, probe_template
from .tokenization import ModelTokenizer, load_tokenizer

_MARKER = "Q7system7Q"
_SYSTEM = "You answer in rhymes."
_QUESTIONS = (QUESTION, "And 你好?", "Why so?")
_ANSWERS = ("A plant.", "A greeting.", "No reason.")
_SHOWN = 40
_USUAL = ("qwen_chat", "mistral")
_ALIASES = ("deepseekcoder",)  # xtuner keeps this old spelling of deepseek_coder


class UnknownTemplateError(XtguiError):
    """A model's files do not say how it writes a conversation; the user has to."""


@dataclass(frozen=True)
class Difference:
    """The first place where xtuner would write something other than the model's chat template."""

    system: bool
    """Whether the conversation had a system text."""
    turns: int
    chat: str
    """What the chat template writes there."""
    xtuner: str
    """What xtuner would write there."""


@dataclass(frozen=True)
class TemplateMatch:
    """The template of a model."""

    name: str | None
    """The xtuner template that is equal or nearest; None if there is nothing to compare."""
    exact: bool
    """Whether it is equal in every probe that the chat template accepts."""
    bos_ids: tuple[int, ...]
    """The ids before a conversation; see `shared.templates.choose_bos`."""
    difference: Difference | None = None
    system_line: str | None = None
    """The chat template's default system text; to be offered as SYSTEM."""
    custom: PromptTemplate | None = None
    """The equal or nearest template, if it is none of xtuner's; then its name is "custom"."""
    uses_history: bool = False
    """Whether the chat template writes old turns differently from new ones, as Qwen3's does."""
    is_endless: bool = False
    """Whether the chat template took too long and was abandoned."""

    @property
    def kind(self) -> Literal["exact", "custom", "nearest", "none"]:
        """How good the template is; "custom": equal, but none of xtuner's."""
        if self.name is None:
            return "none"
        if not self.exact:
            return "nearest"
        return "exact" if self.custom is None else "custom"

    @property
    def leaves_out_thoughts(self) -> bool:
        """Whether an empty thinking block precedes each answer, as part of the prompt."""
        return self.template is not None and "</think>" in self.template.instruction

    @property
    def template(self) -> PromptTemplate | None:
        """The template itself, None if there is none."""
        if self.custom is not None or self.name is None:
            return self.custom
        return all_templates().get(self.name)


def template_itself(match: TemplateMatch) -> PromptTemplate:
    """Return the template of a match that is known to have one."""
    if match.template is None:
        raise ValueError("a template that nobody knows counts nothing")
    return match.template


@dataclass(frozen=True)
class _Case:
    """A probe as both sides see it."""

    probe: Probe
    turns: Sequence[Turn]
    has_system: bool


@dataclass(frozen=True)
class _Score:
    """How well a template does; greater is better."""

    equal: int
    common: float
    name: str
    bos_ids: tuple[int, ...]
    difference: Difference | None


def match_template(model: ModelInfo) -> TemplateMatch:
    """Return the xtuner template of a checked model.

    A model without a chat template, with one that cannot be rendered, or without a tokenizer.json
    has no match: the user has to choose the template.

    Raises:
        XtguiError: Those of `load_tokenizer`.
    """
    if not model.has_fast_tokenizer:
        return TemplateMatch(name=None, exact=False, bos_ids=())
    tokenizer = load_tokenizer(model)
    if model.chat_template is None:
        return _no_match(tokenizer)
    try:
        return _match(model, model.chat_template, tokenizer)
    except EndlessTemplateError:
        return dataclasses.replace(_no_match(tokenizer), is_endless=True)


def _match(model: ModelInfo, chat_template: str, tokenizer: ModelTokenizer) -> TemplateMatch:
    cases, system_line = _cases(model, chat_template)
    texts = render(chat_template, model.special_tokens, [case.probe for case in cases])
    accepted = [
        (case, list(tokenizer.encode(text)))
        for case, text in zip(cases, texts, strict=True)
        if text is not None
    ]
    if not accepted:
        return _no_match(tokenizer)
    scores = [
        _score(template, accepted, tokenizer)
        for name, template in all_templates().items()
        if name not in _ALIASES
    ]
    best = max(scores, key=lambda score: _rank(score, model))
    match = TemplateMatch(
        name=best.name,
        exact=best.equal == len(accepted),
        bos_ids=best.bos_ids,
        difference=best.difference,
        system_line=system_line,
    )
    if match.exact:
        return match
    probed = probe_template(chat_template, model.special_tokens)
    if probed is None:
        return match
    return _match_custom(probed, accepted, tokenizer, match, best)


def _no_match(tokenizer: ModelTokenizer) -> TemplateMatch:
    return TemplateMatch(name=None, exact=False, bos_ids=choose_bos(tokenizer.bos_id, None, ()))


def _match_custom(
    probed: Probed,
    accepted: Sequence[tuple[_Case, list[int]]],
    tokenizer: ModelTokenizer,
    nearest: TemplateMatch,
    best: _Score,
) -> TemplateMatch:
    """Return a template derived from the chat template if it is equal or nearer than xtuner's.

    One without a place for a system text is compared on conversations without one: data with system
    texts are refused with it.
    """
    for candidate in probed.candidates:
        cases = [case for case in accepted if candidate.system or not case[0].has_system]
        score = _score(candidate, cases, tokenizer)
        is_equal = score.equal == len(cases)
        if is_equal or (score.equal, score.common) > (best.equal, best.common):
            best = score
            nearest = dataclasses.replace(
                nearest,
                name=candidate.name,
                exact=is_equal,
                bos_ids=score.bos_ids,
                difference=score.difference,
                custom=candidate,
            )
        if is_equal:
            break
    return dataclasses.replace(nearest, uses_history=probed.uses_history)


def bos_for(model: ModelInfo, template: PromptTemplate) -> tuple[int, ...]:
    """Return the ids before a conversation of a model with a template that the user chose.

    Empty without a tokenizer.json, since only the engine knows then.
    """
    if not model.has_fast_tokenizer:
        return ()
    tokenizer = load_tokenizer(model)
    turn_ids = _encode(_turns(1, "", None), template, tokenizer, ())
    text = None
    if model.chat_template is not None:
        text = render_question(model.chat_template, model.special_tokens)
    chat_ids = None if text is None else tokenizer.encode(text)
    return choose_bos(tokenizer.bos_id, chat_ids, turn_ids)


def _rank(score: _Score, model: ModelInfo) -> tuple[int, float, int, float]:
    """Rank a template: equal probes, likeness, then its family, since some differ in little."""
    family = score.name.partition("_")[0]
    is_family = family in f"{model.model_type} {model.architecture}".lower()
    liking = 2 if is_family else 1 if score.name in _USUAL else 0
    return score.equal, round(score.common, 1), liking, score.common


def _cases(model: ModelInfo, chat_template: str) -> tuple[list[_Case], str | None]:
    system_line = _default_system(model, chat_template)
    cases = []
    for system in ("", _SYSTEM):
        for count in range(1, len(_QUESTIONS) + 1):
            for is_whole in (False, True):
                last = _ANSWERS[count - 1] if is_whole else None
                messages = _messages(_turns(count, system, last))
                probe = Probe(messages, add_generation_prompt=not is_whole)
                turns = _turns(count, system or system_line or "", last)
                cases.append(_Case(probe, turns, has_system=bool(system)))
    return cases, system_line


def _turns(count: int, system: str, last_answer: str | None) -> list[Turn]:
    answers = [*_ANSWERS[: count - 1], last_answer]
    return [
        Turn(question, answer, system if number == 0 else "")
        for number, (question, answer) in enumerate(zip(_QUESTIONS, answers, strict=False))
    ]


def _messages(turns: Sequence[Turn]) -> list[dict[str, str]]:
    messages = []
    for turn in turns:
        if turn.system:
            messages.append({"role": "system", "content": turn.system})
        messages.append({"role": "user", "content": turn.input})
        if turn.output is not None:
            messages.append({"role": "assistant", "content": turn.output})
    return messages


def _default_system(model: ModelInfo, chat_template: str) -> str | None:
    """Return the chat template's own system text.

    It is at the place of a given system text; giving it must then change nothing.
    """
    question = {"role": "user", "content": _QUESTIONS[0]}
    marked = [{"role": "system", "content": _MARKER}, question]
    silent, said = _render_prompts(model, chat_template, [question], marked)
    if silent is None or said is None or said.count(_MARKER) != 1:
        return None
    before, after = said.split(_MARKER)
    if not (silent.startswith(before) and silent.endswith(after)):
        return None
    line = silent[len(before) : len(silent) - len(after)]
    if not line or _QUESTIONS[0] in line:
        return None
    system = {"role": "system", "content": line}
    again = _render_prompts(model, chat_template, [system, question])
    return line if again == [silent] else None


def _render_prompts(
    model: ModelInfo, chat_template: str, *conversations: Sequence[Mapping[str, str]]
) -> list[str | None]:
    probes = [Probe(messages, add_generation_prompt=True) for messages in conversations]
    return render(chat_template, model.special_tokens, probes)


def _score(
    template: PromptTemplate, accepted: Sequence[tuple[_Case, list[int]]], tokenizer: ModelTokenizer
) -> _Score:
    turn_ids = _encode(_turns(1, "", None), template, tokenizer, ())
    bos_ids = choose_bos(tokenizer.bos_id, accepted[0][1], turn_ids)
    equal, shares, difference = 0, [], None
    for case, chat_ids in accepted:
        ours = _encode(case.turns, template, tokenizer, bos_ids)
        common = _common(chat_ids, ours)
        if common == len(ours) and _may_follow(chat_ids[common:], template, tokenizer, case):
            equal += 1
            shares.append(1.0)
            continue
        shares.append(common / max(len(ours), len(chat_ids), 1))
        if difference is None:
            difference = Difference(
                case.has_system,
                len(case.turns),
                tokenizer.decode(chat_ids[common:])[:_SHOWN],
                tokenizer.decode(ours[common:])[:_SHOWN],
            )
    return _Score(equal, sum(shares) / len(shares), template.name, bos_ids, difference)


def _encode(
    turns: Sequence[Turn],
    template: PromptTemplate,
    tokenizer: ModelTokenizer,
    bos_ids: tuple[int, ...],
) -> list[int]:
    """Return the ids of a prompt, or of a conversation up to its last trained token."""
    encoded = encode_conversation(turns, template, tokenizer.encoder(bos_ids))
    if turns[-1].output is None:
        return encoded.input_ids
    end = len(encoded.labels)
    while end and encoded.labels[end - 1] == IGNORE_INDEX:
        end -= 1
    return encoded.input_ids[:end]


def _common(left: Sequence[int], right: Sequence[int]) -> int:
    for position, (one, other) in enumerate(zip(left, right, strict=False)):
        if one != other:
            return position
    return min(len(left), len(right))


def _may_follow(
    rest: Sequence[int], template: PromptTemplate, tokenizer: ModelTokenizer, case: _Case
) -> bool:
    if case.turns[-1].output is None:
        return not rest
    text = tokenizer.decode(rest)
    is_end = template.suffix_as_eos and tuple(rest) == tuple(tokenizer.encoder(()).eos_ids)
    return not text.strip() or text == template.sep or is_end
