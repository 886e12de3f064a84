"""What a preview needs: the data, the model, and how rows become tokens."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from ..data.survey import RowEncoder
from ..models.engine_tokenizer import tokenizer_of
from ..models.model_folder import ModelInfo
from ..models.template_match import TemplateMatch, UnknownTemplateError
from ..models.tokenization import load_tokenizer
from ..planning.plan_samples import longest_allowed
from ..runs.engine_session import EngineSession
from ..settings.table import Settings
from ..settings.written_template import read_template
from ..shared.custom_template import CUSTOM
from ..shared.errors import Exit, XtguiError
from ..shared.run_folder import RunFolder
from ..shared.templates import PromptTemplate, all_templates
from ..ui.console import is_interactive, say
from ..ui.phases import show_progress
from .build_run import require_paths, template_of
from .code_consent import CodeNotAgreedError, require_agreement
from .engine_environment import find_engine_for
from .sources import Sources
from .trust import require_trust
from .user_config import cache_dir


@dataclass(frozen=True, kw_only=True)
class PreviewContext:
    """The data to preview, and the model's view of them."""

    data: Path
    model: ModelInfo
    encoder: RowEncoder
    settings: Settings
    sources: Sources
    is_written: bool
    """Whether the project has a config: then its general questions have their answers."""


@contextmanager
def open_preview(root: Path | None, settings: Settings) -> Iterator[PreviewContext]:
    """Yield the preview of settings; an engine that it needs runs as long as the block.

    Args:
        root: The project, None outside of one.
        settings: The settings in force.

    Raises:
        XtguiError: If something is wrong with the model; "preview.no_such_template",
            "preview.unknown_template", "preview.template_needed", "preview.remote_code".
    """
    sources = Sources()
    model_path, data_path = require_paths(settings)
    model = sources.model(model_path)
    chosen = settings.model.prompt_template
    if chosen not in (None, CUSTOM, *all_templates()):
        near = difflib.get_close_matches(str(chosen), all_templates(), n=1, cutoff=0.0)
        raise XtguiError("preview.no_such_template", Exit.ANSWERS, name=chosen, near=near[0])

    def context(encoder: RowEncoder) -> PreviewContext:
        return PreviewContext(
            data=Path(data_path),
            model=model,
            encoder=encoder,
            settings=settings,
            sources=sources,
            is_written=root is not None and RunFolder(root).config_file.is_file(),
        )

    max_length = longest_allowed(settings, model.max_positions)
    if model.has_fast_tokenizer:
        match = _match(model, settings, sources)
        template = match.template
        if template is None:
            raise XtguiError("preview.template_needed", Exit.ANSWERS, path=model.path)
        yield context(RowEncoder(load_tokenizer(model), template, match.bos_ids, max_length))
        return
    own = read_template(settings.model) if chosen == CUSTOM else None
    template = own or all_templates().get(chosen or "")
    if template is None:
        raise XtguiError("preview.template_needed", Exit.ANSWERS, path=model.path)
    if model.needs_remote_code:
        _require_consent(root, settings, model)
    with _engine_encoder(model, template, max_length) as encoder:
        yield context(encoder)


def _match(model: ModelInfo, settings: Settings, sources: Sources) -> TemplateMatch:
    try:
        return template_of(model, settings, sources)
    except UnknownTemplateError as error:
        raise XtguiError("preview.unknown_template", Exit.ANSWERS, **error.data) from None


@contextmanager
def _engine_encoder(
    model: ModelInfo, template: PromptTemplate, max_length: int
) -> Iterator[RowEncoder]:
    python = find_engine_for(model.path)
    say("preview.asking_engine", model=model.name)
    # not in the project, which need not be the user's own
    with EngineSession(python, cache_dir() / "preview.log") as engine:
        request = engine.request(
            "load_tokenizer",
            model=str(model.path),
            instruction=template.instruction,
            trust_remote_code=model.needs_remote_code,
        )
        tokenizer = tokenizer_of(engine, show_progress(request))
        yield RowEncoder(tokenizer, template, tokenizer.bos_ids, max_length)


def _require_consent(root: Path | None, settings: Settings, model: ModelInfo) -> None:
    """Raise an error unless the user has agreed to run a model's code, in their own project."""
    refused = XtguiError("preview.remote_code", Exit.ANSWERS, path=model.path)
    if root is None or not settings.model.trust_remote_code:
        raise refused
    try:
        require_trust(root, may_ask=is_interactive())
        require_agreement(model.path, may_ask=is_interactive())
    except CodeNotAgreedError:
        raise
    except XtguiError:
        raise refused from None
