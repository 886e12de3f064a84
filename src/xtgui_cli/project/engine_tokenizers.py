"""Tokenizers that only the engine can load, for models without a tokenizer.json.

An engine is started when the first text is counted, and kept for the next ones: starting takes far
longer than counting.
"""

from __future__ import annotations

import atexit
from dataclasses import dataclass
from pathlib import Path

from ..models.engine_tokenizer import EngineTokenizer, tokenizer_of
from ..models.model_family import stack_of
from ..models.model_folder import ModelInfo
from ..runs.engine_session import EngineSession
from ..shared.templates import PromptTemplate
from ..ui.console import is_interactive, say
from ..ui.phases import show_progress
from .code_consent import require_agreement
from .engine_environment import find_engine
from .engine_install import engine_or_install
from .user_config import cache_dir


@dataclass
class _Open:
    """An engine that counts, and the tokenizer it has loaded."""

    session: EngineSession
    key: tuple[Path, str] | None = None
    tokenizer: EngineTokenizer | None = None


_engines: dict[Path, _Open] = {}
"""By interpreter."""


def ready_to_count(model: ModelInfo) -> None:
    """Ask the user for what counting a model's tokens needs: consent to its code, and the engine.

    Raises:
        EngineMissingError: If the engine is missing, and the user does not install it now.
        CodeNotAgreedError: If the user has not agreed to run the model's code.
        XtguiError: Those of `find_engine` and `read_code`.
    """
    if model.has_fast_tokenizer:
        return
    may_ask = is_interactive()
    if model.needs_remote_code:
        require_agreement(model.path, may_ask=may_ask)
    engine_or_install(stack_of(model), may_ask=may_ask)


def engine_tokenizer(model: ModelInfo, template: PromptTemplate) -> EngineTokenizer:
    """Return a model's tokenizer; it counts until another model's is asked for.

    It asks no questions, since a screen may be counting. `ready_to_count` asks before.

    Args:
        model: If it comes with code, the settings allow that to run.
        template: How a question is written: what precedes a conversation depends on it.

    Raises:
        EngineMissingError: If the engine is missing.
        CodeNotAgreedError: If the user has not agreed to run the model's code.
        XtguiError: If the tokenizer cannot be loaded.
    """
    if model.needs_remote_code:
        require_agreement(model.path, may_ask=False)
    engine = _engine_on(find_engine(stack_of(model)))
    key = (model.path, template.instruction)
    if engine.tokenizer is None or engine.key != key:
        say("preview.asking_engine", style="dim", model=model.name)
        engine.key = None
        request = engine.session.request(
            "load_tokenizer",
            model=str(model.path),
            instruction=template.instruction,
            trust_remote_code=model.needs_remote_code,
        )
        engine.tokenizer = tokenizer_of(engine.session, show_progress(request))
        engine.key = key
    return engine.tokenizer


def close_engines() -> None:
    """End the engines that count."""
    while _engines:
        _engines.popitem()[1].session.close()


def _engine_on(python: Path) -> _Open:
    if python not in _engines:
        if not _engines:
            atexit.register(close_engines)
        # not in a project, which need not be the user's own
        session = EngineSession(python, cache_dir() / "tokenizer.log")
        _engines[python] = _Open(session.__enter__())  # closed at the end, by close_engines
    return _engines[python]
