"""The hubs that xtgui downloads from."""

from __future__ import annotations

from . import huggingface, modelscope
from .hub import Hub

HUBS: dict[str, Hub] = {hub.name: hub for hub in (huggingface.HUB, modelscope.HUB)}
"""By name, in the order in which they are asked unless the user has set another."""
USUAL_HUB = huggingface.HUB
"""The hub of an address without a hub's name, and of the names in the catalogue."""
