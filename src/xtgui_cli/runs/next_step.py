"""The next thing to do after a run: what its checks, its loss and its settings call for.

Each rule looks at the facts of a run and returns a step, or None if it does not apply. The first
rule that returns one decides, so the most important come first.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from ..shared.errors import Notice
from ..shared.learning import LEARNED, SAME_KNOWN, SAME_WORDING, Learning, is_forgotten
from .loss_course import LossCourse, taught_loss
from .snapshot import State
from .step_actions import Chat, Convert, Estimate, NextStep, Train
from .verdict import has_fallen, is_style, new_faults, recites

KNOWN_LOSS = 0.02
"""Nats per token at which a model answers nearly all taught rows word for word. Measured with
SmolLM2-135M on 24 rows: 14 of 17 were known at 0.045, all of 24 at 0.0045."""
MOST_MORE, FEW_MORE = 2, 12
"""This many times the trained epochs, or this many in all: a loss that needs more of them calls for
a higher rate. (After two epochs at the planned rate, of nine, 11 more were predicted.)"""
MOST_LR, LEAST_LR = 2.0, 1e-7
"""The highest learning rate to propose, as a multiple of the planned one; the lowest one."""
NEAR = 1.2
"""Learning rates within this factor are about the same."""
MEMORY_FAULTS = frozenset(
    {"faults.cuda_out_of_memory", "faults.host_out_of_memory", "faults.oom_killed"}
)
"""Faults of a run that ran out of memory: the same run needs as much again."""
HOPELESS_FAULTS = frozenset({"faults.loss_never_finite"})
"""Faults that occur again with any settings."""
CHANGES_NOTHING_LEARNED = "train.use_activation_checkpointing"
"""A setting that saves memory and may change in a resumed run."""


@dataclass(frozen=True, kw_only=True)
class RunFacts:
    """The facts that the step depends on."""

    state: State
    latest: str = ""
    """The latest checkpoint's file; "" if there is none."""
    has_rest: bool = False
    """Whether iterations are left after it."""
    learnings: Sequence[Learning] = ()
    """The checks, the base model's first."""
    course: LossCourse = field(default_factory=LossCourse)
    answers_are_long: bool | None = None
    """Whether answers are too long to be known by heart; None if unknown."""
    checkpoints: frozenset[int] = frozenset()
    """The iterations of those that exist."""
    epochs: float = 0.0
    """How many were trained."""
    lr: float | None = None
    """The learning rate of the run; None if unknown."""
    lr_now: float | None = None
    """The learning rate that a new start would use."""
    find_usual_lr: Callable[[], float] = lambda: 5e-4
    """Returns the one that would be planned for this model, method and alpha."""
    is_xtuners: bool = False
    """Whether the values are XTuner's own."""
    mix_general: int = 0
    """Number of general questions that are mixed in."""
    find_usual_mix: Callable[[], int] = lambda: 0
    """Returns how many could be mixed in; 0 if none can."""
    fault: str = ""
    """The code of what ended a failed run; "" if it did not fail, or nobody knows."""
    find_memory_saver: Callable[[], str] = lambda: ""
    """Returns the change, as KEY=VALUE, that makes a run fit into the memory that ran out; "" if
    that cannot be estimated."""
    foreign_config: str = ""
    """The config that was trained, if it is not the project's own: no command changes it."""

    @cached_property
    def usual_lr(self) -> float:
        """The learning rate that would be planned, computed only for rules that need it."""
        return self.find_usual_lr()

    @property
    def before(self) -> Learning | None:
        """The base model's check, if there is one after it."""
        is_there = len(self.learnings) > 1 and self.learnings[0].iter == 0
        return self.learnings[0] if is_there else None

    @property
    def now(self) -> Learning | None:
        """The last check, if there is one after the start."""
        return self.learnings[-1] if len(self.learnings) > 1 else None

    @property
    def taught_loss(self) -> LossCourse:
        """The course of the loss on the taught rows, or else of the iterations' loss."""
        found = taught_loss(self.learnings)
        if found is None or found.now is None:
            return self.course
        return LossCourse(self.course.kind, found.base, found.now)


Rule = Callable[[RunFacts], NextStep | None]


def next_step(facts: RunFacts) -> NextStep | None:
    """Return what to do after a run; None while it trains, or if only its log can tell."""
    if facts.state in ("starting", "running", "stopping"):
        return None
    rules = RULES if facts.state in ("finished", "stopped") else RULES_OF_FAILURES
    found = (rule(facts) for rule in rules)
    return next((step for step in found if step is not None), None)


# --- the rules -----------------------------------------------------------------------------------


def _lower_rate(facts: RunFacts) -> NextStep | None:
    """Return a step if the loss diverged or rose: the weights are spoiled, resuming is no use."""
    if facts.course.kind not in ("diverged", "rising"):
        return None
    return _with_rate(f"lower_{facts.course.kind}", facts, _lower(facts))


def _take_less_memory(facts: RunFacts) -> NextStep | None:
    """Return a step if the memory ran out, and would again: something has to change first."""
    if facts.fault not in MEMORY_FAULTS:
        return None
    saver = facts.find_memory_saver()
    key, _, value = saver.partition("=")
    if key == CHANGES_NOTHING_LEARNED and _can_resume(facts) and not facts.foreign_config:
        action = Train(is_resume=True, sets=(saver,))
        return NextStep("less_memory_resume", action, {"checkpoint": facts.latest})
    step = _start_over("less_memory", facts, key, value, {}) if saver else None
    return step or NextStep("find_memory", Estimate())


def _can_resume(facts: RunFacts) -> bool:
    return bool(facts.latest) and facts.has_rest and facts.state != "finished"


def _resume(facts: RunFacts) -> NextStep | None:
    """Return a step if the run has not ended, and would not fail in the same way again."""
    if not _can_resume(facts) or facts.fault in HOPELESS_FAULTS:
        return None
    action = Train(config=facts.foreign_config, is_resume=True)
    return NextStep("resume", action, {"checkpoint": facts.latest})


def _mix_in(facts: RunFacts) -> NextStep | None:
    """Return a step if it forgot, or repeats taught answers, and nothing general was mixed in."""
    if facts.mix_general or not (_forgot(facts) or _repeats_taught(facts)):
        return None
    count = facts.find_usual_mix()
    if not count:
        return None
    code = "mix_forgot" if _forgot(facts) else "mix_repeats"
    return _start_over(code, facts, "data.mix_general", str(count), {"count": count})


def _kept_more(facts: RunFacts) -> NextStep | None:
    """Return a step if it forgot, but an earlier checkpoint knows as much and has not forgotten."""
    if not _forgot(facts):
        return None
    least = _share(facts.now) - SAME_KNOWN - 1e-9
    good = [
        check
        for check in facts.learnings[1:-1]
        if check.iter in facts.checkpoints
        and check.kept is not None
        and not is_forgotten(check.kept)
        and _share(check) >= least
    ]
    if not good:
        return None
    name = f"iter_{good[-1].iter}"
    return NextStep("kept_more", Convert(checkpoint=name), {"name": name})


def _forgets_less(facts: RunFacts) -> NextStep | None:
    """Return a step if it forgot despite general questions, and no checkpoint kept more."""
    return _with_rate("lower_forgot", facts, _lower(facts)) if _forgot(facts) else None


def _held_out_better(facts: RunFacts) -> NextStep | None:
    """Return a step if the held-out loss counts, and was lower at an earlier checkpoint."""
    now = facts.now
    if not _is_style(facts) or now is None or now.held_out is None:
        return None
    losses = {
        check.iter: check.held_out
        for check in facts.learnings[1:]
        if check.held_out is not None and check.iter in facts.checkpoints
    }
    best = min(losses, key=lambda at: (losses[at], at), default=now.iter)
    if losses.get(best, now.held_out) >= now.held_out - SAME_WORDING:
        return None
    name = f"iter_{best}"
    data = {"name": name, "best": f"{losses[best]:.2f}", "now": f"{now.held_out:.2f}"}
    return NextStep("held_out_better", Convert(checkpoint=name), data)


def _fewer_epochs(facts: RunFacts) -> NextStep | None:
    """Return a step if the held-out loss counts, and is higher than before training."""
    before, now = facts.before, facts.now
    if not _is_style(facts) or before is None or now is None:
        return None
    if before.held_out is None or now.held_out is None or now.held_out <= before.held_out:
        return None
    epochs = int(facts.epochs / 2)
    if epochs < 1:
        return _with_rate("lower_held_out", facts, _lower(facts))
    return _start_over("fewer", facts, "train.max_epochs", str(epochs), {"count": epochs})


def _planned_values(facts: RunFacts) -> NextStep | None:
    """Return a step if it did not learn with XTuner's own values."""
    if not facts.is_xtuners or not _has_not_learned(facts):
        return None
    return _start_over("planned", facts, "train.recipe", "planned", {})


def _other_rate(facts: RunFacts) -> NextStep | None:
    """Return a step if it did not learn and the loss hardly fell: the rate is wrong."""
    if not _has_not_learned(facts) or not _hardly_fell(facts):
        return None
    if facts.lr and facts.lr > NEAR * MOST_LR * facts.usual_lr:
        return _with_rate("lower_stuck", facts, _lower(facts))
    rate = _higher(facts)
    return _with_rate("higher", facts, rate) if rate else None


def _more_epochs(facts: RunFacts) -> NextStep | None:
    """Return a step if it did not learn, or only in part, and the loss is falling."""
    if not _has_not_learned(facts):
        return None
    needed, most = _needed_epochs(facts), _most_epochs(facts)
    count = most if needed > most else max(1, math.ceil(needed))
    data = {"count": count, **facts.taught_loss.in_short}
    if facts.foreign_config:
        total = math.ceil(facts.epochs) + count
        return _start_over("more", facts, "train.max_epochs", str(total), data)
    code = "more_at_least" if needed > most else "more"
    return NextStep(code, Train(more=count), data)


def _wordings(facts: RunFacts) -> NextStep | None:
    """Return a step if it answers its own questions, but not the same in other words."""
    if facts.now is None or not recites(facts.now):
        return None
    return NextStep("wordings", Train(config=facts.foreign_config, is_fresh=True))


def _chat(facts: RunFacts) -> NextStep | None:
    """Return a step if it has learned, as far as is known."""
    if not facts.latest:
        return None
    return NextStep("chat" if facts.now else "see", Chat())


RULES: tuple[Rule, ...] = (
    _lower_rate,
    _resume,
    _mix_in,
    _kept_more,
    _forgets_less,
    _held_out_better,
    _fewer_epochs,
    _planned_values,
    _other_rate,
    _more_epochs,
    _wordings,
    _chat,
)
"""The most important first."""
RULES_OF_FAILURES: tuple[Rule, ...] = (_lower_rate, _take_less_memory, _resume)
"""For a failed run, whose end itself says what to do."""


# --- what the rules ask --------------------------------------------------------------------------


def _forgot(facts: RunFacts) -> bool:
    return bool(facts.now and facts.now.kept and is_forgotten(facts.now.kept))


def _repeats_taught(facts: RunFacts) -> bool:
    before, now = facts.before, facts.now
    return bool(now and before and "repeats_taught" in new_faults(before, now))


def _share(check: Learning | None) -> float:
    return check.known.share if check and check.known else 0.0


def _is_style(facts: RunFacts) -> bool:
    return facts.now is not None and is_style(facts.now, answers_are_long=facts.answers_are_long)


def _has_not_learned(facts: RunFacts) -> bool:
    """Return whether more training makes sense: rows are not known, or the loss stands still."""
    now = facts.now
    if now is None or _is_style(facts) or now.known is None or not now.known.asked:
        return _hardly_fell(facts)
    return now.known.share < LEARNED


def _hardly_fell(facts: RunFacts) -> bool:
    """Return whether the loss went nowhere, or so slowly that more epochs would take too long."""
    if facts.now is None:
        return facts.course.kind == "flat"
    if _is_style(facts) or facts.now.known is None:
        loss, before = facts.taught_loss, facts.before
        held_out = before.held_out if before else None
        return not has_fallen(loss.first, loss.now) and not has_fallen(held_out, facts.now.held_out)
    return _needed_epochs(facts) > _most_epochs(facts)


def _needed_epochs(facts: RunFacts) -> float:
    """Return how many more epochs it would take until rows are known, at the pace so far.

    The loss falls by about the same factor in each epoch.
    """
    loss = facts.taught_loss
    if loss.first is None or loss.now is None or not 0 < loss.now < loss.first:
        return math.inf
    left = math.log(max(loss.now, KNOWN_LOSS) / KNOWN_LOSS)
    return facts.epochs * left / math.log(loss.first / loss.now)


def _most_epochs(facts: RunFacts) -> int:
    return max(FEW_MORE, math.ceil(MOST_MORE * facts.epochs))


def _lower(facts: RunFacts) -> float:
    """Return a lower learning rate: the planned one, or half if it is that already."""
    lr, usual = facts.lr or facts.usual_lr, facts.usual_lr
    return max(LEAST_LR, _two_digits(usual if lr > NEAR * usual else lr / 2))


def _higher(facts: RunFacts) -> float | None:
    """Return a higher learning rate: the planned one, or twice; None if that is too much."""
    if not facts.lr:
        return None
    lr, usual = facts.lr, facts.usual_lr
    wanted = usual if lr * NEAR < usual else 2 * lr
    higher = _two_digits(min(wanted, MOST_LR * usual))
    return higher if higher > NEAR * lr else None


def _with_rate(code: str, facts: RunFacts, rate: float) -> NextStep | None:
    loss = facts.taught_loss if facts.now and facts.course.kind != "rising" else facts.course
    data = {"lr": "?" if facts.lr is None else f"{facts.lr:.2g}", **loss.in_short}
    if _is_changed_so(facts, rate):
        return NextStep(code, Train(config=facts.foreign_config, is_fresh=True), data)
    return _start_over(code, facts, "train.lr", f"{rate:g}", data)


def _is_changed_so(facts: RunFacts, rate: float) -> bool:
    """Return whether the user has changed the learning rate in this direction since the run."""
    lr, now = facts.lr, facts.lr_now
    if lr is None or now is None:
        return False
    return now * NEAR < lr if rate < lr else now > NEAR * lr


def _start_over(
    code: str, facts: RunFacts, key: str, value: str, data: Mapping[str, object]
) -> NextStep | None:
    """Return a start from scratch with another value; None if no config can say it."""
    if not facts.foreign_config:
        return NextStep(code, Train(is_fresh=True, sets=(f"{key}={value}",)), data)
    section, _, name = key.partition(".")
    if section != "train" or name in ("method", "recipe"):
        return None
    edit = Notice("next_step.edit", {"file": facts.foreign_config, "name": name, "value": value})
    return NextStep(code, Train(config=facts.foreign_config, is_fresh=True), data, edit)


def _two_digits(value: float) -> float:
    return float(f"{value:.1e}")
