"""The Pythons that the engine can be installed on; the user interface runs on others too."""

from __future__ import annotations

import sys

import pytest

from xtgui_cli.project.engine_environment import SUPPORTED

needs_engine_python = pytest.mark.skipif(
    sys.version_info[:2] not in SUPPORTED, reason="the engine cannot be installed on this Python"
)
