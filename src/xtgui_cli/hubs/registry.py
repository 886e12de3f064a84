"""The hubs that xtgui downloads from."""

from __future__ import annotations

from . import huggingface, modelscope
from .hub import Hub

HUBS: dict[str, Hub] = {hub.name: hub for hub in (huggingface.HUB, modelscope.HUB)}
"""By name, in the order in which they are asked unless the user has named another."""
USUAL_HUB = huggingface.HUB
"""The one that an address without a hub's name belongs to, and whose names the catalogue uses."""
