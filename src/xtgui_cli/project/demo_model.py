"""The demo's base model, built once per user, and its data: for `xtgui demo` and the wizard."""

from __future__ import annotations

import contextlib
from pathlib import Path

from ..runs.engine_session import DemoModelMissingError, EngineSession
from ..shared.atomic import write_text
from ..shared.config_file import config_templates_dir
from ..texts import in_english, t
from ..ui.console import say
from ..ui.phases import show_progress
from .engine_environment import find_engine
from .engine_install import install_demo_model
from .user_config import cache_dir

MODEL_NAME = "SmolLM2-135M-Instruct"


def demo_model_dir() -> Path:
    """Return the model's folder, whether it exists or not: in the user's cache."""
    return cache_dir() / "models" / MODEL_NAME


def demo_data_file() -> Path:
    """Return the demo's rows: OpenAI messages in English and Chinese about who the assistant is."""
    return config_templates_dir() / "demo" / "identity.jsonl"


def demo_answers_file() -> Path:
    """Return the demo's answers to the wizard's questions."""
    return config_templates_dir() / "demo" / "demo.toml"


def ensure_demo_model() -> Path:
    """Return the model's folder, building it first if it does not exist (half a minute).

    It appears complete or not at all, so a folder with a config.json is finished.
    """
    folder = demo_model_dir()
    if (folder / "config.json").is_file():
        _write_card(folder)
        return folder
    python = find_engine()
    say("demo.making_model", folder=folder)
    try:
        _make(python, folder)
    except DemoModelMissingError:
        say("demo.fetching_model")
        install_demo_model(python)
        _make(python, folder)
    _write_card(folder)
    return folder


def _write_card(folder: Path) -> None:
    """Note in the folder where the model is from and its license, for cards of derived models."""
    card = folder / "README.md"
    if not card.exists():
        text = in_english(lambda: t("demo.model_card"))
        with contextlib.suppress(OSError):  # the model works without
            write_text(card, f"---\nlicense: apache-2.0\n---\n\n{text}\n")


def _make(python: Path, folder: Path) -> None:
    with EngineSession(python, cache_dir() / "demo_model.log") as engine:
        show_progress(engine.request("demo_model", out=str(folder)))
