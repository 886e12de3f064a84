"""What can be done after a run, as a command and as the wizard's action."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ..shared.errors import Notice


@dataclass(frozen=True, kw_only=True)
class Train:
    """`xtgui train`."""

    config: str = ""
    """Somebody else's config; "" for the project's own."""
    is_resume: bool = False
    is_fresh: bool = False
    more: int | None = None
    """Further epochs."""
    sets: tuple[str, ...] = ()
    """KEY=VALUE."""

    @property
    def arguments(self) -> tuple[str, ...]:
        """The words of the command after `xtgui`."""
        return (
            "train",
            *((self.config,) if self.config else ()),
            *(("--resume",) if self.is_resume else ()),
            *(("--fresh",) if self.is_fresh else ()),
            *(("--more", str(self.more)) if self.more else ()),
            *(word for entry in self.sets for word in ("--set", entry)),
        )


@dataclass(frozen=True, kw_only=True)
class Convert:
    """`xtgui convert`."""

    checkpoint: str

    @property
    def arguments(self) -> tuple[str, ...]:
        """The words of the command after `xtgui`."""
        return ("convert", "--checkpoint", self.checkpoint)


@dataclass(frozen=True, kw_only=True)
class Chat:
    """`xtgui chat`, which converts the checkpoint if necessary."""

    @property
    def arguments(self) -> tuple[str, ...]:
        """The words of the command after `xtgui`."""
        return ("chat", "--compare")


@dataclass(frozen=True, kw_only=True)
class Estimate:
    """`xtgui estimate`, which says what makes a run fit."""

    @property
    def arguments(self) -> tuple[str, ...]:
        """The words of the command after `xtgui`."""
        return ("estimate",)


Action = Train | Convert | Chat | Estimate


@dataclass(frozen=True)
class NextStep:
    """What to do next, and why."""

    code: str
    """Its reason is the text `next_step.<code>`."""
    action: Action
    data: Mapping[str, object] = field(default_factory=dict)
    edit: Notice | None = None
    """What to change by hand first, in a config that no command changes."""

    @property
    def reason(self) -> Notice:
        """The reason, for display."""
        return Notice(f"next_step.{self.code}", self.data)
