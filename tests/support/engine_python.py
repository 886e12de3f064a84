"""What tests of the user interface need of an engine; it also runs without one, on more Pythons."""

from __future__ import annotations

import importlib.util
import sys

import pytest

from xtgui_cli.project.engine_environment import SUPPORTED

needs_engine_python = pytest.mark.skipif(
    sys.version_info[:2] not in SUPPORTED, reason="the engine cannot be installed on this Python"
)
needs_engine = pytest.mark.skipif(
    importlib.util.find_spec("xtuner") is None, reason="no engine is installed beside the tests"
)
