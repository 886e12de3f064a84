"""With whose eyes data is looked at: model, template and tokenizer, ours or the engine's."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..data.survey import Sight
from ..models.engine_tokenizer import tokenizer_of
from ..models.model_folder import ModelInfo
from ..models.template_match import TemplateMatch
from ..models.tokenization import load_tokenizer
from ..planning.plan_samples import longest_allowed
from ..runs.engine_session import EngineSession
from ..shared.custom_template import CUSTOM, from_answers
from ..shared.errors import Exit, XtguiError
from ..shared.run_folder import RunFolder
from ..shared.templates import PromptTemplate, all_templates
from ..ui.console import is_interactive, say
from ..ui.phases import show_progress
from . import build_run as prepare
from .engine_environment import find_engine
from .trust import require_trust


@dataclass(frozen=True)
class Look:
    """Who looks at what."""

    data: Path
    model: ModelInfo
    sight: Sight
    given: Mapping[str, Any]
    """The answers, by key."""


@contextmanager
def look(root: Path | None, given: Mapping[str, Any]) -> Iterator[Look]:
    """Give what the answers say is to be looked at; an engine that is needed lives as long.

    Args — root: the project, None outside of one. Raises — XtguiError for whatever is wrong with
    the model, "preview.no_such_template", "preview.unknown_template", "preview.template_needed",
    "preview.remote_code".
    """
    model = prepare.look_at_model(given["model.path"])
    chosen = given.get("model.prompt_template")
    own = from_answers(given) if chosen == CUSTOM else None
    if chosen not in (None, CUSTOM) and chosen not in all_templates():
        near = difflib.get_close_matches(chosen, all_templates(), n=1, cutoff=0.0)
        raise XtguiError("preview.no_such_template", Exit.ANSWERS, name=chosen, near=near[0])
    data, max_length = Path(given["data.path"]), longest_allowed(given, model)
    if model.has_fast_tokenizer:
        match = _match(model, given)
        template = match.template
        if template is None:
            raise XtguiError("preview.template_needed", Exit.ANSWERS, path=model.path)
        sight = Sight(load_tokenizer(model), template, match.bos_ids, max_length)
        yield Look(data, model, sight, given)
        return
    template = own or all_templates().get(chosen or "")
    if template is None:
        raise XtguiError("preview.template_needed", Exit.ANSWERS, path=model.path)
    with _engine_sight(root, given, model, template, max_length) as sight:
        yield Look(data, model, sight, given)


def _match(model: ModelInfo, given: Mapping[str, Any]) -> TemplateMatch:
    try:
        return prepare.template_of(model, given)
    except XtguiError as error:
        if error.code != "model.unknown_template":
            raise
        raise XtguiError("preview.unknown_template", Exit.ANSWERS, **error.data) from None


@contextmanager
def _engine_sight(
    root: Path | None,
    given: Mapping[str, Any],
    model: ModelInfo,
    template: PromptTemplate,
    max_length: int,
) -> Iterator[Sight]:
    if model.needs_remote_code:
        _require_consent(root, given, model)
    python = find_engine()
    say("preview.asking_engine", model=model.name)
    with EngineSession(python, _log(root)) as engine:
        request = engine.request(
            "load_tokenizer",
            model=str(model.path),
            instruction=template.instruction,
            trust_remote_code=model.needs_remote_code,
        )
        tokenizer = tokenizer_of(engine, show_progress(request))
        yield Sight(tokenizer, template, tokenizer.bos_ids, max_length)


def _require_consent(root: Path | None, given: Mapping[str, Any], model: ModelInfo) -> None:
    """Go on only where the user has agreed to run a model's code, in a project of their own."""
    refused = XtguiError("preview.remote_code", Exit.ANSWERS, path=model.path)
    if root is None or not given.get("model.trust_remote_code"):
        raise refused
    try:
        require_trust(root, is_interactive())
    except XtguiError:
        raise refused from None


def _log(root: Path | None) -> Path:
    import platformdirs

    if root is not None:
        return RunFolder(root).engine_log
    return Path(platformdirs.user_cache_dir("xtgui")) / "preview.log"
