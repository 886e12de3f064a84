"""The engine of a run: the stack that its model needs, and consent to the model's own code."""

from __future__ import annotations

from pathlib import Path

from ..models.model_family import stack_of_folder
from ..shared.config_file import read_known
from .code_consent import require_agreement
from .conversion import RunConfig
from .engine_install import engine_or_install


def engine_of_run(config: RunConfig, *, may_ask: bool) -> Path:
    """Return the interpreter that loads a run's model, once its code may be run.

    Raises:
        EngineMissingError: If it is missing, and the user does not install it now.
        CodeNotAgreedError: If the model would run code that the user has not agreed to.
        XtguiError: Those of `find_engine` and `read_code`.
    """
    return _engine_of(config.base, runs_code=config.trust_remote_code, may_ask=may_ask)


def engine_of_config(config: Path, *, may_ask: bool) -> Path:
    """Return the same as `engine_of_run`, for a config in any folder."""
    said = read_known(config)
    model = said.get("pretrained_model_name_or_path")
    folder = Path(model).expanduser().absolute() if isinstance(model, str) and model else None
    runs_code = said.get("trust_remote_code") is True
    return _engine_of(folder, runs_code=runs_code, may_ask=may_ask)


def _engine_of(model: Path | None, *, runs_code: bool, may_ask: bool) -> Path:
    if model is None:
        return engine_or_install("modern", may_ask=may_ask)
    if runs_code:
        require_agreement(model, may_ask=may_ask)
    return engine_or_install(stack_of_folder(model), may_ask=may_ask)
