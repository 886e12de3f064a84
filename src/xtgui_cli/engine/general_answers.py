"""Lets a base model answer general questions, to train its answers with other rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from . import chat
from .serve import Reply

_TOKENS = {"cpu": 2048, "cuda": 16_384}
"""Tokens of the questions and answers that are generated side by side."""
_SPARE = 1.25
"""Questions asked per wanted answer: some answers do not end."""
_FEWEST = 8
"""Questions asked at once at least, or the weights are read for little."""


def run(request: Mapping[str, Any], reply: Reply) -> dict[str, Any]:
    """Ask questions in their order until there are enough answers.

    Args:
        request: `questions`; `wanted`: number of answers; `max_new_tokens`: within which an answer
            has to end by itself; `base`, `template`, `system`, `trust_remote_code`, `is_quantised`:
            as for a chat.
        reply: Receives "progress" events: `done` of `total` answers.

    Returns:
        `answers`: to the first questions, None if one does not end or is empty.
    """
    chat.load(request, reply)
    questions, wanted = request["questions"], request["wanted"]
    reply.enter("answering")
    from .abilities import bears_padding
    from .greedy import answer_greedily, answer_text, has_ended

    checked = _checked(request, reply)
    with checked.undisturbed():
        prompts = [checked.prompt(question) for question in questions]
        may_pad = bears_padding(checked, prompts)
        answers: list[str | None] = []
        while (missing := wanted - _count(answers)) > 0 and len(answers) < len(prompts):
            reply("progress", done=_count(answers), total=wanted)
            asked = prompts[len(answers) :][: max(int(missing * _SPARE), _FEWEST)]
            limits = [request["max_new_tokens"]] * len(asked)
            found = answer_greedily(checked, asked, limits, may_pad=may_pad)
            answers += [
                (answer_text(checked, each.ids) or None) if has_ended(checked, each.ids) else None
                for each in found
            ]
    return {"answers": answers}


def _checked(request: Mapping[str, Any], reply: Reply) -> Any:
    from .checked_model import CheckedModel

    loaded = chat.require_loaded()
    model = loaded.models["base"]
    return CheckedModel(
        model=model,
        tokenizer=loaded.tokenizer,
        template=loaded.template,
        encoder=loaded.encoder,
        system=request["system"],
        stop_ids=loaded.stop_ids,
        most_tokens=_TOKENS.get(model.device.type, _TOKENS["cpu"]),
        stop_requested=reply.is_cancelled,
    )


def _count(answers: Sequence[str | None]) -> int:
    return sum(answer is not None for answer in answers)
