"""`xtgui check model`: whether a model folder is complete, and how it writes conversations."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..models.model_code import ModelCode, read_code
from ..models.model_family import Suggestion, stack_of, suggest_template
from ..models.model_folder import ModelInfo, check_model
from ..models.template_match import TemplateMatch, match_template
from ..project.code_consent import agreed_before, is_agreed
from ..runs.copied_command import quote
from ..shared.custom_template import to_fields
from ..shared.errors import Exit, Notice, XtguiError
from ..texts import t
from ..ui.console import in_words, out, show_error
from ..ui.json_output import print_json
from ..ui.model_code_view import show_code
from ..ui.model_view import show_model
from ..ui.panels import show_notes


@dataclass(frozen=True, kw_only=True)
class CheckModelRequest:
    """Which model to check."""

    path: Path
    """The model folder."""
    as_json: bool = False
    """Print one JSON object."""


def run(request: CheckModelRequest) -> Exit:
    """Say what the model folder contains; return Exit.DONE if it can be trained, else ANSWERS."""
    path, as_json = request.path, request.as_json
    try:
        model = check_model(path)
        match = match_template(model)
        code = read_code(model.path) if model.needs_remote_code else None
    except XtguiError as error:
        if as_json:
            print_json({"path": str(path.expanduser().absolute()), "faults": _faults(error)})
        else:
            show_error(error)
        return Exit.ANSWERS
    suggestion = suggest_template(model) if match.name is None else None
    if as_json:
        print_json({**_facts(model, match, suggestion), "code": _code_facts(code)})
    else:
        show_model(model, match, suggestion)
        _show_code(code)
    return Exit.DONE


def _facts(model: ModelInfo, match: TemplateMatch, suggestion: Suggestion | None) -> dict[str, Any]:
    template: dict[str, Any] = {
        "kind": "suggested" if suggestion else match.kind,
        "name": suggestion.name if suggestion else match.name,
    }
    if match.custom is not None:
        template["fields"] = to_fields(match.custom)
    if match.difference is not None:
        template["difference"] = dataclasses.asdict(match.difference)
        template["uses_history"] = match.uses_history
    if match.is_endless:
        template["is_endless"] = True
    if suggestion is not None:
        template |= {"like": suggestion.like, "is_same_model": suggestion.is_same_model}
    return {
        "path": str(model.path),
        "faults": [],
        "name": model.name,
        "architecture": model.architecture,
        "model_type": model.model_type,
        "dtype": model.dtype,
        "parameters": model.parameters or None,
        "weight_bytes": model.weight_bytes,
        "max_positions": model.max_positions,
        "stack": stack_of(model),
        "remote_code": model.needs_remote_code,
        "is_hybrid": model.is_hybrid,
        "template": template,
        "system_line": match.system_line,
        "bos": model.special_tokens.get("bos_token") if match.bos_ids else None,
    }


def _show_code(code: ModelCode | None) -> None:
    if code is None:
        return
    show_code(out(), code, {} if is_agreed(code) else agreed_before(code.folder))
    said = "model_code.known" if is_agreed(code) else "model_code.how_to_agree"
    notes = [t(said, count=len(code.files), quoted=quote(code.folder))]
    show_notes(out(), notes, mark="·" if is_agreed(code) else "!")


def _code_facts(code: ModelCode | None) -> dict[str, Any] | None:
    if code is None:
        return None
    files = [dataclasses.asdict(file) for file in code.files]
    return {"digest": code.digest, "agreed": is_agreed(code), "files": files}


def _faults(error: XtguiError) -> list[dict[str, Any]]:
    problems = error.problems or (error.notice,)
    return [_fault(problem) for problem in problems]


def _fault(problem: Notice) -> dict[str, Any]:
    data = {name: str(value) for name, value in problem.data.items()}
    return {"code": problem.name, "text": in_words(problem), **data}
