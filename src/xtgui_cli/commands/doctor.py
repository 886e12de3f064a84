"""`xtgui doctor`: what this machine can do, what is missing, and how to fix it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..project.doctor.findings import Finding, Level
from ..project.doctor.gather import gather
from ..project.doctor.table import examine
from ..project.doctor.trial import try_training
from ..project.users_hubs import users_order
from ..shared.errors import Exit
from ..texts import t
from ..ui.console import ACCENT, in_words, talk
from ..ui.doctor_view import Line, show_checks
from ..ui.json_output import print_json


@dataclass(frozen=True, kw_only=True)
class DoctorRequest:
    """What to check."""

    root: Path | None = None
    """The folder whose runs are meant; None: the current one."""
    deep: bool = False
    """Also quantize and train a tiny model."""
    as_json: bool = False
    """Print one JSON object."""


def run(request: DoctorRequest) -> Exit:
    """Check this machine; return Exit.ENVIRONMENT if training cannot work."""
    with talk().status(t("doctor.looking"), spinner_style=ACCENT):
        facts = gather(request.root or Path.cwd(), users_order())
    findings = examine(facts)
    if request.deep and facts.engine is not None and facts.engine.python is not None:
        findings["deep"] = try_training(facts.engine.python, has_gpu=facts.gpu.used is not None)
    if request.as_json:
        print_json(_to_json(findings))
    else:
        lines = {
            name: Line(found.level, found.notice, found.commands)
            for name, found in findings.items()
        }
        show_checks(lines, was_deep=request.deep)
    return Exit.DONE if _can_train(findings) else Exit.ENVIRONMENT


def _can_train(findings: Mapping[str, Finding]) -> bool:
    return all(found.level < Level.FAILURE for found in findings.values())


def _to_json(findings: Mapping[str, Finding]) -> dict[str, Any]:
    return {
        "can_train": _can_train(findings),
        "checks": [
            {
                "name": name,
                "level": found.level.name.lower(),
                "code": found.notice.name,
                "text": in_words(found.notice),
                "commands": list(found.commands),
            }
            for name, found in findings.items()
        ],
    }
